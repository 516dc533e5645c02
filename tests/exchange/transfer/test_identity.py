"""Who a file speaks of: traits come in, an INS is set aside, nobody is qualified or merged by a file."""

import datetime as dt
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.exchange.transfer.kept import received
from jalon.exchange.transfer.tables import PERSON
from jalon.formats.tddui import changes, read
from jalon.formats.tddui.classes.practitioner import PractitionerData
from jalon.organizations.models import ManagingBody
from jalon.people.actions import attach_ins, edit, prove_identity
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Function
from tests.exchange.transfer.files import LOU, NOW, bring, sample, tables, taken_out
from tests.factories import (
    TEST_OID,
    EstablishmentFactory,
    PersonFactory,
    ProfessionalFactory,
    matricule,
)
from tests.formats.tddui.sample import CS, FR, FR_CS, Json, concept, ext, ident, ref
from tests.formats.tddui.sample_record import RESOURCES, bundle

pytestmark = pytest.mark.django_db
MATRICULE = matricule(7)


def with_ins(patient: Json) -> None:
    """The sender says: qualified, and here is the matricule."""
    told = {"url": "identityStatus", "valueCoding": {"system": FR_CS.replace("0203", "0445"), "code": "VALI"}}
    patient["extension"].append(ext(FR + "fr-core-identity-reliability", extension=[told]))
    patient["identifier"] = [each for each in patient["identifier"] if each.get("use") != "official"]
    number = ident(f"urn:oid:{TEST_OID}", MATRICULE, concept(FR_CS, "INS-NIR-TEST"))
    patient["identifier"].append(number | {"use": "official"})


@pytest.mark.requirement("SC.INS/va1.13", "SC.INS/va1.57", "SC.INS/va1.45")
def test_an_identity_said_qualified_comes_in_provisional_and_its_matricule_is_set_aside(
    body: ManagingBody,
) -> None:
    report = bring(sample(Patient__lou=with_ins))
    lou = Person.objects.get()
    assert (lou.identity_status, lou.ins, lou.ins_digest) == ("provisional", "", "")
    assert received(PERSON, lou).received_ins[0].value == MATRICULE
    assert "Un matricule INS reçu est mis de côté : l’identité reste à vérifier par INSi." in [
        note.replace("\N{NO-BREAK SPACE}", " ") for note in report.notes
    ]


@pytest.mark.requirement("SC.INS/va1.53")
def test_a_matricule_that_is_not_qualified_here_does_not_go_out(body: ManagingBody) -> None:
    bring(sample(Patient__lou=with_ins))
    assert MATRICULE.encode() not in taken_out()
    assert b"patient-ins" not in taken_out()


def test_a_received_matricule_is_nowhere_in_clear(body: ManagingBody) -> None:
    bring(sample(Patient__lou=with_ins))
    assert everything_stored().count(MATRICULE) == 0
    assert LOU in everything_stored()


def everything_stored() -> str:
    """The text of every row of every table."""
    found = []
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in sorted(there & {model._meta.db_table for model in apps.get_models()}):
            cursor.execute(f'select row_to_json(t)::text from "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_an_identity_qualified_here_goes_out_with_our_ins_alone(body: ManagingBody) -> None:
    bring(sample())
    lou = Person.objects.get()
    official = lou.traits
    attach_ins(person=lou, ins=Ins(MATRICULE, TEST_OID), official=official, by=None, now=NOW)
    prove_identity(person=lou, proof="cni", by=None, today=NOW.date())
    told = read(taken_out()).people[0].person
    assert [held.value for held in told.received_ins] == [MATRICULE]
    assert told.envelope.profiles[0].endswith("tddui-patient-ins")
    assert told.nss is not None
    assert told.nss.use == "secondary"


# --- known here already -------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.INS/va1.18")
@pytest.mark.parametrize("status", ["retrieved", "validated", "qualified"])
def test_strict_traits_vouched_for_here_are_not_changed_by_a_file(body: ManagingBody, status: str) -> None:
    lou = PersonFactory.create(
        key=LOU, birth_name="FICTIVE-VRAIE", phone="", **{f"with_{status}_identity": True}
    )
    report = bring(sample())
    lou.refresh_from_db()
    assert (lou.birth_name, lou.phone) == ("FICTIVE-VRAIE", "+33 1 00 00 00 00")
    assert lou.identity_status == status
    assert any("traits stricts" in note for note in report.notes)
    assert b"FICTIVE-VRAIE" in taken_out()


def test_a_file_replaces_no_strict_trait_of_somebody_known_here(body: ManagingBody) -> None:
    lou = PersonFactory.create(key=LOU, birth_name="ANCIEN")
    report = bring(sample())
    lou.refresh_from_db()
    assert lou.birth_name == "ANCIEN"
    assert ("ANCIEN", "FICTIVE") in {(edit.before, edit.after) for edit in report.decisions}
    assert any("nés ici" in note for note in report.notes)


def test_a_newer_file_does_not_touch_an_identity_qualified_since(body: ManagingBody) -> None:
    bring(sample())
    lou = Person.objects.get()
    attach_ins(person=lou, ins=Ins(MATRICULE, TEST_OID), official=lou.traits, by=None, now=NOW)

    def renamed(patient: Json) -> None:
        patient["name"][0]["family"] = "AUTRE"
        patient["telecom"][0]["value"] = "06"

    bring(sample(Patient__lou=renamed))
    lou.refresh_from_db()
    assert (lou.birth_name, lou.phone, lou.identity_status) == ("FICTIVE", "06", "retrieved")


def test_somebody_alike_under_another_key_is_told_and_not_merged(body: ManagingBody) -> None:
    known = PersonFactory.create(
        birth_name="Fictive", first_name="Louise", birth_first_names="Louise Marie Odile",
        birth_date=dt.date(1950, 3, 1), birth_place="01004",
    )  # fmt: skip
    report = bring(sample())
    assert Person.objects.count() == 2
    assert [note for note in report.notes if known.key in note and LOU in note]
    assert not any(known.key in note for note in bring(sample()).notes)


def test_somebody_of_the_same_ins_under_another_key_is_told(body: ManagingBody) -> None:
    known = PersonFactory.create(number=7, with_qualified_identity=True)
    assert any(known.key in note for note in bring(sample(Patient__lou=with_ins)).notes)


def test_our_own_professionals_are_not_renamed_by_a_file(body: ManagingBody) -> None:
    ours = ProfessionalFactory.create(key="810000000001", last_name="BOURRACHE", phone="01")
    report = bring(sample())
    ours.refresh_from_db()
    assert (ours.last_name, ours.phone) == ("BOURRACHE", "01")
    assert report.changed == {"practitioners": 1}
    assert Function.objects.get().professional == ours
    told = read(taken_out()).of(PractitionerData)[0]
    assert (told.names[0].family, told.birth_date) == ("BOURRACHE", "1980-01-02")


# --- without a local identifier -----------------------------------------------------------------------------


def anonymous(*identifiers: Json) -> Json:
    """The sample, whose person has no identifier of the house that sends."""

    def change(patient: Json) -> None:
        patient["identifier"] = list(identifiers)
        if not identifiers:
            del patient["identifier"]

    return sample(Patient__lou=change)


INS = ident(f"urn:oid:{TEST_OID}", MATRICULE, concept(FR_CS, "INS-NIR-TEST")) | {"use": "official"}
MDPH = ident(
    "urn:mdph:01",
    "9/01",
    concept(CS + "identifier", "PIN"),
)


@pytest.mark.parametrize("given", [(INS,), (MDPH | {"use": "usual"},), ()], ids=["ins", "mdph", "traits"])
def test_a_person_without_local_identifier_gets_a_drawn_one_always_the_same(
    body: ManagingBody, given: tuple[Json, ...]
) -> None:
    bring(anonymous(*given))
    lou = Person.objects.get()
    assert re.fullmatch(r"3010001246/[0-9a-z]{20}", lou.key)
    assert MATRICULE not in everything_stored()
    before = tables()
    assert bring(anonymous(*given)).nothing_changed
    assert tables() == before


def test_the_drawn_identifier_goes_out_and_finds_the_person_again(body: ManagingBody) -> None:
    bring(anonymous(INS))
    lou, mine = Person.objects.get(), taken_out()
    assert read(mine).people[0].person.key == lou.key
    assert "person" not in bring(mine).created
    assert Person.objects.get() == lou


def test_a_person_nobody_says_the_house_of_needs_one(body: ManagingBody) -> None:
    patient = dict(RESOURCES["Patient/lou"])
    for element in ("identifier", "managingOrganization", "generalPractitioner", "contact"):
        del patient[element]
    with pytest.raises(DomainError) as refusal:
        bring(bundle({"Patient/lou": patient}))
    assert (refusal.value.code, refusal.value.place) == ("unknown_finess", "Patient.identifier")
    house = EstablishmentFactory.create()
    bring(bundle({"Patient/lou": patient}), house=house.finess)
    assert Record.objects.get().establishment == house


# --- lives --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "date", "precision"),
    [
        ("1950", dt.date(1950, 12, 31), "year"),
        ("1950-03", dt.date(1950, 3, 1), "month"),
        ("1950-03-12", dt.date(1950, 3, 12), "day"),
    ],
)
def test_a_partial_birth_date_is_completed_and_goes_out_as_partial_as_it_came(
    body: ManagingBody, told: str, date: dt.date, precision: str
) -> None:
    def born(patient: Json) -> None:
        patient["birthDate"] = told

    given = sample(Patient__lou=born)
    bring(given)
    lou = Person.objects.get()
    assert (lou.birth_date, lou.birth_date_precision) == (date, precision)
    assert changes(given, taken_out()) == []


def test_a_person_said_dead_without_a_date_is_told(body: ManagingBody) -> None:
    def dead(patient: Json) -> None:
        del patient["deceasedDateTime"]
        patient["deceasedBoolean"] = True

    given = sample(Patient__lou=dead)
    assert any("décédée" in note for note in bring(given).notes)
    assert changes(given, taken_out()) == []
    edit(person=Person.objects.get(), by=None, died_on=dt.date(2026, 11, 19))
    found = {change.path.partition("].")[2]: change.after for change in changes(given, taken_out())}
    assert found == {"deceasedBoolean": None, "deceasedDateTime": "2026-11-19"}


def test_the_parents_of_a_child_come_with_their_calling_order(body: ManagingBody) -> None:
    def young(patient: Json) -> None:
        patient["birthDate"] = "2018-04-02"

    file = sample(Patient__lou=young)
    for rank, (name, relation) in enumerate((("Sophie", "MTH"), ("Karl", "FTH")), start=1):
        parent: dict[str, Any] = {
            "resourceType": "RelatedPerson",
            "meta": RESOURCES["RelatedPerson/zoe"]["meta"],
            "identifier": [{"value": str(rank)}],
            "patient": ref("Patient/lou"),
            "relationship": [
                concept(
                    "https://mos.esante.gouv.fr/NOS/TRE_R216-HL7RoleCode/FHIR/TRE-R216-HL7RoleCode", relation
                )
            ],
            "name": [{"family": "FICTIVE", "given": [name]}],
            "telecom": [{"system": "phone", "value": f"06 0{rank}", "rank": rank}],
        }
        request = {"method": "POST", "url": "RelatedPerson"}
        file["entry"].append({"fullUrl": f"urn:parent:{rank}", "resource": parent, "request": request})
    bring(file)
    child = Person.objects.get()
    parents = child.contacts.filter(last_name="FICTIVE", first_name__in=["Sophie", "Karl"])
    assert list(parents.values_list("first_name", "relation", "call_order", "phone")) == [
        ("Sophie", "MTH", 1, "06 01"),
        ("Karl", "FTH", 2, "06 02"),
    ]
    assert changes(file, taken_out()) == []

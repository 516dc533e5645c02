"""Identity: a status nobody can write, an INS that is attached or dropped but never typed."""

import datetime as dt
from dataclasses import asdict
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Value

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people.actions import STRICT, attach_ins, doubt, edit, prove_identity, register
from jalon.people.changes import PersonChanges
from jalon.people.models import IdentityStatus, Person, ins_digest
from jalon.people.queries import by_ins
from tests.factories import (
    NOW,
    TEST_OID,
    TODAY,
    ManagingBodyFactory,
    PersonFactory,
    ProfessionalFactory,
    finess,
    matricule,
    traits,
)

pytestmark = pytest.mark.django_db
INS = Ins(matricule(1), TEST_OID)
HOUSE = finess(1)


def told(person: Person, **changes: Any) -> Any:
    """What INSi answers of this person."""
    return traits(**(asdict(person.traits) | changes))


def attach(person: Person, ins: Ins = INS, **changes: Any) -> Person:
    return attach_ins(person=person, ins=ins, official=told(person, **changes), by=None, now=NOW)


@pytest.mark.requirement("EXI ID 23")
@pytest.mark.parametrize(
    ("story", "status", "word"),
    [
        pytest.param({}, "provisional", "provisoire", marks=pytest.mark.requirement("SC.INS/va1.45")),
        pytest.param(
            {"with_ins": True}, "retrieved", "récupérée", marks=pytest.mark.requirement("SC.INS/va1.40")
        ),
        pytest.param(
            {"proven": True}, "validated", "validée", marks=pytest.mark.requirement("SC.INS/va1.43")
        ),
        pytest.param(
            {"with_ins": True, "proven": True},
            "qualified",
            "qualifiée",
            marks=pytest.mark.requirement("SC.INS/va1.54"),
        ),
    ],
)
def test_the_status_follows_from_the_ins_and_the_proof(
    body: ManagingBody, story: dict[str, bool], status: str, word: str
) -> None:
    person = PersonFactory(**story)
    assert (person.identity_status, IdentityStatus(person.identity_status).label) == (status, word)
    assert person.is_qualified == (status == "qualified")


def test_no_code_can_write_the_status(body: ManagingBody) -> None:
    person = PersonFactory()
    person.identity_status = "qualified"
    person.save()
    person.refresh_from_db()
    assert person.identity_status == "provisional"
    with pytest.raises(ProgrammingError, match="identity_status"), transaction.atomic():
        connection.cursor().execute("update people_person set identity_status = 'qualified'")
    Person.objects.update(identity_status=Value("qualified"))
    person.refresh_from_db()
    assert person.identity_status == "provisional"


@pytest.mark.requirement("SC.INS/va1.45")
def test_a_new_identity_is_provisional_and_its_creation_is_traced(body: ManagingBody) -> None:
    agent = ProfessionalFactory()
    person = register(traits=traits(), finess=HOUSE, by=agent)
    assert person.identity_status == "provisional"
    assert person.key.startswith(f"3{HOUSE}/")
    entry = Entry.objects.get(object_id=person.pk)
    assert (entry.action, entry.professional) == ("people.registered", agent)


@pytest.mark.requirement("EXI ID 08")
def test_the_used_name_and_first_name_are_never_filled_by_themselves(body: ManagingBody) -> None:
    person = attach(register(traits=traits(), finess=HOUSE, by=None))
    assert (person.used_name, person.used_first_name) == ("", "")


@pytest.mark.requirement("SC.INS/va1.40", "SC.INS/va1.54")
def test_the_answer_of_insi_makes_an_identity_retrieved_and_its_proof_makes_it_qualified(
    body: ManagingBody,
) -> None:
    person = attach(PersonFactory())
    assert person.identity_status == "retrieved", "read again after saving"
    person = prove_identity(person=person, proof="cni", by=None, today=TODAY)
    assert person.identity_status == "qualified"


@pytest.mark.requirement("SC.INS/va1.43", "SC.INS/va1.54")
def test_a_proof_makes_an_identity_validated_and_the_answer_of_insi_makes_it_qualified(
    body: ManagingBody,
) -> None:
    person = prove_identity(person=PersonFactory(), proof="passeport", by=None, today=TODAY)
    assert person.identity_status == "validated"
    assert attach(person).identity_status == "qualified"


@pytest.mark.requirement("SC.INS/va1.23")
def test_the_document_seen_is_kept_with_its_day_and_its_reader(body: ManagingBody) -> None:
    agent = ProfessionalFactory()
    person = prove_identity(person=PersonFactory(), proof="eidas", by=agent, today=TODAY)
    person.refresh_from_db()
    assert (person.proof, person.proven_on) == ("eidas", TODAY)
    entry = Entry.objects.get(action="people.identity_proven")
    assert (entry.facts, entry.professional) == ({"proof": "eidas"}, agent)


def test_a_paper_of_low_confidence_proves_nothing(body: ManagingBody) -> None:
    person = PersonFactory()
    with pytest.raises(DomainError, match="ne prouve pas") as refusal:
        prove_identity(person=person, proof="permis_de_conduire", by=None, today=TODAY)
    assert refusal.value.code == "weak_proof"
    person.refresh_from_db()
    assert person.identity_status == "provisional"


@pytest.mark.requirement("SC.INS/va1.52")
def test_the_official_traits_take_the_place_of_those_typed(body: ManagingBody) -> None:
    person = PersonFactory(birth_name="Lefèvre", first_name="Anne-Lise", birth_place="99999")
    person = attach(
        person,
        birth_name="LEFEVRE",
        first_name="ANNE-LISE",
        birth_first_names="ANNE-LISE MARIE",
        birth_place="38185",
    )
    person.refresh_from_db()
    assert person.birth_name == "LEFEVRE"
    assert person.birth_first_names == "ANNE-LISE MARIE"
    assert person.birth_place == "38185"
    assert (person.ins, person.ins_oid, person.ins_retrieved_at) == (*asdict(INS).values(), NOW)
    assert person.name_key.startswith("lefevre anne lise")


def test_an_answer_without_a_place_leaves_ours(body: ManagingBody) -> None:
    person = PersonFactory(birth_place="99999")
    assert attach(person, birth_place="").birth_place == "99999"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"birth_name": "AUTRE"}, "nom de naissance"),
        ({"sex": "M"}, "sexe"),
        ({"birth_date": dt.date(1999, 1, 1)}, "date de naissance"),
    ],
)
def test_an_ins_whose_traits_differ_is_not_attached(
    body: ManagingBody, change: dict[str, Any], named: str
) -> None:
    person = PersonFactory()
    with pytest.raises(DomainError, match=named) as refusal:
        attach(person, **change)
    assert refusal.value.code == "traits_differ"
    person.refresh_from_db()
    assert person.ins_digest == ""


@pytest.mark.parametrize("kind", ["doubtful", "fictitious"])
def test_a_doubtful_or_fictitious_identity_takes_neither_ins_nor_proof(body: ManagingBody, kind: str) -> None:
    person = PersonFactory(**{kind: True})
    with pytest.raises(DomainError) as refusal:
        attach(person)
    assert refusal.value.code == "doubtful_identity"
    with pytest.raises(DomainError) as refusal:
        prove_identity(person=person, proof="cni", by=None, today=TODAY)
    assert refusal.value.code == "doubtful_identity"


@pytest.mark.requirement("SC.INS/va1.44")
def test_a_doubt_drops_the_ins_and_the_proof_and_lifting_it_gives_nothing_back(body: ManagingBody) -> None:
    person = doubt(person=PersonFactory(with_qualified_identity=True), by=None, doubtful=True)
    assert person.identity_status == "provisional"
    assert (person.ins, person.ins_oid, person.ins_retrieved_at, person.proof) == ("", "", None, "")
    person = doubt(person=person, by=None, doubtful=False)
    assert (person.doubtful, person.identity_status) == (False, "provisional")
    acts = Entry.objects.order_by("at").values_list("action", flat=True)
    assert list(acts) == ["people.doubted", "people.doubt_lifted"]


@pytest.mark.requirement("SC.INS/va1.44")
@pytest.mark.parametrize("kind", ["doubtful", "fictitious"])
@pytest.mark.parametrize("story", ["with_ins", "proven"])
def test_the_database_refuses_a_doubtful_or_fictitious_identity_above_provisional(
    body: ManagingBody, kind: str, story: str
) -> None:
    with pytest.raises(IntegrityError, match="doubtful_identity_stays_provisional"), transaction.atomic():
        PersonFactory(**{kind: True, story: True})


@pytest.mark.parametrize("lacking", ["ins", "ins_oid", "ins_digest", "ins_retrieved_at"])
def test_the_database_refuses_half_an_ins(body: ManagingBody, lacking: str) -> None:
    none = None if lacking == "ins_retrieved_at" else ""
    with pytest.raises(IntegrityError, match="ins_is_whole"), transaction.atomic():
        Person.objects.filter(pk=PersonFactory(with_ins=True).pk).update(**{lacking: none})


def test_the_database_refuses_an_oid_that_is_not_one_of_an_ins(body: ManagingBody) -> None:
    with pytest.raises(IntegrityError, match="ins_is_whole"), transaction.atomic():
        PersonFactory(with_ins=True, ins_oid="1.2.3")


@pytest.mark.parametrize("half", [{"proof": "cni"}, {"proven_on": TODAY}])
def test_the_database_refuses_half_a_proof(body: ManagingBody, half: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="proof_is_whole"), transaction.atomic():
        PersonFactory(**half)


# What no edit sets, each with a value that would make of somebody another, or somebody sure.
NEVER_EDITED: dict[str, Any] = {
    "ins": matricule(2),
    "ins_oid": TEST_OID,
    "ins_digest": ins_digest(matricule(2)),
    "ins_retrieved_at": NOW,
    "proven_on": TODAY,
    "proof": "cni",
    "doubtful": True,
    "fictitious": True,
    "identity_status": "qualified",
    "name_key": "autre",
    "photo_sha256": "0" * 64,
    "photo_agreed_by": "Autre",
    "photo_agreed_on": TODAY,
    "key": "3999999999/stolen",
    "received": {},
    "managing_body_id": NOW,
    "id": NOW,
    "pk": NOW,
}


@pytest.mark.requirement("SC.INS/va1.18")
@pytest.mark.parametrize("name", NEVER_EDITED)
def test_an_edit_sets_neither_the_key_nor_the_ins_nor_the_proof(body: ManagingBody, name: str) -> None:
    person = PersonFactory()
    before = Person.objects.values().get(pk=person.pk)
    with pytest.raises(TypeError, match=f"{name}: not of PersonChanges"):
        edit(person=person, by=None, phone="0", **{name: NEVER_EDITED[name]})
    assert Person.objects.values().get() == before
    assert not Entry.objects.exists()


@pytest.mark.parametrize("name", NEVER_EDITED.keys() - {"key"})
def test_somebody_is_not_registered_with_an_ins_nor_a_proof(body: ManagingBody, name: str) -> None:
    """A key may come with the person: another house drew it."""
    with pytest.raises(TypeError, match=f"{name}: not of PersonDetails"):
        register(traits=traits(), finess=HOUSE, by=None, **{name: NEVER_EDITED[name]})
    assert not Person.objects.exists()


def test_what_an_edit_may_set_and_what_it_never_sets_are_all_that_a_person_is() -> None:
    editable = PersonChanges.__optional_keys__
    columns = {field.name for field in Person._meta.local_fields}
    assert editable | {name.removesuffix("_id") for name in NEVER_EDITED} - {"pk"} == columns
    assert not editable & NEVER_EDITED.keys()


OTHERWISE: dict[str, Any] = {
    "birth_name": "AUTRE",
    "first_name": "Autre",
    "birth_first_names": "Autre",
    "sex": "M",
    "birth_date": dt.date(1960, 1, 1),
    "birth_date_precision": "year",
    "birth_place": "69123",
}


def test_every_strict_trait_is_tried_here() -> None:
    assert set(OTHERWISE) == STRICT - {"ins", "ins_oid"}


@pytest.mark.requirement("SC.INS/va1.18")
@pytest.mark.parametrize("trait", OTHERWISE)
@pytest.mark.parametrize("story", ["with_retrieved_identity", "with_qualified_identity"])
def test_a_strict_trait_is_locked_once_the_ins_is_there(body: ManagingBody, story: str, trait: str) -> None:
    person = PersonFactory(**{story: True})
    before = getattr(person, trait)
    with pytest.raises(DomainError) as refusal:
        edit(person=person, by=None, **{trait: OTHERWISE[trait]})
    assert refusal.value.code == "strict_traits_locked"
    assert getattr(Person.objects.get(pk=person.pk), trait) == before


@pytest.mark.requirement("SC.INS/va1.48")
@pytest.mark.parametrize(
    "story",
    [
        {},
        {"with_retrieved_identity": True},
        {"with_validated_identity": True},
        {"with_qualified_identity": True},
    ],
)
def test_the_other_traits_stay_open_whatever_the_status(body: ManagingBody, story: dict[str, bool]) -> None:
    person = PersonFactory(**story)
    status = person.identity_status
    changes = {"used_name": "USAGE", "used_first_name": "Cam", "phone": "0100000000", "city": "Exempleville"}
    person = edit(person=person, by=None, **changes, birth_name=person.birth_name)
    assert {name: getattr(person, name) for name in changes} == changes
    assert person.identity_status == status
    assert person.name_key.startswith("usage cam")


def test_changing_a_strict_trait_drops_the_proof_of_the_former_one(body: ManagingBody) -> None:
    person = edit(person=PersonFactory(proven=True), by=None, birth_name="AUTRE")
    assert (person.proven_on, person.proof, person.identity_status) == (None, "", "provisional")
    assert Entry.objects.get(action="people.edited").facts == {"fields": ["birth_name"]}


def test_an_edit_that_changes_nothing_leaves_no_trace(body: ManagingBody) -> None:
    person = PersonFactory()
    edit(person=person, by=None, birth_name=person.birth_name)
    assert not Entry.objects.exists()


def test_the_trace_of_an_edit_names_fields_and_no_value(body: ManagingBody) -> None:
    edit(person=PersonFactory(), by=None, phone="0600000000")
    assert "0600000000" not in str(Entry.objects.get().facts)


def test_one_ins_is_one_person_in_a_managing_body(body: ManagingBody) -> None:
    attach(PersonFactory())
    twin = PersonFactory()
    with pytest.raises(DomainError) as refusal:
        attach(twin)
    assert refusal.value.code == "ins_already_known"
    with pytest.raises(IntegrityError, match="person_ins_once"), transaction.atomic():
        twin.take_ins(INS, NOW)
        twin.save()


def test_the_same_ins_taken_again_by_the_same_person_is_no_twin(body: ManagingBody) -> None:
    person = attach(PersonFactory())
    assert attach(person).identity_status == "retrieved"


def test_the_same_ins_may_be_known_in_another_managing_body(body: ManagingBody) -> None:
    mine = attach(PersonFactory())
    with tenant(ManagingBodyFactory().pk):
        theirs = attach(PersonFactory())
        assert by_ins(INS.matricule).get() == theirs
    assert by_ins(INS.matricule).get() == mine


def test_a_matricule_is_found_by_its_digest(body: ManagingBody) -> None:
    person = attach(PersonFactory())
    PersonFactory(with_ins=True, number=500)
    assert by_ins(INS.matricule).get() == person
    assert not by_ins(matricule(3)).exists()


def test_no_matricule_at_all_finds_nobody(body: ManagingBody) -> None:
    PersonFactory()
    assert not by_ins("").exists()


def test_the_matricule_can_be_read_neither_in_the_table_nor_in_its_history(body: ManagingBody) -> None:
    person = attach(PersonFactory())
    edit(person=person, by=None, phone="0100000000")
    with connection.cursor() as cursor:
        cursor.execute(
            "select p::text from people_person p where id = %s "
            "union all select e::text from people_personevent e where pgh_obj_id = %s "
            "union all select a::text from audit_entry a",
            [person.pk, person.pk],
        )
        rows = [row for (row,) in cursor.fetchall()]
    assert len(rows) >= 5
    assert person.ins == INS.matricule
    for row in rows:
        assert INS.matricule not in row
        assert INS.matricule[:13] not in row


def test_a_change_of_ins_is_kept_in_the_history(body: ManagingBody) -> None:
    person = attach(PersonFactory())
    doubt(person=person, by=None, doubtful=True)
    with connection.cursor() as cursor:
        cursor.execute("select ins_digest <> '', ins <> '', doubtful from people_personevent order by pgh_id")
        assert cursor.fetchall() == [(False, False, False), (True, True, False), (False, False, True)]


def test_a_death_before_the_birth_is_refused_at_its_field(body: ManagingBody) -> None:
    person = PersonFactory(birth_date=dt.date(1951, 5, 17))
    with pytest.raises(DomainError) as refusal:
        edit(person=person, died_on=dt.date(1951, 5, 16), by=None)
    assert (refusal.value.code, refusal.value.place) == ("death_before_birth", "died_on")
    assert edit(person=person, died_on=dt.date(1951, 5, 17), by=None).died_on == dt.date(1951, 5, 17)

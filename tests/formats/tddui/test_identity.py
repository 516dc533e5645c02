"""An import never qualifies an identity; an INS goes out only when we say that ours is qualified."""

from dataclasses import replace
from pathlib import Path

import pytest

from jalon.formats.tddui import PersonRecord, Transfer, read, to_resource, write
from jalon.formats.tddui.classes.person import PersonData, Reliability
from jalon.formats.tddui.values import Address, Coded, Coding, Identifier, PersonName
from jalon.formats.tddui.writer import birth_order
from tests.formats.tddui.checker import check_files
from tests.formats.tddui.sample import FR, FR_CS, SD, Json, bundle_of_one, ident
from tests.support import needs_shared

ZOE = "275126322074974"  # official test identity: Zoé ADRUN
NIR = "urn:oid:1.2.250.1.213.1.4.8"
INS = Identifier(system=NIR, value=ZOE, use="official", type=Coded(FR_CS, "INS-NIR"))
PLACE = Address(city="Mazoires", country="FRA", insee=Coding("urn:cog", "63220"))
NAME = PersonName(use="official", family="ADRUN", given=("ZOE",), birth_first_names="ZOE")
LOCAL = Identifier(
    system="https://identifiant-medicosocial-localusager.esante.gouv.fr",
    value="3010001246/77",
    type=Coded("http://terminology.hl7.org/CodeSystem/v2-0203", "PI"),
)
PERSON = PersonData(
    key=LOCAL.value,
    birth=NAME,
    sex="F",
    birth_date="1975-12-31",
    birth_place=PLACE,
    local_id=LOCAL,
    received_ins=(INS,),
)


def one(person: PersonData) -> Transfer:
    return Transfer(people=(PersonRecord(person=person),))


def systems(resource: Json) -> list[str]:
    return [each["system"] for each in resource["identifier"]]


def test_a_received_ins_is_a_fact_told_not_a_qualified_identity() -> None:
    resource = to_resource(replace(PERSON, qualified_ins=True))
    person = read(bundle_of_one(resource)).people[0].person
    assert person.received_ins == (INS,)
    assert person.received_reliability[0].status == Coding(
        "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445", "VALI"
    )
    assert person.qualified_ins is None


def test_an_ins_goes_out_only_if_the_identity_is_qualified() -> None:
    qualified = to_resource(replace(PERSON, qualified_ins=True))
    other = to_resource(replace(PERSON, qualified_ins=False))
    assert qualified["meta"]["profile"] == [SD + "patient-ins"]
    assert other["meta"]["profile"] == [SD + "patient"]
    assert NIR in systems(qualified)
    assert NIR not in systems(other)
    assert all(each["url"] != FR + "fr-core-identity-reliability" for each in other["extension"])


def test_a_person_as_received_goes_out_as_received() -> None:
    resource = to_resource(replace(PERSON, qualified_ins=True))
    person = read(bundle_of_one(resource)).people[0].person
    assert to_resource(person) == resource


@pytest.mark.parametrize(
    ("person", "order"),
    [
        (PERSON, 749),
        (replace(PERSON, received_ins=(), nss=Identifier(NIR, "180032B02040123")), 401),
        (replace(PERSON, received_ins=()), None),
        (replace(PERSON, received_ins=(Identifier(NIR, "27512632207"),)), None),
    ],
)
def test_the_birth_order_is_read_in_the_number_of_the_register(person: PersonData, order: int | None) -> None:
    assert birth_order(person) == order


def test_an_unknown_birth_order_is_said_unknown_and_read_back_as_such() -> None:
    stranger = replace(PERSON, received_ins=(), birth_date="", qualified_ins=False)
    again = read(write(one(stranger))).people[0].person
    assert (again.birth_order, again.birth_order_absent) == (None, "unknown")
    assert (again.birth_date, again.birth_date_absent) == ("", "unknown")


def test_the_reason_on_a_missing_value_is_read_too() -> None:
    resource = to_resource(replace(PERSON, received_ins=(), qualified_ins=False))
    extension = resource["_birthDate"]["extension"][0]
    extension["_valuePositiveInt"] = {"extension": extension.pop("extension")}
    given = bundle_of_one(resource)
    transfer = read(given)
    assert transfer.people[0].person.birth_order_absent == "unknown"
    assert "_valuePositiveInt" in str(to_resource(transfer.people[0].person))


@pytest.mark.parametrize("date", ["1950", "1950-03", "1950-03-12"])
def test_a_partial_birth_date_keeps_its_precision(date: str) -> None:
    person = replace(PERSON, birth_date=date, birth_order=4, qualified_ins=False)
    assert read(write(one(person))).people[0].person.birth_date == date


@pytest.mark.parametrize(
    ("identifiers", "key"),
    [
        ([ident("localusager", "3010001246/77")], "3010001246/77"),
        ([ident(NIR, ZOE, {"coding": [{"code": "NH"}]})], f"{NIR}|{ZOE}"),
        ([ident("urn:mdph", "1/2", {"coding": [{"code": "PIN"}]}) | {"use": "usual"}], "urn:mdph|1/2"),
        ([ident("urn:x", "1"), ident("localusager", "3010001246/8")], "3010001246/8"),
    ],
)
def test_a_person_is_known_by_the_best_of_its_identifiers(identifiers: list[Json], key: str) -> None:
    resource = to_resource(replace(PERSON, birth_order=1, qualified_ins=False)) | {"identifier": identifiers}
    assert read(bundle_of_one(resource)).people[0].person.key == key


def test_a_person_without_any_identifier_is_known_by_the_traits() -> None:
    resource = to_resource(replace(PERSON, birth_order=1, qualified_ins=False))
    resource.pop("identifier")
    keys = {read(bundle_of_one(resource)).people[0].person.key for _ in range(2)}
    resource["birthDate"] = "1976"
    keys |= {read(bundle_of_one(resource)).people[0].person.key}
    assert len(keys) == 2
    assert all(key.startswith("traits:") for key in keys)


@needs_shared
@pytest.mark.needs_peer("node")
def test_the_offline_checker_takes_every_way_an_identity_goes_out(tmp_path: Path) -> None:
    told = Reliability(status=Coding("https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445", "VALI"))
    people = {
        "qualified": replace(PERSON, qualified_ins=True),
        "qualified-told": replace(PERSON, qualified_ins=True, received_reliability=(told,)),
        "derived": replace(PERSON, qualified_ins=False),
        "unknown": replace(PERSON, qualified_ins=False, received_ins=()),
        "nothing": replace(PERSON, qualified_ins=False, received_ins=(), birth_date=""),
    }
    files = [tmp_path / f"{name}.json" for name in people]
    for file, person in zip(files, people.values(), strict=True):
        file.write_bytes(write(one(person)))
    assert check_files(*files) == ""

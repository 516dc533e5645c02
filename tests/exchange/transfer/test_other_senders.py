"""What other software writes: a detail of a sender never refuses a whole record."""

import re

import orjson
import pytest

from jalon.formats.tddui import read
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from tests.exchange.transfer.files import EXAMPLES, LOU, bring, sample, taken_out
from tests.factories import EstablishmentFactory
from tests.formats.tddui.sample import Json
from tests.support import SHARED, needs_shared

CASES = SHARED / "cases"
pytestmark = pytest.mark.django_db


def case(name: str) -> bytes:
    return (CASES / f"tddui_{name}.json").read_bytes()


def receive(name: str) -> tuple[Person, list[str]]:
    EstablishmentFactory.create(finess="990000010")
    report = bring(case(name), house="990000010")
    return Person.objects.get(), report.notes


@needs_shared
@pytest.mark.parametrize(
    "name", ["bom", "reference_percent_encoded", "uuid_upper_case", "decimal_17_digits", "death_year_only"]
)
def test_what_is_said_otherwise_is_read_all_the_same(body: ManagingBody, name: str) -> None:
    person, _ = receive(name)
    assert person.birth_name
    assert person.birth_name.encode() in taken_out()


@needs_shared
def test_a_telephone_with_words_is_shown_in_part_and_kept_whole(body: ManagingBody) -> None:
    person, notes = receive("phone_with_words")
    assert len(person.phone) == 40
    assert any("téléphone" in note for note in notes)
    whole = next(v for v in re.findall(r'"value": ?"([^"]{54})"', case("phone_with_words").decode()))
    assert whole in taken_out().decode()


@needs_shared
def test_an_invisible_character_makes_no_other_name(body: ManagingBody) -> None:
    person, notes = receive("invisible_in_name")
    assert "\u200b" not in person.birth_name
    assert "\u200b" in taken_out().decode()
    assert any("nom de naissance" in note for note in notes)


@needs_shared
def test_somebody_dead_without_a_date_is_told(body: ManagingBody) -> None:
    _, notes = receive("deceased_without_date")
    assert any("décédée" in note for note in notes)


@needs_shared
def test_a_patient_with_an_ins_and_no_profile_is_read_as_one_with_an_ins(body: ManagingBody) -> None:
    given = orjson.loads((EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes())
    for entry in given["entry"]:
        entry["resource"].get("meta", {}).pop("profile", None)
        if not entry["resource"].get("meta"):
            entry["resource"].pop("meta", None)
    assert read(given).people[0].person.received_ins


def test_a_link_to_another_record_is_set_aside_and_told(body: ManagingBody) -> None:
    def linked(patient: Json) -> None:
        patient["link"] = [{"other": {"reference": "Patient/elsewhere"}, "type": "seealso"}]

    given = sample(Patient__lou=linked)
    assert [each.severity for each in read(given).warnings if ".link[" in each.path] == ["warning"]
    bring(given)
    assert Person.objects.get().key == LOU


def test_a_resource_without_table_written_twice_is_kept_once(body: ManagingBody) -> None:
    once = bring(sample(), dry_run=True).verbatim
    raw = orjson.dumps(sample())
    twice = bring([raw, raw]).verbatim
    assert once["Task tddui-task-moyen-ressource"] == 1
    assert {name: twice[name] for name in once} == once

"""A later file: what changes is told side by side, what it is silent about stays, traits wait."""

from typing import Any

import orjson
import pytest

from jalon.exchange.transfer.kept import opened, received
from jalon.exchange.transfer.tables import PERSON
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from tests.exchange.transfer.files import EXAMPLES, LOU, bring, sample, taken_out
from tests.formats.tddui.sample import Json
from tests.support import needs_shared

pytestmark = pytest.mark.django_db


def told(edits: list[Any]) -> set[tuple[str, str, str]]:
    return {(edit.field, edit.before, edit.after) for edit in edits}


def another(patient: Json) -> None:
    patient["name"][0]["family"] = "AUTRE"
    patient["gender"] = "female"
    patient["birthDate"] = "1990-01-01"


def test_strict_traits_known_here_wait_for_a_decision(body: ManagingBody) -> None:
    bring(sample())
    before = Person.objects.get()
    report = bring(sample(Patient__lou=another))
    after = Person.objects.get()
    assert (after.birth_name, after.sex, after.birth_date) == (
        before.birth_name,
        before.sex,
        before.birth_date,
    )
    assert ("nom de naissance", before.birth_name, "AUTRE") in told(report.decisions)
    assert ("date de naissance", f"{before.birth_date:%d/%m/%Y}", "01/01/1990") in told(report.decisions)
    assert {edit.person for edit in report.decisions} == {str(after.pk)}


def test_a_trait_nobody_knew_is_completed(body: ManagingBody) -> None:
    bring(sample())
    Person.objects.update(birth_place="99999")
    report = bring(sample(Patient__lou=lambda lou: lou["telecom"][0].update(value="01 00 00 00 09")))
    assert ("téléphone", "01 00 00 00 09") in {(edit.field, edit.after) for edit in report.edits}
    assert report.decisions == []


def test_a_file_that_is_silent_empties_nothing(body: ManagingBody) -> None:
    bring(sample())
    before = Person.objects.get()

    def silent(patient: Json) -> None:
        for name in ("telecom", "address"):
            patient.pop(name)

    bring(sample(Patient__lou=silent))
    after = Person.objects.get()
    assert (after.phone, after.city, after.address_line) == (before.phone, before.city, before.address_line)
    assert before.phone and before.city


@needs_shared
def test_our_own_export_given_back_changes_nothing_and_the_received_ins_stays(body: ManagingBody) -> None:
    bring((EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes())
    before = Person.objects.get()
    assert received(PERSON, before).received_ins
    report = bring(taken_out())
    after = Person.objects.get()
    assert report.changed == {}
    assert (opened(after), after.birth_order) == (opened(before), before.birth_order)


@needs_shared
def test_two_people_with_one_received_ins_are_told(body: ManagingBody) -> None:
    file = (EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes()
    bring(file)
    number = Person.objects.get().key.rpartition("/")[2].encode()
    other = file.replace(number, number + b"9").replace(b"147720425367411-", b"147720425367412-")
    report = bring(other)
    assert Person.objects.count() == 2
    assert any("même matricule INS" in note for note in report.notes)


@needs_shared
def test_two_people_with_one_received_ins_are_told_whatever_their_birth_dates(body: ManagingBody) -> None:
    file = (EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes()
    bring(file)
    key, born = Person.objects.get().key, Person.objects.get().birth_date.isoformat().encode()
    local = key.rpartition("/")[2].encode()
    other = file.replace(b"/" + local, b"/9" + local).replace(born, b"1931-02-03")
    other = other.replace(b"147720425367411-", b"147720425367412-")
    (note,) = [note for note in bring(other).notes if "même matricule INS" in note]
    assert note.count("3480787529/") == 2


@needs_shared
def test_a_wrong_matricule_is_set_aside_and_said(body: ManagingBody) -> None:
    given = orjson.loads((EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes())
    patient = next(e["resource"] for e in given["entry"] if e["resource"]["resourceType"] == "Patient")
    for each in patient["identifier"]:
        if each["type"]["coding"][0]["code"].startswith("INS"):
            each["value"] = each["value"][:-2] + ("00" if each["value"][-2:] != "00" else "01")
    assert any("est faux" in note for note in bring(given).notes)


@pytest.mark.parametrize("day", ["0001-01-01", "2124-01-01", "9999-12-31"])
def test_an_impossible_day_of_birth_is_told(body: ManagingBody, day: str) -> None:
    report = bring(sample(Patient__lou=lambda lou: lou.update(birthDate=day)))
    assert any("impossible" in note and day[:4] in note for note in report.notes), LOU

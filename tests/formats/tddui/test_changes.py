"""Two files compared: what differs and only that."""

import copy

from jalon.formats.tddui import Change, changes
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_record import RESOURCES, bundle

LOU = "Patient[3010001246/77]"


def with_patient(**change: object) -> Json:
    return bundle(RESOURCES | {"Patient/lou": RESOURCES["Patient/lou"] | change})


def test_a_file_does_not_differ_from_itself_renumbered_and_shuffled() -> None:
    again = copy.deepcopy(bundle(dict(reversed(RESOURCES.items())), base="urn:x:"))
    for entry in again["entry"]:
        entry["request"]["url"] = "TDDUI"
        entry["resource"].pop("meta", None)
    assert changes(bundle(), again) == []


def test_a_value_changed_is_one_change() -> None:
    assert changes(bundle(), with_patient(birthDate="1951")) == [
        Change(f"{LOU}.birthDate", "1950-03", "1951")
    ]


def test_an_item_taken_away_is_one_change_not_a_shift() -> None:
    identifiers = RESOURCES["Patient/lou"]["identifier"]
    found = changes(bundle(), with_patient(identifier=identifiers[1:]))
    assert found == [Change(f"{LOU}.identifier[0]", identifiers[0], None)]


def test_an_item_changed_is_paired_with_itself() -> None:
    identifiers = copy.deepcopy(RESOURCES["Patient/lou"]["identifier"])
    identifiers[3]["value"] = "0"
    found = changes(bundle(), with_patient(identifier=identifiers[::-1]))
    assert found == [Change(f"{LOU}.identifier[3].value", "822146819", "0")]


def test_a_resource_come_or_gone_is_told_by_type_and_key() -> None:
    fewer = {name: each for name, each in RESOURCES.items() if name != "Goal/life"}
    (gone,) = changes(bundle(), bundle(fewer))
    assert (gone.path, gone.after) == ("Goal[3010001246/77-PDV-1]", None)
    (come,) = changes(bundle(fewer), bundle())
    assert (come.path, come.before) == ("Goal[3010001246/77-PDV-1]", None)
    assert str(come).startswith("Goal[3010001246/77-PDV-1] : absent → {")

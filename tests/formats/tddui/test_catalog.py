"""The classes are found by themselves, and what each says of itself is nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jalon.formats.tddui import classes
from jalon.formats.tddui.catalog import ALL, BUSINESS, KINDS, PROFILES, SHARED, WAITING, indexed, kind_of
from jalon.formats.tddui.classes.goal import KIND as GOAL
from jalon.formats.tddui.kind import Kind
from tests.formats.tddui.sample_record import RESOURCES


def test_a_file_of_the_folder_is_a_class() -> None:
    files = [path for path in Path(classes.__file__).parent.glob("*.py") if path.stem != "__init__"]
    assert len(ALL) == len(files)
    assert set(ALL) == {*KINDS, *WAITING}
    assert [kind.rank for kind in ALL] == sorted(kind.rank for kind in ALL)
    assert {kind.name for kind in SHARED} == {"organizations", "practitioners", "roles"}


CLAIMS: dict[str, Callable[[Kind[Any]], Any]] = {
    "name": lambda kind: kind.name,
    "data": lambda kind: kind.data,
    "profile": lambda kind: kind.profile,
    "system": lambda kind: kind.system,
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_two_classes_claim_is_refused_by_name(claim: str) -> None:
    """A file was copied, and one of these was not changed."""
    read = CLAIMS[claim]
    copied = replace(GOAL)
    with pytest.raises(ValueError, match="two classes claim") as refusal:
        indexed((read(kind), kind) for kind in (*KINDS, copied) if read(kind))
    assert str(read(GOAL)) in str(refusal.value)


def test_every_profile_of_a_class_is_of_its_type() -> None:
    for kind in ALL:
        assert all(PROFILES[profile] == (kind.fhir, rules) for profile, rules in kind.profiles.items())


@pytest.mark.parametrize("system", BUSINESS)
def test_a_resource_that_names_no_profile_is_told_by_its_identifier(system: str) -> None:
    kind = BUSINESS[system]
    bare = {"resourceType": kind.fhir, "identifier": [{"system": system, "value": "x"}]}
    assert kind_of(bare) is (None if kind.waiting else kind)
    assert kind_of(bare | {"resourceType": "Basic"}) is None


def test_a_resource_without_profile_nor_identifier_is_told_by_its_type_where_one_class_has_it() -> None:
    told = {name.partition("/")[0] for name in RESOURCES if kind_of({"resourceType": name.partition("/")[0]})}
    assert told == {
        "Patient", "RelatedPerson", "Organization", "Practitioner", "PractitionerRole", "CarePlan", "Consent",
    }  # fmt: skip

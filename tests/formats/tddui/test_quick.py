"""The quick way of the rules: a yes is never wrong, and what the house writes is not read twice."""

import random
from collections.abc import Iterator

import orjson
import pytest

from jalon.formats import fhir_rules
from jalon.formats.fhir import nodes
from jalon.formats.fhir_quick import quick
from jalon.formats.fhir_rules import Spot
from jalon.formats.tddui import profiles
from jalon.formats.tddui.bundle import Entry, entries, find_references
from jalon.formats.tddui.quick import is_right
from jalon.formats.tddui.rules import _check_each, _check_schema
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_record import RESOURCES, bundle

CHANGES = 1000
SEED = 20261129


def _asked(resource: Json) -> Iterator[tuple[bool, list[object]]]:
    """For the type of a resource, its profiles and its extensions: the quick answer, and the slow one."""
    type_ = resource["resourceType"]
    walk = fhir_rules._Walk(fhir_rules.r4(), of_type=fhir_rules._of_type)
    slow = walk.down({}, type_, Spot(resource, None, "", ""))
    yield quick(fhir_rules.r4(), type_, typed=True).is_valid(resource), list(slow)
    followed = [
        (url.partition("|")[0], type_, resource) for url in resource.get("meta", {}).get("profile", ())
    ]
    inside = [
        (each.json.get("url", ""), "Extension", each.json)
        for each in nodes(resource, "")
        if each.element == "extension"
    ]
    rules = profiles.rules()
    for url, wanted, node in followed + inside:
        if isinstance(url, str) and profiles._tree(url, wanted) is not None:
            asked = fhir_rules._Walk(rules).below(rules.trees[url], Spot(node, None, "", ""))
            yield quick(rules, url, typed=False).is_valid(node), list(asked)


def _copy(value: Json) -> Json:
    copied: Json = orjson.loads(orjson.dumps(value))
    return copied


def _changed(resource: Json, chance: random.Random) -> Json:
    """The resource with one element taken out, emptied, repeated, replaced or added; its head is kept."""
    resource = _copy(resource)
    places = [each.json for each in nodes(resource, "") if each.json]
    node, other = chance.choice(places), chance.choice(_copy({"all": places})["all"])
    name, added = chance.choice(list(node)), chance.choice(list(other))
    if {name, added} & {"resourceType", "meta", "profile"}:
        return resource
    change = chance.randrange(5)
    if change == 0:
        del node[name]
    elif change == 1:
        node[name] = ["", " "][chance.randrange(2)] if isinstance(node[name], str) else node[name]
    elif change == 2:
        node[name] = node[name] * 2 if isinstance(node[name], list) else "zz"
    else:
        node[added if change == 3 else name] = other[added]
    return resource


def test_what_is_quickly_found_right_is_right_whatever_was_changed() -> None:
    chance, yes, no = random.Random(SEED), 0, 0
    for _ in range(CHANGES):
        resource = _changed(chance.choice(list(RESOURCES.values())), chance)
        try:
            answers = list(_asked(resource))
        except (AttributeError, TypeError):
            continue  # the schema of R4 comes first, and refuses what the walk cannot read
        for quickly, found in answers:
            assert not (quickly and found)
            yes, no = yes + quickly, no + bool(found)
    assert yes > CHANGES
    assert no > CHANGES / 10


def _plain(resource: Json) -> bool:
    """Whether no primitive carries anything beside it, which is read the slow way."""
    return not any(key.startswith("_") for each in nodes(resource, "") for key in each.json)


@pytest.mark.parametrize("name", sorted(name for name, each in RESOURCES.items() if _plain(each)))
def test_what_is_right_is_quickly_found_so(name: str) -> None:
    resource = RESOURCES[name]
    assert all(quickly for quickly, found in _asked(resource) if not found)


# --- the gate: all that is asked of a resource, in one question ---------------------------------------------


def _gated(resource: Json) -> tuple[bool, list[object]]:
    """What the gate answers of a resource, and what the walk tells; its periods are asked apart."""
    entry = Entry("", resource, dated=True)
    quickly = is_right(resource) and entry.spots.in_order
    found: list[object] = [*_check_schema(entry)]
    return quickly, found or [*_check_each([entry])]


def _resolved() -> list[Json]:
    """The widest record, its references as the reader leaves them before the gate."""
    found, _ = entries(_copy(bundle(RESOURCES)))
    list(find_references(found))
    return [entry.resource for entry in found]


@pytest.mark.parametrize("seed", range(3))
def test_a_resource_that_passes_the_gate_has_nothing_wrong_whatever_was_changed(seed: int) -> None:
    chance, yes, no = random.Random(SEED + seed), 0, 0
    resources = _resolved()
    for _ in range(2 * CHANGES):
        resource = _copy(chance.choice(resources))
        for _ in range(chance.randrange(3)):
            resource = _changed(resource, chance)
        quickly, found = _gated(resource)
        assert not (quickly and found), (resource, found)
        yes, no = yes + quickly, no + bool(found)
    assert yes > CHANGES / 2
    assert no > CHANGES / 2


def test_what_the_house_writes_of_the_widest_record_passes_the_gate() -> None:
    """But for those in which a primitive carries something beside it, and for what has no class."""
    slow = [each["resourceType"] for each in _resolved() if not is_right(each)]
    assert set(slow) <= {
        "Patient",
        "RelatedPerson",
        "Organization",
        "Encounter",
        "CarePlan",
        "Task",
        "Location",
    }
    assert len(slow) < len(RESOURCES) / 2

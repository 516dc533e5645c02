"""What the samples of observations say in one way may be said in others: each is read and written back."""

from typing import Any

import pytest

from jalon.formats.tddui.classes.mobility import SHAPE as MOBILITY
from jalon.formats.tddui.classes.school_period import SHAPE as SCHOOL_PERIOD
from jalon.formats.tddui.timings import TIMING
from tests.formats.tddui.sample import CS, Json, concept
from tests.formats.tddui.sample_observation import TIMING as SAMPLE
from tests.formats.tddui.sample_observation import observed, quantity

WHENS: list[Json] = [
    {"effectiveDateTime": "2026-03"},
    {"effectivePeriod": {"end": "2026-03-02"}},
    {"effectiveInstant": "2026-03-02T08:00:00.000Z"},
    {"effectiveTiming": {"event": ["2026-03-02"]}},
]
BOUNDS: list[Json] = [
    {"boundsDuration": quantity(3, "mo", "mois")},
    {"boundsRange": {"low": quantity(3, "mo"), "high": quantity(6, "mo")}},
    {"boundsPeriod": {"start": "2026-03-02"}, "timeOfDay": ["08:00:00", "20:00:00"]},
]
DIPLOMA = concept(CS + "observation-periode-scolaire", "diplome")
OTHER_WAYS: dict[str, Json] = {
    "in words beside the code": {
        "code": DIPLOMA | {"text": "Diplôme"},
        "valueCodeableConcept": {"text": "CAP"},
    },
    "by two codes": {
        "code": {"coding": [*DIPLOMA["coding"], *observed("PERIODESCOL")["coding"]]},
        "valueCodeableConcept": {"text": "CAP"},
    },
    "by a code of another list": {"code": observed("PERIODESCOL"), "valueCodeableConcept": {"text": "CAP"}},
    "by a value of another type": {"code": DIPLOMA, "valueString": "CAP"},
    "without a value": {"code": DIPLOMA, "dataAbsentReason": {"text": "non dit"}},
    "by nothing but its code": {"code": DIPLOMA},
}


def read_fields(shape: Any, node: Json) -> Any:
    """What a class holds of this part of a resource."""
    return shape.cls(key="3010001246/77", **shape.fields(node))


@pytest.mark.parametrize("node", WHENS, ids=lambda node: next(iter(node)))
def test_each_way_of_saying_when_is_held(node: Json) -> None:
    held = read_fields(MOBILITY, node)
    assert held.when is not None
    assert MOBILITY.write(held) == node


@pytest.mark.parametrize("bounds", BOUNDS, ids=lambda node: next(iter(node)))
def test_each_way_of_bounding_a_rhythm_is_held(bounds: Json) -> None:
    repeat = {name: part for name, part in SAMPLE["repeat"].items() if name != "boundsPeriod"} | bounds
    rhythm = SAMPLE | {"repeat": repeat}
    assert TIMING.write(TIMING.read(rhythm)) == rhythm


@pytest.mark.parametrize("component", OTHER_WAYS.values(), ids=OTHER_WAYS)
def test_a_component_that_says_more_than_one_value_is_held_whole_with_the_others(component: Json) -> None:
    plain = {"code": DIPLOMA, "valueCodeableConcept": {"text": "Brevet"}}
    held = read_fields(SCHOOL_PERIOD, {"component": [plain, component]})
    assert [diploma.text for diploma in held.diplomas] == ["Brevet"]
    assert len(held.other_components) == 1
    assert SCHOOL_PERIOD.write(held) == {"component": [plain, component]}


def test_a_second_referent_and_a_second_volume_are_held_with_the_others() -> None:
    """A file refused for it may still be read: nothing is lost, nothing takes the place of the first."""
    volume = {"code": concept(CS + "observation-periode-scolaire", "volumeScolarisation")}
    node = {
        "performer": [{"reference": f"RelatedPerson?identifier={n}"} for n in (1, 2)],
        "component": [volume | {"valueQuantity": quantity(n, "1")} for n in (4, 5)],
    }
    held = read_fields(SCHOOL_PERIOD, node)
    assert (held.referent.key, held.volume.value) == ("1", 4)
    assert (len(held.other_performers), len(held.other_components)) == (1, 1)
    assert SCHOOL_PERIOD.write(held) == node

"""What a waiting class may say in several ways, one at a time: each is read whole."""

import copy
from typing import Any

import pytest

from jalon.formats.tddui import to_resource, typed
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_observation import TIMING, VALUES
from tests.formats.tddui.test_waiting import kept
from tests.formats.tddui.waiting import Waiting, orientation_request


@pytest.mark.parametrize(
    ("element", "other", "value"),
    [
        ("quantityQuantity", "quantityRatio", VALUES["valueRatio"]),
        ("quantityQuantity", "quantityRange", VALUES["valueRange"]),
        ("occurrencePeriod", "occurrenceDateTime", "2026-01-15"),
        ("occurrencePeriod", "occurrenceTiming", TIMING),
        ("asNeededBoolean", "asNeededCodeableConcept", {"text": "si la fatigue revient"}),
    ],
)
def test_an_orientation_is_asked_in_each_way_that_fhir_has(element: str, other: str, value: Any) -> None:
    sample: Json = copy.deepcopy(orientation_request.WAITING.sample)
    del sample[element]
    sample[other] = value
    resource = kept(
        Waiting("orientation_requests", sample, ("", "", ""), orientation_request.WAITING.made, {})
    )
    item = typed(resource)
    assert item is not None
    assert [residue.path for residue in item.extra if residue.kind == "element"] == []
    assert to_resource(item)[other] == value

"""The published examples of what waits for its table are read whole into their classes."""

import orjson
import pytest

from jalon.formats.tddui import VerbatimResource, read, to_resource, typed
from jalon.formats.tddui.catalog import WAITING
from tests.formats.tddui.test_round_trip import TDDUI, published
from tests.support import needs_shared

PROFILES = {f"tddui-{profile}" for kind in WAITING for profile in kind.profiles}
RECORD = TDDUI / "fhir-2.4.0/examples/Bundle-tddui-bundle-example.json"
TOLD = {
    "single": {
        "tddui-observation-periode-scolaire",
        "tddui-schedule",
        "tddui-service-request-demande-orientation",
        "tddui-slot-presence-absence",
    },
    "record": {"tddui-task-transport-usager"},
}


def kept(source: str) -> list[VerbatimResource]:
    """What waits in the examples that are published one by one, or in the one that is a whole record."""
    data = published() if source == "single" else RECORD.read_bytes()
    return [each for each in read(data).verbatim if each.profile in PROFILES]


@needs_shared
@pytest.mark.parametrize("source", TOLD)
def test_the_published_examples_are_read_whole_into_their_classes(source: str) -> None:
    found = kept(source)
    assert {each.profile for each in found} >= TOLD[source]
    for each in found:
        item = typed(each)
        assert item is not None
        assert [residue.path for residue in item.extra if residue.kind == "element"] == []
        assert to_resource(item) == orjson.loads(each.json)

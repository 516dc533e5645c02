"""The published examples of what waits for its table are read whole into their classes."""

import orjson

from jalon.formats.tddui import read, to_resource, typed
from jalon.formats.tddui.catalog import WAITING
from tests.formats.tddui.test_round_trip import published
from tests.support import needs_shared

PROFILES = {f"tddui-{profile}" for kind in WAITING for profile in kind.profiles}


@needs_shared
def test_the_published_examples_are_read_whole_into_their_classes() -> None:
    kept = [each for each in read(published()).verbatim if each.profile in PROFILES]
    assert {each.profile for each in kept} >= {
        "tddui-observation-periode-scolaire",
        "tddui-schedule",
        "tddui-service-request-demande-orientation",
        "tddui-slot-presence-absence",
    }
    for each in kept:
        item = typed(each)
        assert item is not None
        assert [residue.path for residue in item.extra if residue.kind == "element"] == []
        assert to_resource(item) == orjson.loads(each.json)

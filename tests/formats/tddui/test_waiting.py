"""What no table of the house holds yet: kept exactly as it came, and yet read into its class and back."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from jalon.formats.tddui import TdduiRefused, VerbatimResource, changes, read, to_resource, typed, write
from jalon.formats.tddui.catalog import WAITING as KINDS
from jalon.formats.tddui.catalog import kind_of_item
from tests.formats.tddui.checker import check_files
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.formats.tddui.waiting import SAMPLES, Waiting
from tests.support import needs_shared

each_class = pytest.mark.parametrize("waiting", SAMPLES, ids=lambda waiting: waiting.name)
STILL_WAITING = {
    "basic-decision",
    "document-reference",
    "goal-projet-vie",
    "observation-cause-mortalite",
    "observation-mobilite-usager",
    "observation-periode-scolaire",
    "observation-repas",
    "questionnaire-response",
    "schedule",
    "service-request-demande-orientation",
    "slot-presence-absence",
    "task-bilan",
    "task-moyen-ressource",
    "task-prestation",
    "task-transport",
    "task-transport-professionnel",
    "task-transport-usager",
}
"""Profiles known and kept verbatim. A class that gets its table leaves this list; none enters it."""


def test_the_profiles_that_wait_for_a_table_are_those_written_here() -> None:
    assert {kind.profile for kind in KINDS} == STILL_WAITING
    assert len(STILL_WAITING) <= 17


def test_every_class_that_waits_has_its_sample() -> None:
    assert sorted(kind.name for kind in KINDS) == sorted(waiting.name for waiting in SAMPLES)


def file_of(waiting: Waiting, sample: Json | None = None) -> Json:
    """The widest record with the sample in it."""
    given = bundle(RESOURCES | waiting.beside | {waiting.place: sample or waiting.sample})
    found: Json = orjson.loads(orjson.dumps(given))
    return found


def kept(waiting: Waiting) -> VerbatimResource:
    """The sample as a reading keeps it."""
    before = {(each.type, each.key) for each in read(bundle(RESOURCES | waiting.beside)).verbatim}
    (found,) = (each for each in read(file_of(waiting)).verbatim if (each.type, each.key) not in before)
    return found


@each_class
def test_it_is_kept_as_it_came_and_goes_out_again(waiting: Waiting) -> None:
    assert kept(waiting).profile == waiting.sample["meta"]["profile"][0].rpartition("/")[2]
    assert changes(file_of(waiting), write(read(file_of(waiting)))) == []


@each_class
def test_it_is_read_whole_into_its_class_and_written_back_to_the_letter(waiting: Waiting) -> None:
    resource = kept(waiting)
    item = typed(resource)
    assert item is not None
    assert kind_of_item(item).name == waiting.name
    assert [residue.path for residue in item.extra if residue.kind == "element"] == []
    assert to_resource(item) == orjson.loads(resource.json)


@each_class
def test_editing_one_field_of_it_changes_exactly_that(waiting: Waiting) -> None:
    item: Any = typed(kept(waiting))
    field, value, path = waiting.edit
    found = changes(to_resource(item), to_resource(replace(item, **{field: value})))
    assert [change.path.partition("].")[2] for change in found] == [path]


@each_class
def test_one_made_here_follows_its_profile(waiting: Waiting) -> None:
    read(file_of(waiting, to_resource(waiting.made)))


REFUSED = [(waiting, words) for waiting in SAMPLES for words in waiting.refused]


@pytest.mark.parametrize(
    ("waiting", "words"), REFUSED, ids=[f"{waiting.name}: {words}" for waiting, words in REFUSED]
)
def test_its_rules_refuse_at_their_place(waiting: Waiting, words: str) -> None:
    spoil, place = waiting.refused[words]
    sample = copy.deepcopy(waiting.sample)
    spoil(sample)
    with pytest.raises(TdduiRefused) as refusal:
        read(file_of(waiting, sample))
    places = {problem.path.partition(".resource.")[2] for problem in refusal.value.problems}
    assert place in places


@needs_shared
@pytest.mark.needs_peer("node")
def test_the_offline_checker_finds_no_error_in_the_samples(tmp_path: Path) -> None:
    files = [tmp_path / f"{waiting.name}.json" for waiting in SAMPLES]
    for file, waiting in zip(files, SAMPLES, strict=True):
        file.write_bytes(write(read(file_of(waiting))))
    assert check_files(*files) == ""

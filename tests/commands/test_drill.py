"""`jalon drill`: a share of each campaign, by the code that runs it whole (of `kills`: tests/faults)."""

from collections.abc import Iterator

import orjson
import pytest
import time_machine
from pytest_django import Settings

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon_sandbox.bench.dossier import visitor
from jalon_sandbox.drills import aims, forms, fuzz, volume
from jalon_sandbox.drills.aims import Target
from jalon_sandbox.drills.report import FAMILIES, Report
from jalon_sandbox.drills.volume import Cost
from tests.commands.conftest import Jalon
from tests.exchange.transfer.files import sample
from tests.factories import NOW, EventFactory, HandoverNoteFactory, RecordFactory
from tests.web.story import enter, write_story

SHARE = 8.0  # seconds, of each family
MORE_RECORDS = 60


def test_the_drills_are_listed_and_another_is_misuse(jalon: Jalon) -> None:
    assert set(jalon("drill", "--json").json) == {
        "kills",
        "database",
        "pause",
        "disk",
        "peers",
        "fuzz",
        "volume",
        "restore",
        "failover",
        "imports",
        "full",
        "migration",
        "slow",
    }
    assert jalon("drill", "rien").code == 2
    assert jalon("drill", "fuzz", "--seconds", "-1").code == 2


def test_a_report_without_fault_says_so() -> None:
    report = Report("essai")
    report.expect(True, "jamais dit")
    assert report.sentences()[-1] == "Rien ne manque."
    report.expect(False, "perdu")
    assert report.as_json()["faults"] == ["perdu"]


# --- spoilt files -----------------------------------------------------------------------------------


@pytest.fixture
def every(db: None, settings: Settings) -> list[Target]:
    settings.WHITENOISE_AUTOREFRESH = True
    story = write_story(NOW)
    screens = forms.forms(enter(story.staff["director"]), story.record.pk)
    return [*aims.targets([orjson.dumps(sample())]), *screens]


def test_every_reader_reads_the_sound_file_that_is_spoilt_for_it(every: list[Target]) -> None:
    assert {one.family for one in every} == set(FAMILIES)
    for target in every:
        assert target.read(target.sound), target.name


@pytest.mark.parametrize("family", FAMILIES)
def test_spoilt_files_are_read_or_refused(family: str, every: list[Target]) -> None:
    report = fuzz.campaign([one for one in every if one.family == family], SHARE, seed=1)
    assert report.faults == []
    assert min(report.figures["given"].values()) > 1
    assert family == "forms" or sum(report.figures["refused"].values()) > 5


def test_a_reader_that_breaks_is_found_and_its_file_can_be_made_again() -> None:
    def read(data: bytes) -> bytes:
        if len(data) < len(SOUND):
            raise ValueError("broken")
        if len(data) > len(SOUND):
            raise DomainError("Ce fichier est trop long.", code="long")
        return data

    aim = Target("essai", read, SOUND)
    first, again = (fuzz.campaign([aim], 0.05, seed=3) for _ in range(2))
    assert first.faults
    assert first.faults[:3] == again.faults[:3]
    assert first.figures["refused"]["essai"] > 0
    number = int(first.faults[1].split()[2])
    assert len(fuzz.drawn(aim, 3, number)) < len(SOUND)
    resumed = fuzz.campaign([aim], 0.05, seed=3, start=number)
    assert resumed.faults[0] == first.faults[1]
    assert resumed.figures["next"] > number


def test_a_campaign_that_takes_too_much_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "_peak", iter((100.0, 700.0)).__next__)
    report = fuzz.campaign([Target("essai", bytes, SOUND)], 0.01, seed=3)
    assert report.faults == ["la mémoire a crû de 600 Mo"]


SOUND = b"<a>un fichier sain</a>" * 20


# --- many records -----------------------------------------------------------------------------------


@pytest.fixture
def _the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def test_pages_and_exports_cost_no_more_with_many_records(
    transactional_db: None, settings: Settings, _the_day: None
) -> None:
    """Committed: a page asked as a server is asked ends with its connection."""
    settings.WHITENOISE_AUTOREFRESH = True
    story = write_story(NOW)
    few = volume.measure(visitor())
    with tenant(story.body.pk):
        for number in range(MORE_RECORDS):
            record = RecordFactory.create(
                establishment=story.house, unit=story.unit, person__birth_name=f"FICTIF{number}"
            )
            HandoverNoteFactory.create(record=record, written_at=NOW)
            EventFactory.create(record=record, starts_at=NOW, ends_at=NOW)
    report = volume.judged(few, volume.measure(visitor()), MORE_RECORDS)
    assert report.faults == []
    assert {*volume.PAGES, "records:summary", "export"} <= report.figures.keys()


def test_a_page_that_asks_weighs_or_takes_more_is_named() -> None:
    few = {name: Cost(5, 1000, 0.1) for name in ("asks", "weighs", "takes", "same")}
    many = few | {"asks": Cost(65, 1000, 0.1), "weighs": Cost(5, 900_000, 0.1), "takes": Cost(5, 1000, 9)}
    faults = volume.judged(few, many, 1).faults
    assert [fault.partition(" ")[0] for fault in faults] == ["asks", "weighs", "takes"]

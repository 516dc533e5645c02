"""Commands print the hours of the establishment; a month is counted, closed and corrected by command."""

import datetime as dt

import pytest
from django.utils import timezone

from jalon.db.tenant import tenant
from jalon.indicators.models import MonthlyFigure, TallyLine
from jalon.indicators.tasks import keep_up
from jalon.organizations.models import SettingValue
from tests.commands.conftest import Jalon
from tests.factories import NOW, HandoverNoteFactory
from tests.support import SHARED, needs_shared
from tests.web.story import Story, write_story

pytestmark = pytest.mark.django_db
AFTERNOON = dt.datetime(2026, 11, 24, 14, 40, tzinfo=dt.UTC)


@pytest.fixture
def story(db: None) -> Story:
    return write_story(NOW)


def by(story: Story, role: str) -> tuple[str, ...]:
    return "--by", story.staff[role].email, "--body", story.body.finess


@needs_shared
def test_the_hours_of_the_reference_case_are_those_tried_here() -> None:
    case = (SHARED / "cases/cli_hours.txt").read_text("utf-8")
    assert all(word in case for word in ("`jalon record show`", "`jalon mail list`", "15 h 40", "14:40"))


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Paris", "15:40"), ("Indian/Reunion", "18:40")])
def test_a_note_is_printed_at_the_hour_it_was_written_there(
    story: Story, jalon: Jalon, zone: str, hour: str
) -> None:
    """A note of 15:40 in Paris was printed 14:40."""
    with tenant(story.body.pk):
        SettingValue.objects.create(establishment=story.house, name="time_zone", value=zone)
        HandoverNoteFactory.create(record=story.record, written_at=AFTERNOON, text="Promenade d’essai.")
    done = jalon("record", "show", story.record.pk, *by(story, "educator"))
    (line,) = (line for line in done.out.splitlines() if "Promenade d’essai." in line)
    assert line.startswith(f"24/11 {hour}")


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Paris", "10:30"), ("America/Martinique", "05:30")])
def test_a_message_is_listed_at_the_hour_it_came_there(
    story: Story, jalon: Jalon, zone: str, hour: str
) -> None:
    with tenant(story.body.pk):
        SettingValue.objects.create(establishment=story.house, name="time_zone", value=zone)
    done = jalon("mail", "list", *by(story, "secretary"))
    assert f"22/11 {hour}" in done.out


def month(story: Story, jalon: Jalon, *words: str) -> int:
    house = ("--establishment", story.house.finess, "--body", story.body.finess)
    return jalon("indicators", "--month", "2020-01", *house, *words).code


def test_a_month_is_closed_once_by_command_and_corrected_by_whoever_may(story: Story, jalon: Jalon) -> None:
    assert month(story, jalon, "--close") == 0
    assert month(story, jalon, "--close") == 1
    reason = ("--correct", "Notes saisies plus tard.")
    assert month(story, jalon, *reason, "--by", story.staff["team_lead"].email) == 1
    assert month(story, jalon, *reason, "--by", story.staff["director"].email) == 1  # nothing changed
    with tenant(story.body.pk):
        assert MonthlyFigure.objects.filter(month="2020-01").count() == 5


def test_what_is_kept_is_compared_and_made_again_by_command(story: Story, jalon: Jalon) -> None:
    here = ("--body", story.body.finess)
    assert jalon("indicators", "check", *here).out.startswith("0 décomptes comparés, 0 lignes")
    assert jalon("indicators", "rebuild", *here).code == 0
    assert jalon("indicators", "rebuild", "--month", "2026-10", *here).code == 0
    assert jalon("indicators", "check", *here).code == 0
    keep_up(story.body.pk, timezone.now())
    with tenant(story.body.pk):
        TallyLine.objects.filter(code="I1", record=story.record.pk).update(counted=7)
    wrong = jalon("indicators", "check", *here)
    assert wrong.code == 1
    assert f"I1 : dossier {story.record.pk}" in wrong.out
    assert jalon("indicators", "rebuild", *here).code == 0
    assert jalon("indicators", "rebuild", "--month", "2026-10", *here).code == 0
    assert jalon("indicators", "check", *here).code == 0


def test_the_indicators_are_counted_for_a_month_that_is_named(story: Story, jalon: Jalon) -> None:
    assert jalon("indicators", "--body", story.body.finess).code == 1

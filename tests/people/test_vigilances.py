"""Vigilances are added, corrected and ended with a reason; a death is said wherever a person is named."""

import datetime as dt

import pytest

from jalon.core.errors import DomainError
from jalon.core.typography import NBSP
from jalon.organizations.models import ManagingBody
from jalon.people.actions import edit, edit_vigilance, end_vigilance, warn
from jalon.people.queries import vigilances_of
from jalon.web.shown.names import short_names
from jalon.web.shown.person import banner, death
from jalon.web.shown.tiles import tiles
from tests.factories import TODAY, PersonFactory, RecordFactory, VigilanceFactory, actor, asked_by
from tests.support import SHARED, needs_shared

pytestmark = pytest.mark.django_db


def test_the_same_vigilance_is_noted_once_and_one_that_ended_may_be_noted_again(body: ManagingBody) -> None:
    person = PersonFactory()
    first = warn(person=person, kind="allergy", text=" Pénicilline ", by=None)
    with pytest.raises(DomainError) as refusal:
        warn(person=person, kind="allergy", text="Pénicilline", by=None)
    assert refusal.value.code == "vigilance_known"
    ended = end_vigilance(vigilance=first, reason="Test négatif", by=None)
    assert (ended.active, ended.end_reason) == (False, "Test négatif")
    again = warn(person=person, kind="allergy", text="Pénicilline", by=None)
    assert vigilances_of([person.pk])[person.pk] == [again]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_nothing_ends_without_a_reason(body: ManagingBody, reason: str) -> None:
    vigilance = VigilanceFactory()
    with pytest.raises(DomainError) as refusal:
        end_vigilance(vigilance=vigilance, reason=reason, by=None)
    assert refusal.value.code == "end_without_reason"


def test_what_ended_is_not_corrected_any_more(body: ManagingBody) -> None:
    vigilance = end_vigilance(vigilance=VigilanceFactory(), reason="Erreur", by=None)
    for act in (
        lambda: edit_vigilance(vigilance=vigilance, by=None, text="Autre"),
        lambda: end_vigilance(vigilance=vigilance, reason="Encore", by=None),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "vigilance_ended"


def test_a_tile_shows_every_vigilance_the_gravest_first(body: ManagingBody) -> None:
    record = RecordFactory()
    for kind, text in (("swallowing", "Texture mixée"), ("allergy", "Pénicilline")):
        VigilanceFactory(person=record.person, kind=kind, text=text)
    assert [
        one.text
        for one in tiles(asked_by(actor(establishment=record.establishment)), [record])[0]["vigilances"]
    ] == ["Pénicilline", "Texture mixée"]


@needs_shared
def test_a_recorded_death_is_said_on_every_page_and_stops_the_age(body: ManagingBody) -> None:
    assert "20/11/2026" in (SHARED / "cases/death_recorded.txt").read_text("utf-8")
    born, died = dt.date(1948, 10, 2), dt.date(2026, 11, 20)
    record = RecordFactory(person__birth_date=born, person__sex="M", person__died_on=died)
    person, ten_years_on = record.person, dt.date(2036, 11, 20)
    shown = banner(person, ten_years_on)
    assert (shown.died, shown.age) == ("décédé le 20 novembre 2026", f"78{NBSP}ans")
    assert tiles(asked_by(actor(establishment=record.establishment)), [record])[0]["died"] == shown.died
    assert short_names([record])[record.pk].endswith(" (décédé)")


def test_a_death_told_without_its_day_or_to_the_year_gains_none(body: ManagingBody) -> None:
    reported = PersonFactory(death_reported=True)
    assert death(reported) == "décès signalé, date inconnue"
    assert banner(reported, TODAY).age == ""
    year = PersonFactory(sex="F", died_on=dt.date(2020, 1, 1), died_on_precision="year")
    assert death(year) == "décédée en 2020"


def test_a_date_given_at_last_takes_the_place_of_a_death_without_one(body: ManagingBody) -> None:
    person = PersonFactory(death_reported=True, birth_date=dt.date(1948, 10, 2))
    person = edit(person=person, by=None, died_on=dt.date(2026, 11, 20))
    assert not person.death_reported


@pytest.mark.parametrize(("precision", "said"), [("year", "Né en"), ("month", "Né en"), ("day", "Né le")])
def test_a_partial_birth_date_gains_no_day_in_the_banner(
    body: ManagingBody, precision: str, said: str
) -> None:
    person = PersonFactory(sex="M", birth_date=dt.date(1951, 12, 31), birth_date_precision=precision)
    shown = banner(person, TODAY)
    assert shown.born_word == said
    assert ("environ" in shown.age) is (precision != "day")

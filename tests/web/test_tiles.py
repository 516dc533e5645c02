"""A tile is what a tired agent sees first: it says of a vigilance what the banner says first."""

import pytest

from jalon.organizations.models import ManagingBody
from jalon.web.shown.person import banner
from jalon.web.shown.tiles import tiles
from tests.factories import TODAY, RecordFactory, VigilanceFactory, actor, asked_by

pytestmark = pytest.mark.django_db


def test_a_tile_shows_every_vigilance_as_the_banner_does_what_can_kill_first(body: ManagingBody) -> None:
    record = RecordFactory()
    VigilanceFactory(person=record.person, kind="communication", text="Parle lentement")
    VigilanceFactory(person=record.person, kind="allergy", text="Pénicilline")
    (tile,) = tiles(asked_by(actor(establishment=record.establishment)), [record])
    badges = [badge.text for badge in banner(record.person, TODAY).badges]
    assert [one.text for one in tile["vigilances"]] == badges == ["Pénicilline", "Parle lentement"]


def test_a_tile_without_a_vigilance_shows_none(body: ManagingBody) -> None:
    record = RecordFactory()
    VigilanceFactory(person=record.person, active=False)
    assert tiles(asked_by(actor(establishment=record.establishment)), [record])[0]["vigilances"] == []

"""Rows read at once are the rows that the model reads."""

import pytest

from jalon.agenda.models import Event
from jalon.db.many import many
from jalon.organizations.models import ManagingBody
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def test_they_hold_what_the_model_reads_in_the_order_of_their_identifiers(body: ManagingBody) -> None:
    EventFactory.create(received={"told": "Piscine"})
    EventFactory.create(report="Venue à pied", responsible=None)
    for one, other in zip(many(Event.objects.order_by("-pk")), Event.objects.order_by("pk"), strict=True):
        names = [field.attname for field in Event._meta.concrete_fields if field.name != "received"]
        assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
        assert dict(one.received) == dict(other.received)
        assert (one, one.get_deferred_fields()) == (other, set())


def test_they_are_written_as_any_other(body: ManagingBody) -> None:
    EventFactory.create()
    (row,) = many(Event.objects.all())
    row.label = "Balade"
    row.save()
    assert Event.objects.get().label == "Balade"

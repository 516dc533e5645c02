"""A page of a list is read from the row it follows, and gives what reading from the first would give."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F, QuerySet

from jalon.db.inorder import InTurn, beyond, keys_of
from jalon.organizations.models import Establishment, ManagingBody
from jalon.records.models import Record
from tests.factories import EstablishmentFactory, PersonFactory, RecordFactory

pytestmark = pytest.mark.django_db
SIZE = 3
Records = QuerySet[Record]


@pytest.fixture
def house(body: ManagingBody) -> Establishment:
    """A house whose people share their names, so that the order has ties."""
    house: Establishment = EstablishmentFactory.create()
    for rank in range(11):
        person = PersonFactory.create(
            birth_name=f"NOM{'ABC'[rank % 3]}", first_name="Zoé", birth_first_names="Zoé"
        )
        RecordFactory.create(person=person, establishment=house, room=str(rank % 2))
    return house


LISTS: dict[str, Callable[[Records], Any]] = {
    "sorted": lambda rows: rows.order_by("person__name_key", "pk"),
    "downwards": lambda rows: rows.order_by("-room", "person__name_key", "-pk"),
    "in turn": lambda rows: InTurn(
        tuple(
            some.order_by("-person__name_key", "pk")
            for some in (rows.filter(room="0"), rows.exclude(room="0"))
        )
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_pages_forwards_then_backwards_are_those_of_the_whole_list(house: Establishment, name: str) -> None:
    rows = LISTS[name](Record.objects.all())
    whole = list(rows)
    assert len(whole) == 11
    for rank, row in enumerate(whole):
        assert beyond(rows, row.pk, SIZE) == whole[rank + 1 : rank + 1 + SIZE]
        assert beyond(rows, row.pk, SIZE, back=True) == whole[max(0, rank - SIZE) : rank]


def test_lists_in_turn_read_as_one_at_any_rank_and_are_counted_no_further_than_asked(
    house: Establishment,
) -> None:
    rows = LISTS["in turn"](Record.objects.all())
    whole = list(rows)
    for start in range(13):
        assert rows.read(start, start + SIZE) == whole[start : start + SIZE]
    assert [rows.count_up_to(most) for most in (4, 8, 11, 99)] == [5, 9, 11, 11]
    assert InTurn().read(0, 5) == []


def test_a_row_that_left_the_list_or_a_key_made_up_tells_no_place(house: Establishment) -> None:
    rows = Record.objects.filter(room="0").order_by("pk")
    other = Record.objects.filter(room="1").first()
    assert other is not None
    assert beyond(rows, other.pk, SIZE) is None
    assert beyond(rows, "12", SIZE) is None
    assert beyond(InTurn((rows,)), "12", SIZE) is None


@pytest.mark.parametrize(
    "order", [(), ("room",), ("closed_on", "pk"), ("unit__name", "pk"), (F("room").desc(), "pk")]
)
def test_an_order_that_may_leave_a_row_out_is_read_from_the_first(
    house: Establishment, order: tuple[Any, ...]
) -> None:
    rows = Record.objects.order_by(*order)
    row = rows.first()
    assert row is not None
    assert keys_of(rows) == ()
    assert beyond(rows, row.pk, SIZE) is None

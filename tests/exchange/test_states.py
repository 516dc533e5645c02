"""Where a delivery and a message may go: the tables, their writers, the database that refuses the rest."""

import itertools
from collections.abc import Mapping

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from jalon.exchange.inbox import state as inbox
from jalon.exchange.models import Delivery, DeliveryState, DeliveryStep, Reception, ReceptionState
from jalon.exchange.outbox import state as outbox
from jalon.exchange.outbox.routes import routes
from jalon.exchange.rules import DELIVERY, RECEPTION, may_move, moves
from jalon.organizations.models import Establishment
from tests.exchange import world as worlds
from tests.exchange.world import Destination, Post

TABLES = {"delivery": (DELIVERY, DeliveryState), "reception": (RECEPTION, ReceptionState)}


@pytest.mark.parametrize(("table", "states"), TABLES.values(), ids=TABLES)
def test_a_table_names_every_state_and_each_can_be_reached(
    table: Mapping[str, frozenset[str]], states: type[DeliveryState | ReceptionState]
) -> None:
    assert set(table) == {"", *states.values}
    seen = {""}
    for _ in table:
        seen |= {wanted for current in seen for wanted in table[current]}
    assert seen == set(table)


@pytest.mark.parametrize("table", [DELIVERY, RECEPTION])
def test_nothing_comes_back_to_not_being_and_staying_is_no_move(table: Mapping[str, frozenset[str]]) -> None:
    assert not any(may_move(table, current, "") for current in table)
    assert all(may_move(table, current, current) for current in table if current)
    assert {(one, two) for one, two in itertools.product(table, table) if one and two in table[one]} == set(
        moves(table)
    )


def test_what_a_receiver_may_have_is_never_simply_prepared_again_by_the_software() -> None:
    """From `sent` and `acknowledged` no way leads to a new attempt; a person's decision opens the others."""
    assert not DELIVERY["sent"] & {"prepared", "attempted"}
    assert not DELIVERY["acknowledged"] & {"prepared", "attempted"}


@pytest.mark.django_db
def test_a_move_is_written_with_its_step_and_an_impossible_one_is_our_bug(post: Post) -> None:
    delivery, now = post.seen(Destination.DMP), timezone.now()
    outbox.move(delivery, to="refused", at=now, code="X" * 80, label="non " * 200, answered="ab")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.code, len(delivery.label)) == ("refused", "X" * 60, 400)
    last = post.last(Destination.DMP)
    assert (last.state, last.code, last.answered_sha256) == ("refused", "X" * 60, "ab")
    with pytest.raises(AssertionError, match="from 'refused' to 'sent'"):
        outbox.move(delivery, to="sent", at=now)
    assert post.last(Destination.DMP).pk == last.pk
    assert DeliveryStep.objects.filter(delivery=delivery).count() == 2


@pytest.mark.django_db
def test_a_note_changes_nothing_but_the_proof(post: Post) -> None:
    delivery = post.seen(Destination.DMP)
    outbox.note(delivery, seen="acknowledged", at=timezone.now(), label="trop tard")
    assert post.seen(Destination.DMP).state == "prepared"
    assert post.last(Destination.DMP).label == "trop tard"


def refused_by_the_database(model: type[Delivery | Reception], pk: object, to: str) -> bool:
    try:
        with transaction.atomic():
            model.objects.filter(pk=pk).update(state=to)
            transaction.set_rollback(True)  # it was only a question
    except DatabaseError as error:
        assert "Invalid transition" in str(error)
        return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("current", DeliveryState.values)
def test_the_database_refuses_every_move_of_a_delivery_that_the_table_does_not_know(
    post: Post, current: str
) -> None:
    delivery = worlds.bring(post.deliveries[Destination.DMP], current)
    for wanted in DeliveryState.values:
        assert refused_by_the_database(Delivery, delivery.pk, wanted) != may_move(DELIVERY, current, wanted)


@pytest.mark.django_db
def test_a_message_is_decided_once(house: Establishment) -> None:
    for current, wanted in itertools.product(ReceptionState.values, ReceptionState.values):
        one = Reception.objects.create(
            establishment=house, mailbox=house.mailbox, message_id=f"{current} {wanted}", raw_sha256="ab",
            received_at=timezone.now(), state=current,
        )  # fmt: skip
        allowed = may_move(RECEPTION, current, wanted)
        assert refused_by_the_database(Reception, one.pk, wanted) != allowed
        one.refresh_from_db()
        if not allowed:
            with pytest.raises(AssertionError, match=f"from '{current}' to '{wanted}'"):
                inbox.move(one, to=wanted, reason="")


def test_the_destinations_are_those_that_declare_themselves() -> None:
    assert {name: route.destination for name, route in routes().items()} == {one: one for one in Destination}
    assert all(route.label and route.arrived in DeliveryState for route in routes().values())
    assert [name for name, route in routes().items() if route.synchronous] == [Destination.DMP]

"""A worker asleep (a paused machine) is taken for dead and its job is given to another; then it wakes up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.exchange.models import Delivery, DeliveryState
from jalon.exchange.outbox import sending
from jalon.organizations.models import Establishment, ManagingBody
from tests.exchange import world as worlds
from tests.exchange.world import Destination, World

BOTH = pytest.mark.parametrize("destination", [Destination.DMP, Destination.CITIZEN_MAIL])


@pytest.fixture
def deliveries(world: World, house: Establishment) -> dict[str, Delivery]:
    return worlds.publish(worlds.plan(worlds.record(house)), timezone.now())


def sleep_at(monkeypatch: pytest.MonkeyPatch, moment: str, meanwhile: Callable[[], Any]) -> None:
    """The first sending stops before or after it notes that its content leaves; `meanwhile` happens."""
    note = sending._content_leaves
    slept: list[str] = []

    def noting(*args: Any) -> None:
        if moment == "after":
            note(*args)
        if not slept:
            slept.append(moment)
            meanwhile()
        if moment == "before":
            note(*args)

    monkeypatch.setattr(sending, "_content_leaves", noting)


def states(delivery: Delivery) -> list[str]:
    return [step.state for step in delivery.steps.all()]


@BOTH
def test_a_worker_that_wakes_up_before_its_content_left_sends_nothing(
    world: World, body: ManagingBody, deliveries: dict[str, Delivery], destination: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    delivery = deliveries[destination]
    sleep_at(monkeypatch, "before", lambda: worlds.run(body, delivery))

    assert worlds.run(body, delivery) is None

    delivery.refresh_from_db()
    assert world.taken(delivery) == 1
    assert delivery.state in (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED)
    assert delivery.attempts == 2


def test_a_worker_that_wakes_up_after_a_person_was_asked_keeps_the_proof_and_changes_nothing(
    world: World, body: ManagingBody, deliveries: dict[str, Delivery], settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    delivery = deliveries[Destination.CITIZEN_MAIL]
    settings.RECOVERY_PATIENCE = 0
    sleep_at(monkeypatch, "after", lambda: worlds.run(body, delivery))

    assert worlds.run(body, delivery) is None

    delivery.refresh_from_db()
    assert world.taken(delivery) == 1
    assert delivery.state == DeliveryState.TO_CHECK
    assert sorted(states(delivery)) == ["attempted", "prepared", "sent", "to_check"]


def test_a_feed_of_a_worker_that_wakes_up_too_late_is_registered_once(
    world: World, body: ManagingBody, deliveries: dict[str, Delivery], settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    delivery = deliveries[Destination.DMP]
    settings.RECOVERY_PATIENCE = 0
    sleep_at(monkeypatch, "after", lambda: worlds.run(body, delivery))

    assert worlds.run(body, delivery) is None

    delivery.refresh_from_db()
    assert world.taken(delivery) == 1
    assert (delivery.state, delivery.attempts) == (DeliveryState.ACKNOWLEDGED, 2)


@BOTH
def test_an_attempt_that_a_person_renewed_meanwhile_does_not_decide_for_the_new_one(
    world: World, body: ManagingBody, deliveries: dict[str, Delivery], destination: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    delivery = deliveries[destination]

    def renewed() -> None:
        with tenant(body.pk):
            Delivery.objects.filter(pk=delivery.pk).update(
                state=DeliveryState.PREPARED, message_id=f"renewed@{destination}.test"
            )

    sleep_at(monkeypatch, "after", renewed)

    assert worlds.run(body, delivery) is None

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PREPARED

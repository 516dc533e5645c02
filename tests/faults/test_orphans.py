"""No delivery stays « en cours d’envoi » for ever: unforeseen errors, jobs lost, jobs that kill workers."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jalon.exchange import tasks
from jalon.exchange.jobs import TRIES
from jalon.exchange.models import Delivery, DeliveryState
from jalon.exchange.outbox import orphans, publish, sending
from jalon.exchange.rules import Next, orphaned
from jalon.organizations.models import Establishment, ManagingBody
from tests.exchange import world as worlds
from tests.exchange.world import Destination, World

BOTH = pytest.mark.parametrize("destination", [Destination.DMP, Destination.CITIZEN_MAIL])


@pytest.fixture
def deliveries(world: World, house: Establishment) -> dict[str, Delivery]:
    return worlds.publish(worlds.plan(worlds.record(house)), timezone.now())


def jobs_become(delivery: Delivery, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = %s where lock = %s", [status, str(delivery.pk)]
        )


def jobs_to_come(delivery: Delivery) -> int:
    return ProcrastinateJob.objects.filter(lock=str(delivery.pk), status="todo").count()


@pytest.mark.parametrize(
    ("job_failed", "content_left", "expected"),
    [
        (False, False, Next.SEND),
        (False, True, Next.SEND),
        (True, False, Next.REFUSED),
        (True, True, Next.TO_CHECK),
    ],
)
def test_what_becomes_of_an_orphan_depends_on_its_last_job_and_on_what_left(
    job_failed: bool, content_left: bool, expected: Next
) -> None:
    assert orphaned(job_failed=job_failed, content_left=content_left) is expected


@BOTH
def test_an_error_nobody_foresaw_after_the_sending_is_recovered_by_the_next_try(
    world: World, body: ManagingBody, deliveries: dict[str, Delivery], destination: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    delivery = deliveries[destination]

    def broken(*args: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_write", broken)
        with pytest.raises(ZeroDivisionError):
            worlds.run(body, delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.ATTEMPTED

    assert worlds.run(body, delivery) is None

    delivery.refresh_from_db()
    assert delivery.code == "recovered"
    assert world.taken(delivery) == 1


def test_a_job_that_failed_is_tried_again_and_not_for_ever(deliveries: dict[str, Delivery]) -> None:
    job = ProcrastinateJob.objects.get(lock=str(deliveries[Destination.DMP].pk)).procrastinate_job
    tries = [
        tasks.deliver.get_retry_exception(exception=ZeroDivisionError(), job=job.evolve(attempts=number))
        for number in range(TRIES + 1)
    ]
    assert [each is not None for each in tries] == [True] * TRIES + [False]


@pytest.mark.parametrize("status", ["todo", "doing"])
def test_a_delivery_with_a_job_to_come_is_left_alone(deliveries: dict[str, Delivery], status: str) -> None:
    for delivery in deliveries.values():
        jobs_become(delivery, status)
    assert orphans.settle(timezone.now()) == []


@pytest.mark.parametrize("status", ["succeeded", "cancelled", "aborted"])
def test_a_delivery_whose_job_was_lost_gets_another(deliveries: dict[str, Delivery], status: str) -> None:
    lost, kept = deliveries[Destination.DMP], deliveries[Destination.CITIZEN_MAIL]
    jobs_become(lost, status)

    tasks.adopt.func(0)

    assert (jobs_to_come(lost), jobs_to_come(kept)) == (1, 1)
    lost.refresh_from_db()
    assert lost.state == DeliveryState.PREPARED


def test_a_delivery_whose_job_failed_for_good_before_anything_left_is_refused_and_may_be_asked_again(
    deliveries: dict[str, Delivery],
) -> None:
    delivery = deliveries[Destination.CITIZEN_MAIL]
    jobs_become(delivery, "failed")

    tasks.adopt.func(0)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.code) == (DeliveryState.REFUSED, "internal")
    assert "rien n’est parti" in delivery.label
    assert [step.state for step in delivery.steps.all()][-1] == DeliveryState.REFUSED
    publish.request_again(delivery=delivery, by=worlds.professional(), now=timezone.now())
    assert jobs_to_come(delivery) == 1
    assert orphans.settle(timezone.now()) == []


def test_a_delivery_whose_job_failed_for_good_after_content_left_is_to_check(
    deliveries: dict[str, Delivery],
) -> None:
    delivery = deliveries[Destination.CITIZEN_MAIL]
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.ATTEMPTED, content_left_at=timezone.now()
    )
    jobs_become(delivery, "failed")

    tasks.adopt.func(0)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.code) == (DeliveryState.TO_CHECK, "internal")
    assert jobs_to_come(delivery) == 0


@pytest.mark.parametrize("state", ["sent", "acknowledged", "refused", "to_check"])
def test_a_delivery_that_is_over_is_no_orphan(deliveries: dict[str, Delivery], state: str) -> None:
    for delivery in deliveries.values():
        worlds.bring(delivery, state)
        jobs_become(delivery, "failed")
    assert orphans.settle(timezone.now()) == []


# --- the rescue ---------------------------------------------------------------------------------------------


def stalled(*, lock: str = "", queueing_lock: str = "", attempts: int = 0) -> int:
    """A job under way whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs"
            " (queue_name, task_name, lock, queueing_lock, args, status, attempts)"
            " values ('default', 'nothing', %s, %s, '{}', 'doing', %s) returning id",
            [lock or None, queueing_lock or None, attempts],
        )
        return int(cursor.fetchone()[0])


def rescue() -> None:
    asked: Any = tasks.rescue.func
    async_to_sync(asked)(None, 0)


def status(job: int) -> str:
    return ProcrastinateJob.objects.get(pk=job).status


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_dead_worker_is_given_back_and_one_that_cannot_be_holds_nobody_up() -> None:
    second = stalled(lock="a mailbox", queueing_lock="each minute")
    with connection.cursor() as cursor:  # the periodic job of the next minute waits already
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
            " values ('default', 'nothing', 'each minute', '{}')"
        )
    job = stalled(lock="a delivery")

    rescue()

    assert (status(second), status(job)) == ("failed", "todo"), "the one that waits needs its lock"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_saw_too_many_workers_die_is_not_given_back() -> None:
    job = stalled(lock="a delivery", attempts=TRIES)
    rescue()
    assert status(job) == "failed"

"""A destination that is down for an hour: others go on, one delivery tries, all leave at its return, once."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.exchange import breaker
from jalon.exchange.models import Delivery, DeliveryStep, Silence
from jalon.organizations.models import Establishment
from jalon.web.shown.deliveries import shown
from tests.exchange import world as worlds
from tests.exchange.world import CITIZENS, DMP_DOWN, Destination, World

pytestmark = pytest.mark.django_db
STEP = 15  # seconds


def pass_by(seconds: float) -> None:
    """The clock moves: what was to come comes nearer."""
    with connection.cursor() as cursor:
        for table, column in (("procrastinate_jobs", "scheduled_at"), ("exchange_silence", "next_at")):
            cursor.execute(f"update {table} set {column} = {column} - %s * interval '1 second'", [seconds])


def work() -> None:
    """Whatever is due, as a worker takes it."""
    todo = ProcrastinateJob.objects.filter(status="todo").values_list(
        "pk", "task_name", "args", "scheduled_at"
    )
    for pk, name, args, at in list(todo):
        if at and at > timezone.now():
            continue
        ProcrastinateJob.objects.filter(pk=pk).update(status="succeeded")
        with worlds.nowhere():
            app.tasks[name].func(**args)


def states(destination: str) -> Counter[str]:
    return Counter(Delivery.objects.filter(destination=destination).values_list("state", flat=True))


def tries() -> int:
    return DeliveryStep.objects.filter(delivery__destination=Destination.DMP, state="attempted").count()


def test_an_hour_without_the_dmp_delays_no_mail_and_ends_within_minutes_of_its_return(
    world: World, house: Establishment, settings: Settings
) -> None:
    deliveries = [
        one
        for number in range(1, len(CITIZENS))
        for one in worlds.publish(worlds.plan(worlds.record(house, number=number)), timezone.now()).values()
    ]
    address, settings.DMP_URL = settings.DMP_URL, DMP_DOWN
    work()
    asked = len(deliveries) // 2
    assert states(Destination.CITIZEN_MAIL) == {"sent": asked}, "at the first turn"
    for _ in range(3600 // STEP):
        pass_by(STEP)
        work()
    assert states(Destination.DMP) == {"prepared": asked}
    assert 3600 // breaker.LONGEST / 2 < tries() < 3600 / breaker.LONGEST * 2 + 10, "no storm"
    settings.DMP_URL = address
    waited = 0
    while states(Destination.DMP) != {"acknowledged": asked}:
        pass_by(STEP)
        work()
        waited += STEP
        assert waited < 300, "drained within minutes"
    assert {world.taken(one) for one in deliveries} == {1}
    assert breaker.silent() == {}


def test_two_failures_are_no_silence_and_an_answer_forgets_them() -> None:
    now = timezone.now()
    assert [breaker.failed("dmp", now) for _ in range(2)] == [None, None]
    assert (breaker.wait("dmp", now), breaker.silent()) == (None, {})
    breaker.answered("dmp")
    assert not Silence.objects.exists()


def test_of_a_silent_destination_one_delivery_tries_when_it_is_time(settings: Settings) -> None:
    settings.RETRY_AFTER, now = 15, timezone.now()
    *_, again = [breaker.failed("dmp", now) for _ in range(breaker.PATIENCE)]
    assert again is not None and 11 <= again <= 19
    waited = breaker.wait("dmp", now)
    assert waited is not None and again < waited <= again + breaker.APART
    later = now + dt.timedelta(seconds=again + 1)
    assert breaker.wait("dmp", later) is None
    assert breaker.wait("dmp", later) is not None, "another waits for what the first one hears"
    assert breaker.wait("citizen_mail", later) is None


@pytest.mark.parametrize(("failures", "shortest", "longest"), [(3, 11, 19), (5, 45, 75), (50, 90, 150)])
def test_tries_are_further_and_further_apart_and_never_far(
    failures: int, shortest: int, longest: int
) -> None:
    found = [breaker.pause(failures, 15, chance / 100) for chance in range(101)]
    assert shortest <= min(found) < max(found) <= longest


def test_what_waited_comes_back_spread_over_the_time_it_takes_to_send() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " select lane, 'nothing', '{}', now() + interval '1 hour'"
            " from unnest(array['dmp', 'citizen_mail']) as lane, generate_series(1, 300)"
        )
    for _ in range(breaker.PATIENCE):
        breaker.failed("dmp", timezone.now())
    breaker.answered("dmp")
    with connection.cursor() as cursor:
        cursor.execute(
            "select queue_name, width_bucket(extract(epoch from scheduled_at - now()), 0, 60, 6), count(*)"
            " from procrastinate_jobs group by 1, 2"
        )
        found = {(lane, bucket): count for lane, bucket, count in cursor.fetchall()}
    assert found.pop(("citizen_mail", 7)) == 300, "others are left alone"
    assert set(found) == {("dmp", bucket) for bucket in range(1, 7)}
    assert max(found.values()) < 2 * 10 * breaker.RATE


def test_a_page_says_that_a_service_no_longer_answers_and_that_nothing_is_lost(
    world: World, house: Establishment, settings: Settings
) -> None:
    delivery = worlds.publish(worlds.plan(worlds.record(house)), timezone.now())[Destination.DMP]
    (before,) = shown([delivery])
    for _ in range(breaker.PATIENCE):
        breaker.failed("dmp", timezone.now())
    (after,) = shown([delivery])
    assert (before["silent"], after["silent"]) == (None, Silence.objects.get().since)

"""Work outside the requests: each job carries its managing body, and comes back when it must."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.audit import tasks as audit
from jalon.audit.actions import record_access
from jalon.audit.models import Seal
from jalon.audit.queries import heads_kept
from jalon.db.tenant import current_tenant, tenant
from jalon.exchange import tasks
from jalon.exchange.jobs import Job, ask, for_each_body
from jalon.exchange.models import Delivery, Reception, ReceptionState
from jalon.organizations.models import Establishment, ManagingBody
from tests.exchange import world as worlds
from tests.exchange.letters import archive, cda, letter
from tests.exchange.world import Destination, Post, World
from tests.factories import EstablishmentFactory, ManagingBodyFactory

pytestmark = pytest.mark.django_db
DELIVER, FETCH = Job.DELIVER.value, Job.FETCH.value


def work() -> list[str]:
    """Run every job that waits, once, outside any managing body; the names of their tasks."""
    todo = list(ProcrastinateJob.objects.filter(status="todo").values_list("pk", "task_name", "args"))
    ProcrastinateJob.objects.filter(pk__in=[pk for pk, _, _ in todo]).update(status="succeeded")
    with worlds.nowhere():
        for _, name, args in todo:
            app.tasks[name].func(**args)
    return sorted(name for _, name, _ in todo)


def waiting(name: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=name, status="todo").order_by("id"))


# --- a job and its managing body ----------------------------------------------------------------------------


def test_a_job_carries_the_managing_body_it_was_asked_in(body: ManagingBody) -> None:
    ask(Job.FETCH, establishment_id="x")
    other = ManagingBodyFactory.create()
    with tenant(other.pk):
        ask(Job.FETCH, establishment_id="y")
    told = [job.args for job in waiting(FETCH)]
    assert told == [
        {"managing_body": str(body.pk), "establishment_id": "x"},
        {"managing_body": str(other.pk), "establishment_id": "y"},
    ]


def test_every_job_that_may_be_asked_is_known_to_the_worker() -> None:
    assert {job.value for job in Job} <= app.tasks.keys()
    names = {job.value.removeprefix("jalon.exchange.tasks.") for job in Job}
    assert names == {"bring_in", "deliver", "fetch", "look_up"}, (
        "jobs that wait in a database keep their name"
    )


def test_a_job_asked_outside_any_managing_body_is_our_own_mistake(body: ManagingBody) -> None:
    with tenant(None), pytest.raises(RuntimeError, match="inside a tenant"):
        ask(Job.FETCH, establishment_id="x")
    assert waiting(FETCH) == []


def test_a_managing_body_whose_work_fails_stops_no_other(body: ManagingBody) -> None:
    other, seen = ManagingBodyFactory.create(), []

    def failing_first() -> None:
        seen.append(current_tenant())
        if len(seen) == 1:
            raise KeyError

    with pytest.raises(ExceptionGroup) as failed:
        for_each_body(failing_first)
    assert [type(one) for one in failed.value.exceptions] == [KeyError]
    assert seen == [body.pk, other.pk]


def test_a_short_work_is_done_in_each_managing_body_in_turn(body: ManagingBody) -> None:
    other, seen = ManagingBodyFactory.create(), []
    for_each_body(lambda: seen.append(current_tenant()))
    assert seen == [body.pk, other.pk]
    assert current_tenant() == body.pk


# --- deliveries ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.DMP/ALI/PROG.02", "SC.DMP/ALI/PROG.05")
def test_the_jobs_of_a_publication_bring_it_to_both_receivers(post: Post, world: World) -> None:
    assert {job.lock for job in waiting(DELIVER)} == {str(one.pk) for one in post.deliveries.values()}
    assert work() == [DELIVER, DELIVER]
    assert {one.state for one in Delivery.objects.all()} == {"sent", "acknowledged"}
    assert {world.taken(post.seen(one)) for one in Destination} == {1}
    assert work() == []


def test_a_job_that_is_not_over_asks_for_the_next_one_later_under_the_same_lock(
    post: Post, settings: Settings, world: World
) -> None:
    address, settings.DMP_URL = settings.DMP_URL, "https://localhost:9"
    work()
    (again,) = waiting(DELIVER)
    delivery = post.seen(Destination.DMP)
    assert (again.lock, again.args["delivery_id"]) == (str(delivery.pk), str(delivery.pk))
    assert again.args["managing_body"] == str(post.body.pk)
    assert again.scheduled_at is not None
    assert 10 < (again.scheduled_at - timezone.now()).total_seconds() <= 15
    settings.DMP_URL = address
    assert work() == [DELIVER]
    assert post.seen(Destination.DMP).state == "acknowledged"
    assert work() == []


# --- mailboxes ----------------------------------------------------------------------------------------------


def test_every_minute_each_mailbox_has_its_own_job(body: ManagingBody) -> None:
    with_box = [EstablishmentFactory.create(mailbox=f"{name}@jalon.mssante.test") for name in ("a", "b")]
    EstablishmentFactory.create(mailbox="")
    other = ManagingBodyFactory.create()
    with tenant(other.pk):
        theirs = EstablishmentFactory.create(mailbox="c@jalon.mssante.test")
    tasks.fetch_all.func(0)
    told = {(job.args["managing_body"], job.args["establishment_id"], job.lock) for job in waiting(FETCH)}
    assert told == {(str(body.pk), str(one.pk), f"fetch {one.pk}") for one in with_box} | {
        (str(other.pk), str(theirs.pk), f"fetch {theirs.pk}")
    }
    assert len(waiting(FETCH)) == 3


def test_a_mailbox_that_is_slow_has_one_job_under_way_and_one_waiting_never_more(body: ManagingBody) -> None:
    slow, other = (EstablishmentFactory.create(mailbox=f"{name}@jalon.mssante.test") for name in ("a", "b"))
    for _ in range(3):
        tasks.fetch_all.func(0)
    assert len(waiting(FETCH)) == 2
    ProcrastinateJob.objects.filter(lock=f"fetch {slow.pk}").update(status="doing")
    for _ in range(3):
        tasks.fetch_all.func(0)
    assert sorted(job.lock or "" for job in waiting(FETCH)) == sorted(
        f"fetch {one.pk}" for one in (slow, other)
    )
    assert ProcrastinateJob.objects.filter(task_name=FETCH).count() == 3


def test_a_mailbox_that_does_not_answer_delays_nobody_and_is_asked_next_minute(
    world: World, house: Establishment, settings: Settings
) -> None:
    worlds.record(house)
    world.mail.inject(house.mailbox, letter(archive(cda())))
    wrong = worlds.house(world, settings)
    settings.MSSANTE_SECRETS = settings.MSSANTE_SECRETS | {wrong.mailbox: "faux"}
    tasks.fetch_all.func(0)
    assert work() == [FETCH, FETCH]
    assert Reception.objects.get().state == ReceptionState.FILED
    imap, settings.MSSANTE_IMAP = settings.MSSANTE_IMAP, "localhost:9"
    tasks.fetch_all.func(0)
    assert work() == [FETCH, FETCH]
    world.mail.inject(house.mailbox, letter(archive(cda())))
    settings.MSSANTE_IMAP = imap
    tasks.fetch_all.func(0)
    work()
    assert Reception.objects.filter(state=ReceptionState.FILED).count() == 2


def test_what_happens_by_the_clock_is_known_to_the_worker() -> None:
    known = {
        (task.task.name, task.cron)
        for task in app.periodic_registry.periodic_tasks.values()
        if task.task.name.startswith(("exchange.", "audit."))
    }
    assert {name for name, _ in known} >= {
        "exchange.rescue",
        "exchange.fetch_all",
        "exchange.adopt",
        "exchange.purge",
        "audit.seal",
    }
    assert dict(known)["audit.seal"] == "* * * * * */30"


# --- finished jobs ------------------------------------------------------------------------------------------


def finished(status: str, days: int) -> int:
    """A job that came to its end that many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args) values ('default', 'x', '{}')"
            " returning id"
        )
        (job,) = cursor.fetchone()
        cursor.execute("update procrastinate_jobs set status = %s where id = %s", [status, job])
        cursor.execute(
            "update procrastinate_events set at = now() - make_interval(days => %s) where job_id = %s",
            [days, job],
        )
    return int(job)


@pytest.mark.django_db(transaction=True)
def test_what_succeeded_is_forgotten_after_a_week_and_what_failed_after_three_months() -> None:
    kept = {
        finished("succeeded", 6), finished("failed", 80), finished("cancelled", 8),
        finished("todo", 200), finished("doing", 200),
    }  # fmt: skip
    gone = {finished("succeeded", 8), finished("failed", 100), finished("cancelled", 100)}
    async_to_sync(tasks.purge.func)(0)
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert left >= kept
    assert not left & gone


# --- the chain of accesses ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_head_of_a_chain_is_written_only_once_its_links_are_committed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        record_access(professional=None, record_id=None, person_id=None, page="plan")
    file, seen = Path(settings.SEAL_FILE), []
    real = audit.keep_head

    def watched(path: Path, now: dt.datetime) -> None:
        with worlds.elsewhere() as other:
            other.execute("select set_config('jalon.managing_body', %s, false)", [str(body.pk)])
            seen.append(other.execute("select count(*) from audit_seal").fetchone())
        real(path, now)

    monkeypatch.setattr(audit, "keep_head", watched)
    audit.seal_accesses.func(0)
    assert seen == [(1,)], "another connection already sees the link"
    with tenant(body.pk):
        assert heads_kept(file, body.pk) == {1: Seal.objects.get().digest}
    lines = file.read_text()
    audit.seal_accesses.func(0)
    assert file.read_text() == lines, "no new access, no new line"


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_no_head(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        record_access(professional=None, record_id=None, person_id=None, page="plan")

    def broken() -> Any:
        raise OSError

    monkeypatch.setattr(audit, "seal", broken)
    with pytest.raises(OSError):  # noqa: PT011  whatever it says
        audit.seal_accesses.func(0)
    assert not Path(settings.SEAL_FILE).exists()
    with tenant(body.pk):
        assert not Seal.objects.exists()

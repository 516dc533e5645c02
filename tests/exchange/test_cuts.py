"""The cable is cut, the worker dies, the service babbles: nothing is sent twice, nothing is said for nothing.

What counts is what the receiver has, which removes no duplicate by itself.
"""

import ssl
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.documents.storage import load
from jalon.exchange import clients
from jalon.exchange.models import Delivery, DeliveryState
from jalon.exchange.outbox import sending
from jalon.gateways.common.trace import Recording
from jalon.people import actions as identities
from jalon_sandbox.common.server import server_context
from jalon_sandbox.dmp import simulator as dmp
from tests.exchange import world as worlds
from tests.exchange.world import Destination, Post, World
from tests.factories import ManagingBodyFactory

pytestmark = pytest.mark.django_db
MAIL, DMP = Destination.CITIZEN_MAIL, Destination.DMP
BOTH = pytest.mark.parametrize("destination", [MAIL, DMP])
AFTER_ALL = 121  # seconds: more than the patience of a recovery


# --- the DMP, which answers about what it has ---------------------------------------------------------------


@pytest.mark.parametrize("moment", ["after", "middle"])
def test_a_feed_cut_once_taken_is_found_at_the_dmp_and_not_fed_again(
    moment: Any, post: Post, world: World
) -> None:
    world.dmp.cut(moment, times=1)
    assert post.run(DMP) == 120
    assert (post.seen(DMP).state, post.seen(DMP).code) == (DeliveryState.ATTEMPTED, "cut")
    assert post.run(DMP) is None
    delivery = post.seen(DMP)
    assert (delivery.state, delivery.code) == (DeliveryState.ACKNOWLEDGED, "recovered")
    assert delivery.sent_at == delivery.content_left_at
    assert (world.taken(delivery), delivery.attempts) == (1, 1)


def test_a_feed_cut_before_it_was_taken_is_fed_again_once_the_dmp_had_its_time(
    post: Post, world: World
) -> None:
    world.dmp.cut("before", times=1)
    assert post.run(DMP) == 120
    assert post.run(DMP) == 15, "the DMP has nothing yet: it is asked again"
    assert world.taken(post.seen(DMP)) == 0
    assert post.run(DMP, later=AFTER_ALL) is None
    delivery = post.seen(DMP)
    assert delivery.state == DeliveryState.ACKNOWLEDGED
    assert (world.taken(delivery), delivery.attempts) == (1, 2)
    (stored,) = world.registered(delivery)
    assert stored.submission_id == delivery.submission_id, "the same identifiers as at the first attempt"


def test_a_feed_the_dmp_says_it_already_has_is_acknowledged(post: Post, world: World) -> None:
    world.dmp.registry.submissions.append(post.seen(DMP).submission_id)
    assert post.run(DMP) is None
    delivery = post.seen(DMP)
    assert (delivery.state, delivery.code) == (DeliveryState.ACKNOWLEDGED, "XDSDuplicateUniqueIdInRegistry")


def test_a_dmp_that_no_longer_answers_leaves_the_question_to_a_person(
    post: Post, world: World, settings: Settings
) -> None:
    world.dmp.cut("after")
    assert post.run(DMP) == 120
    assert post.run(DMP) == 15
    assert post.run(DMP, later=AFTER_ALL) is None
    delivery = post.seen(DMP)
    assert (delivery.state, delivery.code) == (DeliveryState.TO_CHECK, "unknown")
    world.heal()
    assert post.run(DMP, later=AFTER_ALL) is None
    assert post.seen(DMP).state == DeliveryState.TO_CHECK, "nothing leaves this state by itself"
    assert world.taken(delivery) == 1


def test_a_slow_dmp_is_a_cut_like_another(post: Post, world: World, settings: Settings) -> None:
    settings.SERVICES_TIMEOUT = 0.5
    world.dmp.slow(0.8, times=1)
    assert post.run(DMP) == 120
    settings.SERVICES_TIMEOUT = 5.0
    for _ in range(100):
        if world.taken(post.seen(DMP)):
            break
        time.sleep(0.05)
    assert post.run(DMP) is None
    assert (post.seen(DMP).state, post.seen(DMP).code) == (DeliveryState.ACKNOWLEDGED, "recovered")
    assert world.taken(post.seen(DMP)) == 1


# --- mail, which says nothing of what it does not have ------------------------------------------------------


def test_a_mail_cut_once_taken_is_found_among_those_sent_and_not_sent_again(post: Post, world: World) -> None:
    world.mail.change({"cut_after_taking": 1})
    assert post.run(MAIL) == 120
    assert post.seen(MAIL).state == DeliveryState.ATTEMPTED
    assert post.run(MAIL) is None
    delivery = post.seen(MAIL)
    assert (delivery.state, delivery.code) == (DeliveryState.SENT, "recovered")
    assert (world.taken(delivery), len(world.mails_of(delivery))) == (1, 1)


def test_a_mail_that_is_found_nowhere_is_left_to_a_person_and_never_sent_again(
    post: Post, world: World
) -> None:
    world.mail.change({"cut_before_taking": 1})
    assert post.run(MAIL) == 120
    assert post.run(MAIL) == 15
    assert post.run(MAIL, later=AFTER_ALL) is None
    assert post.run(MAIL, later=2 * AFTER_ALL) is None
    delivery = post.seen(MAIL)
    assert (delivery.state, delivery.code) == (DeliveryState.TO_CHECK, "unknown")
    assert (world.taken(delivery), delivery.attempts) == (0, 1)
    assert post.steps(MAIL) == [
        ("prepared", ""),
        ("attempted", ""),
        ("attempted", "cut"),
        ("attempted", "cut"),
        ("to_check", "unknown"),
    ]


@pytest.mark.parametrize("trouble", ["no answer", "no secret"])
def test_a_mailbox_that_cannot_be_read_decides_nothing(
    post: Post, world: World, settings: Settings, trouble: str
) -> None:
    world.mail.change({"cut_after_taking": 1})
    post.run(MAIL)
    if trouble == "no answer":
        settings.MSSANTE_IMAP = "localhost:9"
    else:
        settings.MSSANTE_SECRETS = {}
    assert post.run(MAIL) == 15
    assert post.run(MAIL, later=AFTER_ALL) is None
    assert post.seen(MAIL).state == DeliveryState.TO_CHECK
    assert world.taken(post.seen(MAIL)) == 1


# --- the worker dies ----------------------------------------------------------------------------------------


class Died(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


@BOTH
def test_a_worker_that_dies_before_anything_left_is_replaced_by_one_that_sends(
    destination: str, post: Post, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_send", die)
        with pytest.raises(Died):
            post.run(destination)
    assert (post.seen(destination).state, post.seen(destination).content_left_at) == ("attempted", None)
    assert post.run(destination) is None
    assert world.taken(post.seen(destination)) == 1
    assert post.seen(destination).attempts == 2


@BOTH
def test_a_worker_that_dies_before_it_writes_what_came_of_it_sends_nothing_twice(
    destination: str, post: Post, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_conclude", die)
        with pytest.raises(Died):
            post.run(destination)
    assert post.seen(destination).content_left_at is not None
    assert post.run(destination) is None
    delivery = post.seen(destination)
    assert delivery.state == ("sent" if destination == MAIL else "acknowledged")
    assert delivery.code == "recovered"
    assert world.taken(delivery) == 1


@BOTH
def test_a_worker_that_wakes_up_while_another_takes_its_place_is_the_only_one_to_send(
    destination: str, post: Post, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep: list[Any] = []
    send, recover = sending._send, sending._recover

    def sleep(*attempt: Any) -> None:
        asleep.extend(attempt)
        raise Died

    def wake(*cut: Any) -> Any:
        known = recover(*cut)
        send(*asleep)
        asleep.clear()
        return known

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_send", sleep)
        with pytest.raises(Died):
            post.run(destination)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_recover", wake)
        assert post.run(destination) is None
    assert asleep == []
    assert (world.taken(post.seen(destination)), post.seen(destination).attempts) == (1, 1)
    assert post.run(destination) is None
    assert (world.taken(post.seen(destination)), post.seen(destination).code) == (1, "recovered")


@BOTH
def test_what_had_left_stays_sent_whatever_was_doubted_since(
    destination: str, post: Post, world: World
) -> None:
    world.dmp.cut("after", times=1)
    world.mail.change({"cut_after_taking": 1})
    post.run(destination)
    person = post.seen(destination).document.record.person
    identities.doubt(person=person, by=None, doubtful=True)
    assert post.run(destination) is None
    assert post.seen(destination).code == "recovered"
    assert world.taken(post.seen(destination)) == 1


def test_what_had_not_left_is_not_sent_again_once_doubted(post: Post, world: World) -> None:
    world.dmp.cut("before", times=1)
    post.run(DMP)
    identities.doubt(person=post.seen(DMP).document.record.person, by=None, doubtful=True)
    assert post.run(DMP, later=AFTER_ALL) is None
    delivery = post.seen(DMP)
    assert (delivery.state, delivery.content_left_at) == (DeliveryState.REFUSED, None)
    assert "douteuse" in delivery.label
    assert world.taken(delivery) == 0


@pytest.mark.parametrize("cuts", [1, 2, 3])
@pytest.mark.parametrize("switch", ["cut_before_taking", "cut_after_taking"])
def test_however_often_a_mail_is_tried_the_person_has_it_once_at_most(
    cuts: int, switch: str, post: Post, world: World
) -> None:
    world.mail.change({switch: cuts})
    for turn in range(6):
        post.run(MAIL, later=turn * AFTER_ALL)
    assert world.taken(post.seen(MAIL)) == (1 if switch == "cut_after_taking" else 0)
    assert post.seen(MAIL).state in (DeliveryState.SENT, DeliveryState.TO_CHECK)


# --- an answer that is none ---------------------------------------------------------------------------------

ANSWERS = {"html": b"<html>maintenance</html>", "empty": b"", "xml": b"<?xml version='1.0'?><autre/>"}


@pytest.mark.parametrize("answer", list(ANSWERS.values()), ids=list(ANSWERS))
def test_an_answer_that_is_none_is_kept_and_left_to_a_person(
    answer: bytes, post: Post, world: World, settings: Settings
) -> None:
    def babble(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        kind = "application/soap+xml" if b"?xml" in answer else "text/html"
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(answer)))])
        return [answer]

    server = world.authority.server(["localhost"])
    context = server_context(world.authority.ca_pem, server.cert_pem, server.key_pem)
    with dmp.serve(babble, context) as settings.DMP_URL:
        assert post.run(DMP) is None
    delivery = post.seen(DMP)
    last = post.last(DMP)
    assert (delivery.state, delivery.code) == (DeliveryState.TO_CHECK, "malformed")
    assert delivery.content_left_at is not None
    assert (load(last.answered_sha256) if last.answered_sha256 else b"") == answer
    assert load(delivery.document.cda_sha256) in load(last.sent_sha256)


# --- nothing is held during a call --------------------------------------------------------------------------


class Watched(httpx.BaseTransport):
    """The true transport; `watch` is called first."""

    def __init__(self, inner: httpx.BaseTransport, watch: Callable[[], None]) -> None:
        self.inner, self.watch = inner, watch

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.watch()
        return self.inner.handle_request(request)


def watched(monkeypatch: pytest.MonkeyPatch, watch: Callable[[], None]) -> None:
    """Call `watch` just before each request of the DMP and each mail, content included."""
    real_sender = clients.mail_sender

    def http(address: str, context: ssl.SSLContext, tape: Any, service: str) -> httpx.Client:
        inner = Recording(httpx.HTTPTransport(verify=context), tape, service)
        return httpx.Client(transport=Watched(inner, watch), base_url=address, timeout=5)

    def sender(address: str, checkpoint: Callable[[str], None]) -> Any:
        def looked_at(moment: str) -> None:
            checkpoint(moment)
            watch()

        return real_sender(address, looked_at)

    monkeypatch.setattr(clients, "http", http)
    monkeypatch.setattr(clients, "mail_sender", sender)


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("SC.DMP/ALI/PROG.05", "SC.MSS/CONF.08")
def test_no_transaction_is_open_while_a_service_is_called(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        record = worlds.record(worlds.house(world, settings))
        deliveries = worlds.publish(worlds.plan(record), timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (ours,) = cursor.fetchone()
    states: list[str] = []
    with worlds.elsewhere() as other:

        def watch() -> None:
            found = other.execute("select state from pg_stat_activity where pid = %s", [ours]).fetchone()
            states.append(str(found and found[0]))

        watched(monkeypatch, watch)
        for one in deliveries.values():
            assert sending.run(body.pk, str(one.pk)) is None
    assert states == ["idle"] * 3, "one request of the DMP, and two moments of the mail"
    with tenant(body.pk):
        assert {one.state for one in Delivery.objects.all()} == {"sent", "acknowledged"}

"""The mailbox for real, over IMAP: what is fetched, what is moved and when; receipts and bounces."""

import datetime as dt
import itertools
import tracemalloc
import unicodedata
import uuid
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.core.errors import Rejected, Unreachable
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange import tasks
from jalon.exchange.inbox import deciding, fetching
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import (
    Delivery,
    DeliveryState,
    ReceivedDocument,
    Reception,
    ReceptionState,
)
from jalon.exchange.outbox import sending
from jalon.gateways.mssante.client import Mailbox, RawMessage
from jalon.organizations.models import Establishment, ManagingBody
from tests.exchange import world as worlds
from tests.exchange.letters import archive, cda, letter, report
from tests.exchange.world import Destination, Post, World
from tests.factories import ManagingBodyFactory

pytestmark = pytest.mark.django_db
MAIL = Destination.CITIZEN_MAIL


def fetch(body: ManagingBody, house: Establishment) -> int:
    with worlds.nowhere():
        return fetching.fetch(body.pk, house.pk, timezone.now())


# --- fetching -----------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/CONF.12")
def test_what_comes_into_the_mailbox_is_filed_and_moved(
    world: World, house: Establishment, body: ManagingBody
) -> None:
    record = worlds.record(house)
    raw = letter(archive(cda()), to=house.mailbox)
    world.mail.inject(house.mailbox, raw)
    world.mail.inject(house.mailbox, letter(None, to=house.mailbox))
    assert fetch(body, house) == 2
    filed = Reception.objects.get(state=ReceptionState.FILED)
    assert (filed.mailbox, filed.establishment, filed.person) == (house.mailbox, house, record.person)
    assert load(filed.raw_sha256) == raw
    assert Reception.objects.filter(state=ReceptionState.REJECTED).count() == 1
    assert world.mail.contents(house.mailbox) == []
    assert len(world.mail.contents(house.mailbox, fetching.DONE)) == 2
    assert fetch(body, house) == 0


def test_what_we_send_is_not_what_we_receive(post: Post, world: World, house: Establishment) -> None:
    post.run(MAIL)
    assert fetch(post.body, house) == 0


def test_a_house_without_mailbox_or_secret_or_service_fetches_nothing(
    world: World, house: Establishment, body: ManagingBody, settings: Settings
) -> None:
    world.mail.inject(house.mailbox, letter(None, to=house.mailbox))
    secrets, settings.MSSANTE_SECRETS = settings.MSSANTE_SECRETS, {}
    assert fetch(body, house) == 0
    settings.MSSANTE_SECRETS, settings.MSSANTE_IMAP = secrets, ""
    assert fetch(body, house) == 0
    Establishment.objects.update(mailbox="")
    assert fetch(body, house) == 0
    assert not Reception.objects.exists()


def test_an_operator_that_refuses_or_does_not_answer_says_so(
    world: World, house: Establishment, body: ManagingBody, settings: Settings
) -> None:
    settings.MSSANTE_SECRETS = {house.mailbox: "faux"}
    with pytest.raises(Rejected):
        fetch(body, house)
    settings.MSSANTE_IMAP = "localhost:9"
    with pytest.raises(Unreachable):
        fetch(body, house)


def test_messages_too_large_to_be_fetched_are_shown_and_stay_at_the_operator_s(
    world: World, house: Establishment, body: ManagingBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Mailbox.fetch_new

    def bounded(box: Mailbox, after: int, **said: Any) -> Iterator[RawMessage]:
        return real(box, after, **(said | {"limit": 3000}))

    monkeypatch.setattr(Mailbox, "fetch_new", bounded)
    for _ in range(2):
        world.mail.inject(house.mailbox, letter(None, to=house.mailbox, text="long " * 3000))
    world.mail.inject(house.mailbox, letter(None, to=house.mailbox))
    assert fetch(body, house) == 3
    large = Reception.objects.filter(raw_sha256="")
    assert {one.state for one in large} == {ReceptionState.REJECTED}
    assert large.count() == 2
    assert "dépasse la taille" in large[0].reason
    assert deciding.opened(large[0]) is None
    assert len(world.mail.contents(house.mailbox, fetching.DONE)) == 3
    assert fetch(body, house) == 0


# --- order --------------------------------------------------------------------------------------------------


class Died(BaseException):
    """What a kill looks like from inside."""


@pytest.fixture
def committed(world: World, settings: Settings, transactional_db: None) -> tuple[uuid.UUID, Establishment]:
    """A managing body and its house, as another connection sees them; one good message waits."""
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        house = worlds.house(world, settings)
        worlds.record(house)
    world.mail.inject(house.mailbox, letter(archive(cda()), to=house.mailbox))
    return body.pk, house


def states(body: uuid.UUID) -> list[str]:
    with tenant(body):
        return list(Reception.objects.values_list("state", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_message_is_kept_before_it_is_read_and_moved_only_once_both_are_committed(
    committed: tuple[uuid.UUID, Establishment], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, house = committed

    def die(**_: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(fetching, "process", die)
        fetching.fetch(body, house.pk, timezone.now())
    assert states(body) == [ReceptionState.STORED], "kept raw although nothing could be read"
    assert len(world.mail.contents(house.mailbox)) == 1, "still at the operator's"

    moves: list[tuple[bool, list[str]]] = []
    real = Mailbox.move

    def watched(box: Mailbox, uid: int, folder: str) -> None:
        moves.append((connection.in_atomic_block, states(body)))
        real(box, uid, folder)

    monkeypatch.setattr(Mailbox, "move", watched)
    assert fetching.fetch(body, house.pk, timezone.now()) == 1
    assert moves == [(False, [ReceptionState.FILED])], "the same reception, now read"
    assert world.mail.contents(house.mailbox) == []
    with tenant(body):
        assert Document.objects.count() == 1


def waiting_at(world: World, house: Establishment, count: int, size: int) -> None:
    for rank in range(count):
        world.mail.inject(
            house.mailbox, letter(None, to=house.mailbox, text=f"{rank} " + "long " * (size // 5))
        )


@pytest.mark.django_db(transaction=True)
def test_a_run_that_dies_keeps_what_it_did_and_the_next_goes_on_from_there(
    committed: tuple[uuid.UUID, Establishment], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, house = committed
    waiting_at(world, house, 6, 10)
    real, done = Mailbox.move, itertools.count(1)

    def dying(box: Mailbox, uid: int, folder: str) -> None:
        if next(done) > 3:
            raise Died
        real(box, uid, folder)

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(Mailbox, "move", dying)
        fetching.fetch(body, house.pk, timezone.now())
    assert len(world.mail.contents(house.mailbox, fetching.DONE)) == 3
    assert len(states(body)) == 4
    assert fetching.fetch(body, house.pk, timezone.now()) == 4
    assert len(states(body)) == 7
    assert world.mail.contents(house.mailbox) == []


@pytest.mark.django_db(transaction=True)
def test_large_messages_are_never_more_than_two_in_memory(
    committed: tuple[uuid.UUID, Establishment], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, house = committed
    size, count = 2 * 2**20, 20
    waiting_at(world, house, count, size)
    alive: weakref.WeakSet[RawMessage] = weakref.WeakSet()
    most, real = [0], Mailbox.fetch_new

    def watched(box: Mailbox, after: int, **said: Any) -> Iterator[RawMessage]:
        for raw in real(box, after, **said):
            alive.add(raw)
            most[0] = max(most[0], len(alive))
            yield raw

    monkeypatch.setattr(Mailbox, "fetch_new", watched)
    monkeypatch.setattr(fetching, "process", lambda **_: None)
    tracemalloc.start()
    try:
        assert fetching.fetch(body, house.pk, timezone.now()) == count + 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most[0] <= 2
    assert peak < count * size / 2, "a whole mailbox is twice this"


@pytest.mark.django_db(transaction=True)
def test_a_run_stops_after_so_many_messages_and_asks_for_another(
    committed: tuple[uuid.UUID, Establishment], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, house = committed
    waiting_at(world, house, 4, 10)
    monkeypatch.setattr(fetching, "BATCH", 3)
    for left, again in ((2, True), (0, False)):
        ProcrastinateJob.objects.all().delete()
        tasks.fetch.func(managing_body=str(body), establishment_id=str(house.pk))
        assert len(world.mail.contents(house.mailbox)) == left
        assert ProcrastinateJob.objects.filter(lock=f"fetch {house.pk}", status="todo").exists() == again


@pytest.mark.django_db(transaction=True)
def test_a_message_already_read_whose_move_was_cut_is_only_moved(
    committed: tuple[uuid.UUID, Establishment], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, house = committed

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(Mailbox, "move", die)
        fetching.fetch(body, house.pk, timezone.now())
    assert fetching.fetch(body, house.pk, timezone.now()) == 1
    assert states(body) == [ReceptionState.FILED]
    assert world.mail.contents(house.mailbox) == []


# --- receipts and bounces -----------------------------------------------------------------------------------


@pytest.fixture
def sent(post: Post) -> Delivery:
    """A mail the operator has taken."""
    post.run(MAIL)
    return post.seen(MAIL)


def told(sent: Delivery, raw: bytes) -> Delivery:
    """The delivery once this report has come in."""
    now = timezone.now()
    house = sent.document.record.establishment
    reception = process(reception=keep_raw(establishment=house, raw=raw, now=now), now=now)
    assert (reception.state, reception.reason) == (ReceptionState.SET_ASIDE, "Accusé de messagerie.")
    assert not Document.objects.filter(source=Document.Source.RECEIVED).exists()
    return Delivery.objects.get(pk=sent.pk)


@pytest.mark.requirement("ENS-MES §6")
def test_a_bounce_comes_back_through_the_mailbox_and_refuses_its_delivery(
    post: Post, world: World, house: Establishment
) -> None:
    world.mail.change({"bouncing": {post.seen(MAIL).recipient}})
    assert post.run(MAIL) is None
    assert post.seen(MAIL).state == DeliveryState.SENT
    assert fetch(post.body, house) == 1
    delivery = post.seen(MAIL)
    assert (delivery.state, delivery.code) == (DeliveryState.REFUSED, "5.1.1")
    assert "User unknown" in delivery.label
    last = post.last(MAIL)
    assert (last.state, last.code) == ("refused", "5.1.1")
    assert load(last.answered_sha256) == load(Reception.objects.get().raw_sha256)


@pytest.mark.parametrize(
    "facts",
    [
        {"disposition": "manual-action/MDN-sent-manually; displayed"},
        {"disposition": "automatic-action/MDN-sent-automatically; processed"},
        {"kind": "delivery", "action": "delivered", "final_recipient": "a@patient.mssante.test"},
    ],
    ids=["displayed", "processed", "delivered"],
)
def test_a_receipt_acknowledges_its_delivery(facts: dict[str, str], sent: Delivery) -> None:
    delivery = told(sent, report(sent.message_id, **facts))
    assert (delivery.state, delivery.code) == (DeliveryState.ACKNOWLEDGED, "")
    assert delivery.sent_at == sent.sent_at


def test_a_document_the_receiver_could_not_integrate_is_refused_with_its_error(sent: Delivery) -> None:
    words = "automatic-action/MDN-sent-automatically; processed/Error: 42^Patient inconnu"
    delivery = told(sent, report(sent.message_id, disposition=words))
    assert (delivery.state, delivery.code, delivery.label) == (
        DeliveryState.REFUSED,
        "42",
        "Patient inconnu",
    )


def notice(sent: Delivery, subject: str, **said: Any) -> bytes:
    """An integration failure told by an ordinary mail, our files attached again."""
    facts: dict[str, Any] = {
        "subject": f"{subject} XDM/1.0/DDM+Projet personnalisé FICTIF Camille 17/05/1951",
        "in_reply_to": sent.message_id,
        "text": "Le système a retourné l’erreur 902 : Identité inconnue\n",
    }
    return letter(archive(cda()), **(facts | said))


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("[KO Intégration système !][902]", "902"),
        ("[KO Intégration système\N{NO-BREAK SPACE}!] [902]", "902"),
        ("[ko integration]", ""),
        (unicodedata.normalize("NFD", "[KO Intégration système !][902]"), "902"),
    ],
)
def test_a_failure_told_by_an_ordinary_mail_refuses_its_delivery_and_files_nothing(
    subject: str, code: str, sent: Delivery
) -> None:
    delivery = told(sent, notice(sent, subject))
    assert (delivery.state, delivery.code) == (DeliveryState.REFUSED, code)
    assert delivery.label == "Identité inconnue"
    assert not ReceivedDocument.objects.exists()


def test_a_failure_answered_in_a_thread_is_put_on_the_last_mail_of_it(sent: Delivery) -> None:
    raw = notice(
        sent,
        "[KO Intégration système !][7]",
        in_reply_to="",
        references=("x@y.test", sent.message_id),
        text="",
    )
    delivery = told(sent, raw)
    assert (delivery.state, delivery.code) == (DeliveryState.REFUSED, "7")
    assert delivery.label == "le destinataire n’a pas pu intégrer le document"


def test_a_failure_of_a_mail_that_is_not_found_says_so(sent: Delivery) -> None:
    now, house = timezone.now(), sent.document.record.establishment
    raw = notice(sent, "[KO Intégration système !][902]", in_reply_to="autre@jalon.mssante.test")
    reception = process(reception=keep_raw(establishment=house, raw=raw, now=now), now=now)
    assert reception.state == ReceptionState.REJECTED, "a person is told"
    assert "ne retrouve pas" in reception.reason
    assert Delivery.objects.get(pk=sent.pk).state == DeliveryState.SENT


def test_a_colleague_who_answers_about_a_failure_is_read_as_a_letter(sent: Delivery) -> None:
    now, house = timezone.now(), sent.document.record.establishment
    raw = notice(sent, "RE: [KO Intégration système !][902]")
    reception = process(reception=keep_raw(establishment=house, raw=raw, now=now), now=now)
    assert reception.state == ReceptionState.FILED
    assert Delivery.objects.get(pk=sent.pk).state == DeliveryState.SENT


def test_a_mail_that_is_only_late_stays_sent(sent: Delivery) -> None:
    late = report(
        sent.message_id, kind="delivery", action="delayed", status="4.4.1", final_recipient="a@b.test"
    )
    delivery = told(sent, late)
    assert delivery.state == DeliveryState.SENT
    assert "pas encore remis" in [step.label for step in delivery.steps.all()][-1]


def test_a_receipt_settles_what_a_cut_had_left_unsure(sent: Delivery) -> None:
    worlds.bring(sent, DeliveryState.TO_CHECK, content_left_at=sent.content_left_at, sent_at=None)
    delivery = told(sent, report(sent.message_id, disposition="manual-action; displayed"))
    assert (delivery.state, delivery.sent_at) == (DeliveryState.ACKNOWLEDGED, sent.content_left_at)


@pytest.mark.parametrize("named", ["autre@jalon.mssante.test", "", "\x01"])
def test_a_report_about_nothing_of_ours_changes_nothing(named: str, sent: Delivery) -> None:
    raw = report("x@jalon.mssante.test", disposition="manual-action; displayed")
    delivery = told(sent, raw.replace(b"x@jalon.mssante.test", named.encode()))
    assert delivery.state == DeliveryState.SENT
    assert delivery.steps.count() == sent.steps.count()


def test_a_bounce_quicker_than_the_worker_is_not_overwritten(
    post: Post, world: World, house: Establishment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report comes in between the operator's 250 and the end of the attempt."""
    world.mail.change({"bouncing": {post.seen(MAIL).recipient}})
    real = sending._conclude

    def slow(*told: Any) -> int | None:
        fetch(post.body, house)
        return real(*told)

    monkeypatch.setattr(sending, "_conclude", slow)
    post.run(MAIL)
    delivery = post.seen(MAIL)
    assert (delivery.state, delivery.code) == (DeliveryState.REFUSED, "5.1.1")
    assert {step.state for step in delivery.steps.all()} == {"prepared", "attempted", "sent", "refused"}


def test_a_receipt_of_a_delivery_of_another_managing_body_is_not_ours(sent: Delivery) -> None:
    raw = report(sent.message_id, disposition="manual-action; displayed")
    now = timezone.now() + dt.timedelta(seconds=1)
    with tenant(ManagingBodyFactory.create().pk):
        elsewhere = worlds.EstablishmentFactory.create(mailbox="ailleurs@jalon.mssante.test")
        process(reception=keep_raw(establishment=elsewhere, raw=raw, now=now), now=now)
    assert Delivery.objects.get(pk=sent.pk).state == DeliveryState.SENT

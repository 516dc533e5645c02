"""Running a delivery: claim it, send it, write what came of it, each in a transaction of its own.

A worker may die at any line. What then happens is `rules.recover`: nothing that the receiver may have is sent
a second time by itself. One that was only asleep, and whose job was given to another, finds out that it was
superseded before it lets content leave.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from jalon.core.errors import DomainError, Malformed, Rejected, Unreachable
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import store
from jalon.exchange import clients
from jalon.exchange.compose import parcel as parcels
from jalon.exchange.compose.parcel import Parcel
from jalon.exchange.models import UNDER_WAY, Delivery, DeliveryState, DeliveryStep, Destination
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.rules import Next, Recovery, recover
from jalon.formats import xds
from jalon.gateways.common.trace import Exchange, Tape
from jalon.gateways.common.vihf import build_with
from jalon.gateways.dmp.messages import ALREADY_THERE

T = TypeVar("T")
MAX_LABEL = 400
PATIENCE = 60  # seconds before asking again whether a former version is settled
# Everything an attempt needs: once it runs it is in no tenant, where nothing more could be read.
RELATED = (
    "document__record__person", "document__record__establishment", "document__author", "document__replaces",
    "requested_by",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the state to write, and in how many seconds to come back (None: never)."""

    state: str
    code: str = ""
    label: str = ""
    again_in: int | None = None
    content_left: bool = True
    sent: bytes = b""
    answered: bytes = b""


class Superseded(Exception):
    """Another attempt began while ours was held up (a paused machine): ours lets nothing leave any more."""


def run(
    body: uuid.UUID | str, delivery_id: str, *, clock: Callable[[], dt.datetime] = timezone.now
) -> int | None:
    """One attempt, or the recovery of a cut one: in how many seconds to come back, None when it is over."""
    with tenant(body):
        delivery = _lockable().filter(pk=delivery_id).first()
        if delivery is None or delivery.state not in UNDER_WAY:
            return None
        cut = delivery.state == DeliveryState.ATTEMPTED
        if not cut and _waits_for_former(delivery):
            return PATIENCE
        refused = _refused(delivery)
        if refused and not cut:
            _write(delivery, refused, clock())
            return None
        parcel = parcels.read(delivery)
        if not cut:
            _claim(delivery, clock())
    try:
        outcome = _attempt(body, parcel, clock, cut=cut, refused=refused)
    except Superseded:
        return None
    with tenant(body):
        return _conclude(parcel.delivery, outcome, clock())


def _lockable() -> QuerySet[Delivery]:
    return Delivery.objects.select_for_update(of=("self",)).select_related(*RELATED)


def _attempt(
    body: Any, parcel: Parcel, clock: Callable[[], dt.datetime], *, cut: bool, refused: Outcome | None
) -> Outcome:
    """Send; after a cut, ask first what became of the former attempt. What has left stays sent."""
    known = _recover(body, parcel, clock()) if cut else None
    stopped = known or refused
    if stopped is not None:
        return stopped
    if cut:
        with tenant(body):
            _check_ours(parcel.delivery)
            _claim(parcel.delivery, clock())
    return _send(body, parcel, clock)


def _check_ours(mine: Delivery) -> None:
    """Lock the delivery. Raises Superseded when it is no longer at the attempt that we know of."""
    present = _lockable().get(pk=mine.pk)
    if present.state != DeliveryState.ATTEMPTED or not _same_attempt(present, mine):
        raise Superseded


def _same_attempt(present: Delivery, mine: Delivery) -> bool:
    return (present.attempts, present.message_id) == (mine.attempts, mine.message_id)


def _refused(delivery: Delivery) -> Outcome | None:
    """Circumstances may have changed since the request: a doubt, an opposition."""
    reason = check_sending(delivery.document, delivery.destination)
    return Outcome(DeliveryState.REFUSED, label=reason, content_left=False) if reason else None


def _waits_for_former(delivery: Delivery) -> bool:
    """A version waits until the former ones are settled: no receiver has the oldest last."""
    document = delivery.document
    return Delivery.objects.filter(
        document__record=document.record_id, document__set_id=document.set_id,
        document__version__lt=document.version, destination=delivery.destination, state__in=UNDER_WAY,
    ).exists()  # fmt: skip


def _claim(delivery: Delivery, now: dt.datetime) -> None:
    """From here on, whoever finds this delivery knows that an attempt began."""
    delivery.state, delivery.content_left_at = DeliveryState.ATTEMPTED, None
    delivery.attempts += 1
    delivery.save(update_fields=["state", "content_left_at", "attempts"])
    DeliveryStep.objects.create(delivery=delivery, at=now, state=DeliveryState.ATTEMPTED)


def _content_leaves(body: Any, delivery: Delivery, now: dt.datetime) -> None:
    """Committed before the first byte of content: past this line, the receiver may have it."""
    with tenant(body):
        _check_ours(delivery)
        Delivery.objects.filter(pk=delivery.pk).update(content_left_at=now)


def _conclude(mine: Delivery, outcome: Outcome, now: dt.datetime) -> int | None:
    """Write what came of our attempt; of one that was superseded, only the proof is kept."""
    present = _lockable().get(pk=mine.pk)
    if not _same_attempt(present, mine):
        _keep_step(present, outcome, now)
        return None
    _write(present, outcome, now)
    return outcome.again_in


def _write(delivery: Delivery, outcome: Outcome, now: dt.datetime) -> None:
    if delivery.state in UNDER_WAY:  # else a receipt was quicker than us, and knows better
        delivery.state, delivery.code, delivery.label = outcome.state, outcome.code, outcome.label[:MAX_LABEL]
    if outcome.state in (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED):
        delivery.sent_at = delivery.sent_at or delivery.content_left_at or now
    if not outcome.content_left:
        delivery.content_left_at = None
    if outcome.sent:
        delivery.package_sha256 = store(outcome.sent)
    delivery.save()
    _keep_step(delivery, outcome, now)


def _keep_step(delivery: Delivery, outcome: Outcome, now: dt.datetime) -> None:
    DeliveryStep.objects.create(
        delivery=delivery, at=now, state=outcome.state, code=outcome.code, label=outcome.label[:MAX_LABEL],
        sent_sha256=store(outcome.sent) if outcome.sent else "",
        answered_sha256=store(outcome.answered) if outcome.answered else "",
    )  # fmt: skip


# --- sending ------------------------------------------------------------------------------------------------


def _send(body: Any, parcel: Parcel, clock: Callable[[], dt.datetime]) -> Outcome:
    tape, sent = Tape(), [b""]
    act = _send_mail if parcel.delivery.destination == Destination.CITIZEN_MAIL else _feed_dmp
    try:
        outcome = act(body, parcel, clock, tape, sent)
    except Rejected as refusal:
        outcome = Outcome(DeliveryState.REFUSED, refusal.code, refusal.label, content_left=False)
    except DomainError as refusal:
        outcome = Outcome(DeliveryState.REFUSED, refusal.code, str(refusal), content_left=False)
    except Unreachable as cut:
        outcome = _unreachable(parcel.delivery, cut)
    except Malformed as broken:
        outcome = Outcome(DeliveryState.TO_CHECK, "malformed", broken.message, answered=broken.raw)
    return _with_bytes(outcome, sent[0], tape.take())


def _with_bytes(outcome: Outcome, sent: bytes, exchanges: list[Exchange]) -> Outcome:
    """The exact bytes of the last exchange, both ways."""
    last = exchanges[-1] if exchanges else None
    return Outcome(
        outcome.state, outcome.code, outcome.label, outcome.again_in, outcome.content_left,
        sent or (last.sent if last else b""), outcome.answered or (last.received if last else b""),
    )  # fmt: skip


def _unreachable(delivery: Delivery, cut: Unreachable) -> Outcome:
    if cut.maybe_done:
        return Outcome(DeliveryState.ATTEMPTED, "cut", cut.message, settings.RECOVERY_PATIENCE)
    # Nothing left: the same delivery, later, ever more slowly.
    wait = min(3600, settings.RETRY_AFTER * 2 ** min(delivery.attempts - 1, 10))
    return Outcome(DeliveryState.PREPARED, "unreachable", cut.message, wait, content_left=False)


def _connected(client: T | None, service: str) -> T:
    """The client. Raises Unreachable when the service was disconnected since the request: nothing leaves."""
    if client is None:
        raise Unreachable(service, "service non connecté")
    return client


def _send_mail(body: Any, parcel: Parcel, clock: Any, tape: Tape, sent: list[bytes]) -> Outcome:
    house = parcel.document.record.establishment

    def checkpoint(moment: str) -> None:
        if moment == "before_data":
            _content_leaves(body, parcel.delivery, clock())

    sender = _connected(clients.mail_sender(house.mailbox, checkpoint), "MSSanté")
    sent[0] = parcels.message(parcel)
    accepted = sender.send(sent[0], house.mailbox, [parcel.delivery.recipient])
    return Outcome(DeliveryState.SENT, str(accepted.code), accepted.reply, answered=accepted.reply.encode())


def _feed_dmp(body: Any, parcel: Parcel, clock: Any, tape: Tape, sent: list[bytes]) -> Outcome:
    client, now = _connected(clients.dmp(tape), "DMP"), clock()
    replaces = _replaced(parcel, client, now)
    unique_id, signature_id = parcels.signature_ids(parcel.delivery)
    lot = parcels.lot(parcel, replaces).signed(
        clients.seal(), unique_id=unique_id, signature_id=signature_id, at=now
    )
    assertion = _assertion(parcel, now)
    _content_leaves(body, parcel.delivery, clock())
    try:
        client.submit(lot, assertion=assertion, message_id=parcel.delivery.message_id)
    except Rejected as refusal:
        if refusal.code != ALREADY_THERE:
            raise
        return Outcome(DeliveryState.ACKNOWLEDGED, refusal.code, "déjà reçu lors d’un essai précédent")
    return Outcome(DeliveryState.ACKNOWLEDGED, "", "reçu par le DMP")


def _assertion(parcel: Parcel, now: dt.datetime) -> bytes:
    house = parcel.document.record.establishment
    claims = parcels.vihf(parcel.sender, house.idnat, house.sector, parcel.ins, parcel.delivery.requested_at)
    return build_with(claims, clients.seal(), now, f"_{uuid7()}")


def _replaced(parcel: Parcel, client: Any, now: dt.datetime) -> dict[str, str]:
    """The entryUUID of the former version, asked just before: it changes at each update of the metadata."""
    former: Document | None = parcel.document.replaces
    if former is None:
        return {}
    message_id = f"urn:uuid:{uuid7()}"
    found = client.find_by_unique_id(
        [former.unique_id], assertion=_assertion(parcel, now), message_id=message_id
    )
    present = next((entry for entry in found if entry.status == xds.APPROVED), None)
    return {parcel.entry.unique_id: present.entry_uuid} if present else {}


# --- recovery -----------------------------------------------------------------------------------------------


def _recover(body: Any, parcel: Parcel, now: dt.datetime) -> Outcome | None:
    """What became of the attempt that was cut; None when it may simply be made again."""
    delivery = parcel.delivery
    left = delivery.content_left_at
    synchronous = delivery.destination == Destination.DMP
    waited = left is not None and now - left >= dt.timedelta(seconds=settings.RECOVERY_PATIENCE)
    tape = Tape()
    found = _found(parcel, tape, now) if left is not None else None
    verdict = recover(Recovery(left is not None, found, waited, synchronous))
    if verdict is Next.SEND:
        return None
    return _with_bytes(_verdict(verdict, delivery, now), b"", tape.take())


def _verdict(verdict: Next, delivery: Delivery, now: dt.datetime) -> Outcome:
    if verdict is Next.SENT:
        state = DeliveryState.ACKNOWLEDGED if delivery.destination == Destination.DMP else DeliveryState.SENT
        return Outcome(state, "recovered", "retrouvé chez le destinataire après une coupure")
    if verdict is Next.ASK_LATER:
        return Outcome(
            DeliveryState.ATTEMPTED, "cut", "coupure : le service est interrogé", settings.RETRY_AFTER
        )
    return Outcome(DeliveryState.TO_CHECK, "unknown", "coupure : rien ne dit si le destinataire l’a reçu")


def _found(parcel: Parcel, tape: Tape, now: dt.datetime) -> bool | None:
    """Does the other side have it? Only what a real operator offers is asked; None without an answer."""
    try:
        if parcel.delivery.destination == Destination.DMP:
            message_id = f"urn:uuid:{uuid7()}"
            assertion = _assertion(parcel, now)
            entries = _connected(clients.dmp(tape), "DMP").find_by_unique_id(
                [parcel.entry.unique_id], assertion=assertion, message_id=message_id
            )
            return bool(entries)
        mailbox = clients.mailbox(parcel.document.record.establishment.mailbox)
        if mailbox is None:
            return None
        with mailbox as opened:
            return bool(opened.find_sent(parcel.delivery.message_id))
    except (Unreachable, Rejected, Malformed):
        return None

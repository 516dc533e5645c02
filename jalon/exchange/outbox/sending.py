"""Running a delivery: claim it, send it, write what came of it, each in a transaction of its own.

A worker may die at any line. What then happens is `rules.recover`: nothing that the receiver may have is sent
a second time by itself. One that was only asleep, and whose job was given to another, finds out that it was
superseded before it lets content leave.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from jalon.core.errors import DomainError, Malformed, Rejected, Unreachable
from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange import breaker
from jalon.exchange.compose import parcel as parcels
from jalon.exchange.compose.parcel import Parcel
from jalon.exchange.models import UNDER_WAY, Delivery, DeliveryState
from jalon.exchange.outbox import state
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.outbox.route import Attempt, Outcome, Route
from jalon.exchange.outbox.routes import routes
from jalon.exchange.rules import Next, Recovery, recover
from jalon.gateways.common.trace import Tape

PATIENCE = 60  # seconds before asking again whether a former version is settled
# Everything an attempt needs: once it runs it is in no tenant, where nothing more could be read.
RELATED = (
    "document__record__person", "document__record__establishment", "document__author", "document__replaces",
    "requested_by",
)  # fmt: skip


class Superseded(Exception):
    """While ours was held up (a paused machine) another attempt began, or the one that we took for dead went
    on: ours lets nothing leave any more."""


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
        if (later := breaker.wait(delivery.destination, clock())) is not None:
            return later
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
        again = _conclude(parcel.delivery, outcome, clock())
    return _heard(parcel.delivery.destination, outcome, again, clock())


def _heard(destination: str, outcome: Outcome, again: int | None, now: dt.datetime) -> int | None:
    """Tell the breaker whether the destination answers: in how many seconds to come back."""
    if outcome.answered_at_all:
        breaker.answered(destination)
    if outcome.answered_at_all is not False:
        return again
    tried = breaker.failed(destination, now)
    return again if again is None or tried is None else tried


def _lockable() -> QuerySet[Delivery]:
    return Delivery.objects.select_for_update(of=("self",)).select_related(*RELATED)


def _attempt(
    body: Any, parcel: Parcel, clock: Callable[[], dt.datetime], *, cut: bool, refused: Outcome | None
) -> Outcome:
    """Send; after a cut, ask first what became of the former attempt. What has left stays sent."""
    known = _recover(parcel, clock) if cut else None
    stopped = known or refused
    if stopped is not None:
        return stopped
    if cut:
        with tenant(body):
            _check_ours(parcel.delivery)
            _claim(parcel.delivery, clock())
    return _send(body, parcel, clock)


def _check_ours(mine: Delivery) -> None:
    """Lock the delivery. Raises Superseded when it is no longer where we know it to be.

    The same attempt may have gone on: what we took for dead woke up, and its content leaves.
    """
    present = _lockable().get(pk=mine.pk)
    moved = present.content_left_at != mine.content_left_at
    if moved or present.state != DeliveryState.ATTEMPTED or not _same_attempt(present, mine):
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
    delivery.content_left_at = None
    delivery.attempts += 1
    state.move(delivery, to=DeliveryState.ATTEMPTED, at=now)


def _content_leaves(body: Any, delivery: Delivery, now: dt.datetime) -> None:
    """Committed before the first byte of content: past this line, the receiver may have it."""
    with tenant(body):
        _check_ours(delivery)
        Delivery.objects.filter(pk=delivery.pk).update(content_left_at=now)
    delivery.content_left_at = now


def _conclude(mine: Delivery, outcome: Outcome, now: dt.datetime) -> int | None:
    """Write what came of our attempt; of one that was superseded, only the proof is kept."""
    present = _lockable().get(pk=mine.pk)
    if _same_attempt(present, mine):
        _write(present, outcome, now)
        return outcome.again_in
    state.note(present, **_seen(outcome, now))
    return None


def _write(delivery: Delivery, outcome: Outcome, now: dt.datetime) -> None:
    if outcome.state in (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED):
        delivery.sent_at = delivery.sent_at or delivery.content_left_at or now
    if not outcome.content_left:
        delivery.content_left_at = None
    seen = _seen(outcome, now)
    delivery.package_sha256 = seen["sent"] or delivery.package_sha256
    if delivery.state in UNDER_WAY:
        state.move(delivery, to=seen.pop("seen"), **seen)
    else:  # a receipt was quicker than us, and knows better
        delivery.save()
        state.note(delivery, **seen)


def _seen(outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
    """The step that says an outcome, its bytes stored."""
    return {
        "seen": outcome.state, "at": now, "code": outcome.code, "label": outcome.label,
        "sent": store(outcome.sent) if outcome.sent else "",
        "answered": store(outcome.answered) if outcome.answered else "",
    }  # fmt: skip


# --- sending ------------------------------------------------------------------------------------------------


def _send(body: Any, parcel: Parcel, clock: Callable[[], dt.datetime]) -> Outcome:
    attempt = Attempt(parcel, Tape(), clock, lambda: _content_leaves(body, parcel.delivery, clock()))
    try:
        outcome = replace(routes()[parcel.delivery.destination].send(attempt), answered_at_all=True)
    except Rejected as refusal:
        outcome = Outcome(
            DeliveryState.REFUSED, refusal.code, refusal.label, content_left=False, answered_at_all=True
        )
    except DomainError as refusal:
        outcome = Outcome(DeliveryState.REFUSED, refusal.code, str(refusal), content_left=False)
    except Unreachable as cut:
        outcome = _unreachable(parcel.delivery, cut)
    except Malformed as broken:
        outcome = Outcome(
            DeliveryState.TO_CHECK, "malformed", broken.message, answered=broken.raw, answered_at_all=True
        )
    return _with_bytes(outcome, attempt)


def _with_bytes(outcome: Outcome, attempt: Attempt) -> Outcome:
    """The exact bytes of the last exchange, both ways."""
    exchanges = attempt.tape.take()
    sent, answered = (exchanges[-1].sent, exchanges[-1].received) if exchanges else (b"", b"")
    return replace(outcome, sent=attempt.sent or sent, answered=outcome.answered or answered)


def _unreachable(delivery: Delivery, cut: Unreachable) -> Outcome:
    if cut.maybe_done:
        return Outcome(
            DeliveryState.ATTEMPTED, "cut", cut.message, settings.RECOVERY_PATIENCE, answered_at_all=False
        )
    # Nothing left: the same delivery, later, ever more slowly.
    wait = min(3600, settings.RETRY_AFTER * 2 ** min(delivery.attempts - 1, 10))
    return Outcome(
        DeliveryState.PREPARED, "unreachable", cut.message, wait, content_left=False, answered_at_all=False
    )


# --- recovery -----------------------------------------------------------------------------------------------


def _recover(parcel: Parcel, clock: Callable[[], dt.datetime]) -> Outcome | None:
    """What became of the attempt that was cut; None when it may simply be made again."""
    left, route = parcel.delivery.content_left_at, routes()[parcel.delivery.destination]
    waited = left is not None and clock() - left >= dt.timedelta(seconds=settings.RECOVERY_PATIENCE)
    attempt = Attempt(parcel, Tape(), clock, _nothing_leaves)
    found = _found(route, attempt) if left is not None else None
    if found is None and parcel.delivery.destination in breaker.silent():
        waited = False  # it answers nobody: it is asked once it does
    verdict = recover(Recovery(left is not None, found, waited, route.synchronous))
    if verdict is Next.SEND:
        return None
    heard = found is not None if left is not None else None
    return _with_bytes(replace(_verdict(verdict, route), answered_at_all=heard), attempt)


def _nothing_leaves() -> None:
    raise AssertionError("asking what became of an attempt sends no content")


def _verdict(verdict: Next, route: Route) -> Outcome:
    if verdict is Next.SENT:
        return Outcome(route.arrived, "recovered", "retrouvé chez le destinataire après une coupure")
    if verdict is Next.ASK_LATER:
        return Outcome(
            DeliveryState.ATTEMPTED, "cut", "coupure : le service est interrogé", settings.RETRY_AFTER
        )
    return Outcome(DeliveryState.TO_CHECK, "unknown", "coupure : rien ne dit si le destinataire l’a reçu")


def _found(route: Route, attempt: Attempt) -> bool | None:
    """Does the other side have it? Only what a real operator offers is asked; None without an answer."""
    try:
        return route.find(attempt)
    except (Unreachable, Rejected, Malformed):
        return None

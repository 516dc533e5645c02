"""Fetching a mailbox: each message is kept raw first, then read, and only then moved on the server.

Whatever one message does, the next one is fetched: it is kept with its reason, or left there and counted.
"""

import datetime as dt
import uuid

import structlog
from django.db import models, transaction

from jalon.core.errors import DomainError, Unreachable
from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange import breaker, clients
from jalon.exchange.inbox import rounds, state
from jalon.exchange.inbox.filing import process
from jalon.exchange.jobs import MAILBOXES
from jalon.exchange.models import Reception, ReceptionState
from jalon.formats import mime
from jalon.gateways.mssante.client import Mailbox, RawMessage
from jalon.gateways.mssante.messages import archives_of, parse_subject
from jalon.organizations.models import Establishment

log = structlog.get_logger()
DONE = "Jalon"  # folder where messages go once kept
BATCH = 50  # messages of one run: a worker is given back to the others, and memory holds one at a time


def fetch(body: uuid.UUID, establishment_id: uuid.UUID, now: dt.datetime) -> int:
    """Fetch at most BATCH messages of a mailbox, how many: BATCH says that others may wait.

    One at a time: each is kept, read, and moved on the server before the next is fetched. Whatever stops the
    run, what it did is done, and why it stopped is kept for a screen. Raises GatewayError.
    """
    with tenant(body):
        house = Establishment.objects.get(pk=establishment_id)
    try:
        return _round(body, house, now)
    except Exception as error:  # whatever it is, a person is told; the caller is told too
        with tenant(body):
            rounds.failed(house.pk, error, now=now)
        raise


def _round(body: uuid.UUID, house: Establishment, now: dt.datetime) -> int:
    opening = clients.mailbox(house.mailbox) if house.mailbox else None
    if opening is None:
        return 0
    if breaker.wait(MAILBOXES, now) is not None:
        raise Unreachable("MSSanté", "l’opérateur ne répond plus, il est essayé de temps en temps")
    taken = left = 0
    with breaker.listening(MAILBOXES, now), opening as box:
        for raw in box.fetch_new(0):
            if _took(body, house, box, raw, now):
                taken += 1
            else:
                left += 1
            if BATCH in (taken, left):
                break
    with tenant(body):
        rounds.succeeded(house.pk, left=left, now=now)
    return taken


def _took(body: uuid.UUID, house: Establishment, box: Mailbox, raw: RawMessage, now: dt.datetime) -> bool:
    try:
        return _take(body, house, box, raw, now)
    except Unreachable:
        raise
    except Exception as error:  # of this message, whatever it is: it stays there, the next one does not wait
        log.error("message_left", establishment=str(house.pk), uid=raw.uid, error=type(error).__name__)
        return False


def _take(body: uuid.UUID, house: Establishment, box: Mailbox, raw: RawMessage, now: dt.datetime) -> bool:
    if raw.refused:
        return False
    with tenant(body):
        if raw.data or not raw.size:
            reception = keep_raw(establishment=house, raw=raw.data, now=now)
        else:
            reception = _too_large(house, raw, now)
    for one in _parts(body, reception):
        with tenant(body):
            process(reception=one, now=now)
    box.move(raw.uid, DONE)
    return True


def _parts(body: uuid.UUID, reception: Reception) -> list[Reception]:
    with tenant(body):
        return list(siblings(reception).filter(state=ReceptionState.STORED).order_by("part"))


def siblings(reception: Reception) -> models.QuerySet[Reception]:
    """The receptions of one message, one an archive that it carries."""
    return Reception.objects.filter(
        mailbox=reception.mailbox, message_id=reception.message_id, raw_sha256=reception.raw_sha256
    )


def _too_large(house: Establishment, raw: RawMessage, now: dt.datetime) -> Reception:
    """A message left at the operator's for its size: it is shown, and told where it is."""
    reception, new = Reception.objects.get_or_create(
        mailbox=house.mailbox,
        message_id=f"{raw.uidvalidity}.{raw.uid}",
        raw_sha256="",
        defaults={"establishment": house, "received_at": now},
    )
    if new:
        reason = (
            f"Ce message dépasse la taille admise ({raw.size // 2**20} Mo). "
            f"Il reste dans votre messagerie, dossier « {DONE} »."
        )
        state.move(reception, to=ReceptionState.REJECTED, reason=reason)
    return reception


@transaction.atomic
def keep_raw(*, establishment: Establishment, raw: bytes, now: dt.datetime) -> Reception:
    """The bytes first, before anything is read in them; the same message twice is one reception.

    Each archive of the message is a reception of its own, decided apart; the first one is returned.
    """
    mail = _mail(raw)
    digest = store(raw)
    told = {
        "establishment": establishment,
        "received_at": now,
        "sender": (f"{mail.sender.label} <{mail.sender.address}>".strip() if mail else "")[:300],
        "subject": parse_subject(mail.subject).shown if mail else "",
    }
    first, *_ = [
        Reception.objects.get_or_create(
            mailbox=establishment.mailbox,
            message_id=(mail.message_id if mail else digest)[:400],
            raw_sha256=digest,
            part=part,
            defaults=told,
        )[0]
        for part in range(len(archives_of(mail)) or 1 if mail else 1)
    ]
    return first


def _mail(raw: bytes) -> mime.Mail | None:
    try:
        return mime.read(raw)
    except DomainError:
        return None
    except Exception as error:  # a fault of ours on a mail that is hostile: it is kept, `process` says it
        log.error("mail_not_read", error=type(error).__name__)
        return None

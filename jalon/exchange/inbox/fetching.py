"""Fetching a mailbox: each message is kept raw first, then read, and only then moved on the server."""

import datetime as dt
import uuid
from itertools import islice

from django.db import transaction

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange import clients
from jalon.exchange.inbox import state
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Reception, ReceptionState
from jalon.formats import mime
from jalon.gateways.mssante.client import Mailbox, RawMessage
from jalon.gateways.mssante.messages import parse_subject
from jalon.organizations.models import Establishment

DONE = "Jalon"  # folder where messages go once kept
BATCH = 50  # messages of one run: a worker is given back to the others, and memory holds one at a time


def fetch(body: uuid.UUID, establishment_id: uuid.UUID, now: dt.datetime) -> int:
    """Fetch at most BATCH messages of a mailbox, how many: BATCH says that others may wait.

    One at a time: each is kept, read, and moved on the server before the next is fetched. Whatever stops the
    run, what it did is done.
    """
    with tenant(body):
        house = Establishment.objects.get(pk=establishment_id)
    opening = clients.mailbox(house.mailbox) if house.mailbox else None
    if opening is None:
        return 0
    with opening as box:
        return sum(_take(body, house, box, raw, now) for raw in islice(box.fetch_new(0), BATCH))


def _take(body: uuid.UUID, house: Establishment, box: Mailbox, raw: RawMessage, now: dt.datetime) -> int:
    with tenant(body):
        if raw.data or not raw.size:
            reception = keep_raw(establishment=house, raw=raw.data, now=now)
        else:
            reception = _too_large(house, raw, now)
    with tenant(body):
        process(reception=reception, now=now)
    box.move(raw.uid, DONE)
    return 1


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
    """The bytes first, before anything is read in them; the same message twice is one reception."""
    mail = _mail(raw)
    digest = store(raw)
    reception, _ = Reception.objects.get_or_create(
        mailbox=establishment.mailbox,
        message_id=(mail.message_id if mail else digest)[:400],
        raw_sha256=digest,
        defaults={
            "establishment": establishment,
            "received_at": now,
            "sender": (f"{mail.sender.label} <{mail.sender.address}>".strip() if mail else "")[:300],
            "subject": parse_subject(mail.subject).shown if mail else "",
        },
    )
    return reception


def _mail(raw: bytes) -> mime.Mail | None:
    try:
        return mime.read(raw)
    except DomainError:
        return None

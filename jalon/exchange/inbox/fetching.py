"""Fetching a mailbox: each message is kept raw first, then read, and only then moved on the server."""

import datetime as dt
import uuid

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


def fetch(body: uuid.UUID, establishment_id: uuid.UUID, now: dt.datetime) -> int:
    """Fetch the establishment's mailbox: each message is kept, read, and only then moved on the server."""
    with tenant(body):
        house = Establishment.objects.get(pk=establishment_id)
    opening = clients.mailbox(house.mailbox) if house.mailbox else None
    if opening is None:
        return 0
    with opening as box:
        return _fetch_all(body, house, box, now)


def _fetch_all(body: uuid.UUID, house: Establishment, box: Mailbox, now: dt.datetime) -> int:
    count = 0
    for raw in list(box.fetch_new(0)):
        with tenant(body):
            if raw.data or not raw.size:
                reception = keep_raw(establishment=house, raw=raw.data, now=now)
            else:
                reception = _too_large(house, raw, now)
        with tenant(body):
            process(reception=reception, now=now)
        box.move(raw.uid, DONE)
        count += 1
    return count


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

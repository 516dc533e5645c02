"""What could not be read: a person has it read once more, or says that they dealt with it."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.documents.storage import load
from jalon.exchange.inbox import state
from jalon.exchange.inbox.fetching import keep_raw, siblings
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Reception, ReceptionState
from jalon.staff.models import Professional


def raw_of(reception: Reception) -> bytes:
    """The message as it arrived. Raises DomainError `left_at_operator` for one that never did."""
    if not reception.raw_sha256:
        raise DomainError(
            "Ce message est resté chez l’opérateur, à cause de sa taille. Lisez-le dans votre messagerie.",
            code="left_at_operator",
        )
    return load(reception.raw_sha256)


@transaction.atomic
def replay(*, reception: Reception, by: Professional, now: dt.datetime) -> Reception:
    """Read once more, from its kept bytes, a message that was rejected: the software has changed since.

    Raises DomainError `not_rejected` or `left_at_operator`.
    """
    reception = _rejected(reception)
    raw = raw_of(reception)
    state.move(reception, to=ReceptionState.STORED, reason="", by=by, at=now)
    record_entry("exchange.replayed", on=reception.pk, by=by)
    keep_raw(establishment=reception.establishment, raw=raw, now=now)  # archives that had not been seen
    for one in _stored(reception):
        process(reception=one, now=now)
    reception.refresh_from_db()
    return reception


@transaction.atomic
def dismiss(*, reception: Reception, reason: str, by: Professional, now: dt.datetime) -> Reception:
    """Somebody dealt with a message that was rejected: it is kept, and waits for nobody any more.

    Raises DomainError `not_rejected` or `aside_without_reason`.
    """
    reception = _rejected(reception)
    if not reason.strip():
        raise DomainError("Dites ce que vous avez fait de ce message.", code="aside_without_reason")
    state.move(reception, to=ReceptionState.SET_ASIDE, reason=reason.strip(), by=by, at=now)
    record_entry("exchange.set_aside", on=reception.pk, by=by)
    return reception


def _stored(reception: Reception) -> QuerySet[Reception]:
    return siblings(reception).filter(state=ReceptionState.STORED).order_by("part")


def _rejected(reception: Reception) -> Reception:
    locked = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if locked.state != ReceptionState.REJECTED:
        raise DomainError("Ce message a déjà été lu ou écarté. Rechargez la page.", code="not_rejected")
    return locked

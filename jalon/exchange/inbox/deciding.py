"""A person decides on a message that waits: what is shown to them, and what they decide."""

import datetime as dt
from typing import Any

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.documents.storage import load
from jalon.exchange.inbox import state
from jalon.exchange.inbox.filing import file_documents
from jalon.exchange.inbox.reading import Received, read_documents
from jalon.exchange.models import Reception, ReceptionState
from jalon.formats import mime
from jalon.formats.cda import render
from jalon.people.models import Person
from jalon.people.queries import by_ins, candidates
from jalon.records.models import Record
from jalon.staff.models import Professional


def opened(reception: Reception) -> Received | None:
    """What a waiting message carries, for the person who decides; None when it cannot be read."""
    if not reception.raw_sha256:
        return None
    try:
        return read_documents(mime.read(load(reception.raw_sha256)), reception.part)
    except DomainError:
        return None


def lookalikes(received: Received | None) -> list[Person]:
    """People of the house who may be the one of the message, the most alike first."""
    if received is None or received.traits is None:
        return []
    same: list[Any] = list(by_ins(received.ins.matricule)) if received.ins else []
    return same + [person for person in candidates(received.traits) if person not in same]


def readable(received: Received | None) -> list[str]:
    """Each document of a waiting message, as HTML that may be inserted as it is."""
    return [render.fragment(read, heading=3) for _, read in received.documents] if received else []


@transaction.atomic
def confirm_match(*, reception: Reception, record: Record, by: Professional, now: dt.datetime) -> Reception:
    """A person decided whose document it is."""
    reception = _waiting(reception)
    received = read_documents(mime.read(load(reception.raw_sha256)), reception.part)
    _check_owner(received, record.person)
    file_documents(reception, received, record)
    state.move(
        reception, to=ReceptionState.FILED, reason=reception.reason, person=record.person, by=by, at=now
    )
    record_entry("exchange.matched", on=reception.pk, by=by, facts={"record": str(record.pk)})
    return reception


def _check_owner(received: Received, person: Person) -> None:
    """Whoever decides, nothing is filed under another INS than the one it carries.

    Raises DomainError `ins_of_another`. A person without INS here may receive a document that has one, unless
    somebody else here has it: their own may be retrieved later.
    """
    carried = [received.ins, *(document.patient.ins for _, document in received.documents)]
    others = {one.matricule for one in carried if one} - {person.ins}
    if others and (person.ins or len(others) > 1 or any(by_ins(one).exists() for one in others)):
        raise DomainError(
            "Ce message porte l’INS d’une autre personne. Classez-le dans le dossier de cette personne, "
            "ou écartez-le et prévenez l’expéditeur.",
            code="ins_of_another",
        )


@transaction.atomic
def set_aside(*, reception: Reception, reason: str, by: Professional, now: dt.datetime) -> Reception:
    """A person decided that the message is of nobody here. It is kept."""
    reception = _waiting(reception)
    if not reason.strip():
        raise DomainError("Dites pourquoi ce message est écarté.", code="aside_without_reason")
    state.move(reception, to=ReceptionState.SET_ASIDE, reason=reason.strip(), by=by, at=now)
    record_entry("exchange.set_aside", on=reception.pk, by=by)
    return reception


def _waiting(reception: Reception) -> Reception:
    locked = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if locked.state != ReceptionState.TO_MATCH:
        raise DomainError(
            "Une décision a déjà été prise pour ce message. Rechargez la page.", code="already_decided"
        )
    return locked

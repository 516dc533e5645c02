"""A person decides on a message: what is shown to them, what they decide, and how that is taken back."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.documents.actions import withdraw
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.inbox import state
from jalon.exchange.inbox.comparing import Compared, compare, said_by, said_of, unsure
from jalon.exchange.inbox.filing import file_documents
from jalon.exchange.inbox.reading import Received, read_documents
from jalon.exchange.models import ReceivedDocument, Reception, ReceptionState
from jalon.formats import mime
from jalon.people.models import Person
from jalon.people.queries import by_ins
from jalon.people.search import candidates
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


def compared(received: Received, person: Person) -> list[Compared]:
    """Both sides, trait by trait."""
    theirs = [said_by(document.patient) for _, document in received.documents]
    return compare(theirs, _carried(received), said_of(person), person.ins)


def filed_documents(reception: Reception) -> QuerySet[Document]:
    """The documents of this message that are in a record today."""
    known = reception.documents.values("document")
    return Document.objects.filter(pk__in=known, record__person=reception.person_id)


@transaction.atomic
def confirm_match(
    *, reception: Reception, record: Record, by: Professional, now: dt.datetime, reason: str = ""
) -> Reception:
    """A person decided whose document it is; `reason` says why when a trait differs, or is not said.

    Raises DomainError `match_without_reason`, or `ins_of_another`.
    """
    reception = _locked(reception, ReceptionState.TO_MATCH)
    received = read_documents(mime.read(load(reception.raw_sha256)), reception.part)
    check_owner(received, record.person)
    doubts, reason = unsure(compared(received, record.person)), reason.strip()
    if doubts and not reason:
        raise DomainError(
            f"Dites pourquoi ce document est quand même celui de cette personne : {', '.join(doubts)}.",
            code="match_without_reason",
        )
    file_documents(reception, received, record, by)
    said = f"Rapproché malgré : {', '.join(doubts)}. {reason}" if doubts else "Rapproché, traits concordants."
    state.move(reception, to=ReceptionState.FILED, reason=said, person=record.person, by=by, at=now)
    facts = {"record": str(record.pk), "doubts": doubts, "reason": reason}
    record_entry("exchange.matched", on=reception.pk, by=by, facts=facts)
    return reception


def check_owner(received: Received, person: Person) -> None:
    """Whoever decides, nothing is filed under another INS than the one it carries.

    Raises DomainError `ins_of_another`. A person without INS here may receive a document that has one, unless
    somebody else here has it: their own may be retrieved later.
    """
    others = {one.matricule for one in _carried(received)} - {person.ins}
    if others and (person.ins or len(others) > 1 or any(by_ins(one).exists() for one in others)):
        raise DomainError(
            "Ce message porte l’INS d’une autre personne. Classez-le dans le dossier de cette personne, "
            "ou écartez-le et prévenez l’expéditeur.",
            code="ins_of_another",
        )


def _carried(received: Received) -> list[Any]:
    every = [received.ins, *(document.patient.ins for _, document in received.documents)]
    return [one for one in every if one]


@transaction.atomic
def set_aside(*, reception: Reception, reason: str, by: Professional, now: dt.datetime) -> Reception:
    """A person decided that the message is of nobody here. It is kept."""
    reception = _locked(reception, ReceptionState.TO_MATCH)
    reason = _needed(reason, "Dites pourquoi ce message est écarté.", "aside_without_reason")
    state.move(reception, to=ReceptionState.SET_ASIDE, reason=reason, by=by, at=now)
    record_entry("exchange.set_aside", on=reception.pk, by=by, facts={"reason": reason})
    return reception


@transaction.atomic
def take_back(*, reception: Reception, reason: str, by: Professional, now: dt.datetime) -> Reception:
    """Take the documents of a message out of the record where they were filed: the message waits again.

    Another message that carried one of them waits again too: the document is in that record no more. Raises
    DomainError `back_without_reason`.
    """
    reception = _locked(reception, ReceptionState.FILED)
    reason = _needed(reason, "Dites pourquoi ce document n’est pas celui de cette personne.", BACK)
    documents = list(filed_documents(reception))
    for document in documents:
        withdraw(document=document, reason=reason, by=by, now=now)
    facts = {"records": sorted({str(document.record_id) for document in documents}), "reason": reason}
    carrying = ReceivedDocument.objects.filter(document__in=documents).values("reception")
    twins = Reception.objects.filter(pk__in=carrying, state=ReceptionState.FILED).exclude(pk=reception.pk)
    for one in [reception, *twins.select_for_update(of=("self",))]:
        state.move(one, to=ReceptionState.TO_MATCH, reason=f"Retiré d’un dossier : {reason}", by=by, at=now)
        record_entry("exchange.taken_back", on=one.pk, by=by, facts=facts)
    return reception


@transaction.atomic
def put_back(*, reception: Reception, reason: str, by: Professional, now: dt.datetime) -> Reception:
    """A message that somebody set aside waits again. Raises DomainError `back_without_reason`."""
    reception = _locked(reception, ReceptionState.SET_ASIDE)
    reason = _needed(reason, "Dites pourquoi ce message attend de nouveau.", BACK)
    state.move(reception, to=ReceptionState.TO_MATCH, reason=f"Remis en attente : {reason}", by=by, at=now)
    record_entry("exchange.put_back", on=reception.pk, by=by, facts={"reason": reason})
    return reception


BACK = "back_without_reason"


def _needed(reason: str, refusal: str, code: str) -> str:
    if not reason.strip():
        raise DomainError(refusal, code=code)
    return reason.strip()


def _locked(reception: Reception, wanted: str) -> Reception:
    locked = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if locked.state != wanted:
        raise DomainError(
            "Une décision a déjà été prise pour ce message. Rechargez la page.", code="already_decided"
        )
    return locked

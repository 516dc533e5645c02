"""Filing: a report goes to its delivery, a document to its person when that is certain, the rest waits.

What is wrong in a message never stops the next one: it is kept, shown, with its reason.
"""

import datetime as dt
import traceback

import structlog
from django.db import InterfaceError, OperationalError, transaction

from jalon.core.errors import DomainError
from jalon.documents.actions import bring_back
from jalon.documents.models import Document, Withdrawal
from jalon.documents.storage import load, store
from jalon.exchange.inbox import state
from jalon.exchange.inbox.reading import Received, read_documents
from jalon.exchange.inbox.receipts import check_not_ours, put_reports
from jalon.exchange.models import ReceivedDocument, Reception, ReceptionState
from jalon.exchange.rules import Claim, Match, match
from jalon.formats import mime
from jalon.formats.cda import render
from jalon.formats.cda.received import ReadDocument
from jalon.gateways.mssante.receipts import reports_of
from jalon.people.models import Person
from jalon.people.queries import by_ins
from jalon.people.rules import differences
from jalon.people.search import candidates
from jalon.records.models import Record
from jalon.staff.models import Professional

log = structlog.get_logger()
UNFORESEEN = (
    "Le logiciel n’a pas su lire ce message. Il est gardé tel qu’il est arrivé : "
    "lisez-le dans votre messagerie, et prévenez l’assistance."
)
WITHDRAWN = "Une personne a retiré ce document du dossier : à elle de dire où il va."
MAX_TITLE = 128
MAX_IDENTIFIER = 128
MAX_TYPE = 30
POSSIBLE_YEARS = range(1900, 2200)  # what a database and its readers hold without harm


@transaction.atomic
def process(*, reception: Reception, now: dt.datetime) -> Reception:
    """Read a kept message: a report goes to its delivery, a document to its person, the rest waits.

    What a stranger sends ends kept or rejected, whatever it makes the software do; only a database that does
    not answer is nobody's message.
    """
    reception = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if reception.state != ReceptionState.STORED:
        return reception
    try:
        with transaction.atomic():  # what is refused leaves nothing half filed
            _read(reception, now)
    except DomainError as refusal:
        _reject(reception, str(refusal))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.error(
            "message_not_read", reception=str(reception.pk), error=type(error).__name__, at=_place(error)
        )
        _reject(reception, UNFORESEEN)
    return reception


def _reject(reception: Reception, reason: str) -> None:
    reception.refresh_from_db(fields=["state", "person"])  # what was undone is not what memory says
    state.move(reception, to=ReceptionState.REJECTED, reason=reason)


def _place(error: Exception) -> str:
    """The line of ours that raised: never its words, which may hold what the message says."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}"


def _read(reception: Reception, now: dt.datetime) -> None:
    mail = mime.read(load(reception.raw_sha256))
    if reports_of(mail):
        put_reports(reception, mail, now)
        state.move(reception, to=ReceptionState.SET_ASIDE, reason="Accusé de messagerie.")
        return
    received = read_documents(mail, reception.part)
    check_not_ours(received)
    _documents(reception, received)


def _documents(reception: Reception, received: Received) -> None:
    person = by_ins(received.ins.matricule).filter(ins_oid=received.ins.oid).first() if received.ins else None
    if received.unread:
        state.move(reception, to=ReceptionState.TO_MATCH, reason=received.unread[0])
        return
    verdict, reason = match(_claim(received, person))
    record = _record(person, reception) if verdict is Match.CERTAIN and person else None
    if record and _withdrawn(received, record):
        state.move(reception, to=ReceptionState.TO_MATCH, reason=WITHDRAWN)
        return
    if record:
        file_documents(reception, received, record)
        state.move(reception, to=ReceptionState.FILED, reason=reason, person=person)
        return
    if verdict is Match.CERTAIN:
        reason = "Personne connue, mais sans dossier dans cet établissement."
    state.move(reception, to=ReceptionState.TO_MATCH, reason=reason)


def _withdrawn(received: Received, record: Record) -> bool:
    """Did a person take one of these documents out of this record? Only a person puts it there again."""
    named = [str(document.id) for _, document in received.documents if document.id]
    return Withdrawal.objects.filter(document__record=record, document__unique_id__in=named).exists()


def _claim(received: Received, person: Person | None) -> Claim:
    differing = tuple(differences(person.traits, received.traits)) if person and received.traits else ()
    lookalikes = len(candidates(received.traits)) if received.traits and person is None else 0
    return Claim(
        same_ins=person is not None,
        qualified_here=person is not None and person.is_qualified,
        qualified_there=received.qualified,
        differing=differing if received.traits else ("identité illisible",),
        one_person_in_message=received.one_person,
        lookalikes=lookalikes,
    )


def _record(person: Person, reception: Reception) -> Record | None:
    """The person's record in the house whose mailbox it is."""
    return Record.objects.filter(person=person, establishment_id=reception.establishment_id).first()


def file_documents(
    reception: Reception, received: Received, record: Record, by: Professional | None = None
) -> None:
    """Put the documents of a message in a record; one that was withdrawn from it comes back."""
    for data, document in received.documents:
        filed = _file_one(data, document, record)
        bring_back(document=filed, by=by)
        ReceivedDocument.objects.get_or_create(reception=reception, document=filed)


def _file_one(data: bytes, read: ReadDocument, record: Record) -> Document:
    """One CDA in the record. The same identifier again is the same document (CI-SIS §3.5.5.10)."""
    unique_id = _identifier(str(read.id) if read.id else store(data))
    every = Document.with_withdrawn.filter(record=record)
    known = every.filter(unique_id=unique_id).first()
    if known:
        return known
    set_id, version = _identifier(str(read.set_id)) if read.set_id else unique_id, read.version or 1
    if every.filter(set_id=set_id, version=version).exists():
        raise DomainError(
            "Une version de même numéro de ce document est déjà classée.", code="version_already_there"
        )
    replaced = (
        Document.objects.filter(record=record, unique_id=str(read.related.id)).first()
        if read.related
        else None
    )
    pdf = render.pdf_of(read)
    return Document.objects.create(
        record=record,
        source=Document.Source.RECEIVED,
        type_code=read.code.code[:MAX_TYPE] if read.code else "",
        title=(read.title or (read.code.display if read.code else "Document reçu"))[:MAX_TITLE],
        written_at=_written_at(read),
        author_label=_author(read),
        media_type="application/pdf" if pdf else "text/xml",
        sha256=store(pdf or data),
        size=len(pdf or data),
        cda_sha256=store(data),
        unique_id=unique_id,
        set_id=set_id,
        version=version,
        replaces=replaced,
    )


def _identifier(text: str) -> str:
    if len(text) > MAX_IDENTIFIER:
        raise DomainError("L’identifiant de ce document est trop long.", code="identifier_too_long")
    return text


def _written_at(read: ReadDocument) -> dt.datetime:
    """A document that says only a day was written at its midnight, in universal time.

    Raises DomainError `date_impossible` when it says none, or one that no clinical document can have.
    """
    moment = read.effective_time
    if moment is None or moment.year not in POSSIBLE_YEARS:
        raise DomainError("La date de ce document manque ou est impossible.", code="date_impossible")
    if isinstance(moment, dt.datetime):
        return moment
    return dt.datetime.combine(moment, dt.time(), tzinfo=dt.UTC)


def _author(read: ReadDocument) -> str:
    for author in read.authors:
        entity = author.entity
        names = [
            entity.person.text if entity.person else "",
            entity.organization.name if entity.organization else "",
        ]
        if any(names):
            return ", ".join(filter(None, names))[:200]
    return read.custodian.name[:200] if read.custodian else ""

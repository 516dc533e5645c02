"""Receiving: a message is kept raw first, then read within bounds, then filed or left to a person.

What is wrong in a message never stops the next one: it is kept, shown, with its reason.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.core.identity import UNKNOWN_PLACE, Ins, Traits
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import load, store
from jalon.exchange import clients
from jalon.exchange.models import ReceivedDocument, Reception, ReceptionState
from jalon.exchange.receipts import put_reports
from jalon.exchange.rules import Claim, Match, match
from jalon.formats import mime
from jalon.formats.cda import reader, render
from jalon.formats.cda.received import ReadDocument
from jalon.formats.xdm import package
from jalon.gateways.mssante.client import Mailbox, RawMessage
from jalon.gateways.mssante.messages import archive_of, parse_subject
from jalon.gateways.mssante.receipts import reports_of
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.people.queries import by_ins, candidates
from jalon.people.rules import differences
from jalon.records.models import Record
from jalon.staff.models import Professional

DONE = "Jalon"  # folder where messages go once kept
MAX_TITLE = 128
MAX_IDENTIFIER = 128
MAX_TYPE = 30
POSSIBLE_YEARS = range(1900, 2200)  # what a database and its readers hold without harm


@dataclass(frozen=True)
class Received:
    """What a message carries: documents, and whose they say they are."""

    documents: tuple[tuple[bytes, ReadDocument], ...]
    ins: Ins | None
    traits: Traits | None
    one_person: bool
    qualified: bool


# --- fetching -----------------------------------------------------------------------------------------------


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
    reception, _ = Reception.objects.get_or_create(
        mailbox=house.mailbox,
        message_id=f"{raw.uidvalidity}.{raw.uid}",
        raw_sha256="",
        defaults={
            "establishment": house,
            "received_at": now,
            "state": ReceptionState.REJECTED,
            "reason": f"Ce message dépasse la taille admise ({raw.size // 2**20} Mo). "
            f"Il reste dans votre messagerie, dossier « {DONE} ».",
        },
    )
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


# --- reading ------------------------------------------------------------------------------------------------


@transaction.atomic
def process(*, reception: Reception, now: dt.datetime) -> Reception:
    """Read a kept message: a report goes to its delivery, a document to its person, the rest waits."""
    reception = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if reception.state != ReceptionState.STORED:
        return reception
    try:
        with transaction.atomic():  # what is refused leaves nothing half filed
            _read(reception, now)
    except DomainError as refusal:
        reception.state, reception.reason = ReceptionState.REJECTED, str(refusal)[:400]
    reception.save()
    return reception


def _read(reception: Reception, now: dt.datetime) -> None:
    mail = mime.read(load(reception.raw_sha256))
    if reports := reports_of(mail):
        put_reports(reception, reports, now)
    else:
        _documents(reception, read_documents(mail))


def read_documents(mail: mime.Mail) -> Received:
    """The documents of a mail, from its IHE_XDM.zip.

    The person is named by METADATA.XML, never by the subject (ECO.2.1.2). Raises DomainError with its place.
    """
    archive = archive_of(mail)
    if archive is None:
        raise DomainError(
            "Ce message n’a pas de document (IHE_XDM.zip). Lisez-le dans votre messagerie.",
            code="mail_without_document",
        )
    opened = package.read(archive.data)
    documents = tuple((one.data, reader.read(one.data)) for one in opened.documents)
    if not documents:
        raise DomainError("L’archive ne contient aucun document.", code="empty_archive")
    patients = opened.patients
    traits = [_traits(document) for _, document in documents]
    agreed = len({(one.birth_name, one.birth_date) for one in traits if one}) <= 1
    named = patients[0].ins if len(patients) == 1 else None
    return Received(
        documents,
        named,
        traits[0],
        one_person=len(patients) == 1 and agreed and _same_ins(documents, named),
        qualified=_qualified(mail, documents),
    )


def _same_ins(documents: Iterable[tuple[bytes, ReadDocument]], named: Ins | None) -> bool:
    """A CDA of another person than METADATA.XML says is of nobody certain."""
    return all(document.patient.ins in (None, named) for _, document in documents)


def _qualified(mail: mime.Mail, documents: Iterable[tuple[bytes, ReadDocument]]) -> bool:
    """A sender writes an INS in a document when the identity is qualified, and X-MSS-INS says it again."""
    carried = all(document.patient.ins for _, document in documents)
    return carried and mail.header("X-MSS-INS").strip().upper() != "N"


def _traits(document: ReadDocument) -> Traits | None:
    patient = document.patient
    if not patient.birth_name or patient.birth_date is None:
        return None
    return Traits(
        birth_name=patient.birth_name,
        first_name=patient.first_name or patient.birth_first_names.split(" ")[0],
        birth_first_names=patient.birth_first_names or patient.first_name,
        sex=patient.sex or "U",
        birth_date=patient.birth_date,
        birth_place=patient.birth_place or UNKNOWN_PLACE,
        birth_date_precision=patient.birth_date_precision,
    )


def _documents(reception: Reception, received: Received) -> None:
    person = by_ins(received.ins.matricule).filter(ins_oid=received.ins.oid).first() if received.ins else None
    verdict, reason = match(_claim(received, person))
    reception.reason = reason
    reception.state = ReceptionState.TO_MATCH
    if verdict is Match.CERTAIN and person:
        if record := _record(person, reception):
            _file(reception, received, record)
            reception.state, reception.person = ReceptionState.FILED, person
        else:
            reception.reason = "Personne connue, mais sans dossier dans cet établissement."


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


# --- filing -------------------------------------------------------------------------------------------------


def _file(reception: Reception, received: Received, record: Record) -> None:
    for data, document in received.documents:
        filed = _file_one(data, document, record)
        ReceivedDocument.objects.get_or_create(reception=reception, document=filed)


def _file_one(data: bytes, read: ReadDocument, record: Record) -> Document:
    """One CDA in the record. The same identifier again is the same document (CI-SIS §3.5.5.10)."""
    unique_id = _identifier(str(read.id) if read.id else store(data))
    known = Document.objects.filter(record=record, unique_id=unique_id).first()
    if known:
        return known
    set_id, version = _identifier(str(read.set_id)) if read.set_id else unique_id, read.version or 1
    if Document.objects.filter(record=record, set_id=set_id, version=version).exists():
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


@transaction.atomic
def confirm_match(*, reception: Reception, record: Record, by: Professional, now: dt.datetime) -> Reception:
    """A person decided whose document it is."""
    reception = _waiting(reception)
    received = read_documents(mime.read(load(reception.raw_sha256)))
    _check_owner(received, record.person)
    _file(reception, received, record)
    reception.state, reception.person = ReceptionState.FILED, record.person
    reception.decided_by, reception.decided_at = by, now
    reception.save()
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
    reception.state, reception.reason = ReceptionState.SET_ASIDE, reason.strip()[:400]
    reception.decided_by, reception.decided_at = by, now
    reception.save()
    record_entry("exchange.set_aside", on=reception.pk, by=by)
    return reception


def _waiting(reception: Reception) -> Reception:
    locked = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if locked.state != ReceptionState.TO_MATCH:
        raise DomainError(
            "Une décision a déjà été prise pour ce message. Rechargez la page.", code="already_decided"
        )
    return locked


# --- for the person who decides -----------------------------------------------------------------------------


def opened(reception: Reception) -> Received | None:
    """What a waiting message carries, for the person who decides; None when it cannot be read."""
    if not reception.raw_sha256:
        return None
    try:
        return read_documents(mime.read(load(reception.raw_sha256)))
    except DomainError:
        return None


def lookalikes(received: Received | None) -> list[Person]:
    """People of the house who may be the one of the message, the most alike first."""
    if received is None or received.traits is None:
        return []
    same: list[Any] = list(by_ins(received.ins.matricule)) if received.ins else []
    return same + [person for person in candidates(received.traits) if person not in same]

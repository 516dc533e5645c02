"""May this document go there, today? The facts of the decision; the decision itself is `rules.refusal`."""

from django.conf import settings

from jalon.core.identity import Ins
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.compose import people
from jalon.exchange.models import Destination
from jalon.exchange.rules import Sending, refusal
from jalon.formats.cda import reader
from jalon.people.actions import opposes
from jalon.people.models import Consent

PURPOSES = {Destination.DMP: Consent.Purpose.DMP_FEED, Destination.CITIZEN_MAIL: Consent.Purpose.CITIZEN_MAIL}


def check_sending(document: Document, destination: str) -> str | None:
    """Why this document may not go to this destination; None when it may."""
    person = document.record.person
    return refusal(
        Sending(
            destination=destination,
            type_code=document.type_code,
            qualified=person.is_qualified,
            doubtful=person.doubtful or person.fictitious,
            opposed=opposes(person, PURPOSES[Destination(destination)]),
            connected=is_connected(document, destination),
            has_clinical_document=bool(document.cda_sha256),
            names_the_person=_named(document) == people.qualified_ins(person),
        )
    )


def is_connected(document: Document, destination: str) -> bool:
    if destination == Destination.DMP:
        return bool(settings.DMP_URL)
    mailbox = document.record.establishment.mailbox
    return bool(settings.MSSANTE_SMTP and settings.MSSANTE_CITIZEN_DOMAIN and mailbox)


def _named(document: Document) -> Ins | None:
    """The INS the clinical document itself carries: receivers file it by that one."""
    return reader.read(load(document.cda_sha256)).patient.ins if document.cda_sha256 else None

"""May this document go there, today? The facts of the decision; the decision itself is `rules.refusal`."""

from jalon.core.identity import Ins
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.compose import people
from jalon.exchange.outbox.papers import paper_of_type
from jalon.exchange.outbox.routes import routes
from jalon.exchange.rules import Sending, refusal
from jalon.formats.cda import reader
from jalon.people.actions import opposes


def check_sending(document: Document, destination: str) -> str | None:
    """Why this document may not go to this destination; None when it may."""
    person, route = document.record.person, routes()[destination]
    signed_here = document.source == Document.Source.OWN
    paper = paper_of_type(document.type_code) if signed_here else None
    return refusal(
        Sending(
            of_ours=paper is not None and paper.leaves,
            qualified=person.is_qualified,
            doubtful=person.doubtful or person.fictitious,
            opposed=bool(route.purpose) and opposes(person, route.purpose),
            connected=route.connected(document),
            has_clinical_document=bool(document.cda_sha256),
            names_the_person=_named(document) == people.qualified_ins(person),
        )
    )


def _named(document: Document) -> Ins | None:
    """The INS the clinical document itself carries: receivers file it by that one."""
    return reader.read(load(document.cda_sha256)).patient.ins if document.cda_sha256 else None

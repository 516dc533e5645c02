"""A kept document, read: its clinical content as values, its file as bytes."""

from jalon.core.errors import DomainError
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange import confined
from jalon.formats.cda import reader
from jalon.formats.cda.received import ReadDocument


def read_of(document: Document) -> ReadDocument | None:
    """The clinical content; None when there is none, or when it cannot be read.

    What was made here is read here; what came from elsewhere, by a child within limits.
    """
    if not document.cda_sha256:
        return None
    read = reader.read if document.source == Document.Source.OWN else confined.document
    try:
        found: ReadDocument = read(load(document.cda_sha256))
    except DomainError:
        return None
    return found


def file_of(document: Document) -> bytes:
    """The bytes people open: the PDF, or the document itself."""
    return load(document.sha256)

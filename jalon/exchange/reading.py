"""A kept document, readable: its clinical content as our own safe HTML, its file as bytes."""

from jalon.core.errors import DomainError
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.formats.cda import reader, render


def readable(document: Document) -> str:
    """The clinical content as HTML that may be inserted as it is; '' when there is none."""
    if not document.cda_sha256:
        return ""
    try:
        return render.fragment(reader.read(load(document.cda_sha256)), heading=2)
    except DomainError:
        return ""


def file_of(document: Document) -> bytes:
    """The bytes people open: the PDF, or the document itself."""
    return load(document.sha256)

"""A clinical document as it is read on a screen: its PDF first, then its text, then what came with it."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from csp.constants import SELF
from django.http import FileResponse
from markupsafe import Markup

from jalon.formats.cda import render
from jalon.formats.cda.received import Attachment, ReadDocument

PDF = "application/pdf"
# What a browser shows by itself, known by its first bytes: what a sender declares is not believed.
SHOWN = {b"%PDF-": PDF, b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
WORDS = {
    PDF: "PDF joint",
    "image/png": "Image jointe",
    "image/jpeg": "Image jointe",
    "image/gif": "Image jointe",
}


@dataclass(frozen=True)
class Joined:
    """A file that came with a document: its place, its words, its address."""

    anchor: str
    label: str
    address: str
    image: bool


@dataclass(frozen=True)
class Paper:
    """What a page shows of a document; `pdf` is the address of what is read first, "" without."""

    title: str
    content: Markup
    pdf: str
    joined: tuple[Joined, ...]


def paper(read: ReadDocument, *, heading: int, pdf: str, joined: Callable[[int], str]) -> Paper:
    """A read document: its PDF, if it has one, is at `pdf`; its files are where `joined` says, by rank."""
    return Paper(
        read.title or "Document",
        Markup(render.fragment(read, heading=heading)),  # noqa: S704  our own escaped rendering
        pdf if _kind(render.pdf_of(read) or b"") == PDF else "",
        tuple(_joined(one, joined(rank)) for rank, one in enumerate(render.joined(read))),
    )


def plain(title: str, media_type: str, address: str) -> Paper:
    """A paper without clinical content: its PDF, or its picture, shown in place."""
    picture = Joined("fichier", "Ouvrir l’image", address, image=True)
    shown = (picture,) if media_type.startswith("image/") else ()
    return Paper(title, Markup(""), address if media_type == PDF else "", shown)


def _joined(file: Attachment, address: str) -> Joined:
    kind = _kind(file.data)
    label = WORDS.get(kind, f"Fichier joint ({file.media_type or 'type non dit'})")
    where = (
        "Copie PDF de tout le document" if file.is_copy else ", ".join(filter(None, (label, file.section)))
    )
    return Joined(render.anchor(f"file-{file.id}"), where, address, kind.startswith("image/"))


def _kind(data: bytes) -> str:
    return next((kind for start, kind in SHOWN.items() if data.startswith(start)), "")


def served(data: bytes, name: str, *, otherwise: str = "bin") -> FileResponse:
    """Bytes of a document: shown inside a page of ours when a browser shows their kind, else to download.

    `name` says nothing of the person: the address of a file may be logged. `otherwise`: the suffix of what is
    only downloaded.
    """
    kind = _kind(data)
    suffix = kind.rpartition("/")[2] or otherwise
    answer = FileResponse(
        io.BytesIO(data),
        content_type=kind or "application/octet-stream",
        filename=f"{name}.{suffix}",
        as_attachment=not kind,
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    vars(answer)["_csp_replace"] = {"frame-ancestors": [SELF]}
    return answer

"""IHE_XDM.zip, the archive a MSSanté mail carries: a folder a submission set, metadata and documents.

    INDEX.HTM  README.TXT  IHE_XDM/SUBSET01/METADATA.XML  IHE_XDM/SUBSET01/DOC00001.XML …

`build` writes it (here), `read` takes in what a stranger sends (`reading.py`). IHE ITI-32, CI-SIS.
"""

import datetime as dt
import hashlib
import html
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from jalon.formats import xds
from jalon.formats.xdm.reading import Document, Limits, Package, Subset, read

__all__ = ["Document", "Limits", "Origin", "Package", "Subset", "build", "described", "read"]

FOLDER: Final = "IHE_XDM/SUBSET01"
METADATA: Final = f"{FOLDER}/METADATA.XML"
_EXTENSIONS: Final = {"application/pdf": "PDF", "text/plain": "TXT", "image/jpeg": "JPG", "image/tiff": "TIF"}
_FIRST_YEAR: Final = 1980


@dataclass(frozen=True)
class Origin:
    """Who sends, and with what: the words of INDEX.HTM and README.TXT."""

    organization: str
    person: str = ""
    address: str = ""
    telephone: str = ""
    software: str = "Jalon"
    version: str = ""
    vendor: str = "Jalon"


def described(documents: Sequence[tuple[xds.DocumentEntry, bytes]]) -> list[xds.DocumentEntry]:
    """The entries with what METADATA.XML adds to them: file name (8.3), size and SHA-1 of the exact bytes."""
    entries = xds.numbered([entry for entry, _ in documents])
    return [
        replace(
            entry,
            uri=f"DOC{rank:05d}.{_EXTENSIONS.get(entry.mime_type, 'XML')}",
            hash=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
            size=len(data),
        )
        for rank, (entry, (_, data)) in enumerate(zip(entries, documents, strict=True), start=1)
    ]


def build(
    submission: xds.SubmissionSet,
    documents: Sequence[tuple[xds.DocumentEntry, bytes]],
    *,
    origin: Origin,
    at: dt.datetime,
    associations: Sequence[xds.Association] = (),
) -> bytes:
    """The archive of one submission. The same arguments give the same bytes; `at` (aware) dates the files.

    Raises DomainError `xds_incomplete` or `xds_too_long`, ValueError when `at` is before 1980 (zip's limit).
    """
    entries = described(documents)
    metadata = xds.to_bytes(xds.submit_objects(submission, entries, associations))
    contents = [(entry.uri, data) for entry, (_, data) in zip(entries, documents, strict=True)]
    files = [
        ("INDEX.HTM", _index(origin, submission, entries)),
        ("README.TXT", _readme(origin, submission, entries)),
        (METADATA, metadata),
        *((f"{FOLDER}/{name}", data) for name, data in contents),
    ]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            # The lightest: most of a document is a PDF in base64, and a harder try takes off 1 % more.
            archive.writestr(_info(name, at), data, compresslevel=1)
    return written.getvalue()


def _info(name: str, at: dt.datetime) -> zipfile.ZipInfo:
    utc = at.astimezone(dt.UTC)
    if utc.year < _FIRST_YEAR:
        raise ValueError("a zip cannot date a file before 1980")
    info = zipfile.ZipInfo(name, (utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    return info


def _index(origin: Origin, submission: xds.SubmissionSet, entries: Sequence[xds.DocumentEntry]) -> bytes:
    """The page a reader opens first (ITI-32 §3.32.4.1.2.2): the sender, the documents, the README."""
    items = "".join(
        f'<li><a href="{FOLDER}/{entry.uri}">{html.escape(entry.title)}</a></li>' for entry in entries
    )
    text = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.1//EN" '
        '"http://www.w3.org/TR/xhtml-basic/xhtml-basic11.dtd">\r\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>'
        f"<title>{html.escape(submission.title or 'Documents')}</title></head><body>\r\n"
        f"<h1>{html.escape(origin.organization)}</h1>\r\n"
        f"<ul>{items}</ul>\r\n"
        '<p><a href="README.TXT">README.TXT</a></p>\r\n</body></html>\r\n'
    )
    return text.encode()


def _readme(origin: Origin, submission: xds.SubmissionSet, entries: Sequence[xds.DocumentEntry]) -> bytes:
    """Sender, application, how to read the archive, and its tree (ITI-32 §3.32.4.1.2.1)."""
    sender = [
        f"{label} : {value}"
        for label, value in (
            ("Nom", origin.person),
            ("Structure", origin.organization),
            ("Adresse", origin.address),
            ("Téléphone", origin.telephone),
        )
        if value
    ]
    lines = [
        "ÉMETTEUR",
        *sender,
        "",
        "LOGICIEL",
        f"Nom : {origin.software}",
        *([f"Version : {origin.version}"] if origin.version else []),
        f"Éditeur : {origin.vendor}",
        "",
        "CONTENU",
        "Ouvrez INDEX.HTM dans un navigateur pour la liste des documents. Un logiciel de santé lit",
        f"{METADATA}, qui décrit le lot {submission.unique_id}.",
        "",
        "ARBORESCENCE",
        "INDEX.HTM",
        "README.TXT",
        METADATA,
        *(f"{FOLDER}/{entry.uri}  {entry.title}" for entry in entries),
        "",
    ]
    return "\r\n".join(lines).encode()

"""Reading an IHE_XDM.zip a stranger sent: every size bounded before memory is taken, every path looked at.

Refusals are DomainErrors whose place is the file: `xdm_refused` (not a readable archive, encrypted, two files
of one name, a document missing, metadata unreadable), `xdm_too_big`, `xdm_path`, `xdm_no_metadata`,
`xdm_hash`.
"""

import hashlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from jalon.core.errors import DomainError
from jalon.formats import xds

CHUNK: Final = 64 * 2**10
MEGABYTE: Final = 2**20
ENCRYPTED: Final = 0x1
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SUBSET = re.compile(r"(?:.*/)?IHE_XDM/(?P<subset>[^/]+)/METADATA\.XML", re.IGNORECASE)
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Limits:
    """What an archive may cost, in bytes unless said. A mail is 25 MB at most; text may grow 100-fold.

    `ratio` is looked at once a file exceeds one megabyte, so that a small file full of spaces passes.
    """

    archive: int = 40 * MEGABYTE
    files: int = 500
    file: int = 50 * MEGABYTE
    total: int = 150 * MEGABYTE
    metadata: int = 5 * MEGABYTE
    ratio: int = 100


@dataclass(frozen=True)
class Document:
    """A document METADATA.XML describes, with its bytes."""

    entry: xds.DocumentEntry
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Subset:
    """One submission set. `extras` are the other files of its folder (the PDF copies), by name in it.

    A received stylesheet is an extra like another: kept, never run.
    """

    name: str
    metadata: xds.Metadata
    documents: tuple[Document, ...]
    extras: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class Package:
    """What an archive holds. `warnings` (French) say what was odd and how it was understood."""

    subsets: tuple[Subset, ...]
    warnings: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(document for subset in self.subsets for document in subset.documents)

    @property
    def patients(self) -> tuple[xds.PatientId, ...]:
        """The distinct patients the metadata name: a mail must concern one and only one (ECO.2.1.1)."""
        found: dict[tuple[str, str], xds.PatientId] = {}
        for subset in self.subsets:
            for patient in (subset.metadata.submission.patient_id, *_patients(subset)):
                found.setdefault((patient.value, patient.authority), patient)
        return tuple(found.values())


def _patients(subset: Subset) -> list[xds.PatientId]:
    return [document.entry.patient_id for document in subset.documents]


def read(data: bytes, limits: Limits | None = None) -> Package:
    """The submissions of an archive, each document's size and hash checked.

    Raises the DomainErrors of this module. Archives inside the archive are not opened.
    """
    files = _files(data, limits or Limits())
    folders = _folders(files)
    if not folders:
        raise DomainError(
            "L’archive ne contient pas de fichier METADATA.XML : ce n’est pas une archive IHE_XDM.",
            code="xdm_no_metadata",
            place="IHE_XDM",
        )
    warnings: list[str] = []
    subsets = tuple(
        _subset(folder, name, files, limits or Limits(), warnings) for folder, name in folders.items()
    )
    return Package(subsets, tuple(warnings))


def _refused(message: str, place: str) -> DomainError:
    return DomainError(message, code="xdm_refused", place=place)


def _too_big(place: str) -> DomainError:
    return DomainError("L’archive est trop grande. Elle n’a pas été lue.", code="xdm_too_big", place=place)


# --- the zip ---------------------------------------------------------------------------------------


def _files(data: bytes, limits: Limits) -> dict[str, tuple[str, bytes]]:
    """(written name, bytes) of every file, by its upper-case path."""
    # The central directory is read whole by zipfile, so its entries are counted first (one signature each).
    if len(data) > limits.archive or data.count(b"PK\x01\x02") > 2 * limits.files:
        raise _too_big("archive")
    files: dict[str, tuple[str, bytes]] = {}
    left = limits.total
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in _entries(archive, limits):
                name = _slashed(info.filename)
                path = name.upper()
                if path in files:
                    raise _refused("Deux fichiers de l’archive portent le même nom.", name)
                files[path] = name, _content(archive, info, min(limits.file, left), limits.ratio)
                left -= len(files[path][1])
    except _UNREADABLE as error:
        raise _refused("L’archive est illisible.", "archive") from error
    return files


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of an archive, directories left out, once their names and methods are accepted."""
    entries = archive.infolist()
    if len(entries) > limits.files:
        raise _too_big("archive")
    for info in entries:
        _check_path(info)
        if info.flag_bits & ENCRYPTED:
            raise _refused("L’archive est chiffrée.", info.filename)
        if info.compress_type not in METHODS:
            raise _refused("L’archive emploie une compression qui n’est pas acceptée.", info.filename)
    return [info for info in entries if not _slashed(info.filename).endswith("/")]


def _slashed(name: str) -> str:
    """The path of a file as a zip must write it (APPNOTE §4.4.17.1): some software of Windows does not."""
    return name.replace("\\", "/")


def _check_path(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    parts = _slashed(name).rstrip("/").split("/")
    printable = name.isprintable() and ":" not in name
    link = stat.S_ISLNK(info.external_attr >> 16)
    if link or not printable or any(part in ("", ".", "..") for part in parts):
        shown = name.encode("ascii", "backslashreplace").decode()
        raise DomainError("Un chemin de l’archive sort de son dossier.", code="xdm_path", place=shown)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, ratio: int) -> bytes:
    """The bytes of one file, counted as they come out: a declared size is not believed."""
    content = bytearray()
    with archive.open(info) as stream:
        while chunk := stream.read(CHUNK):
            content += chunk
            grown = len(content) > MEGABYTE and len(content) > ratio * max(info.compress_size, 1)
            if grown or len(content) > room:
                raise _too_big(info.filename)
    if len(content) != info.file_size:
        raise _refused("Un fichier de l’archive n’a pas la taille qu’elle annonce.", info.filename)
    return bytes(content)


# --- the metadata ----------------------------------------------------------------------------------


def _folders(files: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    """The name of each subset, by the upper-case path of its folder (with its final slash)."""
    found = ((path, _SUBSET.fullmatch(path)) for path in sorted(files))
    return {path.removesuffix("METADATA.XML"): match["subset"] for path, match in found if match}


def _subset(
    folder: str,
    name: str,
    files: Mapping[str, tuple[str, bytes]],
    limits: Limits,
    warnings: list[str],
) -> Subset:
    place, content = files[f"{folder}METADATA.XML"]
    if len(content) > limits.metadata:
        raise _too_big(place)
    try:
        metadata = xds.decode(content)
    except DomainError as error:
        raise _refused(error.message, f"{place} ({error.place})" if error.place else place) from error
    warnings += (f"{name} : {warning}" for warning in metadata.warnings)
    if folder != f"IHE_XDM/{name}/":
        warnings.append(f"{name} : l’archive a un dossier de trop au-dessus d’IHE_XDM.")
    documents = tuple(_document(entry, folder, files, warnings) for entry in metadata.entries)
    known = {f"{folder}{entry.uri.upper()}" for entry in metadata.entries} | {f"{folder}METADATA.XML"}
    extras = {
        written[len(folder) :]: data
        for path, (written, data) in files.items()
        if path.startswith(folder) and path not in known
    }
    return Subset(name, metadata, documents, extras)


def _document(
    entry: xds.DocumentEntry,
    folder: str,
    files: Mapping[str, tuple[str, bytes]],
    warnings: list[str],
) -> Document:
    if not entry.uri or "/" in entry.uri or "\\" in entry.uri or ".." in entry.uri:
        code = "xdm_path" if entry.uri else "xdm_refused"
        raise DomainError("Le nom de fichier d’un document n’est pas accepté.", code=code, place=entry.id)
    found = files.get(f"{folder}{entry.uri.upper()}")
    if found is None:
        raise _refused("Un document annoncé par les métadonnées manque dans l’archive.", entry.uri)
    written, data = found
    _check_hash(entry, data, written)
    if not entry.hash or entry.size is None:
        warnings.append(f"{written} : ni empreinte ni taille à comparer, ou l’une des deux manque.")
    return Document(entry, data)


def _check_hash(entry: xds.DocumentEntry, data: bytes, place: str) -> None:
    """SHA-1 is what XDS asks for: it detects an accident, not a forger."""
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    if (entry.hash and entry.hash != digest) or (entry.size is not None and entry.size != len(data)):
        raise DomainError(
            "Un document ne correspond pas à l’empreinte ou à la taille annoncée. Il a changé en chemin.",
            code="xdm_hash",
            place=place,
        )

"""Reading a kept message within bounds: its documents, and whose they say they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from jalon.core.errors import DomainError
from jalon.core.identity import UNKNOWN_PLACE, Ins, Traits
from jalon.formats import mime
from jalon.formats.cda import reader
from jalon.formats.cda.received import ReadDocument
from jalon.formats.xdm import package
from jalon.gateways.mssante.messages import archives_of


@dataclass(frozen=True)
class Received:
    """What an archive carries: documents, and whose they say they are.

    `unread`: why, in French, each document that cannot be read cannot. `sets`: the submission sets it holds.
    """

    documents: tuple[tuple[bytes, ReadDocument], ...]
    ins: Ins | None
    traits: Traits | None
    one_person: bool
    qualified: bool
    unread: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


def read_documents(mail: mime.Mail, part: int = 0) -> Received:
    """The documents of a mail, from one of its archives IHE_XDM.zip: the one of this rank.

    The person is named by METADATA.XML, never by the subject (ECO.2.1.2). A document that cannot be read does
    not hide the others. Raises DomainError with its place.
    """
    archives = archives_of(mail)
    if part >= len(archives):
        raise DomainError(
            "Ce message n’a pas de document (IHE_XDM.zip). Lisez-le dans votre messagerie.",
            code="mail_without_document",
        )
    opened = package.read(archives[part].data)
    documents, refused = _read(opened)
    if not documents:
        raise (
            refused[0]
            if refused
            else DomainError("L’archive ne contient aucun document.", code="empty_archive")
        )
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
        unread=tuple(f"Un document de ce message n’a pas été lu. {one}" for one in refused),
        sets=tuple(subset.metadata.submission.unique_id for subset in opened.subsets),
    )


def _read(opened: package.Package) -> tuple[tuple[tuple[bytes, ReadDocument], ...], list[DomainError]]:
    """The documents of an archive, and the refusals of those that cannot be read."""
    documents, refused = [], []
    for one in opened.documents:
        try:
            documents.append((one.data, reader.read(one.data)))
        except DomainError as refusal:
            refused.append(refusal)
    return tuple(documents), refused


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

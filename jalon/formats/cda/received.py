"""What a received document says, as frozen values: its header, its narrative, its files."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Literal

from jalon.core.errors import DomainError
from jalon.formats.cda.body import Embedded
from jalon.formats.cda.header import (
    Author,
    Code,
    Encounter,
    Header,
    Id,
    Informant,
    LegalAuthenticator,
    Moment,
    Organization,
    Patient,
    Recipient,
    Related,
    ServiceEvent,
)

# plain: ClinicalDocument is the root; self-presenting: inside an XSLT stylesheet (never run); signed: inside
# a ds:Signature (§3.3). Neither the stylesheet nor the signature is looked at here.
Envelope = Literal["plain", "self-presenting", "signed", "other"]
_FRENCH = {
    "id": "identifiant",
    "set_id": "identifiant du lot de versions",
    "version": "numéro de version",
    "code": "type",
    "effective_time": "date de création",
    "custodian": "structure qui conserve",
    "legal_authenticator": "responsable",
    "encounter": "prise en charge",
    "confidentiality": "niveau de confidentialité",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of narrative: one of the elements CDA allows, its few useful attributes, what is inside."""

    tag: str
    children: tuple["Node | str", ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return next((value for key, value in self.attributes if key == name), "")


@dataclass(frozen=True, slots=True)
class ReadSection:
    title: str
    code: Code | None = None
    templates: tuple[Id, ...] = ()
    narrative: tuple[Node | str, ...] = ()
    sections: tuple["ReadSection", ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried by an entry (observationMedia). `is_copy`: the PDF that shows the whole document."""

    media_type: str
    data: bytes
    id: str = ""
    section: str = ""
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as received. Fields have the names of `Header`; what it does not say is None or empty."""

    id: Id | None
    set_id: Id | None
    version: int | None
    code: Code | None
    title: str
    effective_time: Moment | None
    patient: Patient
    authors: tuple[Author, ...]
    custodian: Organization | None
    legal_authenticator: LegalAuthenticator | None
    events: tuple[ServiceEvent, ...]
    encounter: Encounter | None
    informants: tuple[Informant, ...]
    recipients: tuple[Recipient, ...]
    related: Related | None
    confidentiality: Code | None
    language: str
    templates: tuple[Id, ...]
    envelope: Envelope = "plain"
    embedded: Embedded | None = None
    sections: tuple[ReadSection, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def level(self) -> Literal[1, 3]:
        """1 when the body is a file, 3 when it is made of sections."""
        return 1 if self.embedded else 3

    @property
    def media_type(self) -> str:
        return self.embedded.media_type if self.embedded else "text/xml"

    def header(self) -> Header:
        """The same facts as a `Header`, for the rules and the XDS metadata.

        Raises DomainError `cda_incomplete`, naming what is missing, when a mandatory part is.
        """
        values = {field.name: getattr(self, field.name) for field in fields(Header)}
        if not isinstance(self.effective_time, dt.datetime):
            values["effective_time"] = None
        if missing := [name for name, label in _FRENCH.items() if values[name] is None]:
            raise DomainError(
                f"Le document ne dit pas : {', '.join(_FRENCH[name] for name in missing)}.",
                code="cda_incomplete",
                place="en-tête",
            )
        return Header(**values)

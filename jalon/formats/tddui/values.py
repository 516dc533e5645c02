"""The small values every class of a transfer is made of: codes, names, addresses, periods, links.

Dates and moments stay the text of the standard (`1950`, `1950-03`, `1950-03-12`,
`2023-04-14T10:30:00+02:00`): a partial date is a fact, and the offset of a moment is part of what the sender
said. `""` and `None` mean absent, never unknown.
"""

from dataclasses import dataclass
from typing import Literal

PartialDate = str
"""FHIR `date`: year, year-month or full day; `""` when absent."""
Moment = str
"""FHIR `dateTime`: a partial date, or a full instant with its offset; `""` when absent."""

ResidueKind = Literal["element", "label", "order", "exact"]


@dataclass(frozen=True)
class Residue:
    """What the model does not hold of one resource, kept so that the export puts it back.

    `path`: FHIR path inside the resource (`identifier[1].assigner`). `json`: the element, as JSON text; a
    reference in it is written as a token (`Practitioner?identifier=<key>`). `anchor`: technical JSON that
    finds the place again after an edit.
    `kind`: `element`, an element of ours unknown (the only kind that counts as verbatim); `label`, the
    `display` of a code that the model holds; `order`, the order of a list in which order means nothing;
    `exact`, the exact writing of a value.
    """

    path: str
    json: str
    kind: ResidueKind = "element"
    anchor: str = ""


@dataclass(frozen=True)
class Coding:
    """FHIR Coding: `system` is the URL as received."""

    system: str = ""
    code: str = ""
    display: str = ""
    version: str = ""


@dataclass(frozen=True)
class Envelope:
    """What surrounds a resource: `full_url` and `technical_id` as received (the export draws its own),
    language, narrative.

    `profiles`: `meta.profile` as received. `last_updated`: `meta.lastUpdated`, where it is not the date of
    the status (see Status). `version_id`: received, never sent. `narrative`: the `text` element as JSON text,
    or `""`; blank it when the object is edited, or it would tell something else than the data.
    """

    full_url: str = ""
    technical_id: str = ""
    profiles: tuple[str, ...] = ()
    last_updated: Moment = ""
    version_id: str = ""
    source: str = ""
    tags: tuple[Coding, ...] = ()
    security: tuple[Coding, ...] = ()
    language: str = ""
    narrative: str = ""


@dataclass(frozen=True)
class Coded:
    """FHIR CodeableConcept: its first coding flattened, its text, and `others`, the codings after the
    first."""

    system: str = ""
    code: str = ""
    display: str = ""
    text: str = ""
    version: str = ""
    others: tuple[Coding, ...] = ()


@dataclass(frozen=True)
class Period:
    """FHIR Period; either bound may be absent."""

    start: Moment = ""
    end: Moment = ""


@dataclass(frozen=True)
class Link:
    """A reference to another object of the transfer, by its business key.

    `to`: FHIR type (`Patient`, `Practitioner`…). `key`: key of the target in the transfer. `display`: label
    as received.
    `identifier`: a logical reference (no target in the file). `uri`: the raw reference, only when it was not
    resolved.
    """

    to: str = ""
    key: str = ""
    display: str = ""
    identifier: "Identifier | None" = None
    uri: str = ""
    type: str = ""


@dataclass(frozen=True)
class Identifier:
    """FHIR Identifier, whole: `type` says what it is (PI, INS-NIR, IDNPS…), `assigner` who gave it."""

    system: str = ""
    value: str = ""
    type: Coded | None = None
    use: str = ""
    period: Period | None = None
    assigner: Link | None = None


@dataclass(frozen=True)
class PersonName:
    """FHIR HumanName. `birth_first_names`: the whole list of the birth certificate
    (fr-core-patient-birth-list-given-name).

    In an official name `family` is the birth name and `given[0]` the first name of the birth certificate; in
    a usual name, the used name and the used first name. `prefix`: civility (JDV_J245). `use`: `official`,
    `usual`…
    """

    use: str = ""
    family: str = ""
    given: tuple[str, ...] = ()
    birth_first_names: str = ""
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    text: str = ""
    period: Period | None = None
    assembly_order: str = ""


@dataclass(frozen=True)
class AddressPart:
    """A part of a line: `kind` is the ISO 21090 suffix (`houseNumber`, `streetNameBase`, `streetNameType`,
    `postBox`…)."""

    kind: str
    value: str


@dataclass(frozen=True)
class AddressLine:
    """One line of an address, with its parts if the sender gave them."""

    text: str = ""
    parts: tuple[AddressPart, ...] = ()


@dataclass(frozen=True)
class Address:
    """FHIR Address. `insee`: commune code (COG) by fr-core-address-insee-code; `country`: code or name as
    received."""

    use: str = ""
    type: str = ""
    text: str = ""
    lines: tuple[AddressLine, ...] = ()
    postal_code: str = ""
    city: str = ""
    district: str = ""
    state: str = ""
    country: str = ""
    insee: Coding | None = None
    period: Period | None = None
    comment: str = ""


@dataclass(frozen=True)
class Telecom:
    """FHIR ContactPoint: `channel` is phone, email, fax, url…; `rank` 1 is called first; `email_type`:
    fr-core (MSS…)."""

    channel: str = ""
    value: str = ""
    use: str = ""
    rank: int | None = None
    period: Period | None = None
    email_type: Coding | None = None


@dataclass(frozen=True)
class Status:
    """Where an object stands.

    `code`: business code of JDV_J281 (ENPREPARATION, ENCOURS, ENPAUSE, ACTIF, PLANIFIE, VALIDE, TERMINE,
    ANNULE) when the FHIR status has one; otherwise `""`, and `fhir` keeps the FHIR status. The writer uses
    `code` if it is set.
    `date`: dateStatut or dateModification (meta.lastUpdated, an instant with its offset). `author`: who set
    it.
    `reason`: why an event was cancelled (motifNonRealisation), or the reason of an action's status.
    """

    code: str = ""
    fhir: str = ""
    date: Moment = ""
    author: Link | None = None
    reason: Coded | None = None


@dataclass(frozen=True)
class Note:
    """FHIR Annotation: text, who wrote it (`author`, or `author_name` when the sender gave a name only),
    when."""

    text: str = ""
    author: Link | None = None
    author_name: str = ""
    time: Moment = ""


@dataclass(frozen=True)
class Attachment:
    """FHIR Attachment; `data` is base64 as received; `size` in bytes."""

    content_type: str = ""
    title: str = ""
    data: str = ""
    url: str = ""
    language: str = ""
    size: int | None = None
    hash: str = ""
    creation: Moment = ""


@dataclass(frozen=True)
class Nationality:
    """A nationality (TRE_R89 or ISO 3166) and when it held. `url`: the extension it came in, `""` for the
    usual one."""

    code: Coded | None = None
    period: Period | None = None
    url: str = ""


@dataclass(frozen=True)
class Language:
    """A spoken language (JDV_J115)."""

    code: Coded | None = None
    preferred: bool | None = None

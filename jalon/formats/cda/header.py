"""The header of a French clinical document, as frozen values (CI-SIS, Structuration minimale 1.16.8, §3.5).

The same classes are written (`writer`) and read (`reader`). What a received document does not carry is
empty, never invented. Times are aware datetimes; a birth date keeps how much of it is known.
"""

import datetime as dt
from dataclasses import dataclass

from jalon.core.identity import DatePrecision, Ins, Sex

PROFESSIONALS = "1.2.250.1.71.4.2.1"  # PS_IdNat: 8 + RPPS, 3 + FINESS/internal, 5 + SIRET/internal…
STRUCTURES = "1.2.250.1.71.4.2.2"  # Struct_IdNat: 1 + FINESS, 3 + SIRET…
LOINC = "2.16.840.1.113883.6.1"

Moment = dt.datetime | dt.date


@dataclass(frozen=True, slots=True)
class Id:
    """An instance identifier. A document for the DMP has its whole OID in `root`, and no extension."""

    root: str
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.root}^{self.extension}" if self.extension else self.root


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value: the code, the OID of its code system, and its label.

    `translations` are the same fact in other code systems; `original_text` says it in free words.
    """

    code: str
    system: str
    display: str = ""
    system_name: str = ""
    translations: tuple["Code", ...] = ()
    original_text: str = ""


NORMAL = Code("N", "2.16.840.1.113883.5.25", "Normal")
RESTRICTED = Code("R", "2.16.840.1.113883.5.25", "Restreint")
VERY_RESTRICTED = Code("V", "2.16.840.1.113883.5.25", "Très restreint")
ESSMS = Code("ESSMS", "1.2.250.1.213.1.1.4.9", "Etablissement ou Service Social ou Médico-Social")


# --- places and people -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address: either whole `lines` (from the second AFNOR line on), or its parts (§3.5.6.1)."""

    lines: tuple[str, ...] = ()
    locator: str = ""
    unit: str = ""
    number: str = ""
    street: str = ""
    post_box: str = ""
    precinct: str = ""
    postal_code: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    use: str = ""

    @property
    def printed(self) -> tuple[str, ...]:
        """The address as lines to show or print."""
        if self.lines:
            return self.lines
        street = f"{self.number} {self.street}".strip()
        town = f"{self.postal_code} {self.city}".strip()
        parts = (
            self.locator,
            self.unit,
            street,
            self.post_box,
            self.precinct,
            town,
            self.state,
            self.country,
        )
        return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Telecom:
    """A telephone or a network address, with its prefix: `tel:0147150000`, `mailto:a@b.fr` (§3.5.6.2)."""

    value: str
    use: str = ""

    @property
    def text(self) -> str:
        """The value without its prefix."""
        return self.value.partition(":")[2] or self.value


@dataclass(frozen=True, slots=True)
class PersonName:
    """The name of a professional or of someone close. `birth_family` only when it is known and differs."""

    family: str
    given: str = ""
    prefix: str = ""
    suffix: str = ""
    birth_family: str = ""

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.prefix, self.given, self.family) if part)


@dataclass(frozen=True, slots=True)
class Organization:
    """A structure. `id` is a Struct_IdNat under STRUCTURES; `setting` its practice setting (JDV_J04)."""

    id: Id | None
    name: str = ""
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()
    setting: Code | None = None


DMP = Organization(
    Id("1.2.250.1.213.4.1"), "DMP"
)  # custodian of what the person writes themselves (§3.5.5.16)


@dataclass(frozen=True, slots=True)
class Device:
    """The software that wrote, when the author is a system (§3.5.5.13.3.6)."""

    model: str
    software: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A professional, a system or the person themselves, in a role (assignedAuthor, assignedEntity)."""

    id: Id | None
    profession: Code | None = None
    person: PersonName | None = None
    organization: Organization | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True)
class Guardian:
    """The representative of a minor or of a protected adult: a person or an organization, not both."""

    person: PersonName | None = None
    organization: Organization | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True)
class Patient:
    """The person (recordTarget, §3.5.5.12).

    `ins` only when the identity is qualified: the caller decides. `birth_first_names` is the whole list,
    separated by spaces; `first_name` the first of them. `birth_place` is the COG code.
    """

    birth_name: str = ""
    first_name: str = ""
    birth_first_names: str = ""
    sex: Sex | None = None
    birth_date: dt.date | None = None
    birth_date_precision: DatePrecision = "day"
    birth_place: str = ""
    birth_place_name: str = ""
    ins: Ins | None = None
    local_ids: tuple[Id, ...] = ()
    used_name: str = ""
    used_first_name: str = ""
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    guardians: tuple[Guardian, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedPerson:
    """Someone close (§3.5.5.15): CON informant, NOK trusted, ECON in an emergency, CAREGIVER, PAT helped.

    `relation` belongs to JDV_J11.
    """

    kind: str
    person: PersonName
    relation: Code | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


Informant = RelatedPerson | Entity


# --- what was done, by whom ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Author:
    """An author: `function` (JDV_J47) for a professional only, `device` for a system only."""

    time: Moment | None
    entity: Entity
    function: Code | None = None
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class LegalAuthenticator:
    """Who answers for the document, and when they did so."""

    time: Moment | None
    entity: Entity


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the document is meant for when it is written; says nothing of what is sent later (§3.5.5.17)."""

    id: Id | None = None
    person: PersonName | None = None
    organization: Organization | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """A documented act. The first of a header is the main one: `low` and `performer` are then mandatory.

    The performer's organization carries the practice setting, from which XDS takes practiceSettingCode.
    """

    low: Moment | None = None
    performer: Entity | None = None
    high: Moment | None = None
    code: Code | None = None
    ids: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Encounter:
    """The stay or follow-up. `sector` (JDV_J02) may carry the establishment's category as a translation."""

    sector: Code | None
    low: Moment | None = None
    high: Moment | None = None
    kind: Code | None = None
    ids: tuple[Id, ...] = ()
    responsible: Entity | None = None
    place_name: str = ""
    place_address: Address | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """The document this one replaces (RPLC, cancel and replace) or transforms (XFRM)."""

    id: Id
    kind: str = "RPLC"


@dataclass(frozen=True, slots=True)
class Header:
    """All a document says of itself. Order of fields is not that of the schema; the writer knows it.

    `set_id` is shared by the versions of a document; a new version has a new `id`, `version` + 1 and
    `related=Related(previous id)` (§3.5.5.10). `templates` names the volet of a structured document.
    """

    id: Id
    set_id: Id
    version: int
    code: Code
    title: str
    effective_time: dt.datetime
    patient: Patient
    authors: tuple[Author, ...]
    custodian: Organization
    legal_authenticator: LegalAuthenticator
    events: tuple[ServiceEvent, ...]
    encounter: Encounter
    informants: tuple[Informant, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    related: Related | None = None
    confidentiality: Code = NORMAL
    language: str = "fr-FR"
    templates: tuple[Id, ...] = ()

"""What happens: stays and events (both FHIR Encounter). See `model` for the whole."""

from dataclasses import dataclass

from jalon.formats.tddui.values import (
    Coded,
    Coding,
    Envelope,
    Identifier,
    Link,
    Moment,
    Period,
    Residue,
    Status,
)


@dataclass(frozen=True)
class Participant:
    """Encounter.participant: who took part; `present`: tddui-participant-present."""

    who: Link | None = None
    present: bool | None = None
    roles: tuple[Coded, ...] = ()
    period: Period | None = None


@dataclass(frozen=True)
class Place:
    """Encounter.location: `where` (Location, kept verbatim, or a display)."""

    where: Link | None = None
    status: str = ""
    physical_type: Coded | None = None
    period: Period | None = None


@dataclass(frozen=True)
class StatusStep:
    """Encounter.statusHistory."""

    status: str = ""
    period: Period | None = None


@dataclass(frozen=True)
class Diagnosis:
    """Encounter.diagnosis."""

    condition: Link | None = None
    use: Coded | None = None
    rank: int | None = None


@dataclass(frozen=True)
class ResourceUsed:
    """tddui-ressources-used: `kind` (ORG-…), `materials` only with ORG-206, `facilities` only with
    ORG-207."""

    kind: Coded | None = None
    materials: tuple[Coded, ...] = ()
    facilities: tuple[Coded, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Encounter:
    """What stays and events share: every element of a FHIR Encounter outside `hospitalization`.

    `setting`: Encounter.class (HH, IMP, AMB…). `start`/`end`: Encounter.period, when it really began and
    ended.
    """

    key: str
    person: Link | None = None
    identifier: Identifier | None = None
    other_identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    status_history: tuple[StatusStep, ...] = ()
    setting: Coding | None = None
    types: tuple[Coded, ...] = ()
    service_type: Coded | None = None
    priority: Coded | None = None
    start: Moment = ""
    end: Moment = ""
    participants: tuple[Participant, ...] = ()
    provider: Link | None = None
    provider_present: bool | None = None
    part_of: Link | None = None
    places: tuple[Place, ...] = ()
    reasons: tuple[Coded, ...] = ()
    reason_links: tuple[Link, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    episodes: tuple[Link, ...] = ()
    based_on: tuple[Link, ...] = ()
    appointments: tuple[Link, ...] = ()
    accounts: tuple[Link, ...] = ()
    comments: tuple[str, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StayData(Encounter):
    """A stay (Séjour): Encounter, profile tddui-encounter-sejour. `key`: `3<FINESS>/<idLocal>-SEJOUR-<n>`.

    `file_number`: numeroDossierAdministratifSejour (NUMDOSS). `provider`: ESSMSAccueil. `service_type`:
    modaliteAccueil (JDV_J226).
    `start`/`end`: dateEntree, dateSortie; `planned_start`/`planned_end`: R5 extensions; `admission_date`:
    dateAdmission.
    `entry_mode`: provenance (admitSource), `exit_mode`: motifSortie (dischargeDisposition), with their free
    labels.
    `origin`: ESSMSProvenance, `origin_entry_date`, `origin_file`: numeroDossierESSMSProvenance
    (preAdmissionIdentifier). Status is the FHIR status (`fhir`): the business model gives a stay none.
    """

    file_number: Identifier | None = None
    planned_start: Moment = ""
    planned_end: Moment = ""
    admission_date: Moment = ""
    entry_mode: Coded | None = None
    entry_mode_label: str = ""
    exit_mode: Coded | None = None
    exit_mode_label: str = ""
    origin: Link | None = None
    origin_entry_date: Moment = ""
    origin_file: Identifier | None = None
    destination: Link | None = None
    readmission: Coded | None = None
    diets: tuple[Coded, ...] = ()
    courtesies: tuple[Coded, ...] = ()
    arrangements: tuple[Coded, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventData(Encounter):
    """An event (Évènement): Encounter, profile tddui-encounter-evenement. `key`:
    `3<FINESS>/<idLocal>-EVN-<n>`.

    `types`: SSIAD (terminologie-cisis), SERAFIN, or free text (coding data-absent-reason#not-permitted and a
    text).
    `status`: PLANIFIE, VALIDE, TERMINE, ANNULE; `status.reason`: motifNonRealisation; `status.author`.
    `part_of`: the stay. `provider`: structureEnCharge, `provider_present`. `report`: compteRendu. `reason`:
    motif.
    `outside_service`: evenementHorsPrestation. `meal`: the professional's meal. `person_validation`:
    validationUsager.
    """

    label: str = ""
    report: str = ""
    reason: str = ""
    outside_service: bool | None = None
    person_present: bool | None = None
    person_validation: bool | None = None
    meal: bool | None = None
    resources: tuple[ResourceUsed, ...] = ()
    attachments: tuple[Link, ...] = ()

"""What stays and events share: every element of a FHIR Encounter."""

from dataclasses import dataclass

from jalon.formats.tddui.datatypes import CODED, CODING, LINK, PERIOD
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.lens import Ext, Many, One, Slot, at, extensions, shape
from jalon.formats.tddui.urls import SD
from jalon.formats.tddui.values import (
    Coded,
    Coding,
    Identifier,
    Link,
    Moment,
    Period,
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


@dataclass(frozen=True, kw_only=True)
class Encounter(Item):
    """What stays and events share: every element of a FHIR Encounter outside `hospitalization`.

    `setting`: Encounter.class (HH, IMP, AMB…). `start`/`end`: Encounter.period, when it really began and
    ended.
    """

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


PRESENT = SD + "tddui-participant-present"
PARTICIPANT = shape(
    Participant,
    extensions(Ext("present", PRESENT, "valueBoolean")),
    Many("roles", "type", CODED),
    One("period", "period", PERIOD),
    One("who", "individual", LINK),
)
PLACE = shape(
    Place,
    One("where", "location", LINK),
    One("status", "status"),
    One("physical_type", "physicalType", CODED),
    One("period", "period", PERIOD),
)
STATUS_STEP = shape(StatusStep, One("status", "status"), One("period", "period", PERIOD))
DIAGNOSIS = shape(
    Diagnosis, One("condition", "condition", LINK), One("use", "use", CODED), One("rank", "rank")
)
WHAT: tuple[Slot, ...] = (
    Many("status_history", "statusHistory", STATUS_STEP),
    One("setting", "class", CODING),
    Many("types", "type", CODED),
    One("service_type", "serviceType", CODED),
    One("priority", "priority", CODED),
    One("person", "subject", LINK),
    Many("episodes", "episodeOfCare", LINK),
    Many("based_on", "basedOn", LINK),
    Many("participants", "participant", PARTICIPANT),
    Many("appointments", "appointment", LINK),
    at("period", One("start", "start"), One("end", "end")),
    Many("reasons", "reasonCode", CODED),
    Many("reason_links", "reasonReference", LINK),
    Many("diagnoses", "diagnosis", DIAGNOSIS),
    Many("accounts", "account", LINK),
)
WHERE: tuple[Slot, ...] = (
    Many("places", "location", PLACE),
    One("provider", "serviceProvider", LINK),
    at("serviceProvider", extensions(Ext("provider_present", PRESENT, "valueBoolean"))),
    One("part_of", "partOf", LINK),
)
COMMENTS = Ext("comments", SD + "tddui-comment", "valueString", many=True)
UNKNOWN_CLASS = Coding("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK")

"""What a professional does where: PractitionerRole, profile tddui-practitioner-role."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, refers, slices
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, KEYED, LINK, PERIOD, TELECOM, first_code
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, extensions, shape
from jalon.formats.tddui.rules_common import url
from jalon.formats.tddui.urls import SD
from jalon.formats.tddui.values import Coded, Identifier, Link, Period, Telecom


@dataclass(frozen=True)
class RoleCode:
    """PractitionerRole.code: `function` (JDV_J47) and `profession` (JDV_J01, extension tddui-profession in
    the code)."""

    function: Coded | None = None
    profession: Coded | None = None


@dataclass(frozen=True)
class AvailableTime:
    """PractitionerRole.availableTime: days (`mon`…), whole day, or from and to (hh:mm:ss)."""

    days: tuple[str, ...] = ()
    all_day: bool | None = None
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Absence:
    """PractitionerRole.notAvailable."""

    description: str = ""
    during: Period | None = None


@dataclass(frozen=True, kw_only=True)
class RoleData(Item):
    """What a professional does where: PractitionerRole, profile tddui-practitioner-role.

    `key`: its identifier if it has one, otherwise `<practitioner key>@<organization key>#<function code>`.
    `exercise_mode`: JDV_J117 (libéral, salarié…).
    """

    identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    period: Period | None = None
    practitioner: Link | None = None
    organization: Link | None = None
    codes: tuple[RoleCode, ...] = ()
    exercise_mode: Coded | None = None
    specialties: tuple[Coded, ...] = ()
    locations: tuple[Link, ...] = ()
    services: tuple[Link, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    available: tuple[AvailableTime, ...] = ()
    absences: tuple[Absence, ...] = ()
    availability_exceptions: str = ""
    endpoints: tuple[Link, ...] = ()


class RoleCodeCodec:
    """PractitionerRole.code: the function, and the profession as an extension of it."""

    profession = extensions(Ext("profession", SD + "tddui-profession", "valueCodeableConcept", CODED))

    def read(self, raw: Json) -> RoleCode:
        """Function and profession."""
        found: Json = {}
        self.profession.read(raw, found)
        function = CODED.read(raw)
        return RoleCode(function if CODED.write(function) else None, found.get("profession"))

    def write(self, value: RoleCode) -> Json:
        """The concept of the function with the profession in it."""
        node: Json = {}
        self.profession.write(value, node)
        return node | (CODED.write(value.function) if value.function else {})


AVAILABLE = shape(
    AvailableTime,
    Many("days", "daysOfWeek"),
    One("all_day", "allDay"),
    One("start", "availableStartTime"),
    One("end", "availableEndTime"),
)
ABSENCE = shape(Absence, One("description", "description"), One("during", "during", PERIOD))

SHAPE = shape(
    RoleData,
    Frame(),
    extensions(Ext("exercise_mode", SD + "tddui-exercise-mode", "valueCodeableConcept", CODED)),
    Many("identifiers", "identifier", IDENTIFIER),
    One("active", "active"),
    One("period", "period", PERIOD),
    One("practitioner", "practitioner", LINK),
    One("organization", "organization", LINK),
    Many("codes", "code", RoleCodeCodec()),
    Many("specialties", "specialty", CODED),
    Many("locations", "location", LINK),
    Many("services", "healthcareService", LINK),
    Many("telecoms", "telecom", TELECOM),
    Many("available", "availableTime", AVAILABLE),
    Many("absences", "notAvailable", ABSENCE),
    One("availability_exceptions", "availabilityExceptions"),
    Many("endpoints", "endpoint", LINK),
)

RULES: tuple[Check, ...] = (
    need("code", 0, 1),
    bind("code", "JDV_J47"),
    refers("practitioner", "Practitioner"),
    refers("organization", "Organization"),
    slices("extension", url, {f"{SD}tddui-exercise-mode": (0, 1)}),
)


def _function_there(role: Json) -> str:
    """The key of a role without identifier: who, where, and what first."""
    who, where = (_target(role.get(name, {})) for name in ("practitioner", "organization"))
    function = first_code((role.get("code") or [{}])[0])
    return f"{who}@{where}#{function}"


def _target(reference: Json) -> str:
    text = str(reference.get("reference", ""))
    return text.partition(KEYED)[2] or text


KIND = Kind(
    name="roles",
    label="rôles des professionnels",
    fhir="PractitionerRole",
    profile="practitioner-role",
    rank=30,
    shape=SHAPE,
    rules=RULES,
    shared=True,
    sole=True,
    draw=_function_there,
)

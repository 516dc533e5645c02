"""Presences and absences (PresenceAbsence): Slot, profile tddui-slot-presence-absence. No table of the house
holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, has_code, need, refers, rule
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import Frame, ListOfOne, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, extensions, shape
from jalon.formats.tddui.rules_common import identified, once, url
from jalon.formats.tddui.urls import CS, SD, medicosocial
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Status

ATTENDANCE_ID = medicosocial("presenceabsence")
_PLANNED = SD + "tddui-planned-absence"
_BILLED = SD + "tddui-facturation"
_ABSENT = "2"


@dataclass(frozen=True, kw_only=True)
class AttendanceData(Item):
    """A time when a person was there, or was not. `key`: `…-PA-<n>`. Whose it is: the schedule says it.

    `type`: JDV_J405, 1 present, 2 absent. `start`, `end`: instants, with their offset. An absence has its
    `reason` (motifAbsence, JDV_J406) and says whether it was `planned` (absencePrevue). `billed`:
    facturation. `status` is that of FHIR (busy, free…).
    """

    identifiers: tuple[Identifier, ...] = ()
    schedule: Link | None = None
    type: Coded | None = None
    start: Moment = ""
    end: Moment = ""
    reason: Coded | None = None
    planned: bool | None = None
    billed: bool | None = None
    status: Status = Status()
    category: Coded | None = None
    specialties: tuple[Coded, ...] = ()
    overbooked: bool | None = None
    comment: str = ""


SHAPE = shape(
    AttendanceData,
    Frame(),
    extensions(Ext("planned", _PLANNED, "valueBoolean"), Ext("billed", _BILLED, "valueBoolean")),
    Many("identifiers", "identifier", IDENTIFIER),
    One("category", "serviceCategory", ListOfOne(CODED)),
    One("type", "serviceType", ListOfOne(CODED)),
    Many("specialties", "specialty", CODED),
    One("reason", "appointmentType", CODED),
    One("schedule", "schedule", LINK),
    Stand("status"),
    One("start", "start"),
    One("end", "end"),
    One("overbooked", "overbooked"),
    One("comment", "comment"),
)


def _is_absence(slot: Json) -> bool:
    return any(has_code(each, _ABSENT) for each in slot.get("serviceType", ()))


RULES: tuple[Check, ...] = (
    *identified("PA", ATTENDANCE_ID),
    refers("schedule", "Schedule"),
    need("serviceCategory", 0, 1),
    need("serviceType", 1, 1),
    bind("serviceType", "jdv-j405-type-presence-absence-ms"),
    bind("appointmentType", "jdv-j406-motif-absence-ms"),
    once("planned-absence", "facturation"),
    rule(
        lambda it: not _is_absence(it) or "appointmentType" in it,
        "appointmentType",
        "Le motif d’une absence est obligatoire.",
    ),
    rule(
        lambda it: not _is_absence(it) or any(url(each) == _PLANNED for each in it.get("extension", ())),
        "extension",
        "Une absence dit si elle était prévue (tddui-planned-absence).",
    ),
)

KIND = Kind(
    name="attendances",
    label="présences et absences",
    fhir="Slot",
    profile="slot-presence-absence",
    rank=230,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=ATTENDANCE_ID,
    code="PA",
    exact=True,
    fill=lambda item: lacking(
        item,
        identifiers=(typed_identifier(ATTENDANCE_ID, item.key, CS + "tddui-slot-identifier", "PA"),),
        status=Status(fhir="busy"),
    ),
)

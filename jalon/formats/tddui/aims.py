"""What expectations, goals and life projects share: every element of a FHIR Goal."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, each, refers, slices, where
from jalon.formats.tddui.datatypes import ATTACHMENTS, CODED, IDENTIFIER, LINK, NOTE, discriminator_of
from jalon.formats.tddui.frame import GOAL_STATUS, Frame, Stand
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, Slot, at, extensions, shape
from jalon.formats.tddui.rules_common import url
from jalon.formats.tddui.urls import HL7_SD, SD
from jalon.formats.tddui.values import Coded, Identifier, Link, Note, Status


@dataclass(frozen=True)
class Target:
    """Goal.target: `measure`, expected `detail` in words or coded, `due` date; `measure_absent`:
    data-absent-reason code."""

    measure: Coded | None = None
    measure_absent: str = ""
    detail: str = ""
    detail_code: Coded | None = None
    due: str = ""


@dataclass(frozen=True, kw_only=True)
class Aim(Item):
    """What expectations and goals share: every element of a FHIR Goal.

    `plan`: tddui-careplan-reference. `description`: description.text holds the words. `needs`: addresses.
    `start`: startDate.
    `expressed_by`: the professional in charge (référent).
    """

    person: Link | None = None
    plan: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    status_date: str = ""
    status_reason: str = ""
    achievement: Coded | None = None
    categories: tuple[Coded, ...] = ()
    priority: Coded | None = None
    description: Coded | None = None
    start: str = ""
    start_code: Coded | None = None
    targets: tuple[Target, ...] = ()
    expressed_by: Link | None = None
    needs: tuple[Link, ...] = ()
    other_notes: tuple[Note, ...] = ()
    outcomes: tuple[Coded, ...] = ()
    outcome_links: tuple[Link, ...] = ()
    evaluations: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()


PLAN_REF = Ext("plan", SD + "tddui-careplan-reference", "valueReference", LINK)
TARGET = shape(
    Target,
    One("measure", "measure", CODED),
    at("measure", extensions(Ext("measure_absent", HL7_SD + "data-absent-reason", "valueCode"))),
    One("detail", "detailString"),
    One("detail_code", "detailCodeableConcept", CODED),
    One("due", "dueDate"),
)


def aim(*extension: Ext, notes: dict[str, Slice]) -> tuple[Slot, ...]:
    """The slots of a Goal: with these extensions, and its notes told apart by discriminator."""
    return (
        Frame(dated=True),
        extensions(PLAN_REF, *extension, ATTACHMENTS),
        Many("identifiers", "identifier", IDENTIFIER),
        Stand("lifecycleStatus", GOAL_STATUS, dated=True),
        One("achievement", "achievementStatus", CODED),
        Many("categories", "category", CODED),
        One("priority", "priority", CODED),
        One("description", "description", CODED),
        One("person", "subject", LINK),
        One("start", "startDate"),
        One("start_code", "startCodeableConcept", CODED),
        Many("targets", "target", TARGET),
        One("status_date", "statusDate"),
        One("status_reason", "statusReason"),
        One("expressed_by", "expressedBy", LINK),
        Many("needs", "addresses", LINK),
        Sliced("note", discriminator_of, notes, Slice("other_notes", NOTE, many=True)),
        Many("outcomes", "outcomeCode", CODED),
        Many("outcome_links", "outcomeReference", LINK),
    )


EVALUATIONS = Ext("evaluations", SD + "tddui-evaluation-reference", "valueReference", LINK, many=True)
_PLAN_LINK = slices("extension", url, {f"{SD}tddui-careplan-reference": (1, 1)})
AIM: tuple[Check, ...] = (
    refers("subject", "Patient"),
    _PLAN_LINK,
    where("extension", url, f"{SD}tddui-careplan-reference", refers("valueReference", "CarePlan")),
    each(
        "target",
        lambda it: "measure" in it or not _detailed(it),
        "Un résultat attendu demande une mesure, ou la raison de son absence (gol-1).",
        {"required": ["measure"]},
    ),
)


def _detailed(target: Json) -> bool:
    return any(name.startswith("detail") for name in target)

"""Means of an action (MoyenRessource): Task, profile tddui-task-moyen-ressource. No table of the house holds
them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import shape
from jalon.formats.tddui.plan_tasks import ActionPart, action_part, plan_task
from jalon.formats.tddui.rules_common import PART_OF_ACTION, PLAN_TASK, own
from jalon.formats.tddui.urls import CS, medicosocial
from jalon.formats.tddui.values import Status

MEANS_ID = medicosocial("moyenressource")
_INPUT = CS + "tddui-task-input-moyen-ressource"


@dataclass(frozen=True, kw_only=True)
class MeansData(ActionPart):
    """MoyenRessource: what an action needs, a walking frame, a room. `key`: `…-MORE-<n>`."""


SHAPE = shape(MeansData, *plan_task(_INPUT, action_part(_INPUT)))

RULES: tuple[Check, ...] = (*own(MEANS_ID), *PLAN_TASK, *PART_OF_ACTION)

KIND = Kind(
    name="means",
    label="moyens et ressources",
    fhir="Task",
    profile="task-moyen-ressource",
    rank=250,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=MEANS_ID,
    code="MORE",
    fill=by_key(MEANS_ID, status=Status(fhir="draft"), intent="plan"),
)

"""Services of an action (Prestation): Task, profile tddui-task-prestation. No table of the house holds them
yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, where
from jalon.formats.tddui.datatypes import CODED
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.frame import TASK_STATUS
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Slice, shape
from jalon.formats.tddui.plan_tasks import ActionPart, action_part, plan_task
from jalon.formats.tddui.rules_common import INPUT, PART_OF_ACTION, PLAN_TASK, own
from jalon.formats.tddui.tasks import Input
from jalon.formats.tddui.urls import CS, medicosocial
from jalon.formats.tddui.values import Coded, Status

SERVICE_ID = medicosocial("prestation")
_INPUT = CS + "tddui-task-input-prestation"


@dataclass(frozen=True, kw_only=True)
class ServiceData(ActionPart):
    """Prestation: what is done for the person in an action. `key`: `…-PRES-<n>`.

    `types`: SERAFIN, JDV_J283 (indirect) or JDV_J284 (direct). `status`: ENPREPARATION, ACTIF, TERMINE,
    ANNULE.
    """

    types: tuple[Coded, ...] = ()


SHAPE = shape(
    ServiceData,
    *plan_task(
        _INPUT,
        action_part(_INPUT)
        | {
            "typePrestation": Slice(
                "types", Input(_INPUT, "typePrestation", "valueCodeableConcept", CODED), many=True
            )
        },
        TASK_STATUS,
        dated=True,
    ),
)

RULES: tuple[Check, ...] = (
    *own(SERVICE_ID),
    *PLAN_TASK,
    *PART_OF_ACTION,
    where(
        "input",
        INPUT,
        "typePrestation",
        need("valueCodeableConcept"),
        bind("valueCodeableConcept", "JDV_J283", "JDV_J284"),
    ),
)

KIND = Kind(
    name="services",
    label="prestations",
    fhir="Task",
    profile="task-prestation",
    rank=260,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=SERVICE_ID,
    code="PRES",
    fill=by_key(SERVICE_ID, status=Status(fhir="draft"), intent="plan"),
)

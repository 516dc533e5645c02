"""What the transports share, of a person or of a professional: a Task, profile tddui-task-transport."""

from collections.abc import Mapping
from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, refers, where
from jalon.formats.tddui.datatypes import ADDRESS, CODED, LINK
from jalon.formats.tddui.lens import PLAIN, Codec, Many, Slice, Sliced, Slot
from jalon.formats.tddui.measures import MONEY, QUANTITY, Money, Quantity
from jalon.formats.tddui.rules_common import INPUT, inputs
from jalon.formats.tddui.tasks import Input, Task, input_code, task
from jalon.formats.tddui.urls import CS
from jalon.formats.tddui.values import Address, Coded, Link


@dataclass(frozen=True, kw_only=True)
class Transport(Task):
    """A journey of an event (`encounter`, required), from `start` to `end` (both required).

    `code`: jdv-mode-de-transport-cisis. `owner`: who drives (transporteur, an organization). `engine`:
    jdv-type-motorisation-cisis. `leaves`, `arrives`: addresses. `planned_budget`, `real_budget`. `duration`:
    how long it should take (dureeTheorique).
    """

    based_on: tuple[Link, ...] = ()
    engine: Coded | None = None
    leaves: Address | None = None
    arrives: Address | None = None
    planned_budget: Money | None = None
    real_budget: Money | None = None
    distance: Quantity | None = None
    duration: Quantity | None = None


def journey(field: str, code: str, value: str, codec: Codec = PLAIN) -> Slice:
    """An input of a transport."""
    return Slice(field, Input(CS + "tddui-task-input-transport", code, value, codec))


_INPUTS = {
    "typeMotorisation": journey("engine", "typeMotorisation", "valueCodeableConcept", CODED),
    "adresseDepart": journey("leaves", "adresseDepart", "valueAddress", ADDRESS),
    "adresseDestination": journey("arrives", "adresseDestination", "valueAddress", ADDRESS),
    "budgetPrevisionnel": journey("planned_budget", "budgetPrevisionnel", "valueMoney", MONEY),
    "budgetReel": journey("real_budget", "budgetReel", "valueMoney", MONEY),
    "distance": journey("distance", "distance", "valueDistance", QUANTITY),
    "dureeTheorique": journey("duration", "dureeTheorique", "valueDuration", QUANTITY),
}


def transport(more: Mapping[str, Slice] = {}) -> tuple[Slot, ...]:
    """The slots of a Transport, with more inputs."""
    return (
        *task(),
        Many("based_on", "basedOn", LINK),
        Sliced("input", input_code, {**_INPUTS, **more}),
    )


_VALUES = {
    "typeMotorisation": "valueCodeableConcept",
    "adresseDepart": "valueAddress",
    "adresseDestination": "valueAddress",
    "budgetPrevisionnel": "valueMoney",
    "budgetReel": "valueMoney",
    "distance": "valueDistance",
    "dureeTheorique": "valueDuration",
}
TRANSPORT: tuple[Check, ...] = (
    bind("code", "jdv-mode-de-transport-cisis"),
    refers("owner", "Organization"),
    need("executionPeriod"),
    need("executionPeriod.start"),
    need("executionPeriod.end"),
    need("encounter"),
    refers("encounter", "Encounter"),
    *inputs(tuple(_VALUES), _VALUES),
    where("input", INPUT, "typeMotorisation", bind("valueCodeableConcept", "jdv-type-motorisation-cisis")),
)

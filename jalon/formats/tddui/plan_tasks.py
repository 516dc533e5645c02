"""What the tasks of a plan share: reviews, and the means and services of an action."""

from collections.abc import Mapping
from dataclasses import dataclass

from jalon.formats.tddui.datatypes import LINK
from jalon.formats.tddui.frame import ListOfOne
from jalon.formats.tddui.lens import One, Slice, Sliced, Slot
from jalon.formats.tddui.tasks import Input, Task, input_code, task
from jalon.formats.tddui.values import Link


@dataclass(frozen=True, kw_only=True)
class PlanTask(Task):
    """A task of a plan: `plan`, what it is based on; `person`, whom it is for; `attachments`: pieceJointe."""

    person: Link | None = None
    plan: Link | None = None
    attachments: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActionPart(PlanTask):
    """A part of an action (`part_of`): its `title`, and the `evaluation` it was decided on."""

    title: str = ""
    evaluation: Link | None = None


def plan_task(
    system: str, inputs: Mapping[str, Slice], codes: Mapping[str, str] = {}, *, dated: bool = False
) -> tuple[Slot, ...]:
    """The slots of a PlanTask: with these inputs, whose types are codes of `system`."""
    attached = Slice("attachments", Input(system, "pieceJointe", "valueReference", LINK), many=True)
    return (
        *task(codes, dated=dated),
        One("plan", "basedOn", ListOfOne(LINK)),
        One("person", "for", LINK),
        Sliced("input", input_code, {**inputs, "pieceJointe": attached}),
    )


def action_part(system: str) -> dict[str, Slice]:
    """The inputs of an ActionPart."""
    return {
        "titre": Slice("title", Input(system, "titre", "valueString")),
        "evaluation": Slice("evaluation", Input(system, "evaluation", "valueReference", LINK)),
    }

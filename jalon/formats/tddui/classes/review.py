"""Reviews of a plan (Bilan): Task, profile tddui-task-bilan. No table of the house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, rule, slices, where
from jalon.formats.tddui.datatypes import NOTE
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Json, Slice, Sliced, shape
from jalon.formats.tddui.plan_tasks import PlanTask, plan_task
from jalon.formats.tddui.rules_common import INPUT, PLAN_TASK, inputs, own
from jalon.formats.tddui.tasks import Input, input_code
from jalon.formats.tddui.urls import CS, medicosocial
from jalon.formats.tddui.values import Moment, Note, Status

REVIEW_ID = medicosocial("bilan")
_INPUT = CS + "tddui-task-input-bilan"


@dataclass(frozen=True, kw_only=True)
class ReviewData(PlanTask):
    """Bilan. `key`: `…-BILA-<n>`.

    `code`: how far it goes (JDV_J366). `start`: when it was held (required). `scope`: perimetre. `problem`:
    problematique. `guests`: invite. `next_review`: dateProchainBilan. `preparations`:
    synthesePreparationBilan, each with its author. `summary`: syntheseBilan, the output.
    """

    scope: str = ""
    problem: str = ""
    guests: str = ""
    next_review: Moment = ""
    preparations: tuple[Note, ...] = ()
    summary: str = ""


SHAPE = shape(
    ReviewData,
    *plan_task(
        _INPUT,
        {
            "perimetre": Slice("scope", Input(_INPUT, "perimetre", "valueString")),
            "problematique": Slice("problem", Input(_INPUT, "problematique", "valueString")),
            "invite": Slice("guests", Input(_INPUT, "invite", "valueString")),
            "dateProchainBilan": Slice("next_review", Input(_INPUT, "dateProchainBilan", "valueDateTime")),
            "synthesePreparationBilan": Slice(
                "preparations",
                Input(_INPUT, "synthesePreparationBilan", "valueAnnotation", NOTE),
                many=True,
            ),
        },
    ),
    Sliced(
        "output",
        input_code,
        {
            "syntheseBilan": Slice(
                "summary", Input(CS + "tddui-task-output-bilan", "syntheseBilan", "valueString")
            )
        },
    ),
)


def _is_signed(preparation: Json) -> bool:
    note = preparation.get("valueAnnotation", {})
    return "authorReference" in note or "authorString" in note


RULES: tuple[Check, ...] = (
    *own(REVIEW_ID),
    *PLAN_TASK,
    bind("code", "jdv-j366-statut-bilan-projet-personnalise-ms"),
    need("executionPeriod"),
    need("executionPeriod.start"),
    *inputs(
        ("perimetre", "problematique", "invite", "dateProchainBilan"),
        {
            "perimetre": "valueString",
            "problematique": "valueString",
            "invite": "valueString",
            "dateProchainBilan": "valueDateTime",
            "synthesePreparationBilan": "valueAnnotation",
        },
    ),
    where(
        "input",
        INPUT,
        "synthesePreparationBilan",
        rule(_is_signed, "valueAnnotation", "Une synthèse de préparation dit son auteur."),
    ),
    slices("output", INPUT, {"syntheseBilan": (0, 1)}),
    where("output", INPUT, "syntheseBilan", need("valueString")),
)

KIND = Kind(
    name="reviews",
    label="bilans",
    fhir="Task",
    profile="task-bilan",
    rank=240,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=REVIEW_ID,
    code="BILA",
    fill=by_key(REVIEW_ID, status=Status(fhir="completed"), intent="plan"),
)

"""Means of an action."""

from jalon.formats.tddui.classes.means import MeansData
from jalon.formats.tddui.values import Link
from tests.formats.tddui.sample import LOCAL, given, ident, ref
from tests.formats.tddui.sample_task import PARTED, task
from tests.formats.tddui.waiting import Waiting

INPUT = "task-input-moyen-ressource"

WAITING = Waiting(
    name="means",
    sample=task(
        "task-moyen-ressource",
        identifier=[ident("moyenressource", f"{LOCAL}-MORE-2")],
        basedOn=[ref("CarePlan/pp")],
        status="in-progress",
        code={"text": "aide technique"},
        input=[
            given("pieceJointe", INPUT, valueReference=ref("DocumentReference/doc")),
            given("titre", INPUT, valueString="Un déambulateur"),
            given("evaluation", INPUT, valueReference=ref("QuestionnaireResponse/qr")),
        ],
    ),
    edit=("title", "Une canne", "input[1].valueString"),
    made=MeansData(
        key=f"{LOCAL}-MORE-3",
        plan=Link("CarePlan", f"{LOCAL}-PPER-1"),
        part_of=(Link("Task", f"{LOCAL}-ACTI-1"),),
        title="Une canne",
    ),
    refused=PARTED,
)

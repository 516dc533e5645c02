"""A service of an action."""

from jalon.formats.tddui.classes.service import ServiceData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import LOCAL, SERAFIN, concept, given, ident, ref
from tests.formats.tddui.sample_task import PARTED, bears, task
from tests.formats.tddui.waiting import Waiting

INPUT = "task-input-prestation"
TYPE = "input[3].valueCodeableConcept"

WAITING = Waiting(
    name="services",
    sample=task(
        "task-prestation",
        updated="2026-02-02T00:00:00Z",
        identifier=[ident("prestation", f"{LOCAL}-PRES-1")],
        basedOn=[ref("CarePlan/pp")],
        status="in-progress",
        code={"text": "à domicile"},
        input=[
            given("pieceJointe", INPUT, valueReference=ref("DocumentReference/doc")),
            given("titre", INPUT, valueString="Toilette"),
            given("evaluation", INPUT, valueReference=ref("QuestionnaireResponse/qr")),
            given("typePrestation", INPUT, valueCodeableConcept=concept(SERAFIN, "2.1.1.2")),
            given("typePrestation", INPUT, valueCodeableConcept=concept(SERAFIN, "3.1", "Gérer")),
        ],
    ),
    edit=("title", "Grande toilette", "input[1].valueString"),
    made=ServiceData(
        key=f"{LOCAL}-PRES-2",
        plan=Link("CarePlan", f"{LOCAL}-PPER-1"),
        part_of=(Link("Task", f"{LOCAL}-ACTI-1"),),
        title="Toilette",
        types=(Coded(SERAFIN, "2.1.1.2"),),
    ),
    refused=PARTED
    | {
        "a type is coded": (bears(3, valueString="toilette"), TYPE),
        "by SERAFIN": (bears(3, valueCodeableConcept=concept(SERAFIN, "9.9")), f"{TYPE}.coding[0].code"),
    },
)

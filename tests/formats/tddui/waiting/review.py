"""A review of a plan."""

from jalon.formats.tddui.classes.review import ReviewData
from jalon.formats.tddui.values import Coded, Link, Note
from tests.formats.tddui.sample import LOCAL, concept, given, ident, ref
from tests.formats.tddui.sample_record import NOTE
from tests.formats.tddui.sample_task import PLANNED, again, bears, task
from tests.formats.tddui.waiting import Waiting

HOW_FAR = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r389-statut-bilan-projet-personnalise"
INPUT = "task-input-bilan"

WAITING = Waiting(
    name="reviews",
    sample=task(
        "task-bilan",
        identifier=[ident("bilan", f"{LOCAL}-BILA-2")],
        basedOn=[ref("CarePlan/pp")],
        status="completed",
        code=concept(HOW_FAR, "INTERMEDIAIRE", "Intermédiaire"),
        input=[
            given("pieceJointe", INPUT, valueReference=ref("DocumentReference/doc")),
            given("perimetre", INPUT, valueString="La vie quotidienne"),
            given("problematique", INPUT, valueString="Se fatigue vite"),
            given("invite", INPUT, valueString="Zoé, l’infirmière"),
            given("dateProchainBilan", INPUT, valueDateTime="2026-12-01T10:00:00+01:00"),
            given("synthesePreparationBilan", INPUT, valueAnnotation=NOTE),
            given(
                "synthesePreparationBilan",
                INPUT,
                valueAnnotation={"authorString": "Zoé Fictive", "text": "Elle sort plus souvent"},
            ),
        ],
        output=[given("syntheseBilan", "task-output-bilan", valueString="Le projet continue")],
    ),
    edit=("summary", "Le projet est revu", "output[0].valueString"),
    made=ReviewData(
        key=f"{LOCAL}-BILA-3",
        plan=Link("CarePlan", f"{LOCAL}-PPER-1"),
        person=Link("Patient", LOCAL),
        code=Coded(HOW_FAR, "FINAL"),
        start="2026-12-01T10:00:00+01:00",
        preparations=(Note("Contente de son année", author=Link("Patient", LOCAL)),),
    ),
    refused=PLANNED
    | {
        "how far it goes is of the list": (
            lambda it: it.update(code=concept(HOW_FAR, "99")),
            "code.coding[0].code",
        ),
        "when it was held is told": (lambda it: it.pop("executionPeriod"), "executionPeriod"),
        "from its beginning": (lambda it: it["executionPeriod"].pop("start"), "executionPeriod.start"),
        "one scope": (again(1), "input"),
        "the scope is in words": (bears(1, valueInteger=1), "input[1].valueString"),
        "one problem": (again(2), "input"),
        "the problem is in words": (bears(2, valueInteger=1), "input[2].valueString"),
        "the guests are said once": (again(3), "input"),
        "in words": (bears(3, valueInteger=1), "input[3].valueString"),
        "one next review": (again(4), "input"),
        "on a day": (bears(4, valueString="bientôt"), "input[4].valueDateTime"),
        "a preparation is a note": (bears(5, valueString="à revoir"), "input[5].valueAnnotation"),
        "of somebody": (bears(5, valueAnnotation={"text": "à revoir"}), "input[5].valueAnnotation"),
        "one summary": (again(0, "output"), "output"),
        "the summary is in words": (bears(0, "output", valueInteger=1), "output[0].valueString"),
    },
)

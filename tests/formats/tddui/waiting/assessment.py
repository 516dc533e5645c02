"""An assessment: a grid of a house of our own that asks for answers of every type, as deep as AGGIR goes."""

from jalon.formats.tddui.classes.assessment import Answer, Asked, AssessmentData
from jalon.formats.tddui.rules_grids import QUESTIONNAIRE
from jalon.formats.tddui.values import Coding, Link
from tests.formats.tddui.sample import CISIS, LOCAL, Json, ext, ident, ref
from tests.formats.tddui.sample_observation import quantity
from tests.formats.tddui.sample_record import AUTHOR, FILE, LOU, resource
from tests.formats.tddui.waiting import Waiting

ICF = "http://hl7.org/fhir/sid/icf"
AGGIR = QUESTIONNAIRE + "tddui-questionnaire-aggir-ph-ssiad"
GIR = {"system": CISIS, "code": "MED-340", "display": "GIR-2"}


def item(link_id: str, *answers: Json, text: str = "") -> Json:
    return {"linkId": link_id} | ({"text": text} if text else {}) | {"answer": list(answers)}


def graded(*items: Json) -> list[Json]:
    """The items of an AGGIR grid."""
    return [item("resultat-eval", {"valueCoding": GIR, "item": list(items)})]


def as_aggir(it: Json, *items: Json) -> None:
    """The sample, as the official grid for disabled people with these items under its result."""
    it.update(questionnaire=AGGIR, item=graded(*items))


CRITERION = item("pensee-spont", {"valueBoolean": True}, text="fait spontanément")
CRITERION["extension"] = [ext("comment", valueString="Avec un peu de temps")]
VARIABLE = item("fonction-pensee", {"valueCoding": {"system": ICF, "code": "qf2"}, "item": [CRITERION]})
VARIABLE["extension"] = [ext("comment", valueString="Le matin")]

WAITING = Waiting(
    name="assessments",
    sample=resource(
        "QuestionnaireResponse",
        "questionnaire-response",
        updated="2026-02-01T08:00:00Z",
        extension=[
            ext(
                "qr-participant",
                extension=[
                    {"url": "TDDUIResponsible", "valueReference": ref("Practitioner/ide")},
                    {"url": "TDDUIHolder", "valueReference": ref("Organization/ime")},
                ],
            ),
            FILE,
            ext("comment", valueString="Faite en deux fois"),
            ext("assessment-method", valueString="Entretien"),
        ],
        identifier=ident("evaluation", f"{LOCAL}-EVAL-2"),
        basedOn=[ref("CarePlan/pp")],
        partOf=[{"display": "Un acte"}],
        questionnaire="https://example.test/Questionnaire/grille-de-la-maison|2",
        status="completed",
        _status=AUTHOR,
        subject=LOU,
        encounter=ref("Encounter/event"),
        authored="2026-01-31T10:00:00+01:00",
        author=ref("Practitioner/ide"),
        source=LOU,
        item=[
            *graded(VARIABLE),
            {"linkId": "habitudes", "definition": "https://example.test/def#habitudes", "text": "Habitudes"}
            | {"item": [item("repas", {"valueInteger": 0}, {"valueDecimal": 2.5}, {"valueString": "trois"})]},
            item(
                "dates", {"valueDate": "2026-01"}, {"valueDateTime": "2026-01-31"}, {"valueTime": "09:30:00"}
            ),
            item("page", {"valueUri": "https://example.test/page"}),
            item("marche", {"valueQuantity": quantity(200, "m", "mètres")}),
            item("photo", {"valueAttachment": {"contentType": "image/png", "data": "iVBORw0KGgo="}}),
            item("aidant", {"valueReference": ref("RelatedPerson/zoe")}),
        ],
    ),
    edit=("comment", "Faite en trois fois", "extension[2].valueString"),
    made=AssessmentData(
        key=f"{LOCAL}-EVAL-3#tddui-questionnaire-aggir-ph-ssiad",
        person=Link("Patient", LOCAL),
        author=Link("Practitioner", "urn:oid:1.2.250.1.71.4.2.1|810000000001"),
        items=(Asked("resultat-eval", answers=(Answer(Coding(CISIS, "MED-340")),)),),
    ),
    refused={
        "it has its identifier": (lambda it: it.pop("identifier"), "identifier"),
        "the identifier has its system": (lambda it: it["identifier"].pop("system"), "identifier.system"),
        "that of assessments": (lambda it: it["identifier"].update(system="urn:autre"), "identifier.system"),
        "the identifier has its value": (lambda it: it["identifier"].pop("value"), "identifier.value"),
        "it names its grid": (lambda it: it.pop("questionnaire"), "questionnaire"),
        "it is of a person": (lambda it: it.pop("subject"), "subject"),
        "and of no other thing": (lambda it: it.update(subject=ref("Location/room")), "subject.reference"),
        "it has items": (lambda it: it.pop("item"), "item"),
        "an item says which": (lambda it: it["item"][2].pop("linkId"), "item[2].linkId"),
        "it was made at an event": (lambda it: it.update(encounter=LOU), "encounter.reference"),
        "it was written by a professional": (lambda it: it.update(author=LOU), "author.reference"),
        "it was answered by somebody": (
            lambda it: it.update(source=ref("RelatedPerson/zoe")),
            "source.reference",
        ),
        "a self-assessment has its holder": (
            lambda it: it["extension"][0]["extension"].pop(1),
            "extension",
        ),
        "another has a professional": (
            lambda it: (it.pop("author"), it.pop("source"), it["extension"].pop(0)),
            "author",
        ),
        "a question is one of the grid": (lambda it: it.update(questionnaire=AGGIR), "item[1].linkId"),
        "at its level": (lambda it: as_aggir(it, CRITERION), "item[0].answer[0].item[0].linkId"),
        "asked once": (lambda it: as_aggir(it, VARIABLE, VARIABLE), "item[0].answer[0].item[1].linkId"),
        "answered once": (
            lambda it: as_aggir(it, item("se-laver", *VARIABLE["answer"], *VARIABLE["answer"])),
            "item[0].answer[0].item[0].answer",
        ),
        "by a value of its type": (
            lambda it: as_aggir(it, item("se-laver", {"valueBoolean": True})),
            "item[0].answer[0].item[0].answer[0].valueCoding",
        ),
        "of its choices": (
            lambda it: as_aggir(it, item("se-laver", {"valueCoding": GIR})),
            "item[0].answer[0].item[0].answer[0].valueCoding",
        ),
    },
)

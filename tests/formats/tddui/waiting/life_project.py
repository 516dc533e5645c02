"""A life project."""

from jalon.formats.tddui.classes.life_project import LifeProjectData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CS, LOCAL, concept, ext, ident, ref
from tests.formats.tddui.sample_record import AUTHOR, FILE, LOU, NOTE, resource
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="life_projects",
    sample=resource(
        "Goal",
        "goal-projet-vie",
        updated="2026-02-01T00:00:00Z",
        extension=[FILE],
        identifier=[ident("projetvie", f"{LOCAL}-PDV-2", concept(CS + "goal-identifier", "PDV"))],
        lifecycleStatus="active",
        _lifecycleStatus=AUTHOR,
        achievementStatus=concept("http://terminology.hl7.org/CodeSystem/goal-achievement", "in-progress"),
        category=[{"text": "Vie sociale"}],
        priority=concept("http://terminology.hl7.org/CodeSystem/goal-priority", "high-priority"),
        description={"text": "Voyager"},
        subject=LOU,
        startDate="2026-02",
        target=[
            {
                "measure": {
                    "extension": [
                        ext("http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode="unknown")
                    ]
                },
                "detailString": "Voir la mer",
                "dueDate": "2026-06-30",
            }
        ],
        statusDate="2026-02-01",
        statusReason="dit en réunion",
        expressedBy=LOU,
        addresses=[ref("ServiceRequest/need")],
        note=[NOTE],
        outcomeCode=[{"text": "Une journée à Brest"}],
        outcomeReference=[ref("QuestionnaireResponse/qr")],
    ),
    edit=("description", Coded(text="Naviguer"), "description.text"),
    made=LifeProjectData(
        key=f"{LOCAL}-PDV-3", person=Link("Patient", LOCAL), description=Coded(text="Voyager")
    ),
    refused={
        "it is described": (lambda it: it["description"].update(text=None), "description.text"),
        "it has its identifier": (lambda it: it["identifier"][0].pop("type"), "identifier"),
        "its number has the form of the invariant": (
            lambda it: it["identifier"][0].update(value=f"{LOCAL}-PDV-1-2"),
            "identifier[0].value",
        ),
        "it is of a person": (lambda it: it.update(subject=ref("Organization/ime")), "subject.reference"),
    },
)

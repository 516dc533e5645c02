"""A meal."""

from jalon.formats.tddui.classes.meal import MealData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CS, LOCAL, concept, ident, ref
from tests.formats.tddui.sample_observation import (
    ABSENT,
    INTERPRETATION,
    RANGES,
    VALUES,
    observation,
    observed,
)
from tests.formats.tddui.waiting import Waiting

MEAL = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r425-type-repas"

WAITING = Waiting(
    name="meals",
    sample=observation(
        "observation-repas",
        observed("REPAS"),
        identifier=[
            ident("repas", f"{LOCAL}-REPAS-1", concept(CS + "observation-identifier", "REP")),
            ident("urn:cuisine", "R-1"),
        ],
        category=[concept(MEAL, "2", "Déjeuner")],
        effectiveDateTime="2026-03-02T12:15:00+01:00",
        performer=[ref("Organization/ime")],
        valueTime="12:15:00",
        component=[
            *({"code": {"text": element}, element: value} for element, value in VALUES.items()),
            {
                "code": {"text": "dessert"},
                "dataAbsentReason": ABSENT,
                "interpretation": INTERPRETATION,
                "referenceRange": RANGES,
            },
        ],
    ),
    edit=("at", "2026-03-02T12:30:00+01:00", "effectiveDateTime"),
    made=MealData(
        key=f"{LOCAL}-REPAS-2",
        person=Link("Patient", LOCAL),
        meal=Coded(MEAL, "4"),
        at="2026-03-02T19:00:00+01:00",
        present=True,
    ),
    refused={
        "it is of a person": (lambda it: it.pop("subject"), "subject"),
        "and of no other thing": (lambda it: it.update(subject=ref("Location/room")), "subject.reference"),
        "it has its identifier": (lambda it: it["identifier"][0].pop("type"), "identifier"),
        "in the system of meals": (
            lambda it: it["identifier"][0].update(system="urn:autre"),
            "identifier[0].system",
        ),
        "its number has the form of the invariant": (
            lambda it: it["identifier"][0].update(value=f"{LOCAL}-REP-1"),
            "identifier[0].value",
        ),
        "the identifier has its value": (lambda it: it["identifier"][0].pop("value"), "identifier[0].value"),
        "it is a meal": (lambda it: it.update(code=observed("PERIODESCOL")), "code"),
        "presence is told": (lambda it: it["extension"].pop(1), "extension"),
        "which meal is told": (lambda it: it.pop("category"), "category"),
        "one meal at a time": (lambda it: it["category"].append(concept(MEAL, "3")), "category"),
        "the meal is of the list": (
            lambda it: it["category"][0]["coding"][0].update(code="9"),
            "category[0].coding[0].code",
        ),
        "when is told": (lambda it: it.pop("effectiveDateTime"), "effectiveDateTime"),
    },
)

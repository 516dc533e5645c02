"""How a person gets about."""

from jalon.formats.tddui.classes.mobility import MobilityData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CISIS, LOCAL, concept, ident, ref
from tests.formats.tddui.sample_observation import INTERPRETATION, RANGES, observation, observed
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="mobilities",
    sample=observation(
        "observation-mobilite-usager",
        concept("http://loinc.org", "LP73551-1", "Transport mode"),
        identifier=[ident("urn:mobilite", "M-1")],
        category=[{"text": "autonomie"}],
        effectiveInstant="2026-03-02T08:00:00+01:00",
        performer=[ref("PractitionerRole/role")],
        valueCodeableConcept=concept(CISIS, "ORG-152"),
        component=[
            {"code": observed("OBSAMENAGEMENT"), "valueString": "Siège à l’avant"},
            {
                "code": observed("OBSAMENAGEMENT"),
                "valueString": "Ceinture adaptée",
                "interpretation": INTERPRETATION,
                "referenceRange": RANGES,
            },
        ],
    ),
    edit=("mode", Coded(CISIS, "ORG-152", text="Voiture"), "valueCodeableConcept.text"),
    made=MobilityData(
        key="contenu:1",
        person=Link("Patient", LOCAL),
        mode=Coded(CISIS, "ORG-152"),
        adaptations=("Siège à l’avant", "Ceinture adaptée"),
    ),
    refused={
        "it is of a person": (lambda it: it.pop("subject"), "subject"),
        "and of no other thing": (lambda it: it.update(subject=ref("Location/room")), "subject.reference"),
        "it is a mobility": (lambda it: it.update(code=observed("REPAS")), "code"),
        "the mode is of the list": (
            lambda it: it["valueCodeableConcept"]["coding"][0].update(code="ORG-1"),
            "valueCodeableConcept.coding[0].code",
        ),
        "an adaptation is said in words": (
            lambda it: it["component"][1].update(valueString=None, valueBoolean=True),
            "component[1].valueString",
        ),
    },
)

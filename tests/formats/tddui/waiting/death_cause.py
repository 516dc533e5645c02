"""A cause of death."""

from jalon.formats.tddui.classes.death_cause import DeathCauseData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import LOCAL, concept, ident, ref
from tests.formats.tddui.sample_observation import ABSENT, INTERPRETATION, TIMING, observation
from tests.formats.tddui.waiting import Waiting

ICD10 = "http://hl7.org/fhir/sid/icd-10"
CODE = concept("http://loinc.org", "79378-6")

WAITING = Waiting(
    name="death_causes",
    sample=observation(
        "observation-cause-mortalite",
        CODE,
        identifier=[ident("urn:certificats", "D-1")],
        category=[{"text": "certificat"}],
        effectiveTiming=TIMING,
        performer=[ref("Practitioner/ide")],
        dataAbsentReason=ABSENT,
        component=[
            {"code": CODE, "valueCodeableConcept": concept(ICD10, "I21.9", "Infarctus", "Infarctus")},
            {
                "code": CODE,
                "valueCodeableConcept": concept(ICD10, "R99"),
                "interpretation": INTERPRETATION,
            },
        ],
    ),
    edit=("issued", "2026-03-03T18:00:00Z", "issued"),
    made=DeathCauseData(
        key="contenu:1", person=Link("Patient", LOCAL), causes=(Coded(ICD10, "I21.9"), Coded(ICD10, "R99"))
    ),
    refused={
        "it is of a person": (lambda it: it.pop("subject"), "subject"),
        "and of no other thing": (lambda it: it.update(subject=ref("Location/room")), "subject.reference"),
        "it is a cause of death": (lambda it: it.update(code=concept("http://loinc.org", "1")), "code"),
        "there is a cause": (lambda it: it.pop("component"), "component"),
        "a cause is coded": (
            lambda it: it["component"][0].update(valueCodeableConcept=None, valueString="Infarctus"),
            "component[0].valueCodeableConcept",
        ),
    },
)

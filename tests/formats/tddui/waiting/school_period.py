"""A school period."""

from jalon.formats.tddui.classes.school_period import SchoolPeriodData
from jalon.formats.tddui.measures import Quantity
from jalon.formats.tddui.observations import When
from jalon.formats.tddui.values import Coded, Link, Period
from tests.formats.tddui.sample import CS, LOCAL, Json, concept, ident, ref
from tests.formats.tddui.sample_observation import INTERPRETATION, observation, observed, quantity
from tests.formats.tddui.waiting import Waiting

TEACHING = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r408-type-enseignement-specialise"
DIPLOMA = "https://mos.esante.gouv.fr/NOS/TRE_R14-TypeDiplome/FHIR/TRE-R14-TypeDiplome"


def part(code: str) -> Json:
    return concept(CS + "observation-periode-scolaire", code)


WAITING = Waiting(
    name="school_periods",
    sample=observation(
        "observation-periode-scolaire",
        observed("PERIODESCOL"),
        identifier=[ident("periodescolaire", f"{LOCAL}-PSCO-1")],
        category=[{"text": "scolarité"}],
        effectivePeriod={"start": "2025-09-01", "end": "2026-07-04"},
        performer=[ref("RelatedPerson/zoe"), ref("Organization/old"), ref("Practitioner/ide")],
        valueString="Bonne année",
        component=[
            {"code": part("typeEnseignementSpecialise"), "valueCodeableConcept": concept(TEACHING, "3")},
            {"code": part("typeEnseignementSpecialise"), "valueCodeableConcept": concept(TEACHING, "10")},
            {"code": part("diplome"), "valueCodeableConcept": concept(DIPLOMA, "DES", "Diplôme")},
            {"code": part("volumeScolarisation"), "valueQuantity": quantity(4, "1", "demi-journées")},
            {
                "code": part("diplome"),
                "valueCodeableConcept": concept(DIPLOMA, "DE09"),
                "interpretation": INTERPRETATION,
            },
        ],
    ),
    edit=(
        "volume",
        Quantity(5, "", "demi-journées", "http://unitsofmeasure.org", "1"),
        "component[3].valueQuantity.value",
    ),
    made=SchoolPeriodData(
        key=f"{LOCAL}-PSCO-2",
        person=Link("Patient", LOCAL),
        referent=Link("RelatedPerson", "urn:contacts|C-1"),
        when=When(period=Period("2025-09-01")),
        teachings=(Coded(TEACHING, "3"),),
        volume=Quantity(4, unit="demi-journées"),
    ),
    refused={
        "it has its identifier": (lambda it: it.pop("identifier"), "identifier"),
        "one identifier": (lambda it: it["identifier"].append(ident("urn:autre", "1")), "identifier"),
        "the identifier has its system": (
            lambda it: it["identifier"][0].pop("system"),
            "identifier[0].system",
        ),
        "that of school periods": (
            lambda it: it["identifier"][0].update(system="urn:autre"),
            "identifier[0].system",
        ),
        "the identifier has its value": (lambda it: it["identifier"][0].pop("value"), "identifier[0].value"),
        "it is of a person": (lambda it: it.pop("subject"), "subject"),
        "and of no other thing": (lambda it: it.update(subject=ref("Location/room")), "subject.reference"),
        "it is a school period": (lambda it: it.update(code=observed("REPAS")), "code"),
        "it has its performers": (lambda it: it.pop("performer"), "performer"),
        "one of them is the referent": (lambda it: it["performer"].pop(0), "performer"),
        "one school at most": (lambda it: it["performer"].append(ref("Organization/ime")), "performer"),
        "a teaching is of the list": (
            lambda it: it["component"][0]["valueCodeableConcept"]["coding"][0].update(code="99"),
            "component[0].valueCodeableConcept.coding[0].code",
        ),
        "a volume is a quantity": (
            lambda it: it["component"][3].update(valueQuantity=None, valueInteger=4),
            "component[3].valueQuantity",
        ),
    },
)

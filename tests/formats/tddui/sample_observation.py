"""What any observation may say, whatever its profile: the elements that the samples of observations share."""

from typing import Any

from tests.formats.tddui.sample import CS, PERIOD, Json, concept, ext, ref
from tests.formats.tddui.sample_record import LOU, NOTE, resource

UCUM = "http://unitsofmeasure.org"
INTERPRETATION = [concept("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "N")]
ABSENT = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined")


def quantity(value: float, code: str, unit: str = "", **more: Any) -> Json:
    return {"value": value, **more} | ({"unit": unit} if unit else {}) | {"system": UCUM, "code": code}


RANGES = [
    {
        "low": quantity(1, "h"),
        "high": quantity(5.5, "h", "heures"),
        "type": concept("http://terminology.hl7.org/CodeSystem/referencerange-meaning", "normal"),
        "appliesTo": [{"text": "adultes"}],
        "age": {"low": quantity(18, "a"), "high": quantity(120, "a")},
        "text": "entre une heure et cinq heures et demie",
    }
]
TIMING = {
    "event": ["2026-03-02", "2026-03-09T12:00:00+01:00"],
    "repeat": {
        "boundsPeriod": PERIOD,
        "count": 4,
        "countMax": 6,
        "duration": 30,
        "durationMax": 45.5,
        "durationUnit": "min",
        "frequency": 1,
        "frequencyMax": 2,
        "period": 1,
        "periodMax": 2,
        "periodUnit": "wk",
        "dayOfWeek": ["mon", "thu"],
        "when": ["ACM", "ACD"],
        "offset": 10,
    },
    "code": {"text": "avant les repas"},
}
SAMPLED = {
    "origin": quantity(0, "mV"),
    "period": 10,
    "factor": 1.5,
    "lowerLimit": -3,
    "upperLimit": 3.5,
    "dimensions": 1,
    "data": "2 E L U 1",
}
VALUES: dict[str, Any] = {
    "valueQuantity": quantity(1.5, "h", "heure", comparator=">="),
    "valueCodeableConcept": {"text": "à table"},
    "valueString": "au calme",
    "valueBoolean": False,
    "valueInteger": 0,
    "valueRange": {"low": quantity(0, "h"), "high": quantity(2, "h")},
    "valueRatio": {"numerator": quantity(1, "1"), "denominator": quantity(2, "1")},
    "valueSampledData": SAMPLED,
    "valueTime": "12:15:00",
    "valueDateTime": "2026-03-02T12:15:00+01:00",
    "valuePeriod": {"start": "2026-03-02T12:00:00+01:00"},
}
"""A value of each type an observation may have."""


def observation(profile: str, code: Json, **more: Any) -> Json:
    """An observation of Lou with all that no profile of TDDUI speaks of."""
    anything: Json = {
        "extension": [
            ext("patient-present", valueBoolean=True),
            ext("participant-present", valueBoolean=False),
        ],
        "basedOn": [ref("CarePlan/pp")],
        "partOf": [{"display": "Un acte"}],
        "status": "final",
        "focus": [ref("RelatedPerson/zoe")],
        "encounter": ref("Encounter/event"),
        "issued": "2026-03-02T18:00:00.123+01:00",
        "interpretation": INTERPRETATION,
        "note": [NOTE],
        "bodySite": {"text": "les mains"},
        "method": {"text": "à l’œil"},
        "specimen": {"display": "Aucun prélèvement"},
        "device": {"display": "Un déambulateur"},
        "referenceRange": RANGES,
        "hasMember": [ref("QuestionnaireResponse/qr")],
        "derivedFrom": [ref("DocumentReference/doc")],
    }
    return resource("Observation", profile, **(anything | {"code": code, "subject": LOU} | more))


def observed(code: str) -> Json:
    """A code of the observations that TDDUI defines."""
    return concept(CS + "observation-type", code)

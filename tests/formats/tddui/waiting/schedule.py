"""A schedule."""

from jalon.formats.tddui.classes.schedule import ScheduleData
from jalon.formats.tddui.values import Link, Period
from tests.formats.tddui.sample import FR, LOCAL, PERIOD, concept, ext, ident, ref
from tests.formats.tddui.sample_observation import quantity
from tests.formats.tddui.sample_record import LOU, resource
from tests.formats.tddui.waiting import Waiting

TYPE = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-schedule-type"
RULE = [
    {"url": "freq", "valueCoding": {"system": "https://www.ietf.org/rfc/rfc2445", "code": "YEARLY"}},
    {"url": "until", "valueDateTime": "2030-12-31"},
    {"url": "count", "valueInteger": 5},
    {"url": "interval", "valueInteger": 1},
    {"url": "bySecond", "valuePositiveInt": 1},
    {"url": "byMinute", "valuePositiveInt": 15},
    {"url": "byMinute", "valuePositiveInt": 45},
    {"url": "byHour", "valuePositiveInt": 9},
    {"url": "byDay", "valueString": "MO"},
    {"url": "byMonthDay", "valueInteger": -1},
    {"url": "byYearDay", "valueString": "306"},
    {"url": "byWeekNo", "valueInteger": 44},
    {"url": "byMonth", "valuePositiveInt": 11},
    {"url": "wkst", "valueCode": "mon"},
]
AWAY = [
    {"url": "identifier", "valueIdentifier": {"value": "A-1"}},
    {"url": "identifier", "valueIdentifier": {"system": "urn:agenda", "value": "A-2"}},
    {"url": "type", "valueCoding": {"system": TYPE, "code": "busy-unavailable"}},
    {"url": "start", "valueDateTime": "2026-11-02T09:00:00+01:00"},
    {"url": "end", "valueDateTime": "2026-11-02T12:00:00+01:00"},
    {"url": "rrule", "extension": RULE},
    {"url": "unavailabilityReason", "valueCodeableConcept": {"text": "Rééducation"}},
    {"url": "created", "valueDateTime": "2026-10-01"},
    {"url": "priority", "valueInteger": 0},
]

WAITING = Waiting(
    name="schedules",
    sample=resource(
        "Schedule",
        "schedule",
        updated="2026-10-01T08:00:00Z",
        language="fr",
        extension=[
            ext(
                FR + "fr-core-service-type-duration",
                extension=[
                    {"url": "serviceType", "valueCodeableConcept": {"text": "Accueil de jour"}},
                    {"url": "duration", "valueDuration": quantity(7.5, "h", "heures")},
                ],
            ),
            ext(FR + "fr-core-schedule-availability-time", extension=AWAY),
        ],
        identifier=[ident("urn:plannings", "P-1")],
        active=True,
        serviceCategory=[concept("urn:categories", "1")],
        specialty=[concept("urn:specialites", "SM26")],
        actor=[LOU],
        planningHorizon=PERIOD,
        comment="Du lundi au vendredi",
    ),
    edit=("comment", "Du lundi au jeudi", "comment"),
    made=ScheduleData(key="contenu:1", people=(Link("Patient", LOCAL),), horizon=Period("2026", "2027")),
    refused={
        "it is of somebody": (lambda it: it.pop("actor"), "actor"),
        "of a person": (lambda it: it["actor"].append(ref("Location/room")), "actor[1].reference"),
        "of one category": (lambda it: it["serviceCategory"].append({"text": "autre"}), "serviceCategory"),
        "the type of service is said with its duration": (
            lambda it: it.update(serviceType=[{"text": "Accueil"}]),
            "serviceType",
        ),
    },
)

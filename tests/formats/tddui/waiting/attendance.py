"""An absence."""

from jalon.formats.tddui.classes.attendance import AttendanceData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CS, LOCAL, Json, concept, ext, ident, ref
from tests.formats.tddui.sample_record import AUTHOR, LOU, resource
from tests.formats.tddui.waiting import Waiting

TYPE = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r423-type-presence-absence"
REASON = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r424-motif-absence"
AGENDA = resource("Schedule", "schedule", identifier=[ident("urn:plannings", "P-9")], actor=[LOU])
PLANNED = ext("planned-absence", valueBoolean=False)


def outside(concept: Json) -> None:
    """The concept, with a code that no list has."""
    concept["coding"][0].update(code="99")


WAITING = Waiting(
    name="attendances",
    sample=resource(
        "Slot",
        "slot-presence-absence",
        updated="2026-03-02T08:00:00Z",
        language="fr",
        extension=[PLANNED, ext("facturation", valueBoolean=False)],
        identifier=[
            ident("presenceabsence", f"{LOCAL}-PA-1", concept(CS + "slot-identifier", "PA")),
            ident("urn:agenda", "A-1"),
        ],
        serviceCategory=[concept("urn:categories", "1")],
        serviceType=[concept(TYPE, "2", "Absent")],
        specialty=[concept("urn:specialites", "SM26")],
        appointmentType=concept(REASON, "1", "Hospitalisation de l’usager"),
        schedule=ref("Schedule/agenda"),
        status="busy",
        _status=AUTHOR,
        start="2026-03-02T08:00:00+01:00",
        end="2026-03-02T17:30:00+01:00",
        overbooked=False,
        comment="La famille a prévenu le matin",
    ),
    beside={"Schedule/agenda": AGENDA},
    edit=("planned", True, "extension[0].valueBoolean"),
    made=AttendanceData(
        key=f"{LOCAL}-PA-2",
        schedule=Link("Schedule", "urn:plannings|P-9"),
        type=Coded(TYPE, "1"),
        start="2026-03-03T08:00:00+01:00",
        end="2026-03-03T17:30:00+01:00",
    ),
    refused={
        "it has its identifier": (lambda it: it["identifier"][0].pop("type"), "identifier"),
        "the identifier has its system": (
            lambda it: it["identifier"][0].pop("system"),
            "identifier[0].system",
        ),
        "that of presences": (
            lambda it: it["identifier"][0].update(system="urn:autre"),
            "identifier[0].system",
        ),
        "the identifier has its value": (lambda it: it["identifier"][0].pop("value"), "identifier[0].value"),
        "its number has the form of the invariant": (
            lambda it: it["identifier"][0].update(value=f"{LOCAL}-PA-1-2"),
            "identifier[0].value",
        ),
        "it is of a schedule": (lambda it: it.update(schedule=LOU), "schedule.reference"),
        "of one category": (lambda it: it["serviceCategory"].append({"text": "autre"}), "serviceCategory"),
        "it says present or absent": (lambda it: it.pop("serviceType"), "serviceType"),
        "not both": (lambda it: it["serviceType"].append(concept(TYPE, "1")), "serviceType"),
        "nothing else": (lambda it: outside(it["serviceType"][0]), "serviceType[0].coding[0].code"),
        "the reason is of the list": (
            lambda it: outside(it["appointmentType"]),
            "appointmentType.coding[0].code",
        ),
        "an absence has its reason": (lambda it: it.pop("appointmentType"), "appointmentType"),
        "an absence was planned or not": (lambda it: it["extension"].pop(0), "extension"),
        "said once": (lambda it: it["extension"].append(PLANNED), "extension"),
        "when it begins is told": (lambda it: it.pop("start"), "start"),
        "when it ends is told": (lambda it: it.pop("end"), "end"),
    },
)

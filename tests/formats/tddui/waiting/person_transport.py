"""A transport of a person."""

from jalon.formats.tddui.classes.person_transport import PersonTransportData
from jalon.formats.tddui.measures import Quantity
from jalon.formats.tddui.values import Address, Coded, Link
from tests.formats.tddui.sample import CISIS, LOCAL, SERAFIN, concept, given, ident
from tests.formats.tddui.sample_task import OWN, again, bears
from tests.formats.tddui.sample_transport import INPUT, TRANSPORTED, transport, typed
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="person_transports",
    sample=transport(
        "task-transport-usager",
        given("accompagnement", INPUT, valueBoolean=False),
        given("asepsie", INPUT, valueBoolean=True),
        given("natureTransport", INPUT, valueCodeableConcept=concept(SERAFIN, "3.2.4.1", "Trajet")),
        identifier=[ident("transportusager", f"{LOCAL}-TPU-1")],
    ),
    edit=("escorted", True, "input[7].valueBoolean"),
    made=PersonTransportData(
        key=f"{LOCAL}-TPPat-2",
        encounter=Link("Encounter", f"{LOCAL}-EVN-1"),
        person=Link("Patient", LOCAL),
        code=Coded(CISIS, "ORG-156"),
        start="2026-03-03T08:00:00+01:00",
        end="2026-03-03T08:30:00+01:00",
        arrives=Address(text="Centre de soins des Essais"),
        duration=Quantity(25, unit="minutes"),
        escorted=False,
    ),
    refused=OWN
    | TRANSPORTED
    | {
        "an escort is told once": (again(7), "input"),
        "asepsis is told once": (again(8), "input"),
        "one nature": (again(9), "input"),
        **typed(7, "valueBoolean", "an escort"),
        **typed(8, "valueBoolean", "asepsis"),
        **typed(9, "valueCodeableConcept", "the nature"),
        "the nature is of the list": (
            bears(9, valueCodeableConcept=concept(SERAFIN, "2.1")),
            "input[9].valueCodeableConcept.coding[0].code",
        ),
    },
)

"""A transport of a person accompanied."""

from jalon.formats.tddui.classes.person_transport import PersonTransportData
from jalon.formats.tddui.values import Address, Coded, Link
from tests.formats.tddui.sample import CISIS, LOCAL, SERAFIN, concept, given, ident
from tests.formats.tddui.sample_task import OWN, again, bears
from tests.formats.tddui.sample_transport import INPUT, MOVED, TAXI, transport
from tests.formats.tddui.waiting import Waiting

NATURE = "input[9].valueCodeableConcept"

WAITING = Waiting(
    name="person_transports",
    sample=transport(
        "task-transport-usager",
        given("accompagnement", INPUT, valueBoolean=True),
        given("asepsie", INPUT, valueBoolean=False),
        given("natureTransport", INPUT, valueCodeableConcept=concept(SERAFIN, "3.2.4", "Transports")),
        identifier=[ident("transportusager", f"{LOCAL}-TPPat-1")],
    ),
    edit=("escorted", False, "input[7].valueBoolean"),
    made=PersonTransportData(
        key=f"{LOCAL}-TPPat-2",
        person=Link("Patient", LOCAL),
        encounter=Link("Encounter", f"{LOCAL}-EVN-1"),
        code=Coded(CISIS, TAXI),
        start="2026-03-02T14:00:00+01:00",
        end="2026-03-02T14:30:00+01:00",
        arrives=Address(text="Piscine des Essais"),
        escorted=False,
        nature=Coded(SERAFIN, "3.2.4.3"),
    ),
    refused=MOVED
    | OWN
    | {
        "it is said once whether somebody goes along": (again(7), "input"),
        "by yes or no": (bears(7, valueString="oui"), "input[7].valueBoolean"),
        "it is said once whether it is aseptic": (again(8), "input"),
        "by yes or no too": (bears(8, valueString="oui"), "input[8].valueBoolean"),
        "one nature": (again(9), "input"),
        "the nature is coded": (bears(9, valueString="soins"), NATURE),
        "by SERAFIN": (bears(9, valueCodeableConcept=concept(SERAFIN, "9.9")), f"{NATURE}.coding[0].code"),
    },
)

"""A transport of a professional."""

from jalon.formats.tddui.classes.staff_transport import StaffTransportData
from jalon.formats.tddui.measures import Quantity
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CISIS, LOCAL, ident, ref
from tests.formats.tddui.sample_observation import UCUM
from tests.formats.tddui.sample_record import LOU
from tests.formats.tddui.sample_task import OWN
from tests.formats.tddui.sample_transport import MOVED, transport
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="staff_transports",
    sample=transport(
        "task-transport-professionnel",
        identifier=[ident("transportprofessionnel", f"{LOCAL}-TPPro-1")],
        **{"for": ref("Practitioner/ide", display="Ada Soignante")},
    ),
    edit=("code", Coded(CISIS, "ORG-156", "Taxi de nuit"), "code.coding[0].display"),
    made=StaffTransportData(
        key=f"{LOCAL}-TPPro-2",
        professional=Link("Practitioner", "810000000001"),
        encounter=Link("Encounter", f"{LOCAL}-EVN-1"),
        code=Coded(CISIS, "ORG-205"),
        start="2026-03-02T14:00:00+01:00",
        end="2026-03-02T14:30:00+01:00",
        distance=Quantity(4.2, unit="kilomètres", system=UCUM, code="km"),
    ),
    refused=MOVED
    | OWN
    | {
        "who is moved is told": (lambda it: it.pop("for"), "for"),
        "it is a professional": (lambda it: it.update({"for": LOU}), "for.reference"),
    },
)

"""A transport of a professional."""

from jalon.formats.tddui.classes.staff_transport import StaffTransportData
from jalon.formats.tddui.measures import Money
from jalon.formats.tddui.values import Link
from tests.formats.tddui.sample import LOCAL, ident, ref
from tests.formats.tddui.sample_record import LOU
from tests.formats.tddui.sample_task import OWN
from tests.formats.tddui.sample_transport import TRANSPORTED, transport
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="staff_transports",
    sample=transport(
        "task-transport-professionnel",
        **{"for": ref("Practitioner/ide")},
        identifier=[ident("transportprofessionnel", f"{LOCAL}-TPP-1")],
    ),
    edit=("real_budget", Money(14.2, "EUR"), "input[4].valueMoney.value"),
    made=StaffTransportData(
        key=f"{LOCAL}-TPPro-2",
        encounter=Link("Encounter", f"{LOCAL}-EVN-1"),
        professional=Link("Practitioner", "urn:oid:1.2.250.1.71.4.2.1|810000000001"),
        start="2026-03-03T08:00:00+01:00",
        end="2026-03-03T08:30:00+01:00",
    ),
    refused=OWN
    | TRANSPORTED
    | {
        "it is of somebody": (lambda it: it.pop("for"), "for"),
        "of a professional": (lambda it: it.update({"for": LOU}), "for.reference"),
    },
)

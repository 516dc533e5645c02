"""A transport of which it is not said whose it is."""

from jalon.formats.tddui.classes.transport import TransportData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CISIS, LOCAL, concept, ident, ref
from tests.formats.tddui.sample_transport import MOVED, TAXI, transport
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="transports",
    sample=transport(
        "task-transport",
        identifier=[ident("urn:trajets", "T-1", concept("urn:types", "T")) | {"use": "usual"}],
        **{"for": ref("PractitionerRole/role")},
    ),
    edit=("end", "2026-03-02T15:00:00+01:00", "executionPeriod.end"),
    made=TransportData(
        key="urn:trajets|T-2",
        carried=Link("Patient", LOCAL),
        encounter=Link("Encounter", f"{LOCAL}-EVN-1"),
        code=Coded(CISIS, TAXI),
        start="2026-03-02T14:00:00+01:00",
        end="2026-03-02T14:30:00+01:00",
    ),
    refused=MOVED,
)

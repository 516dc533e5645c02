"""A transport of which it is not said whose it is."""

from jalon.formats.tddui.classes.transport import TransportData
from jalon.formats.tddui.values import Link
from tests.formats.tddui.sample import LOCAL, ident
from tests.formats.tddui.sample_task import OWN
from tests.formats.tddui.sample_transport import TRANSPORTED, transport
from tests.formats.tddui.waiting import Waiting

WAITING = Waiting(
    name="transports",
    sample=transport("task-transport", identifier=[ident("urn:trajets", "T-1")]),
    edit=("description", "Par la rocade", "description"),
    made=TransportData(
        key="urn:trajets|T-2",
        encounter=Link("Encounter", f"{LOCAL}-EVN-1"),
        carried=Link("Patient", LOCAL),
        start="2026-03-03T08:00:00+01:00",
        end="2026-03-03T08:30:00+01:00",
    ),
    refused={words: OWN[words] for words in ("it has its identifier", "one identifier")} | TRANSPORTED,
)

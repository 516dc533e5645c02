"""Transports of which it is not said whose they are: Task, profile tddui-task-transport, that of a person and
that of a professional come from. No table of the house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need
from jalon.formats.tddui.datatypes import LINK
from jalon.formats.tddui.fills import keyed_identifier, lacking
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import One, shape
from jalon.formats.tddui.transports import TRANSPORT, Transport, transport
from jalon.formats.tddui.values import Link, Status


@dataclass(frozen=True, kw_only=True)
class TransportData(Transport):
    """A transport of somebody (`carried`). `key`: its identifier, `<system>|<number>`."""

    carried: Link | None = None


SHAPE = shape(TransportData, *transport(), One("carried", "for", LINK))

RULES: tuple[Check, ...] = (need("identifier", 1, 1), *TRANSPORT)

KIND = Kind(
    name="transports",
    label="transports",
    fhir="Task",
    profile="task-transport",
    rank=300,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    fill=lambda item: lacking(
        item,
        identifiers=(keyed_identifier(item.key),),
        status=Status(fhir="completed"),
        intent="order",
    ),
)

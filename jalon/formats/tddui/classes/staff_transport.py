"""Transports of professionals (Transport): Task, profile tddui-task-transport-professionnel. No table of the
house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need, refers
from jalon.formats.tddui.datatypes import LINK
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import One, shape
from jalon.formats.tddui.rules_common import own
from jalon.formats.tddui.transports import TRANSPORT, Transport, transport
from jalon.formats.tddui.urls import medicosocial
from jalon.formats.tddui.values import Link, Status

STAFF_TRANSPORT_ID = medicosocial("transportprofessionnel")


@dataclass(frozen=True, kw_only=True)
class StaffTransportData(Transport):
    """A transport of a `professional` (required). `key`: `…-TPPro-<n>`."""

    professional: Link | None = None


SHAPE = shape(StaffTransportData, *transport(), One("professional", "for", LINK))

RULES: tuple[Check, ...] = (
    *own(STAFF_TRANSPORT_ID),
    *TRANSPORT,
    need("for"),
    refers("for", "Practitioner"),
)

KIND = Kind(
    name="staff_transports",
    label="transports de professionnels",
    fhir="Task",
    profile="task-transport-professionnel",
    rank=280,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=STAFF_TRANSPORT_ID,
    code="TPPro",
    spellings=("TPP",),
    fill=by_key(STAFF_TRANSPORT_ID, status=Status(fhir="completed"), intent="order"),
)

"""Transports of people accompanied (Transport): Task, profile tddui-task-transport-usager. No table of the
house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, where
from jalon.formats.tddui.datatypes import CODED, LINK
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import One, shape
from jalon.formats.tddui.rules_common import INPUT, inputs, own
from jalon.formats.tddui.transports import TRANSPORT, Transport, journey, transport
from jalon.formats.tddui.urls import medicosocial
from jalon.formats.tddui.values import Coded, Link, Status

PERSON_TRANSPORT_ID = medicosocial("transportusager")


@dataclass(frozen=True, kw_only=True)
class PersonTransportData(Transport):
    """A transport of a person accompanied. `key`: `…-TPPat-<n>`.

    `escorted`: accompagnement. `aseptic`: asepsieRigoureuse. `nature`: SERAFIN, JDV_J282.
    """

    person: Link | None = None
    escorted: bool | None = None
    aseptic: bool | None = None
    nature: Coded | None = None


SHAPE = shape(
    PersonTransportData,
    *transport(
        {
            "accompagnement": journey("escorted", "accompagnement", "valueBoolean"),
            "asepsie": journey("aseptic", "asepsie", "valueBoolean"),
            "natureTransport": journey("nature", "natureTransport", "valueCodeableConcept", CODED),
        }
    ),
    One("person", "for", LINK),
)

_VALUES = {
    "accompagnement": "valueBoolean",
    "asepsie": "valueBoolean",
    "natureTransport": "valueCodeableConcept",
}
RULES: tuple[Check, ...] = (
    *own(PERSON_TRANSPORT_ID),
    *TRANSPORT,
    *inputs(tuple(_VALUES), _VALUES),
    where("input", INPUT, "natureTransport", bind("valueCodeableConcept", "JDV_J282")),
)

KIND = Kind(
    name="person_transports",
    label="transports d’usagers",
    fhir="Task",
    profile="task-transport-usager",
    rank=290,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=PERSON_TRANSPORT_ID,
    code="TPPat",
    # The official example writes TPU where the page says TPPat.
    spellings=("TPU",),
    fill=by_key(PERSON_TRANSPORT_ID, status=Status(fhir="completed"), intent="order"),
)

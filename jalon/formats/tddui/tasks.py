"""What the classes made of a FHIR Task share: its elements, and its typed inputs and outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK, NOTE, PERIOD, first_code
from jalon.formats.tddui.frame import Frame, Stand
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.lens import PLAIN, Codec, Json, Many, One, Slot, at, shape
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Note, Period, Status


@dataclass(frozen=True)
class Restriction:
    """Task.restriction: how many times it may be done, when, and for whom."""

    repetitions: int | None = None
    period: Period | None = None
    recipients: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Task(Item):
    """Every element of a FHIR Task, but what it is based on, whom it is for, its inputs and its outputs.

    `start`/`end`: executionPeriod. `reason` and `reason_link`: why it is done; why it stands where it does
    is in `status`. `guideline`, `guideline_uri`: what it instantiates.
    """

    identifiers: tuple[Identifier, ...] = ()
    part_of: tuple[Link, ...] = ()
    group: Identifier | None = None
    status: Status = Status()
    business_status: Coded | None = None
    intent: str = ""
    priority: str = ""
    code: Coded | None = None
    description: str = ""
    start: Moment = ""
    end: Moment = ""
    owner: Link | None = None
    requester: Link | None = None
    focus: Link | None = None
    encounter: Link | None = None
    location: Link | None = None
    performer_types: tuple[Coded, ...] = ()
    authored_on: Moment = ""
    last_modified: Moment = ""
    reason: Coded | None = None
    reason_link: Link | None = None
    notes: tuple[Note, ...] = ()
    history: tuple[Link, ...] = ()
    guideline: str = ""
    guideline_uri: str = ""
    insurances: tuple[Link, ...] = ()
    restriction: Restriction | None = None


RESTRICTION = shape(
    Restriction,
    One("repetitions", "repetitions"),
    One("period", "period", PERIOD),
    Many("recipients", "recipient", LINK),
)
WHAT: tuple[Slot, ...] = (
    One("business_status", "businessStatus", CODED),
    One("intent", "intent"),
    One("priority", "priority"),
    One("code", "code", CODED),
    One("description", "description"),
    One("focus", "focus", LINK),
    One("encounter", "encounter", LINK),
    at("executionPeriod", One("start", "start"), One("end", "end")),
    One("authored_on", "authoredOn"),
    One("last_modified", "lastModified"),
    One("requester", "requester", LINK),
    Many("performer_types", "performerType", CODED),
    One("owner", "owner", LINK),
    One("location", "location", LINK),
    One("reason", "reasonCode", CODED),
    One("reason_link", "reasonReference", LINK),
    Many("notes", "note", NOTE),
    Many("history", "relevantHistory", LINK),
)
"""What an action has as well."""


def task(codes: Mapping[str, str] = {}, *, dated: bool = False) -> tuple[Slot, ...]:
    """The slots of a Task. `codes`, `dated`: what its status says (see Stand)."""
    return (
        Frame(dated=dated),
        Many("identifiers", "identifier", IDENTIFIER),
        One("guideline", "instantiatesCanonical"),
        One("guideline_uri", "instantiatesUri"),
        One("group", "groupIdentifier", IDENTIFIER),
        Many("part_of", "partOf", LINK),
        Stand("status", codes, dated=dated, reason="statusReason"),
        *WHAT,
        Many("insurances", "insurance", LINK),
        One("restriction", "restriction", RESTRICTION),
    )


class Input:
    """Task.input (or output) of one type of `system` ↔ its value."""

    def __init__(self, system: str, code: str, value: str, codec: Codec = PLAIN) -> None:
        self.system, self.code, self.value, self.codec = system, code, value, codec

    def read(self, raw: Any) -> Any:
        """The value, an empty one if it is of another type (the residue then keeps it)."""
        return self.codec.read(raw.get(self.value, "" if self.codec is PLAIN else {}))

    def write(self, value: Any) -> Json:
        """The typed input."""
        content = self.codec.write(value)
        if content is None or content == {}:
            return {}
        return {"type": {"coding": [{"system": self.system, "code": self.code}]}, self.value: content}


def input_code(item: Json) -> str:
    """The type of an input, which tells one from another."""
    return first_code(item.get("type", {}))

"""What causes of death, mobility, school periods and meals share: every element of a FHIR Observation."""

from dataclasses import dataclass
from typing import Any

from jalon.formats.tddui.choice import Choice
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK, NOTE, PERIOD, first_code
from jalon.formats.tddui.frame import Frame, Stand
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.lens import (
    PLAIN,
    Codec,
    Ext,
    Json,
    Many,
    One,
    Slice,
    Sliced,
    Slot,
    extensions,
    shape,
)
from jalon.formats.tddui.measures import (
    QUANTITY,
    RANGE,
    RATIO,
    SAMPLED,
    Quantity,
    Range,
    Ratio,
    SampledData,
)
from jalon.formats.tddui.timings import TIMING, Timing
from jalon.formats.tddui.urls import CS, SD
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Note, Period, Status

OBSERVATION_TYPE = CS + "tddui-observation-type"
LOINC = "http://loinc.org"


@dataclass(frozen=True)
class Value:
    """Observation.value[x]: one of these, by its type; `time` is an hour of the day."""

    code: Coded | None = None
    text: str = ""
    quantity: Quantity | None = None
    flag: bool | None = None
    number: int | None = None
    range: Range | None = None
    ratio: Ratio | None = None
    sampled: SampledData | None = None
    time: str = ""
    moment: Moment = ""
    period: Period | None = None


@dataclass(frozen=True)
class When:
    """Observation.effective[x]: when it was true, as a moment, a period, an instant or a rule."""

    moment: Moment = ""
    period: Period | None = None
    instant: Moment = ""
    timing: Timing | None = None


@dataclass(frozen=True)
class ReferenceRange:
    """Observation.referenceRange: what is expected, of whom (`applies_to`, `age`)."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: Coded | None = None
    applies_to: tuple[Coded, ...] = ()
    age: Range | None = None
    text: str = ""


@dataclass(frozen=True)
class Component:
    """Observation.component: what was looked at (`code`), what was found, or why nothing was (`absent`)."""

    code: Coded | None = None
    value: Value | None = None
    absent: Coded | None = None
    interpretations: tuple[Coded, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Observation(Item):
    """What the observations share; each adds its category, its performers, when it was and what was found.

    `code`: what was observed. `present`: tddui-participant-present; `person_present`: tddui-patient-present.
    `absent`: why no value was found. `other_components`: those that the class does not name.
    """

    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    code: Coded | None = None
    present: bool | None = None
    person_present: bool | None = None
    based_on: tuple[Link, ...] = ()
    part_of: tuple[Link, ...] = ()
    focus: tuple[Link, ...] = ()
    encounter: Link | None = None
    issued: Moment = ""
    absent: Coded | None = None
    interpretations: tuple[Coded, ...] = ()
    notes: tuple[Note, ...] = ()
    body_site: Coded | None = None
    method: Coded | None = None
    specimen: Link | None = None
    device: Link | None = None
    ranges: tuple[ReferenceRange, ...] = ()
    members: tuple[Link, ...] = ()
    derived_from: tuple[Link, ...] = ()
    other_components: tuple[Component, ...] = ()


VALUE = Choice(
    "value",
    shape(
        Value,
        One("code", "valueCodeableConcept", CODED),
        One("text", "valueString"),
        One("quantity", "valueQuantity", QUANTITY),
        One("flag", "valueBoolean"),
        One("number", "valueInteger"),
        One("range", "valueRange", RANGE),
        One("ratio", "valueRatio", RATIO),
        One("sampled", "valueSampledData", SAMPLED),
        One("time", "valueTime"),
        One("moment", "valueDateTime"),
        One("period", "valuePeriod", PERIOD),
    ),
)
WHEN = Choice(
    "when",
    shape(
        When,
        One("moment", "effectiveDateTime"),
        One("period", "effectivePeriod", PERIOD),
        One("instant", "effectiveInstant"),
        One("timing", "effectiveTiming", TIMING),
    ),
)
REFERENCE_RANGE = shape(
    ReferenceRange,
    One("low", "low", QUANTITY),
    One("high", "high", QUANTITY),
    One("type", "type", CODED),
    Many("applies_to", "appliesTo", CODED),
    One("age", "age", RANGE),
    One("text", "text"),
)
COMPONENT = shape(
    Component,
    One("code", "code", CODED),
    VALUE,
    One("absent", "dataAbsentReason", CODED),
    Many("interpretations", "interpretation", CODED),
    Many("ranges", "referenceRange", REFERENCE_RANGE),
)


def observation(components: dict[str, Slice]) -> tuple[Slot, ...]:
    """The slots of an Observation, its components told apart by `part_of`."""
    return (
        Frame(),
        extensions(
            Ext("present", SD + "tddui-participant-present", "valueBoolean"),
            Ext("person_present", SD + "tddui-patient-present", "valueBoolean"),
        ),
        Many("identifiers", "identifier", IDENTIFIER),
        Many("based_on", "basedOn", LINK),
        Many("part_of", "partOf", LINK),
        Stand("status"),
        One("code", "code", CODED),
        One("person", "subject", LINK),
        Many("focus", "focus", LINK),
        One("encounter", "encounter", LINK),
        One("issued", "issued"),
        One("absent", "dataAbsentReason", CODED),
        Many("interpretations", "interpretation", CODED),
        Many("notes", "note", NOTE),
        One("body_site", "bodySite", CODED),
        One("method", "method", CODED),
        One("specimen", "specimen", LINK),
        One("device", "device", LINK),
        Many("ranges", "referenceRange", REFERENCE_RANGE),
        Many("members", "hasMember", LINK),
        Many("derived_from", "derivedFrom", LINK),
        Sliced("component", part_of, components, Slice("other_components", COMPONENT, many=True)),
    )


class Part:
    """A component that says one code and one value ↔ the value."""

    def __init__(self, system: str, code: str, value: str, codec: Codec = PLAIN) -> None:
        self.system, self.code, self.value, self.codec = system, code, value, codec
        self.name = f"{system}|{code} {value}"

    def read(self, raw: Any) -> Any:
        """The value."""
        return self.codec.read(raw[self.value])

    def write(self, value: Any) -> Json:
        """The component."""
        code = {"coding": [{"system": self.system, "code": self.code}]}
        content = self.codec.write(value)
        return {"code": code, self.value: content} if content else {}


def part_of(component: Json) -> str:
    """The name of the `Part` a component is: its code and its value element; `""` for one that says more."""
    code = component.get("code", {})
    codings, values = code.get("coding", ()), component.keys() - {"code"}
    if code.keys() != {"coding"} or len(codings) != 1 or len(values) != 1:
        return ""
    return f"{codings[0].get('system', '')}|{first_code(code)} {values.pop()}"

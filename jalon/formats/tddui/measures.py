"""Quantities, amounts and what is made of them: the FHIR types of a measure."""

from dataclasses import dataclass

from jalon.formats.tddui.lens import One, shape


@dataclass(frozen=True)
class Quantity:
    """FHIR Quantity (also Age, Distance, Duration): `value` in `unit`, whose `code` is of `system` (UCUM)."""

    value: float | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


@dataclass(frozen=True)
class Money:
    """FHIR Money: `currency` is an ISO 4217 code."""

    value: float | None = None
    currency: str = ""


@dataclass(frozen=True)
class Range:
    """FHIR Range; either end may be absent."""

    low: Quantity | None = None
    high: Quantity | None = None


@dataclass(frozen=True)
class Ratio:
    """FHIR Ratio: so many of this for so many of that."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


@dataclass(frozen=True)
class SampledData:
    """FHIR SampledData: `data`, figures one after another, one every `period` milliseconds."""

    origin: Quantity | None = None
    period: float | None = None
    factor: float | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None
    dimensions: int | None = None
    data: str = ""


QUANTITY = shape(
    Quantity,
    One("value", "value"),
    One("comparator", "comparator"),
    One("unit", "unit"),
    One("system", "system"),
    One("code", "code"),
)
MONEY = shape(Money, One("value", "value"), One("currency", "currency"))
RANGE = shape(Range, One("low", "low", QUANTITY), One("high", "high", QUANTITY))
RATIO = shape(Ratio, One("numerator", "numerator", QUANTITY), One("denominator", "denominator", QUANTITY))
SAMPLED = shape(
    SampledData,
    One("origin", "origin", QUANTITY),
    One("period", "period"),
    One("factor", "factor"),
    One("lower_limit", "lowerLimit"),
    One("upper_limit", "upperLimit"),
    One("dimensions", "dimensions"),
    One("data", "data"),
)

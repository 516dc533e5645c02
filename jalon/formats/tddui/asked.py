"""What a check asks, as a JSON schema: a yes is a yes, a no is for the walk to look at (see `fhir_quick`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from jalon.formats.fhir_quick import coded
from jalon.formats.schemas import having, held
from jalon.formats.tddui.lens import Json

Limits = tuple[int, int | None]
_KEYED = r"\?identifier="


def any_of(*elements: str) -> Json:
    """What has one of these elements."""
    return {"anyOf": [{"required": [each]} for each in elements]}


def under(steps: str, asked: Any) -> Json:
    """Whatever `steps` (`name.given`) lead to, through lists, is so."""
    for step in reversed(steps.split(".") if steps else ()):
        asked = {"properties": {step: held(step, asked)}}
    found: Json = asked
    return found


def needed(steps: str, least: int, most: int | None) -> Json:
    """So many values of the last step; what a primitive carries beside it is no value."""
    above, _, last = steps.rpartition(".")
    if most == 0:
        return under(above, {"properties": {last: False, f"_{last}": False}})
    size = {"minItems": least} | ({} if most is None else {"maxItems": most})
    found = size | ({"type": "array"} if least > 1 else {})
    return under(above, {"required": [last][:least], "properties": {last: found, f"_{last}": size}})


def listed(steps: str, codes: Iterable[str] | None) -> Json:
    """Codes of a list; any, when the list is not in the house."""
    return {} if codes is None else under(steps, coded(sorted(codes)))


def referring(steps: str, types: Iterable[str]) -> Json:
    """References resolved, to these types."""
    return under(steps, {"properties": {"reference": {"pattern": f"^(?:{'|'.join(types)}){_KEYED}"}}})


def counted(steps: str, sort: Any, limits: Mapping[str, Limits]) -> Json:
    """So many items of each name in a list."""
    above, _, last = steps.rpartition(".")
    bounds = [
        {"contains": sort.bears(name), "minContains": least} | ({} if most is None else {"maxContains": most})
        for name, (least, most) in limits.items()
    ]
    needed_ = [last] if any(least for least, _ in limits.values()) else []
    found = {"type": "array", "items": sort.plain, "allOf": bounds}
    return under(above, {"required": needed_, "properties": {last: found}})


def of_sort(steps: str, sort: Any, wanted: str, asked: Iterable[Json]) -> Json:
    """Whatever bears that name is so."""
    return under(steps, {"allOf": [sort.plain, {"if": sort.bears(wanted), "then": {"allOf": list(asked)}}]})


def coded_as(element: str, code: str) -> Json:
    """What has that code in the CodeableConcept `element`."""
    return having(element, having("coding", having("code", {"const": code})))


def one_coding(element: str = "") -> Json:
    """What bears one coding at most, itself or in `element`."""
    return under(element, {"properties": {"coding": {"maxItems": 1}}})

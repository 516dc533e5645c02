"""JSON schemas put together: a validator looks up each element once for all that is asked of it."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from typing import Any

from jalon.formats.fhir import Json, r4_schema

_CHOICE = ("if", "then", "else")
_COUNT = ("contains", "minContains", "maxContains")


@cache
def _forms() -> dict[str, set[tuple[bool, bool]]]:
    """For each name of an element, whether it is a list and whether something may be said beside it."""
    found: dict[str, set[tuple[bool, bool]]] = {}
    for each in r4_schema()["definitions"].values():
        held = each.get("properties", {})
        for name, schema in held.items():
            found.setdefault(name, set()).add((schema.get("type") == "array", f"_{name}" in held))
    return found


@cache
def is_listed(element: str) -> bool | None:
    """Whether an element of this name is always a list, or never; None when that depends on its type."""
    forms = {listed for listed, _ in _forms().get(element, ())}
    return forms.pop() if len(forms) == 1 else None


@cache
def is_primitive(element: str) -> bool:
    """Whether an element of this name is a primitive that comes once, whatever its type."""
    return _forms().get(element) == {(False, True)}


def held(element: str, asked: Any, listed: Json | None = None) -> Any:
    """What the values of an element have to be, alone or in a list; `listed`: what is asked of the list."""
    in_list = {"items": asked} if listed is None else listed
    always = is_listed(element)
    if always is None:
        return {"if": {"type": "array"}, "then": in_list, "else": asked}
    return {"type": "array", **in_list} if always else asked


def having(element: str, asked: Any) -> Json:
    """What has an element like this, alone or in a list."""
    return {
        "type": "object",
        "required": [element],
        "properties": {element: held(element, asked, {"contains": asked})},
    }


def together(schemas: Iterable[Any]) -> Any:
    """What takes what all of these take."""
    return reduce(both, schemas, {})


def both(one: Any, other: Any) -> Any:
    """What takes what both take, each keyword once where two can be one."""
    if isinstance(one, bool) or isinstance(other, bool):
        return other if one is True else one if other is True else False
    if "additionalProperties" in one or "additionalProperties" in other:
        return _apart(one, other)  # it speaks of the names beside it
    found, apart = dict(one), Json()
    for key, value in other.items():
        if key in (*_CHOICE, *_COUNT):
            continue
        if key not in found or found[key] == value:
            found[key] = value
        elif key in _JOINED:
            found[key] = _JOINED[key](found[key], value)
        else:
            apart[key] = value
    apart |= _choose(found, other) | _count(found, other)
    return _apart(found, apart) if apart else found


def _apart(one: Any, other: Any) -> Json:
    return both({"allOf": [other]}, one) if "additionalProperties" not in one else {"allOf": [one, other]}


def _choose(found: Json, other: Json) -> Json:
    """Put a choice into `found`; what of it has to stand apart."""
    if "if" not in other:
        return {}
    if "if" not in found:
        found |= _of(other, _CHOICE)
        return {}
    if found["if"] != other["if"]:
        return _of(other, _CHOICE)
    for key in ("then", "else"):
        found[key] = both(found.get(key, True), other.get(key, True))
    return {}


def _count(found: Json, other: Json) -> Json:
    if "contains" in other and "contains" in found:
        return _of(other, _COUNT)
    found |= _of(other, _COUNT)
    return {}


def _of(schema: Json, keys: Iterable[str]) -> Json:
    return {key: schema[key] for key in keys if key in schema}


def _by_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> Json:
    return {**one, **{name: both(one.get(name, True), value) for name, value in other.items()}}


def _union(one: list[str], other: list[str]) -> list[str]:
    return list(dict.fromkeys([*one, *other]))


_JOINED: Mapping[str, Callable[[Any, Any], Any]] = {
    "properties": _by_name,
    "patternProperties": _by_name,
    "required": _union,
    "dependentRequired": lambda one, other: {
        **one,
        **{name: _union(one.get(name, []), needed) for name, needed in other.items()},
    },
    "items": both,
    "minItems": max,
    "maxItems": min,
    "minLength": max,
    "allOf": lambda one, other: [*one, *(each for each in other if each not in one)],
}

"""The rules of `fhir_rules` as JSON schemas: whether a resource has nothing wrong, asked of a validator.

A quick yes is a yes: a schema is never looser than the walk of its tree. It may be stricter (what a primitive
carries beside it, a contained resource), and a no says neither what nor where: the walk then goes through
the resource, and has the last word.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from jalon.formats.fhir import Json

Tree = Mapping[str, Any]
_NOT_BLANK = {"pattern": r"\S"}
_SAID = {"minLength": 1}
_SCALAR = {"not": {"type": "array"}}
_WITHOUT_MORE = {"^_": False}
_HAS_VALUE = {"not": {"propertyNames": {"not": {"pattern": "^_?value"}}}}
_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_UNIT = {"dependentRequired": {"code": ["system"]}}
_POSITIVE = {"type": "number", "minimum": 0}
_INVARIANTS: Mapping[str, Json] = {
    "Attachment": {
        "dependentRequired": {"data": ["contentType"]},
        "properties": {"data": {"type": "string", "pattern": _BASE64}},
    },
    "ContactPoint": {"dependentRequired": {"value": ["system"]}},
    "Duration": _UNIT,
    "Age": _UNIT,
    "Quantity": _UNIT,
    "Expression": {"anyOf": [{"required": ["expression"]}, {"required": ["reference"]}]},
    "Extension": {"if": {"required": ["extension"]}, "then": {"not": _HAS_VALUE}, "else": _HAS_VALUE},
    "Ratio": {"required": ["numerator", "denominator"]},
    "Timing": {
        "properties": {
            "repeat": {
                "properties": {"duration": _POSITIVE, "period": _POSITIVE},
                "dependentRequired": {
                    "duration": ["durationUnit"], "durationMax": ["duration"],
                    "period": ["periodUnit"], "periodMax": ["period"], "countMax": ["count"],
                },
                "not": {"required": ["timeOfDay", "when"]},
            }
        }
    },
}  # fmt: skip
"""What `fhir_rules` asks of these types beyond their tree."""


@cache
def quick(rules: Any, name: str, *, typed: bool) -> jsonschema_rs.Validator:
    """Whether nothing is wrong by the tree `name` of these rules; `typed`: each value by its own type too."""
    root, definitions = schema_of(rules, name, typed=typed)
    return jsonschema_rs.validator_for(root | {"$defs": definitions})


def schema_of(rules: Any, name: str, *, typed: bool) -> tuple[Json, Json]:
    """The schema of a tree, and those it refers to (`$defs`)."""
    schema = _Schema(rules.trees, rules.lists, typed)
    root = schema.type_(name) if typed else schema.below(rules.trees[name])
    return root, schema.definitions


class _Schema:
    """The schema of a tree, under way; `definitions`: what it refers to, each once."""

    def __init__(self, trees: Mapping[str, Tree], lists: Mapping[str, Iterable[str]], typed: bool) -> None:
        self.trees, self.lists, self.typed = trees, lists, typed
        self.prefix = "type " if typed else "profile "  # two schemas may be put in one
        self.definitions: dict[str, Any] = {}

    def below(self, tree: Tree) -> Json:
        """What is asked of the elements under a value; a primitive has none."""
        kids = tree.get("kids", {})
        plain = {name: rule for name, rule in kids.items() if not name.endswith("[x]")}
        needed = [name for name, rule in plain.items() if rule.get("min")]
        choices = [self._choice(name[:-3], rule) for name, rule in kids.items() if name not in plain]
        return {
            "properties": {name: self._element(rule) for name, rule in plain.items()},
            "patternProperties": _WITHOUT_MORE,
            "required": needed,
            **({"type": "object"} if any(rule.get("min") for rule in kids.values()) else {}),
            **({"allOf": choices} if choices else {}),
        }

    def type_(self, name: str) -> Json:
        """What a type asks of its values, where it stands once."""
        return self._named(name, lambda: self.below(self.trees.get(name, {})) | _of_type(name))

    def _named(self, name: str, make: Any) -> Json:
        name = self.prefix + name
        if name not in self.definitions:
            self.definitions[name] = True  # it may refer to itself
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name.replace('/', '~1').replace(' ', '%20')}"}

    def _choice(self, start: str, rule: Tree) -> Json:
        """An element of several names: `valueString`, `valueCode`."""
        types, every = rule.get("types", ()), f"^{start}[A-Z]"
        if not types:
            return {"patternProperties": {every: self._element(rule)}} | _one_of(rule, every)
        asked = {start + type_[0].upper() + type_[1:]: {**rule, "types": [type_]} for type_ in types}
        names = {"if": {"pattern": every}, "then": {"enum": list(asked)}}
        elements = {name: self._element(one) for name, one in asked.items()}
        return {"properties": elements, "propertyNames": names} | _one_of(rule, every)

    def _element(self, rule: Tree) -> Any:
        """One value or a list of them."""
        if rule.get("max") == 0:
            return False
        value, least = self._value(rule), rule.get("min", 0)
        slices = [one for one in rule.get("slices", {}).values() if one["when"] is not None]
        listed = {
            "items": value,
            "minItems": least,
            **({"maxItems": rule["max"]} if rule.get("max") is not None else {}),
            **({"allOf": [each for one in slices for each in self._slice(one)]} if slices else {}),
        }
        alone = value if least < 2 and not slices else False
        return {"if": {"type": "array"}, "then": listed, "else": alone}

    def _slice(self, rule: Tree) -> Iterable[Json]:
        """Items that bear its marks: how many, and what is asked of each."""
        wanted = {"allOf": [_led_to(path.split("."), told) for path, told in rule["when"]]}
        least, most = rule.get("min", 0), rule.get("max")
        yield {
            "contains": wanted, "minContains": least, **({} if most is None else {"maxContains": most}),
        }  # fmt: skip
        value = self._value(rule)
        for one in rule.get("slices", {}).values():
            if one["when"] is not None:  # slices of a slice: none is drawn today, the walk would read them
                value = False
        yield {"items": {"if": wanted, "then": value}}

    def _value(self, rule: Tree) -> Any:
        asked: list[Any] = [_NOT_BLANK] if rule.get("min") else []
        asked += [_SAID] if self.typed else []
        if "is" in rule:
            asked.append(_like(rule["is"]))
        if "codes" in rule:
            asked.append(coded(sorted(self.lists[rule["codes"]])))
        if (down := self._down(rule)) != {}:
            asked.append(down)
        return {"allOf": asked} if len(asked) > 1 else asked[0] if asked else {}

    def _down(self, rule: Tree) -> Any:
        if "same" in rule:
            return self._named(rule["same"], lambda: self.below(self._same(rule["same"])))
        types = rule.get("types", ())
        if not self.typed:
            return self.below(rule) if "kids" in rule else {}
        type_ = types[0] if len(types) == 1 else ""
        if type_ == "Resource" or not type_:
            return False
        if type_[0].islower():
            return {}
        return self.below(rule) | _of_type(type_) if "kids" in rule else self.type_(type_)

    def _same(self, path: str) -> Tree:
        type_, *steps = path.split(".")
        tree = self.trees[type_]
        for step in steps:
            tree = tree["kids"][step]
        return tree


def _of_type(name: str) -> Json:
    """The invariants of a type, beside what `below` says."""
    return {"if": True, "then": _INVARIANTS[name]} if name in _INVARIANTS else {}


def _one_of(rule: Tree, every: str) -> Json:
    """Whether one of the names has to be there, or none may."""
    if rule.get("max") is not None:
        return {"propertyNames": {"not": {"pattern": every}}}
    return {"not": {"propertyNames": {"not": {"pattern": every}}}} if rule.get("min") else {}


def _like(wanted: Any) -> Json:
    """What holds all that a pattern says, as `fhir_rules.matches` reads it."""
    if isinstance(wanted, list):
        return {"type": "array", "allOf": [{"contains": _like(one)} for one in wanted]}
    if isinstance(wanted, dict):
        kept = {name: _like(value) for name, value in wanted.items() if name != "display"}
        return {"type": "object", "properties": kept, "required": list(kept)}
    return {"const": wanted}


def coded(codes: list[str]) -> Json:
    """The codes of a code, a Coding or a CodeableConcept."""
    code = {"properties": {"code": {"enum": codes}}}
    inside = {"properties": {"coding": {"items": code}}}
    return {"if": {"type": "string"}, "then": {"enum": codes}, "else": {"allOf": [code, inside]}}


def _led_to(steps: list[str], wanted: Any) -> Json:
    """What has, where these steps lead, a value like this one."""
    path = ".".join(steps)
    if path == "$this":
        return _like(wanted)
    if path.startswith("extension("):
        address = path.removeprefix("extension(").removesuffix(")")
        its_own = {"properties": {"url": {"const": address}}, "required": ["url"]}
        return _having("extension", its_own | _valued(wanted))
    first, *rest = steps
    return _having(first, _led_to(rest, wanted) if rest else _like(wanted))


def _valued(wanted: Any) -> Json:
    return {"not": {"patternProperties": {"^value[A-Z]": {"not": _like(wanted)}}}}


def _having(name: str, value: Json) -> Json:
    """What has an element like this, alone or in a list."""
    held = {"anyOf": [value, {"type": "array", "contains": value}]}
    return {"type": "object", "required": [name], "properties": {name: held}}

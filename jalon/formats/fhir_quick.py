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
from jalon.formats.schemas import having, held, is_primitive, together

Tree = Mapping[str, Any]
_NOT_BLANK = {"pattern": r"\S"}
_SAID = {"minLength": 1}
_SCALAR = {"not": {"type": "array"}}
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
    root = schema.of_type(name) if typed else schema.below(rules.trees[name])
    return root, schema.definitions


class _Schema:
    """The schema of a tree, under way; `definitions`: what it refers to, each once."""

    def __init__(self, trees: Mapping[str, Tree], lists: Mapping[str, Iterable[str]], typed: bool) -> None:
        self.trees, self.lists, self.typed = trees, lists, typed
        self.prefix = "type " if typed else "profile "  # two schemas may be put in one
        self.definitions: dict[str, Any] = {}

    def below(self, tree: Tree) -> Json:
        """What is asked of the elements under a value; those of a primitive are beside it (`_birthDate`)."""
        kids = tree.get("kids", {})
        each = (
            self._choice(name[:-3], rule) if name.endswith("[x]") else self._plain(name, rule)
            for name, rule in kids.items()
        )
        needs = {"type": "object"} if any(rule.get("min") for rule in kids.values()) else {}
        found: Json = together([{"patternProperties": {"^_": self._beside()}}, needs, *each])
        return found

    def _beside(self) -> Json:
        """What a primitive carries is asked what any extension is."""
        extensions = {"type": "array", "items": self._type("Extension")} if self.typed else {}
        return {"type": "object", "properties": {"extension": extensions}}

    def _plain(self, name: str, rule: Tree) -> Json:
        """An element of one name; a primitive that has no value is for the walk, as one of several."""
        needed = {"required": [name]} if rule.get("min") else {}
        if not is_primitive(name):
            return {"properties": {name: self._element(name, rule), f"_{name}": False}} | needed
        kids = rule.get("kids", {})
        more = {name: [f"_{name}"]} if any(kid.get("min") for kid in kids.values()) else {}
        value = self._element(name, {key: part for key, part in rule.items() if key != "kids"})
        return {
            "properties": {name: value, f"_{name}": self.below(rule) if kids else {}},
            "dependentRequired": {f"_{name}": [name], **more},
        } | needed

    def of_type(self, name: str) -> Json:
        """What a type asks of its values."""
        return self.below(self.trees.get(name, {})) | _of_type(name)

    def _type(self, name: str) -> Json:
        return self._named(name, lambda: self.of_type(name))

    def _named(self, name: str, make: Any) -> Json:
        name = self.prefix + name
        if name not in self.definitions:
            self.definitions[name] = True  # it may refer to itself
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name.replace('/', '~1').replace(' ', '%20')}"}

    def _choice(self, start: str, rule: Tree) -> Json:
        """An element of several names: `valueString`, `valueCode`."""
        types, every = rule.get("types", ()), f"^{start}[A-Z]"
        beside = {f"^_{start}[A-Z]": False}
        if not types:
            return {"patternProperties": {every: self._element("", rule)} | beside} | _one_of(rule, every)
        asked = {start + type_[0].upper() + type_[1:]: {**rule, "types": [type_]} for type_ in types}
        names = {"if": {"pattern": every}, "then": {"enum": list(asked)}}
        elements = {name: self._element("", one) for name, one in asked.items()}
        found = {"properties": elements, "patternProperties": beside}
        whole: Json = together([found, {"propertyNames": names}, _one_of(rule, every)])
        return whole

    def _element(self, name: str, rule: Tree) -> Any:
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
        return held(name, value if least < 2 and not slices else False, listed)

    def _slice(self, rule: Tree) -> Iterable[Json]:
        """Items that bear its marks: how many, and what is asked of each."""
        wanted = together(_led_to(path.split("."), told) for path, told in rule["when"])
        least, most = rule.get("min", 0), rule.get("max")
        yield {
            "contains": wanted, "minContains": least, **({} if most is None else {"maxContains": most}),
        }  # fmt: skip
        value = self._value(rule)
        for one in rule.get("slices", {}).values():
            if one["when"] is not None:  # slices of a slice: none is drawn today, the walk would read them
                value = False
        if value != {}:
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
        return together(asked)

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
        return self.below(rule) | _of_type(type_) if "kids" in rule else self._type(type_)

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
        return having("extension", its_own | _valued(wanted))
    first, *rest = steps
    return having(first, _led_to(rest, wanted) if rest else _like(wanted))


def _valued(wanted: Any) -> Json:
    return {"not": {"patternProperties": {"^value[A-Z]": {"not": _like(wanted)}}}}

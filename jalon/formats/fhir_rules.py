"""What FHIR R4 and its profiles ask beyond a JSON schema: mandatory primitives, lists of codes, fixed values,
slices told by all their marks (code and system), extensions.

The rules are trees of elements drawn from the official definitions (`tools/refresh_fhir_rules.py`): `check`
walks a resource and its tree together, so that what is asked of a class is written nowhere by hand.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from jalon.formats.fhir import Json, Problem
from jalon.formats.fhir_quick import quick

Tree = Mapping[str, Any]
_R4 = Path(__file__).parent / "fhir_schema/rules.json"
_BY_EXTENSION = re.compile(r"extension\((.+)\)")
_NONE: Tree = {}


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in a resource: `more` is what a primitive carries beside it (`_birthDate`), `key` its name."""

    value: Any
    more: Any
    key: str
    path: str

    @property
    def present(self) -> bool:
        """Whether there is something to read: blanks alone say nothing."""
        blank = isinstance(self.value, str) and not self.value.strip()
        return not blank and (self.value is not None or self.more is not None)


@dataclass(frozen=True, eq=False)
class Rules:
    """Trees by type or profile, and the lists of codes that they name."""

    trees: Mapping[str, Tree]
    lists: Mapping[str, frozenset[str]]


def load(file: Path, trees: str) -> Rules:
    """The rules of a file that `tools/refresh_fhir_rules.py` wrote."""
    content = orjson.loads(file.read_bytes())
    return Rules(content[trees], {name: frozenset(codes) for name, codes in content["lists"].items()})


@cache
def r4() -> Rules:
    """The rules of FHIR R4 itself, by type."""
    return load(_R4, "types")


def check_r4(resource: Json, path: str) -> Iterator[Problem]:
    """What FHIR R4 asks of a resource and of all that it holds."""
    if quick(r4(), resource["resourceType"], typed=True).is_valid(resource):
        return
    walk = _Walk(r4(), of_type=_of_type)
    yield from walk.down(_NONE, resource["resourceType"], Spot(resource, None, "", path))


def check(rules: Rules, name: str, node: Json, path: str) -> Iterator[Problem]:
    """What the tree `name` of `rules` asks of a node."""
    if quick(rules, name, typed=False).is_valid(node):
        return
    yield from _Walk(rules).below(rules.trees[name], Spot(node, None, "", path))


def parts(spot: Spot, name: str) -> Iterator[Spot]:
    """The values of an element; `value[x]` is a choice of elements."""
    if not isinstance(spot.value, dict):
        holder = spot.more if isinstance(spot.more, dict) else {}
        yield from _listed(holder.get(name), None, name, spot.path)
        return
    for key in _keys(spot.value, name):
        yield from _listed(spot.value.get(key), spot.value.get(f"_{key}"), key, spot.path)


def _keys(node: Json, name: str) -> list[str]:
    if not name.endswith("[x]"):
        return [name] if name in node or f"_{name}" in node else []
    start, found = name[:-3], []
    for key in node:
        plain = key.removeprefix("_")
        if plain.startswith(start) and plain[len(start) : len(start) + 1].isupper() and plain not in found:
            found.append(plain)
    return found


def _listed(value: Any, more: Any, key: str, path: str) -> Iterator[Spot]:
    if not isinstance(value, list) and not isinstance(more, list):
        if value is not None or more is not None:
            yield Spot(value, more, key, f"{path}.{key}")
        return
    values = value if isinstance(value, list) else []
    beside = more if isinstance(more, list) else []
    for index in range(max(len(values), len(beside))):
        one, other = (held[index] if index < len(held) else None for held in (values, beside))
        yield Spot(one, other, key, f"{path}.{key}[{index}]")


def _nothing(type_: str, spot: Spot) -> Iterator[Problem]:
    yield from ()


@dataclass(frozen=True)
class _Walk:
    """One reading of a resource; `of_type`: what is asked besides of each value, by its type."""

    rules: Rules
    of_type: Callable[[str, Spot], Iterator[Problem]] = _nothing

    def below(self, tree: Tree, spot: Spot) -> Iterator[Problem]:
        """What a tree asks of the elements under a value."""
        for name, rule in tree.get("kids", _NONE).items():
            yield from self._element(name, rule, list(parts(spot, name)), spot.path)

    def down(self, rule: Tree, type_: str, spot: Spot) -> Iterator[Problem]:
        """The same with what the type of the value asks, where the rules are those of the types."""
        if isinstance(spot.value, dict):
            type_ = spot.value.get("resourceType", type_) if type_ == "Resource" else type_
            yield from self.of_type(type_, spot)
        elif isinstance(spot.more, dict) and type_:
            yield from self._beside(spot)
        yield from self.below(rule if "kids" in rule else self.rules.trees.get(type_, _NONE), spot)

    def _beside(self, spot: Spot) -> Iterator[Problem]:
        """What a primitive carries beside it is asked what any extension is."""
        for each in parts(Spot(None, spot.more, spot.key, spot.path), "extension"):
            yield from self.down(_NONE, "Extension", each)

    def _element(self, name: str, rule: Tree, found: list[Spot], path: str) -> Iterator[Problem]:
        yield from _count(rule, sum(spot.present for spot in found), f"{path}.{name}")
        for spot in found:
            yield from self._value(rule, spot)
        for slice_, below in rule.get("slices", _NONE).items():
            if below["when"] is not None:
                chosen = [spot for spot in found if is_of(below["when"], spot)]
                for each in self._element(name, below, chosen, path):
                    yield Problem(each.path, f"{slice_} : {each.reason[0].lower()}{each.reason[1:]}")

    def _value(self, rule: Tree, spot: Spot) -> Iterator[Problem]:
        types = rule.get("types", ())
        chosen = _chosen(types, spot.key)
        if chosen is None:
            yield Problem(spot.path, "Ce type de valeur n’est pas admis ici.")
        if "is" in rule and spot.value is not None and not matches(rule["is"], spot.value):
            yield Problem(spot.path, f"La valeur doit être « {_told(rule['is'])} ».")
        if "codes" in rule:
            yield from self._codes(rule["codes"], spot)
        same = self._same(rule["same"]) if "same" in rule else rule
        yield from self.down(same, chosen or "", spot)

    def _same(self, path: str) -> Tree:
        """The tree of an element that is defined elsewhere (`QuestionnaireResponse.item`)."""
        type_, *steps = path.split(".")
        tree = self.rules.trees[type_]
        for step in steps:
            tree = tree["kids"][step]
        return tree

    def _codes(self, name: str, spot: Spot) -> Iterator[Problem]:
        for code in _codes(spot.value):
            if code not in self.rules.lists[name]:
                listed = name.rpartition("/")[2]
                yield Problem(spot.path, f"Le code « {code} » n’est pas dans {listed}.")


def _count(rule: Tree, found: int, path: str) -> Iterator[Problem]:
    least, most = rule.get("min", 0), rule.get("max")
    if found < least:
        yield Problem(path, "Cet élément est obligatoire." if least == 1 else f"Il en faut au moins {least}.")
    if most is not None and found > most:
        yield Problem(
            path, f"Il en faut au plus {most} : il y en a {found}." if most else "Élément interdit ici."
        )


def _chosen(types: Any, key: str) -> str | None:
    """The type of a value: the only one there is, or the one that the name of the element says."""
    if len(types) < 2 and (not types or not key.endswith(types[0][0].upper() + types[0][1:])):
        return types[0] if types else ""
    told = [each for each in types if key.endswith(each[0].upper() + each[1:])]
    return max(told, key=len) if told else None


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        coded = value.get("coding", [value])
        yield from (each["code"] for each in coded if isinstance(each.get("code"), str))


def is_of(marks: Any, spot: Spot) -> bool:
    """Whether an item bears all the marks of a slice."""
    return all(any(matches(wanted, value) for value in _led_to(path, spot)) for path, wanted in marks)


def _led_to(path: str, spot: Spot) -> Iterator[Any]:
    if path == "$this":
        yield spot.value
        return
    if found := _BY_EXTENSION.fullmatch(path):
        for each in parts(spot, "extension"):
            if each.value.get("url") == found[1]:
                yield from (value.value for value in parts(each, "value[x]"))
        return
    first, _, rest = path.partition(".")
    for each in parts(spot, first):
        if rest:
            yield from _led_to(rest, each)
        else:
            yield each.value


def matches(wanted: Any, value: Any) -> bool:
    """Whether a value holds all that a pattern says; the words of a code are free."""
    if isinstance(wanted, list):
        return isinstance(value, list) and all(any(matches(one, it) for it in value) for one in wanted)
    if isinstance(wanted, dict):
        known = isinstance(value, dict)
        return known and all(matches(wanted[k], value.get(k)) for k in wanted if k != "display")
    return bool(wanted == value)


def _told(wanted: Any) -> str:
    if isinstance(wanted, dict) and "coding" in wanted:
        return " + ".join(_told(each) for each in wanted["coding"])
    if isinstance(wanted, dict) and "code" in wanted:
        return f"{wanted.get('system', '')}|{wanted['code']}"
    return wanted if isinstance(wanted, str) else orjson.dumps(wanted).decode()


# --- what a type asks that a tree cannot say ---------------------------------------------------------


def _of_type(type_: str, spot: Spot) -> Iterator[Problem]:
    for element, value in spot.value.items():
        if value == "":
            yield Problem(f"{spot.path}.{element}", "Le texte est vide : FHIR ne l’admet pas.")
        elif isinstance(value, list) and "" in value:
            yield Problem(f"{spot.path}.{element}", "Un texte de la liste est vide : FHIR ne l’admet pas.")
    if type_ in _INVARIANTS and (reason := _INVARIANTS[type_](spot.value)):
        yield Problem(spot.path, reason)


def _attachment(node: Json) -> str:
    data = node.get("data")
    if data is None:
        return ""
    if "contentType" not in node:
        return "Une pièce jointe qui a un contenu dit son type, contentType (att-1)."
    return "" if is_base64(data) else "Le contenu de la pièce jointe n’est pas en base64."


def is_base64(text: Any) -> bool:
    """Whether a text is base64, blanks between its groups put aside.

    >>> is_base64("SmFsb24="), is_base64("@@@"), is_base64("SmFsb24")
    (True, False, False)
    """
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError, AttributeError):
        return False
    return True


def _contact_point(node: Json) -> str:
    told = "value" not in node or "system" in node or "_system" in node
    return "" if told else "Une coordonnée qui a une valeur dit son canal (cpt-2)."


def _extension(node: Json) -> str:
    values = [name for name in node if name.lstrip("_").startswith("value")]
    if "extension" in node and values:
        return "Une extension a des parties ou une valeur, pas les deux (ext-1)."
    return "" if "extension" in node or values else "Une extension a une valeur ou des parties (ext-1)."


def _quantity(node: Json) -> str:
    told = "code" not in node or "system" in node
    return "" if told else "Une quantité qui a un code d’unité dit son système (qty-3)."


def _ratio(node: Json) -> str:
    both = ("numerator" in node) == ("denominator" in node)
    told = both and ("numerator" in node or "extension" in node)
    return "" if told else "Un rapport a un numérateur et un dénominateur (rat-1)."


def _repeat(node: Json) -> str:
    for value, unit in (("duration", "durationUnit"), ("period", "periodUnit")):
        if value in node and unit not in node:
            return f"Le rythme dit {value} sans {unit} (tim-1, tim-2)."
        if isinstance(node.get(value), int | float) and node[value] < 0:
            return f"Le rythme dit {value} négatif (tim-4, tim-5)."
    for more, base in (("periodMax", "period"), ("durationMax", "duration"), ("countMax", "count")):
        if more in node and base not in node:
            return f"Le rythme dit {more} sans {base} (tim-6 à tim-8)."
    return "Le rythme dit timeOfDay et when (tim-10)." if {"timeOfDay", "when"} <= node.keys() else ""


def _timing(node: Json) -> str:
    return _repeat(node["repeat"]) if "repeat" in node else ""


def _expression(node: Json) -> str:
    return "" if {"expression", "reference"} & node.keys() else "Une expression dit quoi calculer (exp-1)."


_INVARIANTS = {
    "Attachment": _attachment,
    "ContactPoint": _contact_point,
    "Duration": _quantity,
    "Age": _quantity,
    "Expression": _expression,
    "Extension": _extension,
    "Quantity": _quantity,
    "Ratio": _ratio,
    "Timing": _timing,
}

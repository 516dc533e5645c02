"""FHIR R4 JSON, read with care: hostile bytes first, then the official schema. Nothing is corrected, nothing
is guessed.

`parse` refuses what is not one clean JSON object (size, UTF-8, depth, duplicate keys, empty elements, control
characters, numbers a computer would round). `check_resource` passes a resource through the R4 schema, one
validator per type, and says what is wrong and where, as a FHIR path (`Bundle.entry[40].resource.birthDate`)
with a reason in French. The schema is a copy of HL7's (`fhir_schema/`): see
`tools/refresh_fhir_schema.py`.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import jsonschema_rs
import orjson

from jalon.core.errors import DomainError

Json = dict[str, Any]
LIMIT = 50 * 2**20
DEPTH = 64
MAX_PROBLEMS = 200
_SCHEMA = Path(__file__).parent / "fhir_schema"
_CONTROL_ESCAPE = re.compile(rb"\\u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONG_NUMBER = re.compile(rb"[0-9.eE+-]{16}")
_BRACKETS = bytes.maketrans(b"[]", b"{}")
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some editors put first: it says nothing."""
_SIGNIFICANT_DIGITS = 15
_ANY = "ResourceList"
"""The definition of any resource, in the schema."""
_DAYS = re.compile(rb'"(\d{4}-\d{2}-\d{2})')
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T|$)")


Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: `path` is a FHIR path, `reason` French. A `warning` does not stop a
    reading."""

    path: str
    reason: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path} : {self.reason}"


class FhirRefused(DomainError):
    """A file that is not clean FHIR JSON; `problems` says where, `place` is the first path."""

    def __init__(self, problems: Sequence[Problem], *, code: str = "fhir_refused") -> None:
        first = problems[0]
        others = f" (et {len(problems) - 1} autre(s) anomalie(s))" if len(problems) > 1 else ""
        super().__init__(first.reason + others, code=code, place=first.path)
        self.problems = tuple(problems)


# --- from bytes to a clean JSON object -------------------------------------------------------------


def parse(data: bytes, *, limit: int = LIMIT, depth: int = DEPTH) -> Json:
    """The JSON object in `data`. Raises FhirRefused.

    Decimals are kept by value: `1.10` comes back as `1.1`; one that no computer number holds exactly (more
    digits than JavaScript writes) is refused, not rounded.
    """
    if len(data) > limit:
        raise _refused(f"Le fichier dépasse {limit // 2**20} Mo.")
    _check_utf8(data)
    data = data.removeprefix(_MARK)
    try:
        root = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _refused(f"Le JSON est mal formé (ligne {error.lineno}, colonne {error.colno}).") from error
    if not isinstance(root, dict):
        raise _refused("Le fichier ne contient pas une ressource FHIR.")
    written = _structure(data)
    if not _is_plain(data, written, depth) or _keys(written) != _keys(_structure(orjson.dumps(root))):
        _look_closely(data, root, depth)
    return root


def is_plain(data: bytes, depth: int = DEPTH) -> bool:
    """Whether a text has nothing that must be looked at closely, but keys that come twice: no element empty,
    nothing too deep, no control character, no long number."""
    return _is_plain(data, _structure(data), depth)


def _is_plain(data: bytes, written: bytes, depth: int) -> bool:
    return (
        b"{}" not in written
        and b"[]" not in written
        and not _is_deep(written, depth)
        and not _LONG_NUMBER.search(written)
        and not _CONTROL_ESCAPE.search(data)
    )


def _keys(written: bytes) -> int:
    """How many keys a text has, those that come twice too."""
    return written.count(b":")


def _structure(data: bytes) -> bytes:
    """The text of a JSON value without what its strings say, nor blanks: `{":[","]}`."""
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b'"'.join(data.split(b'"')[::2]).translate(None, b" \t\r\n")


def _is_deep(written: bytes, depth: int) -> bool:
    """Whether more than `depth` elements stand one in another: the innermost ones are taken out in turn."""
    left = written.translate(_BRACKETS, _OTHERS)
    for _ in range(depth):
        left = left.replace(b"{}", b"")
    return bool(left)


def _refused(reason: str, path: str = "") -> FhirRefused:
    return FhirRefused([Problem(path, reason)])


def _check_utf8(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise _refused(f"Le fichier n’est pas en UTF-8 (octet {error.start + 1}).") from error


class _Twice(dict[str, Any]):
    """A JSON object in which a key came twice."""

    key = ""


class _Rounded(float):
    """A number that a double does not hold."""


def _look_closely(data: bytes, root: Json, depth: int) -> None:
    """The slow reading, only for a file that has something: where, and whether it matters."""
    if _is_deep(_structure(data), depth):
        raise _refused(f"Le JSON compte plus de {depth} niveaux imbriqués.")
    slow = json.loads(data, object_pairs_hook=_pairs, parse_int=_number, parse_float=_number)
    problems = list(_anomalies(slow, type_of(root)))
    if problems:
        raise FhirRefused(problems[:MAX_PROBLEMS])


def _pairs(pairs: list[tuple[str, Any]]) -> Json:
    node = dict(pairs)
    if len(node) == len(pairs):
        return node
    names = [name for name, _ in pairs]
    twice = _Twice(node)
    twice.key = next(name for name in names if names.count(name) > 1)
    return twice


def _number(text: str) -> float | int:
    digits = text.lower().partition("e")[0].lstrip("-0").replace(".", "").lstrip("0")
    found = float(text)
    kept = len(digits) <= _SIGNIFICANT_DIGITS or Decimal(repr(found)) == Decimal(text)
    return found if kept else _Rounded(0)


def _anomalies(node: Any, path: str) -> Iterator[Problem]:
    if isinstance(node, _Twice):
        yield Problem(f"{path}.{node.key}", "L’élément est écrit deux fois.")
    if node == {} or node == []:
        yield Problem(path, "L’élément est vide : FHIR ne l’admet pas.")
    if isinstance(node, _Rounded):
        yield Problem(path, "Le nombre a plus de chiffres significatifs qu’on ne peut en garder.")
    if isinstance(node, str) and _CONTROL.search(node):
        yield Problem(path, "Le texte contient un caractère de contrôle.")
    for below, place in children(node, path):
        yield from _anomalies(below, place)


def children(node: Any, path: str) -> Iterator[tuple[Any, str]]:
    """What lies directly under `node`, each with its FHIR path."""
    if isinstance(node, dict):
        yield from ((value, f"{path}.{key}") for key, value in node.items())
    elif isinstance(node, list):
        yield from ((value, f"{path}[{index}]") for index, value in enumerate(node))


def type_of(resource: Any) -> str:
    """The resource type, or « Ressource » when it says none."""
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    return name if isinstance(name, str) and name else "Ressource"


# --- the R4 schema ---------------------------------------------------------------------------------


@cache
def r4_schema() -> Json:
    """The official schema, whole."""
    loaded: Json = orjson.loads((_SCHEMA / "r4.json").read_bytes())
    return loaded


@cache
def types() -> frozenset[str]:
    """The resource types the schema knows: those that can be checked, hence read."""
    names = (each["$ref"].rpartition("/")[2] for each in r4_schema()["definitions"][_ANY]["oneOf"])
    return frozenset(names)


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({"definitions": definitions(name), "$ref": f"#/definitions/{name}"})


def definitions(name: str) -> Json:
    """What the schema of one type refers to, itself included: what a resource contains is any object there,
    and is checked by its own."""
    found: Json = {_ANY: {"type": "object"}}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = r4_schema()["definitions"][one]
            waiting += _named(found[one])
    return found


def _named(schema: Any) -> Iterator[str]:
    """The definitions that one refers to."""
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        yield schema["$ref"].rpartition("/")[2]
    for below, _ in children(schema, ""):
        yield from _named(below)


class Node(NamedTuple):
    """A JSON object inside a resource: the element that holds it (`extension`, `period`…), in the node above
    and, of a list, at this rank. `root`: the path of the resource itself.
    """

    json: Json
    element: str = ""
    above: Any = None
    rank: int = -1
    root: str = ""

    @property
    def path(self) -> str:
        """Its FHIR path: made when asked for, which is when something is wrong."""
        if self.above is None:
            return self.root
        return f"{self.above.path}.{self.element}" + (f"[{self.rank}]" if self.rank >= 0 else "")


def nodes(resource: Json, path: str) -> list[Node]:
    """Every JSON object of a resource, itself first, in the order of the file."""
    found: list[Node] = []
    _gather(Node(resource, root=path), found)
    return found


def _gather(node: Node, found: list[Node]) -> None:
    found.append(node)
    for key, value in node.json.items():
        if type(value) is dict:
            _gather(Node(value, key, node), found)
        elif type(value) is list:
            for index, item in enumerate(value):
                if type(item) is dict:
                    _gather(Node(item, key, node, index), found)


def check_resource(
    resource: Any, path: str = "", *, found: Sequence[Node] | None = None, dated: bool = False
) -> list[Problem]:
    """What the R4 schema and the calendar refuse in a resource; `path` is where it stands in its file.

    `found`: its nodes, when the caller has them already; `dated`: every day of its file exists.
    """
    path = path or type_of(resource)
    if problems := _against_schema(resource, path):
        return problems
    held = nodes(resource, path) if found is None else found
    inside = (
        node for node in held if node.element in ("contained", "resource") and node.json is not resource
    )
    problems = [problem for node in inside for problem in _against_schema(node.json, node.path)]
    return problems or ([] if dated else list(_impossible_dates(held)))


def _against_schema(resource: Any, path: str) -> list[Problem]:
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(name, str) or name not in types():
        return [Problem(path, "Le type de la ressource manque ou n’existe pas en FHIR R4.")]
    validator = _validator(name)
    if validator.is_valid(resource):
        return []
    return [_problem(error, path) for error in islice(validator.iter_errors(resource), MAX_PROBLEMS)]


def _problem(error: jsonschema_rs.ValidationError, path: str) -> Problem:
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
    about: Json = error.kind.as_dict()
    kind = error.kind.name
    if kind == "additionalProperties":
        return Problem(f"{path}{place}.{about['unexpected'][0]}", "Cet élément n’existe pas en FHIR R4.")
    if kind == "required":
        return Problem(f"{path}{place}.{about['property']}", "Cet élément est obligatoire.")
    return Problem(path + place, _REASONS.get(kind, _not_conformant)(error))


def _wrong_type(error: jsonschema_rs.ValidationError) -> str:
    names = {"array": "une liste", "object": "un objet", "string": "un texte", "boolean": "true ou false"}
    wanted = error.kind.as_dict()["types"]
    return f"La valeur devrait être {names.get(wanted[0], 'un nombre')}."


def _excerpt(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= 40 else text[:39] + "…"


_REASONS: dict[str, Callable[[jsonschema_rs.ValidationError], str]] = {
    "type": _wrong_type,
    "enum": lambda error: f"« {_excerpt(error.instance)} » n’est pas un code permis ici.",
    "pattern": lambda error: f"« {_excerpt(error.instance)} » n’a pas la forme attendue.",
    "minimum": lambda error: f"{_excerpt(error.instance)} est un nombre trop petit.",
    "maximum": lambda error: f"{_excerpt(error.instance)} est un nombre trop grand.",
}


def _not_conformant(_: jsonschema_rs.ValidationError) -> str:
    return "L’élément n’est pas conforme à FHIR R4."


def days_exist(data: bytes) -> bool:
    """Whether every text of a file that begins as a day is one, none being written by escapes."""
    return b"\\u" not in data and all(_is_day(day.decode()) for day in set(_DAYS.findall(data)))


@cache
def _date_elements() -> frozenset[str]:
    """The names of the elements whose type is date, dateTime or instant."""
    definitions = r4_schema()["definitions"]
    types_ = ("date", "dateTime", "instant")
    known = {f"#/definitions/{name}" for name in types_} | {definitions[name]["pattern"] for name in types_}
    found = (each.get("properties", {}) for each in definitions.values())
    return frozenset(
        name
        for properties in found
        for name, schema in properties.items()
        if schema.get("$ref", schema.get("pattern")) in known
    )


def _impossible_dates(found: Sequence[Node]) -> Iterator[Problem]:
    """Dates of the right form that no calendar has (2023-02-30)."""
    dated = _date_elements()
    for node in found:
        for name in node.json.keys() & dated:
            text = node.json[name]
            if isinstance(text, str) and _DAY.match(text) and not _is_day(text[:10]):
                yield Problem(f"{node.path}.{name}", f"Le {text[:10]} n’existe pas au calendrier.")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True

"""Whether a resource has nothing wrong at all, asked once of one schema: that of R4, what FHIR and its
profile ask beyond it, the checks of its class, its extensions.

A quick yes is a yes, without a warning; a no says neither what nor where, and `rules` then has the last word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import jsonschema_rs
import orjson

from jalon.formats.fhir import Json, definitions
from jalon.formats.fhir_quick import schema_of
from jalon.formats.fhir_rules import r4
from jalon.formats.schemas import together
from jalon.formats.tddui.catalog import PROFILES
from jalon.formats.tddui.checks import Check, codes_of
from jalon.formats.tddui.profiles import rules
from jalon.formats.tddui.rules_base import INVARIANTS, MODIFIERS
from jalon.formats.tddui.rules_extensions import EXTENSIONS, asked_of
from jalon.formats.tddui.rules_identifiers import check_identifiers
from jalon.formats.tddui.urls import CS, SD
from jalon.terminology.files import manifest

_PREFIX = SD + "tddui-"
_NEVER = (*MODIFIERS, "contained")
"""What a resource of this kind has nowhere: the walk looks at one that does."""
_NOT_IN_ERROR: Json = {
    "properties": {
        "status": {"not": {"const": "entered-in-error"}},
        "lifecycleStatus": {"not": {"const": "entered-in-error"}},
        "doNotPerform": {"const": False},
    }
}


@dataclass(frozen=True)
class _Gate:
    """What is asked of the resources of one profile; `others`: the checks that no schema tells; `name`: which
    gate it is, of all those that this profile had or will have."""

    schema: jsonschema_rs.Validator
    others: tuple[Check, ...]
    name: str

    def passes(self, resource: Json) -> bool:
        return self.schema.is_valid(resource) and not any(
            True for check in self.others for _ in check(resource, "")
        )


def is_right(resource: Json) -> bool:
    """Whether nothing is wrong with a resource, its references being resolved and its days true."""
    gate = _gate_of(only_profile(resource))
    return gate is not None and gate.passes(resource)


def gate_of(profile: str) -> str:
    """The name of the gate of a profile, which changes with anything that it asks; `""` without a gate."""
    gate = _gate_of(profile)
    return gate.name if gate is not None else ""


def _gate_of(profile: str) -> _Gate | None:
    return _gate(profile.removeprefix(_PREFIX)) if profile.startswith(_PREFIX) else None


def only_profile(resource: Json) -> str:
    """The profile of a resource that declares one, of TDDUI; anything may be in a resource here."""
    meta = resource.get("meta")
    profiles = meta.get("profile") if type(meta) is dict else None
    if type(profiles) is not list or len(profiles) != 1 or type(profiles[0]) is not str:
        return ""
    return profiles[0].partition("|")[0]


@cache
def _gates() -> dict[str, _Gate | None]:
    return {}


def _gate(name: str) -> _Gate | None:
    """Made when a resource of this profile comes first."""
    gates = _gates()
    if name not in gates and name in PROFILES:
        gates[name] = _made(name)
    return gates.get(name)


def _made(profile: str) -> _Gate:
    type_, own = PROFILES[profile]
    checks = [*INVARIANTS.get(type_, ()), *own]
    asked = [check.schema() for check in checks if check.schema is not None]
    by_type, type_definitions = schema_of(r4(), type_, typed=True)
    by_profile, profile_definitions = schema_of(rules(), _PREFIX + profile, typed=False)
    schema = {
        "$ref": f"#/definitions/{type_}",
        **together([_of_type(type_), by_type, by_profile, _NOT_IN_ERROR, *asked]),
        "definitions": _strict(definitions(type_)),
        "$defs": type_definitions | profile_definitions,
    }  # fmt: skip
    others = tuple(check for check in checks if check.schema is None)
    name = sha256(_code() + orjson.dumps(schema, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return _Gate(jsonschema_rs.validator_for(schema), (Check(check_identifiers), *others), name)


@cache
def _code() -> bytes:
    """The code of the checks that no schema tells."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return sha256(b"".join(each.read_bytes() for each in files)).digest()


def _of_type(name: str) -> Json:
    return {"properties": {"resourceType": {"const": name}}}


def _strict(found: Json) -> Json:
    """The definitions of R4, each with what is asked wherever it stands."""
    return {name: _strictly(name, one) for name, one in found.items()}


def _strictly(name: str, definition: Json) -> Json:
    held = {key: one for key, one in definition.get("properties", {}).items() if key not in _NEVER}
    more = list(_everywhere(name, definition))
    return definition | ({"properties": held} if held else {}) | ({"allOf": more} if more else {})


def _everywhere(name: str, definition: Json) -> Iterator[Json]:
    if {"system", "code"} <= definition.get("properties", {}).keys():
        yield _own_codes()
    if name == "Extension":
        yield from _extensions()


@cache
def _own_codes() -> Json:
    """Codes of the systems that TDDUI itself defines."""
    ours = {entry.url for entry in manifest() if entry.kind == "code_system" and entry.url.startswith(CS)}
    each = [
        {"properties": {"system": {"const": system}, "code": {"enum": sorted(codes_of(system) or ())}}}
        for system in sorted(ours)
    ]
    its_own = {"properties": {"system": {"pattern": f"^{CS}"}}, "required": ["system"]}
    return {"if": its_own, "then": {"anyOf": each}}


@cache
def _extensions() -> tuple[Json, ...]:
    """What each extension asks of itself, and that TDDUI defines it when it bears its name."""
    trees = {url: tree for url, tree in rules().trees.items() if tree["type"] == "Extension"}
    known = sorted(url for url in trees if url.startswith(SD))
    theirs = {"anyOf": [{"enum": known}, {"not": {"pattern": f"^{SD}"}}]}
    return {"properties": {"url": theirs}}, _among(sorted(trees))


def _among(urls: list[str]) -> Json:
    """What the one of these addresses that an extension bears asks of it; found by halves."""
    if len(urls) == 1:
        return {"if": {"properties": {"url": {"const": urls[0]}}}, "then": _extension(urls[0])}
    half = urls[: len(urls) // 2]
    rest = urls[len(half) :]
    return {"if": {"properties": {"url": {"enum": half}}}, "then": _among(half), "else": _among(rest)}


def _extension(url: str) -> Json:
    by_tree, _ = schema_of(rules(), url, typed=False)  # which refers to no other
    found: Json = together([by_tree, asked_of(EXTENSIONS[url]) if url in EXTENSIONS else {}])
    return found

"""Finding a list by one of its names, and reading it once."""

import datetime as dt
import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from types import MappingProxyType

from jalon.terminology.coding import Coding, system_name
from jalon.terminology.files import Entry, manifest, rows
from jalon.terminology.lists import CodeList, ConceptMap, Validity

_NUMBERED = re.compile(r"((?:JDV|TRE|ASS)[_-][A-Z]\d+)", re.IGNORECASE)


def value_set(name: str) -> CodeList:
    """The value set of that name: "JDV_J07", "jdv-j408-orientation-ms", or a canonical address.

    Raises KeyError, with the nearest names, when it is not in the house.
    """
    return _code_list(_entry("value_set", name))


def code_system(name: str) -> CodeList:
    """The code system of that name: "TRE_G15", "tddui-discriminator", or a canonical address.

    Raises KeyError, with the nearest names, when it is not in the house.
    """
    return _code_list(_entry("code_system", name))


def concept_map(name: str) -> ConceptMap:
    """The association list of that name: "ASS_X04". Raises KeyError when it is not in the house."""
    return _concept_map(_entry("map", name))


def names_of(entry: Entry) -> Iterator[str]:
    """The names a list answers to, normalized: its own, its number, the end of its address."""
    yield _key(entry.name)
    if numbered := _NUMBERED.match(entry.name):
        yield _key(numbered[1])
    if entry.url:
        yield _key(entry.url)


def _key(name: str) -> str:
    last = name.split("|")[0].rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[^a-z0-9]", "", last.lower())


@cache
def _index() -> dict[tuple[str, str], Entry]:
    return {(entry.kind, name): entry for entry in manifest() for name in names_of(entry)}


def _entry(kind: str, name: str) -> Entry:
    found = _index().get((kind, _key(name)))
    if found is None:
        known = [entry.name for entry in manifest() if entry.kind == kind]
        near = ", ".join(difflib.get_close_matches(name, known, 3, 0.5)) or "none"
        raise KeyError(f"no {kind.replace('_', ' ')} named {name!r} in terminology/data; near names: {near}")
    return found


@cache
def _code_list(entry: Entry) -> CodeList:
    codings, validity = {}, {}
    for row in rows(entry):
        system = row.get("system") or entry.system
        named = system_name(system) or (entry.name if system == entry.system else "")
        codings[row["code"]] = Coding(system, row["code"], row["label"], named)
        if row.get("valid_from") or row.get("valid_to"):
            validity[row["code"]] = Validity(_day(row.get("valid_from")), _day(row.get("valid_to")))
    return CodeList(entry, MappingProxyType(codings), MappingProxyType(validity))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@cache
def _concept_map(entry: Entry) -> ConceptMap:
    pairs: dict[str, list[Coding]] = defaultdict(list)
    for row in rows(entry):
        system, code = row["target_system"], row["target"]
        pairs[row["source"]].append(Coding(system, code, _label(system, code), system_name(system)))
    return ConceptMap(entry, MappingProxyType({source: tuple(found) for source, found in pairs.items()}))


def _label(system: str, code: str) -> str:
    """The label of a code in the code system that has this OID, empty when it is not in the house."""
    for entry in manifest():
        if entry.kind == "code_system" and entry.oid == system:
            return _code_list(entry).label(code, default="")
    return ""

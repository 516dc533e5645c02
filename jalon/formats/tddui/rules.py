"""What TDDUI 2.4.0 asks beyond FHIR: the rules of its profiles, after the R4 schema. Every problem is told,
with its path."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from jalon.formats.fhir import Json, Node, Problem
from jalon.formats.tddui.bundle import Entry
from jalon.formats.tddui.catalog import PROFILES, declared_profiles, profile_of
from jalon.formats.tddui.checks import codes_of
from jalon.formats.tddui.rules_base import check_base
from jalon.formats.tddui.rules_extensions import check_extensions
from jalon.formats.tddui.rules_identifiers import check_identifiers
from jalon.formats.tddui.rules_profiles import check_profile
from jalon.formats.tddui.urls import CS


def check(found: list[Entry]) -> Iterator[Problem]:
    """What is wrong in the sound resources of a file, references already looked up.

    The rules written by hand come first, in words of the field: where they have told an error, or let a
    code through on purpose, the trees of the official definitions say no more.
    """
    for entry in (each for each in found if each.sound):
        told = list(_by_hand(entry))
        yield from told
        known = {each.path for each in told if each.severity == "error" or each.path.endswith(".code")}
        yield from (problem for problem in _by_tree(entry) if problem.path not in known)


def _by_hand(entry: Entry) -> Iterator[Problem]:
    resource, path = entry.resource, entry.path
    yield from _check_profiles(resource, path)
    yield from check_identifiers(resource, path)
    yield from check_extensions(entry.nodes)
    yield from _check_nodes(entry.nodes)
    for each in PROFILES.get(profile_of(resource), ("", ()))[1]:
        yield from each(resource, path)


def _by_tree(entry: Entry) -> Iterator[Problem]:
    yield from check_base(entry.resource, entry.nodes, entry.path)
    yield from check_profile(entry.resource, profile_of(entry.resource), entry.nodes, entry.path)


def _check_profiles(resource: Json, path: str) -> Iterator[Problem]:
    declared = declared_profiles(resource)
    if not declared:
        reason = "La ressource ne dit pas quel profil de TDDUI elle suit."
        yield Problem(f"{path}.meta.profile", reason, "warning")
    for name in declared:
        if name not in PROFILES:
            yield Problem(f"{path}.meta.profile", f"« tddui-{name} » n’est pas un profil de TDDUI 2.4.0.")
        elif PROFILES[name][0] != resource["resourceType"]:
            yield Problem(f"{path}.meta.profile", f"« tddui-{name} » est un profil de {PROFILES[name][0]}.")


def _check_nodes(found: list[Node]) -> Iterator[Problem]:
    """Periods in order, and codes of the systems TDDUI itself defines."""
    for node in found:
        json = node.json
        if "start" in json and "end" in json and _reversed(json["start"], json["end"]):
            yield Problem(node.path, "La période finit avant de commencer.")
        if "code" in json and "system" in json and json["system"].startswith(CS):
            yield from _check_own_code(json["system"], json["code"], node.path)


def _check_own_code(system: str, code: str, path: str) -> Iterator[Problem]:
    known = codes_of(system)
    if known is not None and code not in known:
        yield Problem(f"{path}.code", f"« {code} » n’est pas un code de {system.rpartition('/')[2]}.")


def _reversed(start: Any, end: Any) -> bool:
    if not (isinstance(start, str) and isinstance(end, str)):
        return False
    first, last = _instant(start), _instant(end)
    if first and last:
        return last < first
    size = min(len(start), len(end), 10)
    return end[:size] < start[:size]


def _instant(text: str) -> dt.datetime | None:
    """The instant of a text that has an hour and an offset; None otherwise (or on a leap second)."""
    with suppress(ValueError):
        read = dt.datetime.fromisoformat(text)
        return read if read.tzinfo else None
    return None

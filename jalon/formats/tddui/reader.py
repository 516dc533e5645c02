"""TDDUI file → Transfer: hostile bytes, R4 schema, Bundle, references, profile rules, keys, then the model.

All or nothing: a file in which anything is wrong gives no Transfer, but the list of what is wrong and where.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from jalon.formats.fhir import LIMIT, FhirRefused, Json, Problem, Severity, parse, rounds, type_of
from jalon.formats.tddui.assembly import assemble, names_somebody
from jalon.formats.tddui.bundle import Entry, entries, find_references
from jalon.formats.tddui.catalog import kind_of
from jalon.formats.tddui.classes.person import KIND as PERSON
from jalon.formats.tddui.cycles import check_cycles
from jalon.formats.tddui.keys import derived_key, intrinsic_key, token
from jalon.formats.tddui.model import Transfer
from jalon.formats.tddui.rules import check
from jalon.formats.tddui.values import Link


class TdduiRefused(FhirRefused):
    """A file that is not a clean TDDUI 2.4.0 transfer; `problems` holds every (path, reason)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems, code="tddui_refused")


def read(
    data: bytes | Json | Sequence[bytes], *, limit: int = LIMIT, known: Mapping[str, Link] = {}
) -> Transfer:
    """The content of a TDDUI 2.4.0 file: a transaction Bundle, or resources one by one.

    A sequence of files is read as one: their references may cross, and nothing is kept if one of them is
    refused; the paths then begin with the rank of the file (`#2 Bundle.entry[0]…`). Raises TdduiRefused with
    all that is wrong.
    """
    found, problems = _open(data, limit)
    problems += [*find_references(found, known), *check(found), *check_cycles(found)]
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise TdduiRefused(errors)
    conflicts = list(name_entries(found))
    if any(problem.severity == "error" for problem in conflicts):
        raise TdduiRefused(conflicts)
    problems += conflicts
    return assemble(found, tuple(problems), {link.key for link in known.values() if link.to == "Patient"})


def _open(data: bytes | Json | Sequence[bytes], limit: int) -> tuple[list[Entry], list[Problem]]:
    files: Sequence[Any] = [data] if isinstance(data, bytes | dict) else data
    found: list[Entry] = []
    problems: list[Problem] = []
    for rank, each in enumerate(files, start=1):
        prefix = f"#{rank} " if len(files) > 1 else ""
        more, wrong = _open_one(each, prefix, limit)
        found.extend(more)
        problems.extend(wrong)
    return found, problems


def _open_one(data: bytes | Json, prefix: str, limit: int) -> tuple[list[Entry], list[Problem]]:
    try:
        root = parse(data if isinstance(data, bytes) else orjson.dumps(data), limit=limit)
    except FhirRefused as refusal:
        return [], [Problem(prefix + each.path, each.reason) for each in refusal.problems]
    found, problems = entries(root, prefix)
    if isinstance(data, bytes) and rounds(data):
        problems.append(Problem(prefix + type_of(root), "Un nombre trop long est arrondi.", "warning"))
    return found, problems


# --- keys: from technical to business references ---------------------------------------------------


def name_entries(found: list[Entry]) -> Iterator[Problem]:
    """Give every entry its class and its key, and turn its references into tokens. Two objects, one key:
    told."""
    for entry in found:
        entry.kind = kind_of(entry.resource)
        entry.key = intrinsic_key(entry.resource, entry.kind)
    keyless = [entry for entry in found if not entry.key]
    point(found)  # the key of an entry without identifier is drawn from its content, references included
    for entry in keyless:
        entry.key = derived_key(entry.resource, entry.kind)
    yield from _tell_apart(found, {id(entry) for entry in keyless})
    point(found)


def point(found: list[Entry]) -> None:
    """Make every reference between entries a token: type and key of what it leads to."""
    for entry in found:
        for reference in entry.references:
            target = reference.target
            reference.node[reference.element] = token(target.resource["resourceType"], target.key)


def _tell_apart(found: list[Entry], keyless: set[int]) -> Iterator[Problem]:
    """Same type and key: the same object written twice is kept once; two people are an anomaly; two other
    objects that the sender gave one number are both kept, the second under a numbered key.

    What has no number and names nobody (two rooms alike) may be two things.
    """
    seen: dict[tuple[str, str], Entry] = {}
    for entry in list(found):
        first = seen.setdefault((entry.resource["resourceType"], entry.key), entry)
        if first is entry:
            continue
        told_once = id(entry) not in keyless or names_somebody(entry.resource)
        if told_once and _content(first) == _content(entry):
            found.remove(entry)
            continue
        if id(entry) not in keyless:
            severity: Severity = "error" if entry.kind is PERSON else "warning"
            reason = f"La clé « {entry.key} » désigne déjà une autre ressource du fichier ({first.path})."
            yield Problem(entry.path, reason, severity)
        entry.key = _numbered(entry, seen)


def _numbered(entry: Entry, seen: dict[tuple[str, str], Entry]) -> str:
    rank = 2
    while (entry.resource["resourceType"], f"{entry.key}~{rank}") in seen:
        rank += 1
    key = f"{entry.key}~{rank}"
    seen[entry.resource["resourceType"], key] = entry
    return key


def _content(entry: Entry) -> Json:
    return {name: part for name, part in entry.resource.items() if name not in ("id", "meta")}

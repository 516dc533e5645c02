"""TDDUI file → Transfer: hostile bytes, R4 schema, Bundle, references, profile rules, keys, then the model.

All or nothing: a file in which anything is wrong gives no Transfer, but the list of what is wrong and where.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from jalon.formats.fhir import LIMIT, FhirRefused, Json, Problem, Severity, days_exist, parse
from jalon.formats.tddui.assembly import assemble
from jalon.formats.tddui.bundle import Entry, entries, find_references
from jalon.formats.tddui.catalog import kind_of
from jalon.formats.tddui.classes.person import KIND as PERSON
from jalon.formats.tddui.keys import derived_key, intrinsic_key, token
from jalon.formats.tddui.model import Transfer
from jalon.formats.tddui.rules import check
from jalon.formats.tddui.values import Link

MOST_ENTRIES: Final = 20_000
"""Of one file: a record has some hundreds, and each is checked against its profile."""


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
    found, problems = judged(data, limit=limit, known=known)
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise TdduiRefused(errors)
    conflicts = list(name_entries(found))
    if any(problem.severity == "error" for problem in conflicts):
        raise TdduiRefused(conflicts)
    problems += conflicts
    return assemble(found, tuple(problems), {link.key for link in known.values() if link.to == "Patient"})


def stands_alone(data: bytes) -> bool:
    """Whether a file is read on its own; a resource without Bundle may need those sent with it."""
    try:
        root = orjson.loads(data)
    except orjson.JSONDecodeError:
        return True
    return not isinstance(root, dict) or root.get("resourceType", "Bundle") == "Bundle"


def judged(
    data: bytes | Json | Sequence[bytes], *, limit: int = LIMIT, known: Mapping[str, Link] = {}
) -> tuple[list[Entry], list[Problem]]:
    """The resources of a file and all that is wrong with them: what comes in and what leaves alike."""
    found, problems = _open(data, limit)
    lost = list(find_references(found, known))
    return found, [*problems, *check(found, lost)]


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
        raw = data if isinstance(data, bytes) else orjson.dumps(data)
        root = parse(raw, limit=limit)
    except FhirRefused as refusal:
        return [], [Problem(prefix + each.path, each.reason) for each in refusal.problems]
    held = root.get("entry")
    if isinstance(held, list) and len(held) > MOST_ENTRIES:
        said = f"Le fichier contient {len(held)} éléments, plus de {MOST_ENTRIES}. Découpez-le par personne."
        return [], [Problem(f"{prefix}Bundle.entry", said)]
    return entries(root, prefix, dated=days_exist(raw))


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
    objects that the sender gave one number are both kept, the second under a numbered key."""
    seen: dict[tuple[str, str], Entry] = {}
    for entry in list(found):
        first = seen.setdefault((entry.resource["resourceType"], entry.key), entry)
        if first is entry:
            continue
        if _content(first) == _content(entry) and _may_be_one(first, entry, keyless):
            _merge_into(first, entry, found)
            continue
        if id(entry) not in keyless:
            severity: Severity = "error" if entry.kind is PERSON else "warning"
            reason = f"La clé « {entry.key} » désigne déjà une autre ressource du fichier ({first.path})."
            yield Problem(entry.path, reason, severity)
        entry.key = _numbered(entry, seen)


def _may_be_one(first: Entry, entry: Entry, keyless: set[int]) -> bool:
    """Whether two resources that say the same are one object: what a sender numbered, what two files repeat.
    What nobody numbers may be two in one file: two people may each have a « Salle bleue »."""
    return id(entry) not in keyless or _file(first) != _file(entry)


def _file(entry: Entry) -> str:
    return entry.path.partition(" ")[0] if entry.path.startswith("#") else ""


def _merge_into(first: Entry, entry: Entry, found: list[Entry]) -> None:
    """Keep one of two: what referred to the second refers to the first."""
    found.remove(entry)
    for other in found:
        other.references = [
            replace(each, target=first) if each.target is entry else each for each in other.references
        ]


def _numbered(entry: Entry, seen: dict[tuple[str, str], Entry]) -> str:
    rank = 2
    while (entry.resource["resourceType"], f"{entry.key}~{rank}") in seen:
        rank += 1
    key = f"{entry.key}~{rank}"
    seen[entry.resource["resourceType"], key] = entry
    return key


def _content(entry: Entry) -> Json:
    return {name: part for name, part in entry.resource.items() if name not in ("id", "meta")}

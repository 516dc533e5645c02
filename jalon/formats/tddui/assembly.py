"""Named entries → Transfer: each resource read into its class, and put with the person it speaks of."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import orjson

from jalon.formats.fhir import Problem
from jalon.formats.tddui.bundle import Entry
from jalon.formats.tddui.catalog import KINDS, SHARED_KINDS, declared_profiles
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.model import PersonData, PersonRecord, Transfer, VerbatimResource
from jalon.formats.tddui.residue import residues

_ABOUT = ("patient", "subject", "for", "actor")


def assemble(
    found: list[Entry], warnings: tuple[Problem, ...], known: AbstractSet[str] = frozenset()
) -> Transfer:
    """The Transfer of named entries. What belongs to nobody of the file, nor to the people `known`, is kept
    verbatim."""
    owners = _owners(found, known)
    shared: dict[str, list[Any]] = {name: [] for name in SHARED_KINDS}
    records: dict[str, dict[str, list[Any]]] = {key: {} for key in dict.fromkeys(owners.values())}
    verbatim: list[VerbatimResource] = []
    for entry in found:
        owner = owners.get(id(entry), "")
        if entry.kind in shared:
            shared[entry.kind].append(read_entry(entry))
        elif entry.kind and owner:
            records[owner].setdefault(entry.kind, []).append(read_entry(entry))
        else:
            verbatim.append(_verbatim(entry, owner))
    people = tuple(_record(key, parts) for key, parts in records.items())
    return Transfer(
        people=people,
        organizations=tuple(shared["organizations"]),
        practitioners=tuple(shared["practitioners"]),
        roles=tuple(shared["roles"]),
        verbatim=tuple(verbatim),
        warnings=warnings,
    )


def read_entry(entry: Entry) -> Any:
    """The object of the model an entry is, with what the model does not hold in `extra`."""
    shape = KINDS[entry.kind].shape
    content = {name: part for name, part in entry.resource.items() if name not in ("resourceType", "id")}
    fields = shape.fields(entry.resource)
    fields["envelope"] = replace(fields["envelope"], full_url=entry.full_url)
    value = shape.cls(key=entry.key, **fields)
    left = residues(content, shape.write(value))
    return replace(value, extra=left) if left else value


def _record(key: str, parts: dict[str, list[Any]]) -> PersonRecord:
    person = parts.pop("person", [None])[0]
    said = {name: tuple(values) for name, values in parts.items()}
    return PersonRecord(person=person or PersonData(key=key), known=person is None, **said)


def _verbatim(entry: Entry, owner: str) -> VerbatimResource:
    resource = {name: part for name, part in entry.resource.items() if name != "id"}
    profiles = declared_profiles(entry.resource)
    return VerbatimResource(
        type=resource["resourceType"],
        profile=f"tddui-{profiles[0]}" if profiles else "",
        key=entry.key,
        json=orjson.dumps(resource).decode(),
        owner=owner,
        full_url=entry.full_url,
    )


# --- whose is it -----------------------------------------------------------------------------------


def _owners(found: list[Entry], known: AbstractSet[str]) -> dict[int, str]:
    """For each entry, by `id()`, the key of the person it speaks of: directly, by what it names, by what
    names it."""
    people = known | {entry.key for entry in found if entry.kind == "person"}
    owners = {id(entry): owner for entry in found if (owner := _named_person(entry, people))}
    free = [entry for entry in found if id(entry) not in owners and entry.kind not in SHARED_KINDS]
    forward = {id(entry): [reference.target for reference in entry.references] for entry in free}
    backward: dict[int, list[Entry]] = {id(entry): [] for entry in free}
    for entry in found:
        for reference in entry.references:
            backward.get(id(reference.target), []).append(entry)
    for edges in (forward, backward, forward):
        _spread(free, edges, owners)
    return owners


def _named_person(entry: Entry, people: AbstractSet[str]) -> str:
    if entry.kind == "person":
        return entry.key
    for element in _ABOUT:
        held = entry.resource.get(element)
        for node in held if isinstance(held, list) else [held]:
            if key := _person_key(node, people):
                return key
    return ""


def _person_key(node: Any, people: AbstractSet[str]) -> str:
    text = node.get("reference", "") if isinstance(node, dict) else ""
    type_, _, key = text.partition(KEYED)
    return key if type_ == "Patient" and key in people else ""


def _spread(free: list[Entry], edges: dict[int, list[Entry]], owners: dict[int, str]) -> None:
    changed = True
    while changed:
        changed = False
        for entry in free:
            if id(entry) not in owners and (owner := _first_owner(edges[id(entry)], owners)):
                owners[id(entry)] = owner
                changed = True


def _first_owner(neighbors: Iterable[Entry], owners: dict[int, str]) -> str:
    return next((owners[id(each)] for each in neighbors if id(each) in owners), "")

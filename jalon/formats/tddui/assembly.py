"""Named entries → Transfer: each resource read into its class, and put with the person it speaks of."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, TypeVar

import orjson

from jalon.formats.fhir import Problem
from jalon.formats.tddui.bundle import Entry
from jalon.formats.tddui.catalog import class_of, declared_profiles
from jalon.formats.tddui.classes.person import KIND as PERSON
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.kind import Item, Kind, Source
from jalon.formats.tddui.lens import Json, made
from jalon.formats.tddui.model import PersonRecord, Transfer, VerbatimResource
from jalon.formats.tddui.residue import residues
from jalon.formats.tddui.values import Envelope

D = TypeVar("D", bound=Item)
_ABOUT = ("patient", "subject", "for", "actor")


def assemble(
    found: list[Entry], warnings: tuple[Problem, ...], known: AbstractSet[str] = frozenset()
) -> Transfer:
    """The Transfer of named entries. What belongs to nobody of the file, nor to the people `known`, is kept
    verbatim."""
    owners = _owners(found, known)
    shared: list[Item] = []
    records: dict[str, list[Item]] = {key: [] for key in dict.fromkeys(owners.values())}
    verbatim: list[VerbatimResource] = []
    for entry in found:
        owner = owners.get(id(entry), "")
        if entry.kind is not None and entry.kind.shared:
            shared.append(_read(entry, entry.kind))
        elif entry.kind is not None and owner:
            records[owner].append(_read(entry, entry.kind))
        else:
            verbatim.append(_verbatim(entry, owner))
    people = tuple(_record(key, items) for key, items in records.items())
    return Transfer(people=people, held=tuple(shared), verbatim=tuple(verbatim), warnings=warnings)


def typed(kept: VerbatimResource) -> Item | None:
    """The object a resource kept whole is, None when no class can read it."""
    resource = orjson.loads(kept.json)
    kind = class_of(resource)
    return read_object(kind, resource, kept.key, kept.full_url) if kind is not None else None


def read_object(kind: Kind[D], resource: Json, key: str, full_url: str = "", *, right: bool = False) -> D:
    """The object of a class a resource is, with what the class does not hold in `extra`; `right`: nothing is
    wrong with it."""
    content = {name: part for name, part in resource.items() if name not in ("resourceType", "id")}
    fields = kind.shape.fields(resource) | {"key": key, "read_from": Source(resource, right)}
    fields["envelope"] = made(Envelope, vars(fields["envelope"]) | {"full_url": full_url})
    value = made(kind.data, fields)
    left = residues(content, kind.shape.write(value))
    return replace(value, extra=left) if left else value


def _read(entry: Entry, kind: Kind[D]) -> D:
    return read_object(kind, entry.resource, entry.key, entry.full_url, right=entry.right)


def _record(key: str, items: list[Item]) -> PersonRecord:
    person = next((item for item in items if isinstance(item, PersonData)), None)
    held = tuple(item for item in items if item is not person)
    return PersonRecord(person=person or PersonData(key=key), known=person is None, held=held)


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
    people = known | {entry.key for entry in found if entry.kind is PERSON}
    owners = {id(entry): owner for entry in found if (owner := _named_person(entry, people))}
    free = [entry for entry in found if id(entry) not in owners and not (entry.kind and entry.kind.shared)]
    forward = {id(entry): [reference.target for reference in entry.references] for entry in free}
    backward: dict[int, list[Entry]] = {id(entry): [] for entry in free}
    for entry in found:
        for reference in entry.references:
            backward.get(id(reference.target), []).append(entry)
    for edges in (forward, backward, forward):
        _spread(free, edges, owners)
    return owners


def _named_person(entry: Entry, people: AbstractSet[str]) -> str:
    if entry.kind is PERSON:
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

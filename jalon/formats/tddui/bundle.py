"""The outside of a TDDUI file: a transaction Bundle or one resource, its entries, and what refers to what."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from jalon.formats.fhir import Node, Problem, check_resource, nodes, type_of, types
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.keys import token
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.spots import Spots, spots
from jalon.formats.tddui.values import Link


@dataclass(eq=False)
class Entry:
    """One resource of a file: where it stands, its `fullUrl`, whether its file holds true days only, whether
    nothing is wrong with it, whether the schema takes it, what is drawn from it."""

    path: str
    resource: Json
    full_url: str = ""
    dated: bool = False
    right: bool = False
    sound: bool = True
    kind: Kind[Any] | None = None
    key: str = ""
    references: list["Reference"] = field(default_factory=list)

    @cached_property
    def nodes(self) -> list[Node]:
        """Every JSON object of the resource, with its path: walked when something is wrong."""
        return nodes(self.resource, self.path)

    @cached_property
    def spots(self) -> Spots:
        """What it refers to, and its periods."""
        return spots(self.resource)


@dataclass(frozen=True)
class Reference:
    """A reference inside an entry: the node and the element that hold it, and the entry it leads to.

    `role`: the element that the node is (`partOf`, `subject`)."""

    node: Json
    element: str
    target: Entry
    role: str = ""


def entries(root: Json, prefix: str = "", *, dated: bool = False) -> tuple[list[Entry], list[Problem]]:
    """The resources of a file, and what is wrong with the Bundle around them.

    `prefix` goes before every path, when several files are read together; `dated`: every day in it exists.
    """
    if type_of(root) != "Bundle":
        return [Entry(prefix + type_of(root), root, dated=dated)], []
    path = f"{prefix}Bundle"
    return list(_bundle_entries(root, path, dated=dated)), list(_bundle_problems(root, path, dated=dated))


def _bundle_entries(root: Json, path: str, *, dated: bool) -> Iterator[Entry]:
    given = root.get("entry")
    for index, each in enumerate(given if isinstance(given, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("resource"), dict):
            url = each.get("fullUrl")
            full_url = url if isinstance(url, str) else ""
            yield Entry(f"{path}.entry[{index}].resource", each["resource"], full_url, dated)


def _bundle_problems(root: Json, path: str, *, dated: bool) -> Iterator[Problem]:
    given = root.get("entry")
    outside = [_without_resource(each) for each in given] if isinstance(given, list) else given
    bare = root | ({"entry": outside} if outside else {})
    yield from check_resource(bare, path, found=() if dated else None, dated=dated)
    if root.get("type") != "transaction":
        yield Problem(f"{path}.type", "TDDUI demande un Bundle de type « transaction ».")
    if not given:
        yield Problem(f"{path}.entry", "Le Bundle ne contient aucune ressource.")
    if isinstance(given, list):
        for index, each in enumerate(given):
            yield from _entry_problems(each, f"{path}.entry[{index}]")
        yield from _repeated_urls(given, path)


def _without_resource(entry: Any) -> Any:
    return {k: v for k, v in entry.items() if k != "resource"} if isinstance(entry, dict) else entry


def _entry_problems(entry: Any, path: str) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        return
    request = entry.get("request")
    if "resource" not in entry:
        yield Problem(f"{path}.resource", "La ressource manque.")
    if not isinstance(request, dict):
        yield Problem(f"{path}.request", "La requête manque.")
    elif request.get("method") != "POST":
        yield Problem(f"{path}.request.method", "Seule la création (POST) est admise.")
    elif not request.get("url"):
        yield Problem(f"{path}.request.url", "L’adresse de la requête manque.")
    yield from _foreign_to_transactions(entry, path)


def _foreign_to_transactions(entry: Json, path: str) -> Iterator[Problem]:
    for element in ("search", "response"):
        if element in entry:
            yield Problem(f"{path}.{element}", "Élément interdit dans une transaction (bdl-2, bdl-4).")
    if "/_history/" in str(entry.get("fullUrl", "")):
        yield Problem(f"{path}.fullUrl", "Une adresse (fullUrl) ne nomme pas une version (bdl-8).")


def _repeated_urls(given: list[Any], path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, each in enumerate(given):
        url = each.get("fullUrl") if isinstance(each, dict) else None
        if isinstance(url, str) and url in seen:
            yield Problem(
                f"Bundle.entry[{index}].fullUrl", "Cette adresse (fullUrl) est déjà prise dans le Bundle."
            )
        elif isinstance(url, str):
            seen.add(url)


# --- what refers to what ---------------------------------------------------------------------------


_URN = "urn:uuid:"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _plain(address: str) -> str:
    """An address as it is compared: a UUID is the same in capitals."""
    return address.lower() if address.lower().startswith(_URN) else address


class Targets:
    """Where the references of a file lead: by fullUrl, by `Type/id`, by conditional reference."""

    def __init__(self, found: list[Entry]) -> None:
        self.entries = found
        self.by_address: dict[str, Entry] = {}
        for entry in found:
            id_ = entry.resource.get("id")
            if id_ is not None:
                self.by_address.setdefault(f"{type_of(entry.resource)}/{id_}", entry)
            if entry.full_url:
                self.by_address.setdefault(_plain(entry.full_url), entry)
            elif isinstance(id_, str) and _UUID.fullmatch(id_):
                self.by_address.setdefault(f"{_URN}{id_.lower()}", entry)

    def find(self, reference: str) -> Entry | None:
        """The entry a reference leads to, None if it is not in the file."""
        address = _plain(reference.partition("/_history/")[0])
        return self.by_address.get(address) or self._by_condition(unquote(address))

    def _by_condition(self, address: str) -> Entry | None:
        name, mark, wanted = address.partition(KEYED)
        if not mark or name not in types():
            return None
        system, _, value = wanted.rpartition("|")
        return next((entry for entry in self.entries if _has(entry.resource, name, system, value)), None)


def _has(resource: Json, type_: str, system: str, value: str) -> bool:
    held = resource.get("identifier", [])
    if resource.get("resourceType") != type_ or not isinstance(held, list):
        return False
    return any(
        isinstance(each, dict) and each.get("value") == value and system in ("", each.get("system"))
        for each in held
    )


def find_references(found: list[Entry], known: Mapping[str, Link] = {}) -> Iterator[tuple[Entry, Problem]]:
    """Note in each entry the references it makes, each cut down to the type it leads to; tell those that lead
    nowhere, with their entry, which may be anything.

    The keys come later: a key may depend on what is referred to. `known`: references to what is not in the
    file but is known elsewhere, with the key it has there.
    """
    targets = Targets(found)
    for entry in found:
        for role, node, element in entry.spots.references:
            address = node[element]
            target = targets.find(address)
            if target is not None:
                entry.references.append(Reference(node, element, target, role))
                node[element] = f"{type_of(target.resource)}{KEYED}"
            elif element == "reference" and address in known:
                node[element] = token(known[address].to, known[address].key)
            elif element == "reference" and role == "other" and "Patient" in address:
                _keep_as_words(node, address)
                reason = "Ce lien mène à une personne qui n’est pas dans le fichier : il est gardé en texte."
                yield entry, Problem(_path(entry, node), reason, "warning")
            elif element == "reference" and address not in _inside(entry.resource):
                reason = f"La référence « {address[:80]} » ne mène à aucune ressource du fichier."
                yield entry, Problem(_path(entry, node), reason)


def _path(entry: Entry, node: Json) -> str:
    return next(f"{each.path}.reference" for each in entry.nodes if each.json is node)


def _inside(resource: Json) -> set[str]:
    """How a resource refers to what it contains, and to itself."""
    held = resource.get("contained")
    contained = held if isinstance(held, list) else ()
    return {"#", *(f"#{each.get('id')}" for each in contained if isinstance(each, dict))}


def _keep_as_words(node: Json, address: str) -> None:
    """A reference to somebody outside the file (Patient.link) leads nowhere here: what it said stays."""
    del node["reference"]
    node.setdefault("display", address)

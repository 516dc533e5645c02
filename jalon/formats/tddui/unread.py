"""An object that goes out exactly as it came: never made into an object of its class, written at once.

A resource costs most by being taken up again after many others: here it is looked at, pointed and written in
one go, and only its text is kept.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from jalon.formats.fhir import DEPTH, days_exist, is_plain
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.keys import NAMESPACE, token
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.quick import is_right
from jalon.formats.tddui.spots import Spots, spots

AROUND = 3
"""Levels of a Bundle around a resource."""


@dataclass(slots=True)  # frozen, it would cost more than its reading
class AsReceived:
    """Its class, its key, the UUID by which it goes out; its JSON text as it leaves, with the addresses of
    what it refers to; the tokens of these, those of what it is part of; whether nothing is wrong with it."""

    kind: Kind[Any]
    key: str
    identity: str
    text: bytes
    tokens: tuple[str, ...]
    above: tuple[str, ...]
    right: bool

    def resource(self) -> Json:
        """The resource, references as tokens."""
        return at_rest(self.text, self.tokens)


def as_received(kind: Kind[Any], key: str, resource: Json) -> AsReceived:
    """A resource whose references are tokens, as it leaves."""
    seen = spots(resource)
    right = is_right(resource) and seen.in_order
    tokens, above = references(seen)
    identity = technical_id(kind.fhir, key)
    text = leaving({"resourceType": kind.fhir, "id": identity} | resource, seen)
    clean = is_plain(text, DEPTH - AROUND) and days_exist(text)
    return AsReceived(kind, key, identity, text, tokens, above, right and clean)


def leaving(resource: Json, seen: Spots) -> bytes:
    """The text of a resource as it leaves, always the same whatever the order of its elements; `seen`: its
    references, which are tokens before and after."""
    told = [(node, element, node[element]) for _, node, element in seen.references]
    for node, element, text in told:
        node[element] = address(text) if KEYED in text else text
    written = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    for node, element, text in told:
        node[element] = text
    return written


def at_rest(text: bytes | str, tokens: Iterable[str]) -> Json:
    """The resource that leaves as this text, without its UUID, references as the tokens that it was told."""
    resource: Json = orjson.loads(text)
    del resource["id"]
    told = {address(each): each for each in tokens}
    for _, node, element in spots(resource).references:
        node[element] = told.get(node[element], node[element])
    return resource


def references(seen: Spots) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of what a resource refers to, and of what it is part of."""
    told = [(role, node[element]) for role, node, element in seen.references]
    tokens = tuple([text for _, text in told if KEYED in text])
    return tokens, tuple([text for role, text in told if role == "partOf"])


@lru_cache(maxsize=4096)
def technical_id(type_: str, key: str) -> str:
    """The UUID by which an object goes out."""
    return str(uuid.uuid5(NAMESPACE, token(type_, key)))


def address(told: str) -> str:
    """Where a token leads to, in the Bundle."""
    type_, _, key = told.partition(KEYED)
    return f"urn:uuid:{technical_id(type_, key)}"

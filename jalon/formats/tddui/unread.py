"""An object that goes out exactly as it came: never made into an object of its class, written at once.

A resource costs most by being taken up again after many others: here it is looked at, pointed and written in
one go, and only its text is kept.
"""

import uuid
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

_REFER = (b'"reference":', b'"url":')
"""What may hold a token, in a text without blanks: no string says it otherwise."""
_MARK = KEYED.encode()
AROUND = 3
"""Levels of a Bundle around a resource."""


@dataclass(frozen=True)
class AsReceived:
    """Its class, its key, its JSON text as it leaves; the tokens it refers to, those it is part of; whether
    nothing is wrong with it."""

    kind: Kind[Any]
    key: str
    text: bytes
    tokens: tuple[str, ...]
    above: tuple[str, ...]
    right: bool

    def resource(self) -> Json:
        """The resource, references as tokens."""
        text = self.text
        for each in self.tokens:
            text = text.replace(_quoted(address(each)), _quoted(each))
        found: Json = orjson.loads(text)
        return found


def as_received(kind: Kind[Any], key: str, resource: Json) -> AsReceived:
    """The same of a resource whose references are tokens, which is used up."""
    seen = spots(resource)
    right = is_right(resource) and seen.in_order
    tokens, above = references(seen)
    for _, node, element in seen.references:
        if node[element] in tokens:
            node[element] = address(node[element])
    text = orjson.dumps({"resourceType": kind.fhir, "id": technical_id(kind.fhir, key)} | resource)
    clean = is_plain(text, DEPTH - AROUND) and days_exist(text)
    return AsReceived(kind, key, text, tokens, above, right and clean)


def known_right(
    kind: Kind[Any], key: str, kept: bytes, tokens: tuple[str, ...], above: tuple[str, ...]
) -> AsReceived:
    """The same of a text that passed the gate of today already (`gate_of`), its references as tokens."""
    head = orjson.dumps({"resourceType": kind.fhir, "id": technical_id(kind.fhir, key)})
    for element in _REFER if _MARK in kept else ():
        for each in tokens:
            kept = kept.replace(*_leads(element, each))
        if _MARK not in kept:
            break
    return AsReceived(kind, key, head[:-1] + b"," + kept[1:], tokens, above, right=True)


@lru_cache(maxsize=4096)
def _leads(element: bytes, told: str) -> tuple[bytes, bytes]:
    """A token in its element, and the address that takes its place."""
    return element + _quoted(told), element + _quoted(address(told))


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


def _quoted(text: str) -> bytes:
    return orjson.dumps(text)

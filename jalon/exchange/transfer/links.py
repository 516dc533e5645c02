"""What refers to what inside a transfer: found, renamed, or cut loose.

Objects refer to one another by `Link`s; what is kept as JSON text (residues, verbatim resources) by tokens
`Type?identifier=<key>` in `reference` or `url`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import orjson

from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.keys import token
from jalon.formats.tddui.model import VerbatimResource
from jalon.formats.tddui.unread import AsReceived, as_received
from jalon.formats.tddui.urls import LOCAL_ID
from jalon.formats.tddui.values import Identifier, Link, Residue

T = TypeVar("T")
Name = tuple[str, str]
"""FHIR type and business key."""
_PLAIN = (str, int, float, type(None))
_TEXTS = (Residue, VerbatimResource)


def named(value: Any) -> Iterator[Name]:
    """Every object that `value` (an object, a tuple of them) refers to."""
    found: list[Name] = []
    tokens: set[str] = set()
    _gather(value, found, tokens)
    return iter([*found, *_tokens_of(tokens)])


def _gather(value: Any, found: list[Name], tokens: set[str]) -> None:
    if type(value) in _TEXTS:
        found += _named_in(orjson.loads(value.json)) if KEYED in value.json else ()
        return
    if type(value) is AsReceived:
        tokens.update(value.tokens)
        return
    if type(value) is Link and value.key:
        found.append((value.to, value.key))
    parts = value if type(value) is tuple else [getattr(value, name) for name in _carriers(value.__class__)]
    for part in filter(None, parts):
        _gather(part, found, tokens)


@cache
def _carriers(cls: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass under which something may be referred to: neither texts nor numbers."""
    hints = get_type_hints(cls)
    return tuple(field.name for field in fields(cls) if _carries(hints[field.name], frozenset()))


def _carries(hint: Any, above: frozenset[Any]) -> bool:
    if hint is Link or hint is AsReceived or hint in _TEXTS:
        return True
    inside = get_args(hint)
    if is_dataclass(hint) and hint not in above:
        inside = tuple(get_type_hints(hint).values())
    return any(_carries(one, above | {hint}) for one in inside)


def _named_in(node: Any) -> Iterator[Name]:
    return _tokens_of(text for _, text in _tokens(node))


def _tokens_of(texts: Iterable[str]) -> Iterator[Name]:
    for text in texts:
        type_, mark, key = text.partition(KEYED)
        if mark:
            yield type_, key


def _tokens(node: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """The JSON objects that hold a token, with it."""
    if isinstance(node, list):
        for below in node:
            yield from _tokens(below)
    elif isinstance(node, dict):
        for element in ("reference", "url"):
            if isinstance(text := node.get(element), str) and KEYED in text:
                yield node, text
        for below in list(node.values()):
            yield from _tokens(below)


def renamed(value: T, names: Mapping[Name, str]) -> T:
    """`value` with other keys for the objects of `names`, wherever it refers to them."""
    tokens = {_quoted(token(*name)): _quoted(token(name[0], key)) for name, key in names.items()}

    def in_text(text: str) -> str:
        for old, new in tokens.items():
            text = text.replace(old, new)
        return text

    def in_link(link: Link) -> Link:
        key = names.get((link.to, link.key))
        return link if key is None else replace(link, key=key)

    return _rewritten(value, in_link, in_text)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def cut_loose(value: T, lost: set[Name]) -> T:
    """`value` where a reference to what is not sent becomes a logical one: its type and its identifier."""

    def in_link(link: Link) -> Link:
        if (link.to, link.key) not in lost:
            return link
        identifier = link.identifier or _identifier((link.to, link.key))
        return replace(link, to="", key="", type=link.to, identifier=identifier)

    def in_text(text: str) -> str:
        node = orjson.loads(text)
        for holder, found in list(_tokens(node)):
            type_, _, key = found.partition(KEYED)
            if (type_, key) in lost and holder.get("reference") == found:
                del holder["reference"]
                told = _identifier((type_, key))
                holder |= {"type": type_, "identifier": {"system": told.system, "value": told.value}}
                holder["identifier"] = {name: part for name, part in holder["identifier"].items() if part}
        return orjson.dumps(node).decode()

    return _rewritten(value, in_link, in_text)


def _identifier(name: Name) -> Identifier:
    """The identifier a key is made of: `system|value` outside the systems of TDDUI."""
    type_, key = name
    system, mark, value = key.rpartition("|")
    if mark:
        return Identifier(system=system, value=value)
    return Identifier(system=LOCAL_ID if type_ == "Patient" else "", value=key)


def _rewritten(value: Any, in_link: Callable[[Link], Link], in_text: Callable[[str], str]) -> Any:
    """`value` with its links and its JSON texts passed through; the same object where nothing changes."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Link):
        link = in_link(value)
        inside = _rewritten(link.identifier, in_link, in_text)
        return link if inside is link.identifier else replace(link, identifier=inside)
    if isinstance(value, tuple):
        parts = tuple(_rewritten(one, in_link, in_text) for one in value)
        return value if all(map(_same, parts, value)) else parts
    if type(value) is AsReceived:
        return as_received(value.kind, value.key, _in_json(value.resource(), in_text))
    if type(value) in _TEXTS:
        text = in_text(value.json) if KEYED in value.json else value.json
        changed = {} if text == value.json else {"json": text}
    else:
        changed = _changed(value, in_link, in_text)
    return replace(value, **changed) if changed else value


def _changed(value: Any, in_link: Callable[[Link], Link], in_text: Callable[[str], str]) -> dict[str, Any]:
    """The fields of a dataclass that are otherwise, with the resource it was read from."""
    changed: dict[str, Any] = {}
    for field in _carriers(value.__class__):
        held = getattr(value, field)
        if (new := _rewritten(held, in_link, in_text)) is not held:
            changed[field] = new
    if changed and getattr(value, "read_from", None):
        source = value.read_from
        changed["read_from"] = replace(source, resource=_in_json(source.resource, in_text))
    return changed


def _in_json(node: Any, in_text: Callable[[str], str]) -> Any:
    return orjson.loads(in_text(orjson.dumps(node).decode()))


def _same(one: Any, other: Any) -> bool:
    return one is other

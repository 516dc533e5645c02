"""What a row keeps of the object it came from: its resource as it was received, and what it told the columns.

A row whose columns still say what they were told goes out as it came, without being read. Rows of the first
release keep the object itself, field by field (`codec`).
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from jalon.db.fields import Sealed
from jalon.exchange.transfer.codec import load
from jalon.exchange.transfer.holders import Holders, target_key
from jalon.exchange.transfer.table import AnyTable
from jalon.formats.fhir import DEPTH, is_plain
from jalon.formats.tddui import AsReceived, as_received, read_object, to_resource
from jalon.formats.tddui.kind import Source
from jalon.formats.tddui.quick import gate_of, only_profile
from jalon.formats.tddui.spots import spots
from jalon.formats.tddui.unread import AROUND, at_rest, leaving, references, technical_id
from jalon.formats.tddui.urls import SD
from jalon.formats.tddui.values import Link

Json = dict[str, Any]
_NEVER = object()


def told(table: AnyTable, item: Any, columns: Mapping[str, Any]) -> Json:
    """What is kept of an object: its text as it will leave, under a UUID of ours instead of the names of
    its last journey; what it tells the columns, and those that point at a row; what it refers to and is part
    of, and the gate that found nothing wrong with it."""
    source = item.read_from or Source(to_resource(item))
    resource = _at_home(source.resource)
    seen, identity = spots(resource), technical_id(table.type, item.key)
    tokens, above = references(seen)
    text = leaving({"resourceType": table.type, "id": identity} | resource, seen)
    return {
        "id": identity,
        "text": text.decode(),
        "columns": {name: _plain(value) for name, value in columns.items()},
        "links": {ref.column: (link.to, link.key) for ref in table.refs if (link := ref.get(item))},
        "tokens": tokens,
        "above": above,
        "gate": gate_of(only_profile(resource)) if source.right and _fits(text) else "",
    }


def _fits(text: bytes) -> bool:
    """Whether a Bundle around it stays as deep as a file may be; few elements cannot be deep."""
    most = DEPTH - AROUND
    return text.count(b"{") + text.count(b"[") <= most or is_plain(text, most)


def _at_home(resource: Json) -> Json:
    """Without its type, which its class says, nor the technical names of its last journey."""
    found = {name: part for name, part in resource.items() if name not in ("resourceType", "id")}
    if "versionId" in found.get("meta", ()):
        found["meta"] = {name: part for name, part in found["meta"].items() if name != "versionId"}
    return found


def _resource(table: AnyTable, kept: Json) -> Json:
    """The resource kept, references as tokens; before texts were kept as they leave, they were kept so."""
    if "text" in kept:
        return at_rest(kept["text"], kept["tokens"])
    return {"resourceType": table.type} | orjson.loads(kept["resource"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def opened(row: Any) -> Json:
    """What a row keeps, `{}` when it was born here; opened each time."""
    kept: Json = row.received.open() if isinstance(row.received, Sealed) else row.received
    return kept


def snapshot(row: Any) -> Json:
    """All that a row holds, its history keeping nothing of what it received."""
    held = {field.attname: _plain(row.__dict__[field.attname]) for field in _fields(type(row))}
    return {name: str(part) if isinstance(part, uuid.UUID) else part for name, part in held.items()} | {
        "received": opened(row)
    }


def put_back(row: Any, was: Json) -> None:
    """Let a row hold what it held."""
    for field in _fields(type(row)):
        if field.attname in was:
            setattr(row, field.attname, field.to_python(was[field.attname]))
    row.received = was["received"]


def _fields(model: Any) -> list[Any]:
    own = ("received", "managing_body")
    return [one for one in model._meta.concrete_fields if one.name not in own and not one.generated]


def received(table: AnyTable, row: Any) -> Any:
    """The object that a row came from."""
    kept = opened(row)
    if "columns" in kept:
        return read_object(table.kind, _resource(table, kept), row.key)
    return load(table.data, kept)


def is_told_again(table: AnyTable, row: Any, item: Any, stored: Json) -> bool:
    """Whether an object says what the row received before."""
    kept = opened(row)
    if "text" in kept:
        return bool(kept["text"] == stored["text"])
    if "resource" in kept:
        return _sorted(_resource(table, kept)) == _sorted(_resource(table, stored))
    return bool(kept) and to_resource(load(table.data, kept)) == to_resource(item)


def _sorted(resource: Json) -> bytes:
    """Another order of its elements makes no other resource."""
    return orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)


@dataclass(slots=True)
class Candidate:
    """What may go out as it came, if the rows it points at are those it was told: by column, type and key."""

    unread: AsReceived
    links: Mapping[str, tuple[str, str]]

    def roles(self) -> Iterator[str]:
        """The roles that stand for professionals."""
        return (key for to, key in self.links.values() if to == "PractitionerRole")

    def points(self, table: AnyTable, row: Any, holders: Holders) -> bool:
        """Whether a row points at what it was told to."""
        for ref in table.refs:
            told_ = target_key(Link(*self.links.get(ref.column, ("", ""))), ref.to, holders)
            target = getattr(row, ref.column)
            if target.key != told_ if target else told_ and ref.to == "Practitioner":
                return False
        return True


def candidate(table: AnyTable, row: Any) -> Candidate | None:
    """What a row received, if its columns say what they were told, as far as that was noted."""
    kept = opened(row)
    if "columns" not in kept or not _says(table, row, kept["columns"]):
        return None
    return Candidate(_unread(table, row.key, kept), kept["links"])


def _unread(table: AnyTable, key: str, kept: Json) -> AsReceived:
    """At once if the text passed the gate of today already (`gate_of`)."""
    gate = gate_of(f"{SD}tddui-{table.kind.profile}")
    if "text" not in kept or not gate or kept["gate"] != gate:
        return as_received(table.kind, key, _resource(table, kept))
    tokens, above = tuple(kept["tokens"]), tuple(kept["above"])
    return AsReceived(table.kind, key, kept["id"], kept["text"].encode(), tokens, above, right=True)


def _says(table: AnyTable, row: Any, columns: Json) -> bool:
    held = row.__dict__
    for bind in table.binds:
        value = held[bind.column]
        told_ = columns.get(bind.column, _NEVER)
        if told_ != value and told_ != _plain(value):
            return False
    return True

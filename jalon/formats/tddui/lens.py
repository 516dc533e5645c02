"""Two-way maps between a FHIR element (JSON) and a frozen dataclass: said once, read and written by the same
line.

A `Shape` is a dataclass and its slots. A slot takes its part out of a JSON node and gives it back: `One` and
`Many` an element, `At` what lies under an element, `Extensions` the extensions by URL, `Sliced` a list sorted
by kind. What no slot takes is not lost: `residue` finds it by comparing what was read with what would be
written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from typing import Any, Generic, Protocol, TypeVar

Json = dict[str, Any]
T = TypeVar("T")


class Codec(Protocol):
    """How one value is read from JSON and written to JSON."""

    def read(self, raw: Any) -> Any:
        """The value of a JSON element."""

    def write(self, value: Any) -> Any:
        """The JSON element of a value; `{}` and `None` mean nothing to write."""


class Slot(Protocol):
    """A part of a JSON node and the dataclass fields it fills. One that reads a single element may name it
    (`element`), and one that writes a single field (`name`): where that is absent, the slot is not asked."""

    def read(self, node: Json, into: Json) -> None:
        """Put the fields found in `node` into `into`."""

    def write(self, value: Any, node: Json) -> None:
        """Put the elements of `value` into `node`."""


@dataclass(frozen=True)
class Plain:
    """A primitive, as it is."""

    def read(self, raw: Any) -> Any:
        return "" if raw is None else raw

    def write(self, value: Any) -> Any:
        return None if value == "" else value


PLAIN = Plain()


@dataclass(frozen=True)
class Table:
    """A code translated by a table; a code that is not in it goes through unchanged."""

    to_ours: Mapping[str, str]
    to_fhir: Mapping[str, str]

    def read(self, raw: Any) -> Any:
        return self.to_ours.get(raw, raw)

    def write(self, value: Any) -> Any:
        return self.to_fhir.get(value, value)


def table(pairs: Mapping[str, str]) -> Table:
    """A Table from FHIR code → our code."""
    return Table(pairs, {ours: fhir for fhir, ours in pairs.items()})


@dataclass(frozen=True)
class Shape(Generic[T]):
    """The JSON form of dataclass `cls`: its slots, in the order they are written."""

    cls: type[T]
    slots: tuple[Slot, ...]

    def fields(self, node: Json) -> Json:
        """The constructor arguments found in `node`."""
        into: Json = {}
        for slot in self._of_several:
            slot.read(node, into)
        by_element = self._by_element
        for element in node:
            for slot in by_element.get(element, ()):
                slot.read(node, into)
        return into

    def read(self, raw: Any) -> T:
        return made(self.cls, self.fields(raw))

    def write(self, value: Any) -> Any:
        node: Json = {}
        held = value.__dict__
        for name, slot in self._by_name:
            if not name or is_said(held[name]):
                slot.write(value, node)
        return node

    @cached_property
    def _by_element(self) -> Mapping[str, list[Slot]]:
        found: dict[str, list[Slot]] = {}
        for slot in self.slots:
            if isinstance(slot, _SINGLE):
                found.setdefault(slot.element, []).append(slot)
        return found

    @cached_property
    def _of_several(self) -> list[Slot]:
        return [slot for slot in self.slots if not isinstance(slot, _SINGLE)]

    @cached_property
    def _by_name(self) -> list[tuple[str, Slot]]:
        return [(slot.name if isinstance(slot, One | Many) else "", slot) for slot in self.slots]


@cache
def _defaults(cls: type[Any]) -> Json:
    return {each.name: each.default for each in fields(cls)}


def made(cls: type[T], said: Json) -> T:
    """What the constructor of a frozen dataclass makes of these fields, without its call for each field."""
    value = object.__new__(cls)
    held = value.__dict__
    held.update(_defaults(cls))  # type: ignore[arg-type]  # a class is hashable
    held.update(said)
    return value


def is_said(held: Any) -> bool:
    """Whether a field says something: neither `None`, nor an empty text or tuple."""
    return bool(held) or held is False or held == 0


def shape(cls: type[T], *slots: Slot) -> Shape[T]:
    """A Shape of `cls`."""
    return Shape(cls, slots)


def _nothing(value: Any) -> bool:
    return value is None or value == "" or value == {}


@dataclass(frozen=True)
class One:
    """Field `name` is element `element`."""

    name: str
    element: str
    codec: Codec = PLAIN

    def read(self, node: Json, into: Json) -> None:
        raw = node.get(self.element)
        if raw is not None:
            into[self.name] = self.codec.read(raw)

    def write(self, value: Any, node: Json) -> None:
        raw = self.codec.write(getattr(value, self.name))
        if not _nothing(raw):
            node[self.element] = raw


@dataclass(frozen=True)
class Many:
    """Field `name`, a tuple, is the list `element`."""

    name: str
    element: str
    codec: Codec = PLAIN

    def read(self, node: Json, into: Json) -> None:
        raw = node.get(self.element)
        if raw:
            into[self.name] = tuple(map(self.codec.read, raw))

    def write(self, value: Any, node: Json) -> None:
        items = getattr(value, self.name)
        node[self.element] = [raw for item in items if (raw := self.codec.write(item)) != {}]


@dataclass(frozen=True)
class At:
    """The slots of what lies under `element`, flattened into the same dataclass."""

    element: str
    slots: tuple[Slot, ...]

    def read(self, node: Json, into: Json) -> None:
        below = node.get(self.element)
        if isinstance(below, dict):
            for slot in self.slots:
                slot.read(below, into)

    def write(self, value: Any, node: Json) -> None:
        below = node.get(self.element, {})
        for slot in self.slots:
            if not isinstance(slot, One | Many) or is_said(getattr(value, slot.name)):
                slot.write(value, below)
        if below:
            node[self.element] = below


def at(element: str, *slots: Slot) -> At:
    """An At of `element`."""
    return At(element, slots)


@dataclass(frozen=True)
class Ext:
    """One extension: field `name`, its `url`, the `value[x]` key (`""`: the codec reads the extension
    itself)."""

    name: str
    url: str
    value: str
    codec: Codec = PLAIN
    many: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extensions:
    """The extensions of an element, by URL."""

    entries: tuple[Ext, ...]
    element = "extension"
    by_url: Mapping[str, Ext] = field(default_factory=dict)

    def read(self, node: Json, into: Json) -> None:
        for raw in node.get("extension", ()):
            entry = self.by_url.get(raw.get("url", ""))
            if entry is not None:
                self._take(entry, raw, into)

    def _take(self, entry: Ext, raw: Json, into: Json) -> None:
        content = raw.get(entry.value) if entry.value else raw
        if content is None:
            return
        if entry.many:
            into[entry.name] = (*into.get(entry.name, ()), entry.codec.read(content))
        elif entry.name not in into:
            into[entry.name] = entry.codec.read(content)

    def write(self, value: Any, node: Json) -> None:
        said = value.__dict__
        written = [
            raw
            for entry in self.entries
            if is_said(held := said[entry.name])
            for item in (held if entry.many else (held,))
            if (raw := _one_extension(entry, item))
        ]
        if written:
            node.setdefault("extension", []).extend(written)


def _one_extension(entry: Ext, item: Any) -> Json | None:
    content = entry.codec.write(item)
    if _nothing(content):
        return None
    return {"url": entry.url, entry.value: content} if entry.value else {"url": entry.url} | content


def extensions(*entries: Ext) -> Extensions:
    """Extensions of these entries."""
    return Extensions(entries, {url: entry for entry in entries for url in (entry.url, *entry.also)})


@dataclass(frozen=True)
class Slice:
    """One kind of a sorted list: the field that holds it, alone or as a tuple, and its codec."""

    name: str
    codec: Codec
    many: bool = False


@dataclass(frozen=True)
class Sliced:
    """The list `element`, sorted by `kind(item)` into slices; the others go to `rest`, or nowhere if it is
    None."""

    element: str
    kind: Callable[[Json], str]
    slices: Mapping[str, Slice]
    rest: Slice | None = None

    def read(self, node: Json, into: Json) -> None:
        for raw in node.get(self.element, ()):
            chosen = self.slices.get(self.kind(raw))
            if chosen is not None and (chosen.many or chosen.name not in into):
                _hold(chosen, raw, into)
            elif self.rest is not None:
                _hold(self.rest, raw, into)

    def write(self, value: Any, node: Json) -> None:
        written: list[Any] = []
        for chosen in (*self.slices.values(), *filter(None, (self.rest,))):
            if is_said(held := getattr(value, chosen.name)):
                items = held if chosen.many else (held,)
                written += [raw for item in items if not _nothing(raw := chosen.codec.write(item))]
        if written:
            node[self.element] = written


def _hold(chosen: Slice, raw: Json, into: Json) -> None:
    if chosen.many:
        into[chosen.name] = (*into.get(chosen.name, ()), chosen.codec.read(raw))
    else:
        into[chosen.name] = chosen.codec.read(raw)


_SINGLE = (One, Many, At, Extensions, Sliced)
"""The slots that read a single element."""

"""Dataclasses of a transfer ⇄ JSON values, so that what was received is kept typed beside the columns.

Defaults are left out: what is stored is what was said.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from jalon.db.fields import Sealed
from jalon.formats.tddui import made

T = TypeVar("T")
Load = Callable[[Any], Any]
_PLAIN = (str, int, float, bool, type(None))


def dump(value: Any) -> Any:
    """JSON values of a dataclass (or of a tuple, or of a plain value)."""
    if type(value) is tuple:
        return [dump(item) for item in value]
    if type(value) in _PLAIN:
        return value
    said = {}
    defaults, deep = _saved(value.__class__)
    for name, default in defaults.items():
        held = getattr(value, name)
        if held is not default and held != default:
            said[name] = dump(held) if name in deep else held
    return said


def load(cls: type[T], stored: Mapping[str, Any]) -> T:
    """The dataclass back. Raises KeyError on a field it has lost, which a migration of data must handle."""
    read = _object(cast("Any", cls))
    found: T = read(stored.content if isinstance(stored, Sealed) else stored)
    return found


@cache
def _saved(cls: type[Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """The default of each field that makes the object what it is; those that hold more than a plain value."""
    hints = typing.get_type_hints(cls)
    found = {field.name: field.default for field in dataclasses.fields(cls) if field.compare}
    return found, frozenset(name for name in found if hints[name] not in _PLAIN)


@cache
def _loads(cls: type[Any]) -> dict[str, Load | None]:
    hints = typing.get_type_hints(cls)
    return {field.name: _load_of(hints[field.name]) for field in dataclasses.fields(cls)}


@cache
def _load_of(hint: Any) -> Load | None:
    """How to read a value of this type: a nested dataclass, a tuple of one kind, an optional; None: as is."""
    if dataclasses.is_dataclass(hint):
        return _object(cast("Any", hint))
    arguments = [argument for argument in typing.get_args(hint) if argument is not type(None)]
    inner = _load_of(arguments[0]) if arguments else None
    if typing.get_origin(hint) is tuple:
        return tuple if inner is None else lambda stored: tuple([inner(one) for one in stored])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return inner and (lambda stored: None if stored is None else inner(stored))
    return None


@cache
def _object(cls: Any) -> Load:
    loads: dict[str, Load | None] = {}  # filled at the first reading: a class may hold its own

    def read(stored: dict[str, Any]) -> Any:
        if not loads:
            loads.update(_loads(cls))
        said = {}
        for name, held in stored.items():
            inner = loads[name]
            said[name] = held if inner is None else inner(held)
        return made(cls, said)

    return read

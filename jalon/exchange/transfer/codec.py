"""Dataclasses of a transfer ⇄ JSON values, so that what was received is kept typed beside the columns.

Defaults are left out: what is stored is what was said.
"""

import dataclasses
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

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
    for name, default, plain in _saved(value.__class__):
        held = getattr(value, name)
        if held is not default and held != default:
            said[name] = held if plain else dump(held)
    return said


def load(cls: type[T], stored: dict[str, Any]) -> T:
    """The dataclass back. Raises TypeError on a field it has lost, which a migration of data must handle."""
    loads = _loads(typing.cast("Any", cls))
    said = {name: held if (read := loads[name]) is None else read(held) for name, held in stored.items()}
    return cls(**said)


@cache
def _saved(cls: type[Any]) -> tuple[tuple[str, Any, bool], ...]:
    """The name of each field, its default, whether it holds a plain value."""
    hints = typing.get_type_hints(cls)
    found = dataclasses.fields(cls)
    return tuple((field.name, field.default, hints[field.name] in _PLAIN) for field in found)


@cache
def _loads(cls: type[Any]) -> dict[str, Load | None]:
    hints = typing.get_type_hints(cls)
    return {field.name: _load_of(hints[field.name]) for field in dataclasses.fields(cls)}


def _load_of(hint: Any) -> Load | None:
    """How to read a value of this type: a nested dataclass, a tuple of one kind, an optional; None: as is."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        return lambda stored: load(typing.cast("type[Any]", hint), stored)
    if origin is tuple:
        item = _load_of(arguments[0])
        return tuple if item is None else lambda stored: tuple([item(one) for one in stored])
    if origin in (typing.Union, types.UnionType):
        inner = _load_of(next(argument for argument in arguments if argument is not type(None)))
        return inner and (lambda stored: None if stored is None else inner(stored))
    return None

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


def dump(value: Any) -> Any:
    """JSON values of a dataclass (or of a tuple, or of a plain value)."""
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        return {
            name: dump(held) for name, default in _defaults(kind) if (held := getattr(value, name)) != default
        }
    if isinstance(value, tuple):
        return [dump(item) for item in value]
    return value


def load(cls: type[T], stored: dict[str, Any]) -> T:
    """The dataclass back. Raises TypeError on a field it has lost, which a migration of data must handle."""
    loads = _loads(typing.cast("Any", cls))
    return cls(**{name: loads[name](held) for name, held in stored.items()})


@cache
def _defaults(cls: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (field.name, dataclasses.MISSING if field.default is dataclasses.MISSING else field.default)
        for field in dataclasses.fields(cls)
    )


@cache
def _loads(cls: type[Any]) -> dict[str, Load]:
    hints = typing.get_type_hints(cls)
    return {field.name: _load_of(hints[field.name]) for field in dataclasses.fields(cls)}


def _load_of(hint: Any) -> Load:
    """How to read a value of this type: a nested dataclass, a tuple of one kind, an optional, or as it is."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        return lambda stored: load(typing.cast("type[Any]", hint), stored)
    if origin is tuple:
        item = _load_of(arguments[0])
        return lambda stored: tuple(item(one) for one in stored)
    if origin in (typing.Union, types.UnionType):
        inner = _load_of(next(argument for argument in arguments if argument is not type(None)))
        return lambda stored: None if stored is None else inner(stored)
    return lambda stored: stored

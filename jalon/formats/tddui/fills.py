"""What a resource must say and an object made in the house may leave unsaid: identifiers from the key, plain
statuses.

An object that was read has all this already (the rules ask for it): nothing is added to it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from jalon.core.identity import Ins
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.urls import FR_0203, INS_TYPES
from jalon.formats.tddui.values import Coded, Identifier, Status

D = TypeVar("D", bound=Item)


def ins_identifier(ins: Ins) -> Identifier:
    """The identifier of a national health identity, of the type and use its authority (OID) commands."""
    system = f"urn:oid:{ins.oid}"
    code = next(name for name, each in INS_TYPES.items() if each == system)
    return Identifier(
        system, ins.matricule, Coded(FR_0203, code), "temp" if code == "INS-NIA" else "official"
    )


def lacking(item: D, **wanted: Any) -> D:
    """The item with these values where it has none."""
    missing = {name: value for name, value in wanted.items() if _is_empty(getattr(item, name))}
    return replace(item, **missing) if missing else item


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == () or value == Status()


def typed_identifier(system: str, value: str, cs: str, code: str) -> Identifier:
    """An identifier that says what it is."""
    return Identifier(system, value, Coded(cs, code))


def keyed_identifier(key: str, type_: Coded | None = None) -> Identifier:
    """The identifier that a key `system|value` is made of, where the system is not one of the classes."""
    system, _, value = key.rpartition("|")
    return Identifier(system, value, type_)


def by_key(system: str, **more: Any) -> Callable[[D], D]:
    """A filling: the key as a bare identifier of `system`, and `more`."""
    return lambda item: lacking(item, identifiers=(Identifier(system, item.key),), **more)

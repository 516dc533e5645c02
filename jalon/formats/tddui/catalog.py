"""The classes of a transfer in order, found in `classes`, and how to tell one resource from another.

Every table by class is drawn here from what each class says of itself: adding one is adding its file.
"""

import pkgutil
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from jalon.formats.tddui import classes
from jalon.formats.tddui.checks import Check
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import INS_TYPES, SD

AnyKind = Kind[Any]
K = TypeVar("K")
V = TypeVar("V")


def indexed(claims: Iterable[tuple[K, V]]) -> dict[K, V]:
    """A table of what classes claim. Raises ValueError when two of them claim the same."""
    found: dict[K, V] = {}
    for claim, holder in claims:
        if claim in found:
            raise ValueError(f"two classes claim {claim}: one of them was copied and not changed")
        found[claim] = holder
    return found


def _found() -> tuple[AnyKind, ...]:
    names = (module.name for module in pkgutil.iter_modules(classes.__path__))
    kinds: list[AnyKind] = [import_module(f"{classes.__name__}.{name}").KIND for name in names]
    by_name = indexed((kind.name, kind) for kind in kinds)
    return tuple(sorted(by_name.values(), key=lambda kind: (kind.rank, kind.name)))


ALL = _found()
KINDS = tuple(kind for kind in ALL if not kind.waiting)
"""The classes whose objects come out of a reading, in the order of a file."""
WAITING = tuple(kind for kind in ALL if kind.waiting)
"""Those that are checked, may be read, and are kept as they came."""
SHARED = tuple(kind for kind in KINDS if kind.shared)
"""What belongs to nobody: structures and professionals."""
BY_CLASS: dict[type[Item], AnyKind] = indexed((kind.data, kind) for kind in ALL)
_BY_PROFILE = indexed((profile, kind) for kind in ALL for profile in kind.profiles)
PROFILES: dict[str, tuple[str, tuple[Check, ...]]] = {
    profile: (kind.fhir, kind.profiles[profile]) for profile, kind in _BY_PROFILE.items()
}
"""Profile → FHIR type and rules."""
BUSINESS: dict[str, AnyKind] = indexed((kind.system, kind) for kind in ALL if kind.code)
"""Identifier system → the class whose business identifiers it holds."""
_SOLE = indexed((kind.fhir, kind) for kind in ALL if kind.sole)


def kind_of_item(item: Item) -> AnyKind:
    """The class of an object."""
    return BY_CLASS[type(item)]


def declared_profiles(resource: Json) -> tuple[str, ...]:
    """The TDDUI profile ids (without `tddui-`) that `meta.profile` names."""
    return _declared(tuple(resource.get("meta", {}).get("profile", ())))


@lru_cache(maxsize=1024)
def _declared(urls: tuple[str, ...]) -> tuple[str, ...]:
    names = (url.partition("|")[0].removeprefix(SD) for url in urls if url.startswith(SD))
    return tuple(name.removeprefix("tddui-") for name in names)


def profile_of(resource: Json) -> str:
    """The TDDUI profile id a resource follows: declared, or told by its identifiers or type; `""` if none."""
    if declared := declared_profiles(resource):
        return declared[0]
    if name := _told_by_identifiers(resource):
        return name
    kind = _SOLE.get(resource.get("resourceType", ""))
    return kind.profile if kind else ""


def _told_by_identifiers(resource: Json) -> str:
    identifiers = resource.get("identifier", [])
    held = identifiers if isinstance(identifiers, list) else [identifiers]
    systems = [each.get("system", "") for each in held]
    if resource.get("resourceType") == "Patient" and any(map(_is_ins, held)):
        return "patient-ins"
    kind = next((BUSINESS[system] for system in systems if system in BUSINESS), None)
    return kind.profile if kind is not None and kind.fhir == resource.get("resourceType") else ""


def _is_ins(identifier: Json) -> bool:
    return any(each.get("code") in INS_TYPES for each in identifier.get("type", {}).get("coding", ()))


def kind_of(resource: Json) -> AnyKind | None:
    """The class of the model a resource belongs to, None if it is kept verbatim."""
    kind = class_of(resource)
    return None if kind is None or kind.waiting else kind


def class_of(resource: Json) -> AnyKind | None:
    """The class that can read a resource, also when what it reads is kept verbatim for now."""
    kind = _BY_PROFILE.get(profile_of(resource))
    return kind if kind is not None and kind.fhir == resource.get("resourceType") else None

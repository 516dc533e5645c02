"""The routing table: groups of managing bodies, a database each. Pure: text → groups, or ValueError."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from jalon.core.errors import DomainError
from jalon.core.identifiers import Finess

PARTS: Final = {"database", "hosts", "bodies"}


@dataclass(frozen=True)
class Group:
    """Where the rows of some managing bodies are, and by which names of host their people come."""

    database: str
    hosts: frozenset[str]
    bodies: frozenset[str]  # FINESS


def groups(text: str) -> dict[str, Group]:
    """Each group by its name. A host, or a managing body, is of one group."""
    found = {name: _group(said) for name, said in _object(json.loads(text)).items()}
    for part in ("hosts", "bodies"):
        every = list(chain.from_iterable(getattr(one, part) for one in found.values()))
        if len(set(every)) != len(every):
            raise ValueError(text)
    if not found or "default" in found:  # Django's own name
        raise ValueError(text)
    return found


def _group(said: Any) -> Group:
    told = _object(said)
    if set(told) != PARTS or not str(told["database"]).startswith(("postgres:", "postgresql:")):
        raise ValueError(said)
    try:
        bodies = frozenset(Finess.parse(one).number for one in told["bodies"])
    except DomainError as error:
        raise ValueError(said) from error
    return Group(told["database"], frozenset(told["hosts"]), bodies)


def _object(said: Any) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise ValueError(said)
    return said

"""A transfer of social-care records between two systems (TDDUI 2.4.0), in our words. No FHIR type leaves this
package.

Its objects are those of `classes`, each read from a FHIR resource of one profile; a VerbatimResource is any
other, kept as it came, named and counted. Everything is linked by business key (`Link.to`, `Link.key`), never
by technical id. `extra` holds what a class does not model of its own resource; a resource of a modelled class
that cannot be attached to anybody of the file is kept verbatim too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from jalon.formats.fhir import Problem
from jalon.formats.tddui.catalog import KINDS, SHARED
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.unread import AsReceived

D = TypeVar("D", bound=Item)
H = TypeVar("H", bound="Holder")


@dataclass(frozen=True)
class VerbatimResource:
    """A resource kept as received (JSON text, references as tokens `Type?identifier=<key>`), to be sent out
    again.

    `type`: FHIR type; `profile`: first `meta.profile`; `key`: value of its first identifier (`system|value`
    outside our systems) or a UUID of its content; `owner`: key of the person it speaks of, `""` if it speaks
    of nobody of the file.
    """

    type: str
    profile: str
    key: str
    json: str
    owner: str = ""
    full_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Objects of several classes, `held` in any order, and told class by class; `as_received`: what is sent
    without being read."""

    held: tuple[Item, ...] = ()
    as_received: tuple[AsReceived, ...] = ()

    def of(self, data: type[D]) -> tuple[D, ...]:
        """Those of one class, in the order they came."""
        found: tuple[D, ...] = self._by_class.get(data, ())
        return found

    def having(self: H, data: type[D], items: Iterable[D]) -> H:
        """The same with other objects of one class."""
        others = tuple(item for item in self.held if type(item) is not data)
        return replace(self, held=(*others, *items))

    @cached_property
    def _by_class(self) -> dict[type[Item], tuple[Any, ...]]:
        found: dict[type[Item], list[Any]] = {}
        for item in self.held:
            found.setdefault(type(item), []).append(item)
        return {data: tuple(items) for data, items in found.items()}


@dataclass(frozen=True, kw_only=True)
class PersonRecord(Holder):
    """One person and everything the file says of them.

    `known`: the person is not in the file, only referred to by a key known before: `person` is then that key
    and nothing else, and must not overwrite what is known.
    """

    person: PersonData
    known: bool = False

    def items(self) -> Iterator[Item]:
        """The person (unless only `known`), then everything else, class by class."""
        if not self.known:
            yield self.person
        for kind in KINDS:
            yield from self.of(kind.data)


@dataclass(frozen=True, kw_only=True)
class Transfer(Holder):
    """A whole file: people and what is said of them, the structures and professionals named, the rest
    verbatim.

    `warnings`: what a reading noticed and let through.
    """

    people: tuple[PersonRecord, ...] = ()
    verbatim: tuple[VerbatimResource, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every modelled object: structures, professionals, roles, then people with theirs."""
        for kind in SHARED:
            yield from self.of(kind.data)
        for record in self.people:
            yield from record.items()

    def unread(self) -> Iterator[AsReceived]:
        """Every object that is sent without being read."""
        for holder in (self, *self.people):
            yield from holder.as_received

"""Lists of codes and mappings between them, immutable."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jalon.terminology.coding import Coding
from jalon.terminology.files import Entry


@dataclass(frozen=True)
class Validity:
    """When a code may be used, both days included; None means no known bound."""

    start: dt.date | None = None
    end: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS = Validity()


@dataclass(frozen=True, eq=False)
class CodeList:
    """A code system or a value set: codings in the order of the publisher (SERAFIN: by whole segments)."""

    entry: Entry
    codings: Mapping[str, Coding]
    validity: Mapping[str, Validity]

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def oid(self) -> str:
        """The OID of the list itself, empty when its sources do not give one."""
        return self.entry.oid

    @property
    def url(self) -> str:
        """The FHIR address of the list itself, empty when its sources do not give one."""
        return self.entry.url

    @property
    def version(self) -> str:
        """The day of the revision that is in the house, YYYY-MM-DD."""
        return self.entry.version

    def get(self, code: str) -> Coding:
        """The coding of `code`. Raises KeyError when the list does not have it."""
        try:
            return self.codings[code]
        except KeyError:
            raise KeyError(f"{self.name} has no code {code!r}") from None

    def find(self, code: str) -> Coding | None:
        """The coding of `code`, None when the list does not have it."""
        return self.codings.get(code)

    def label(self, code: str, default: str | None = None) -> str:
        """The label of `code`; for an unknown code `default`, or the code itself."""
        coding = self.codings.get(code)
        if coding is not None:
            return coding.display
        return code if default is None else default

    def valid(self, code: str, on: dt.date) -> bool:
        """Whether `code` is in the list and in force that day, as far as the source dates its codes."""
        return code in self.codings and on in self.validity.get(code, ALWAYS)

    def active(self, on: dt.date) -> tuple[Coding, ...]:
        """The codings in force that day."""
        return tuple(coding for coding in self if self.valid(coding.code, on))

    def choices(self, on: dt.date | None = None) -> list[tuple[str, str]]:
        """(code, label) pairs for a form, those in force on `on` when it is given."""
        return [(coding.code, coding.display) for coding in (self.active(on) if on else self)]

    def __contains__(self, item: object) -> bool:
        """A code is in the list by its text; a Coding by its system and code."""
        if isinstance(item, Coding):
            found = self.codings.get(item.code)
            return found is not None and found.system == item.system
        return item in self.codings

    def __iter__(self) -> Iterator[Coding]:
        return iter(self.codings.values())

    def __len__(self) -> int:
        return len(self.codings)


@dataclass(frozen=True, eq=False)
class ConceptMap:
    """An association list (ASS_…): from a code to one code, sometimes several, of another system."""

    entry: Entry
    pairs: Mapping[str, tuple[Coding, ...]]

    @property
    def name(self) -> str:
        return self.entry.name

    def targets(self, code: str) -> tuple[Coding, ...]:
        """What `code` maps to; nothing when the list does not have it."""
        return self.pairs.get(code, ())

    def target(self, code: str) -> Coding:
        """What `code` maps to. Raises KeyError when the list has no target for it, or several."""
        targets = self.targets(code)
        if len(targets) != 1:
            raise KeyError(f"{self.name} has {len(targets)} targets for {code!r}")
        return targets[0]

    def __contains__(self, code: object) -> bool:
        return code in self.pairs

    def __len__(self) -> int:
        return len(self.pairs)

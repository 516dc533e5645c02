"""A class of a transfer and its table: what a screen edits, the rows it points at, what is not told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.db.models import Model

from jalon.exchange.transfer.bind import Bind
from jalon.formats.tddui import Item, Kind, PersonRecord
from jalon.formats.tddui.values import Link

D = TypeVar("D", bound=Item)
PROFESSIONALS = ("Practitioner", "PractitionerRole")
Parents = Mapping[str, Any]
"""The rows that may own others, by key: those of one class that this import keeps for one person."""


def the_only(parents: Parents) -> Any:
    """The only row that may own another, None if there are several, or none."""
    return next(iter(parents.values())) if len(parents) == 1 else None


@dataclass(frozen=True)
class Ref:
    """A column pointing at a row of FHIR type `to`, and the link it stands for."""

    column: str
    to: str
    get: Callable[[Any], Link | None]
    change: Callable[[Any, Link | None], Any]


def ref(column: str, element: str, to: str) -> Ref:
    """A column that stands for the link `element`."""
    return Ref(
        column,
        to,
        lambda data: getattr(data, element),
        lambda data, link: replace(data, **{element: link}),
    )


def _as_it_is(data: Any) -> Any:
    return data


@dataclass(frozen=True, eq=False, kw_only=True)
class Table(Generic[D]):
    """A class of a transfer kept in a table. `tables` finds it by itself and draws all orders and paths.

    `kind`: the class; `model`: its table. What has neither bind nor ref here stays in the row's `received`,
    typed, and goes out again; `not_told` says why a column of the house does not travel.

    `owner`: the column that says whose a row is, a person, their record or what belongs to it; none for what
    belongs to nobody. In a file it is the link of that name; `belongs` reads it otherwise (from the object,
    the record, the rows that may own it) and gives columns, or nothing: the object is then kept whole.
    `named`: the object of the owner, naming a row born here, which its sender could not name.

    `make`: what a row born here says before its columns are put (`make(row)`, or `make(row, person)` where
    there is an owner); `fill`, what the profile asks and no column gives.
    """

    kind: Kind[D]
    model: type[Model]
    binds: tuple[Bind, ...]
    make: Callable[..., D]
    refs: tuple[Ref, ...] = ()
    owner: str = ""
    belongs: Callable[[D, PersonRecord, Parents], dict[str, Any] | None] | None = None
    named: Callable[[Any, Any], Any] | None = None
    fill: Callable[[D], D] = _as_it_is
    not_told: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.kind.name

    @property
    def type(self) -> str:
        """The FHIR type."""
        return self.kind.fhir

    @property
    def data(self) -> Any:
        """The dataclass of its objects."""
        return self.kind.data


AnyTable = Table[Any]

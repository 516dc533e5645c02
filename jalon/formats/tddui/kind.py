"""What a class of a transfer is: all that the house must know of it, said once, in its own file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from jalon.formats.tddui.checks import Check
from jalon.formats.tddui.lens import Json, Shape
from jalon.formats.tddui.values import Envelope, Residue


@dataclass(frozen=True)
class Source:
    """The resource an object was read from, references as tokens; whether nothing was wrong with it."""

    resource: Json
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """What every object of a transfer has: its key, what surrounds it, what its class does not hold.

    `read_from`: what it was read from, whatever it became since.
    """

    key: str
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()
    read_from: Source | None = field(default=None, compare=False, repr=False)


D = TypeVar("D", bound=Item)


def _as_it_is(item: Any) -> Any:
    return item


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind(Generic[D]):
    """A class of a transfer. `catalog` finds it by itself and draws from it every table of this package.

    What it is: `name`, by which the product calls it; `label`, what a reader calls several of them; `fhir`
    and `profile` (after `tddui-`), type and profile of its resource; `shape`, its map; `rules`, what the
    profile asks. `variants`: other profiles of the same class, with their rules.

    Where it stands: `rank` among the classes of a file, what is pointed at before what points at it;
    `shared` when it belongs to nobody (a structure, a professional); `waiting` while no table of the house
    holds it: its resources are then checked, and kept as they came.

    How it is told from others: `sole`, when a resource of its type that names no profile is one; `system`,
    that of its business identifier, and `code` in it (`3<FINESS>/<idLocal>-<code>-<n>`), or `spellings`
    that are read as well; `exact` when an official invariant holds that form. `preference` says which of
    several identifiers names it (the least wins); `draw`, the key of one without identifier, once what it
    refers to is named. Without them: its first identifier, its whole content.

    `fill`: the object with what its profile asks and a row of the house does not say.
    """

    name: str
    label: str
    fhir: str
    profile: str
    rank: int
    shape: Shape[D]
    rules: tuple[Check, ...] = ()
    variants: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    shared: bool = False
    waiting: bool = False
    sole: bool = False
    system: str = ""
    code: str = ""
    spellings: tuple[str, ...] = ()
    exact: bool = False
    preference: Callable[[Json], int] | None = None
    draw: Callable[[Json], str] | None = None
    fill: Callable[[D], D] = _as_it_is

    @property
    def data(self) -> type[D]:
        """The dataclass of its objects."""
        return self.shape.cls

    @property
    def profiles(self) -> dict[str, tuple[Check, ...]]:
        """Every profile its resources may follow, with its rules."""
        return {self.profile: self.rules, **self.variants}

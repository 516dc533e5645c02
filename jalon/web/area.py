"""What an area of the screens says of itself, in its own `area.py`: the shell reads it, and keeps no list.

An area is a folder of `jalon/web/areas`: `area.py` (its `AREA`), `urls.py` (`urlpatterns`: its own pages,
under its prefix; `record_urlpatterns`: its pages under a record), views, forms, templates. What is wrong in a
declaration is refused at start (`jalon.web.declarations`).
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from jalon.faces.addresses import url
from jalon.faces.http import Request
from jalon.organizations.settings import Setting
from jalon.organizations.words import Word
from jalon.staff.rules import Permission, Role

MENU = 8  # entries of a rail, « Plus » apart


class Family(enum.Enum):
    """The five families of rooms, in the order of « Toutes les pièces »."""

    DAILY = "Au quotidien"
    PEOPLE = "Les personnes"
    WELCOME = "Accueillir et gérer"
    EXCHANGE = "Échanger"
    STEER = "Piloter"


class Group(enum.Enum):
    """The eight groups of a record, in their order: word and icon."""

    SUMMARY = ("Synthèse", "layout-list")
    PROJECT = ("Projet", "target")
    DAILY = ("Quotidien", "calendar-days")
    CARE = ("Soins", "heart-pulse")
    DOCUMENTS = ("Documents", "folder")
    CIRCLE = ("Entourage", "users-round")
    ADMINISTRATIVE = ("Administratif", "id-card")
    ACCESSES = ("Accès", "history")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Room:
    """The place of an area in the menu. `rank` gives one order to every menu; `roles`: whose menu it is in.

    Anybody else who may open it finds it behind « Plus ». `count`: what waits there, asked when it is shown.
    `people`: called by the word of the establishment for those it accompanies.
    """

    label: str
    icon: str
    url: str
    permission: Permission
    family: Family
    rank: int
    about: str
    roles: frozenset[Role] = frozenset()
    count: Callable[[Request], int] | None = None
    people: bool = False

    def said(self, word: Word) -> str:
        """Its name, where the people accompanied are called that."""
        return word.short.capitalize() if self.people else self.label

    @property
    def address(self) -> str:
        return url(self.url)


@dataclass(frozen=True)
class Tab:
    """A page of a record: its group, its word, its URL name, who opens it; `rank`: its place in the group."""

    group: Group
    label: str
    name: str
    permission: Permission
    rank: int = 1


@dataclass(frozen=True)
class Command:
    """A gesture of the palette, beside the rooms themselves."""

    label: str
    icon: str
    url: str
    permission: Permission

    def said(self, word: Word) -> str:
        """Its name: the same wherever it is."""
        return self.label


@dataclass(frozen=True)
class Waiting:
    """What cannot wait, as « Ma journée » says it: a sentence, and one gesture named by its verb."""

    title: str
    detail: str
    verb: str
    address: str
    icon: str = "info"
    tone: str = "info"


@dataclass(frozen=True)
class Area:
    """What an area says.

    `module`: what opens it ("" for what is always open). `seen`: words of the traces of its pages of a
    record, by URL name, those of its tabs apart. `settings`: what may be set of it. `waiting`: what it has
    for the head of « Ma journée ».
    """

    name: str
    prefix: str = ""
    module: str = ""
    permissions: tuple[Permission, ...] = ()
    room: Room | None = None
    tabs: tuple[Tab, ...] = ()
    seen: dict[str, str] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    waiting: Callable[[Request], Iterable[Waiting]] | None = None
    settings: tuple[Setting, ...] = ()
    urls: Any = None  # the module of its URLs: the registry sets it

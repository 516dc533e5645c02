"""What may be set here: a name, its French words, what it accepts, its default. Pure; values are in a table.

A room declares its settings and reads them with `queries.value_of(SETTING, …)`; the room *Réglages* lists
them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from jalon.core.errors import DomainError
from jalon.core.typography import NBSP
from jalon.organizations.families import MODULES, family_of, zone_name, zone_names
from jalon.organizations.words import KNOWN, Word

BODY, HOUSE, UNIT = "body", "house", "unit"


class Place(Protocol):
    """What a default may look at: the facts of an establishment."""

    finess: str
    category: str
    postal_code: str


class Accepted(Protocol):
    """What a setting accepts: text as it is typed ⇄ the value that is kept, as JSON."""

    def read(self, text: str) -> Any:
        """The value. Raises ValueError with what to write instead, in French."""

    def write(self, value: Any) -> str:
        """The text a form shows again."""

    def told(self, value: Any) -> str:
        """The value in French words."""

    def choices(self) -> list[tuple[str, str]]:
        """What a form offers; nothing when it is typed."""


@dataclass(frozen=True)
class YesNo:
    """True or false, in two words of one's own."""

    yes: str = "oui"
    no: str = "non"

    def read(self, text: str) -> bool:
        if text not in ("oui", "non"):
            raise ValueError("choisissez oui ou non")
        return text == "oui"

    def write(self, value: Any) -> str:
        return "oui" if value else "non"

    def told(self, value: Any) -> str:
        return self.yes if value else self.no

    def choices(self) -> list[tuple[str, str]]:
        return [("oui", self.yes.capitalize()), ("non", self.no.capitalize())]


@dataclass(frozen=True)
class Number:
    """A whole number between two bounds, included, with the unit it counts."""

    least: int
    most: int
    unit: str = ""

    def read(self, text: str) -> int:
        typed = text.strip()
        if not (typed.isascii() and typed.isdigit() and self.least <= int(typed[:9]) <= self.most):
            raise ValueError(f"écrivez un nombre entier entre {self.least} et {self.most}")
        return int(typed)

    def write(self, value: Any) -> str:
        return str(value)

    def told(self, value: Any) -> str:
        return f"{value}{NBSP}{self.unit}" if self.unit else str(value)

    def choices(self) -> list[tuple[str, str]]:
        return []


@dataclass(frozen=True)
class OneOf:
    """One of a closed list: value → its words."""

    options: tuple[tuple[str, str], ...]

    def read(self, text: str) -> str:
        if text not in dict(self.options):
            raise ValueError("choisissez une valeur de la liste")
        return text

    def write(self, value: Any) -> str:
        return str(value)

    def told(self, value: Any) -> str:
        return dict(self.options).get(value, str(value))

    def choices(self) -> list[tuple[str, str]]:
        return list(self.options)


@dataclass(frozen=True)
class Noun:
    """A word with its plural and its gender, typed « un résident, des résidents »."""

    def read(self, text: str) -> str:
        try:
            return str(Word.parse(text))
        except DomainError as error:
            raise ValueError(error.message[0].lower() + error.message[1:].rstrip(".")) from error

    def write(self, value: Any) -> str:
        return str(value)

    def told(self, value: Any) -> str:
        return str(value)

    def choices(self) -> list[tuple[str, str]]:
        return []


@dataclass(frozen=True)
class Setting:
    """One thing that may be set. `default` is a value, or what gives it from the facts of the establishment.

    `levels`: where it may be set, the nearest wins (unit, then establishment, then the whole body).
    `permission` is the value of a `staff.Permission`.
    """

    name: str
    words: str
    kind: Accepted
    default: Any
    help: str = ""
    group: str = "Établissement"
    levels: tuple[str, ...] = (HOUSE,)
    permission: str = "manage_settings"

    def read(self, text: str) -> Any:
        """The value typed. Raises DomainError `setting` that names the setting and says what to write."""
        try:
            return self.kind.read(text)
        except ValueError as error:
            raise DomainError(
                f"« {self.words} » : « {text.strip()[:60]} » ne convient pas, {error}.",
                code="setting",
                place=self.name,
            ) from error

    def default_for(self, place: Place | None) -> Any:
        """What holds when nothing was set; a default drawn from an establishment needs one."""
        return self.default(place) if callable(self.default) else self.default


# --- the establishment's own ------------------------------------------------------------------------


def _zone_words(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("St ", "Saint-")


def _opened(module: str) -> Callable[[Place], bool]:
    return lambda place: module in family_of(place.category).open


WORD: Final = Setting(
    "word",
    "Mot pour la personne",
    Noun(),
    lambda place: str(KNOWN[family_of(place.category).word]),
    "Employé sur tous les écrans. Article compris, au singulier puis au pluriel.",
    levels=(HOUSE, UNIT),
)
TIME_ZONE: Final = Setting(
    "time_zone",
    "Fuseau horaire",
    OneOf(tuple((name, _zone_words(name)) for name in zone_names())),
    lambda place: zone_name(postal_code=place.postal_code, finess=place.finess),
    "Les jours et les heures de l’établissement. Proposé d’après son adresse.",
)
MODULE: Final = {
    code: Setting(
        f"module.{code}",
        words[0].upper() + words[1:],
        YesNo("ouvert", "fermé"),
        _opened(code),
        group="Modules",
        levels=(HOUSE, UNIT),
    )
    for code, words in MODULES.items()
}
OWN: Final = (WORD, TIME_ZONE, *MODULE.values())

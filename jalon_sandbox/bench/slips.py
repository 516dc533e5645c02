"""The usual slips of whoever types a name and a birth date, six kinds of them. Pure."""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Final

from jalon.core.dates import short_date
from jalon.core.names import fold

ROUNDS: Final = 40  # people looked at for one slip, the same again when they are few
LONG: Final = 5  # letters of a word where a slip leaves somebody to be recognized


@dataclass(frozen=True)
class Typed:
    """A name, a first name and a birth date, as they are typed."""

    name: str
    first_name: str
    born: dt.date

    def __str__(self) -> str:
        return f"{self.name} {self.first_name} {short_date(self.born)}".strip()


@dataclass(frozen=True)
class Slip:
    """Somebody, as they are known and as they were typed."""

    kind: str
    right: Typed
    wrong: Typed


def slips(people: Iterable[Typed], seed: int, count: int) -> list[Slip]:
    """So many slips, each kind in turn, each on somebody with whom it may happen; fewer if nobody is left."""
    chance, kinds = random.Random(seed), cycle(KINDS)  # noqa: S311  a repeatable draw, no secret
    made: list[Slip] = []
    wanted = next(kinds)
    for person in islice(cycle(people), ROUNDS * count):
        if len(made) == count:
            break
        wrong = KINDS[wanted](person, chance)
        if wrong and str(wrong) != str(person):
            made.append(Slip(wanted, person, wrong))
            wanted = next(kinds)
    return made


def _in_a_word(person: Typed, chance: random.Random, change: Callable[[str, int], str]) -> Typed | None:
    """The name with a slip in one of its words, at a place drawn."""
    words = fold(person.name).split()
    long = [rank for rank, word in enumerate(words) if len(word) >= LONG]
    if not long:
        return None
    rank = chance.choice(long)
    words[rank] = change(words[rank], chance.randrange(len(words[rank]) - 1))
    return replace(person, name=" ".join(words))


def _exchanged(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def one_letter_missing(word: str, place: int) -> str:
    return word[:place] + word[place + 1 :]


def _doubled(word: str, place: int) -> str:
    return word[: place + 1] + word[place:]


def _names_swapped(person: Typed, chance: random.Random) -> Typed | None:
    return replace(person, name=person.first_name, first_name=person.name)


def _days_swapped(person: Typed, chance: random.Random) -> Typed | None:
    with suppress(ValueError):
        return replace(person, born=person.born.replace(day=person.born.month, month=person.born.day))
    return None


def _part(person: Typed, chance: random.Random) -> Typed | None:
    """One of the names of somebody who has two."""
    words = [word for word in fold(person.name).split() if len(word) >= LONG]
    return replace(person, name=chance.choice(words)) if len(words) > 1 else None


KINDS: Final[dict[str, Callable[[Typed, random.Random], Typed | None]]] = {
    "lettres échangées": lambda person, chance: _in_a_word(person, chance, _exchanged),
    "lettre oubliée": lambda person, chance: _in_a_word(person, chance, one_letter_missing),
    "lettre doublée": lambda person, chance: _in_a_word(person, chance, _doubled),
    "nom et prénom inversés": _names_swapped,
    "jour et mois inversés": _days_swapped,
    "une partie du nom": _part,
}

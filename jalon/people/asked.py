"""What a search asks for, and how near somebody is to it: block, then rank. Pure."""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.identifiers import check_ins, compact
from jalon.core.identity import DatePrecision
from jalon.core.names import fold

_DAY = re.compile(r"\b(?:\d{1,2}([/. -])\d{1,2}\1\d{4}|\d{8}|\d{4}-\d\d-\d\d)\b", re.ASCII)
_SHORT = re.compile(r"\b(\d{1,2})([/. -])(\d{1,2})\2(\d\d)\b|\b(\d\d)(\d\d)(\d\d)\b", re.ASCII)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)
_HOUSE = re.compile(r"\b3[0-9AB]{9}/", re.ASCII)  # the head of a whole record number: who gave it
LONG_ENOUGH = 3  # letters: one of « LI » and « LE » is too much of the name to be a slip
LONGEST, MOST = 200, 12  # letters and words that are read of what is typed: nobody has more
LIFE = 120  # years on both sides where a slip of the year may fall
SAME, SLIP, SOUND = 3, 2, 1  # how near a word is


@dataclass(frozen=True)
class Asked:
    """Words folded, in small letters; the days of birth they may be of: « 45 » is 1945 or 2045.

    `number`: all that is typed as one word, when it may be the number of a file: « 2024-0153 » is one.
    """

    words: tuple[str, ...] = ()
    days: tuple[dt.date, ...] = ()
    ins: str = ""
    number: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.days or self.ins)

    @property
    def names(self) -> tuple[str, ...]:
        """The words that a name may be: letters only."""
        return tuple(word for word in self.words if word.isalpha())


@dataclass(frozen=True)
class Hit:
    """Somebody who may be the one asked for: how much, and why, in French."""

    person: uuid.UUID
    score: tuple[int, int]
    why: str


# --- what is typed ---------------------------------------------------------------------------------


def read(typed: str) -> Asked:
    """Names in any order, a birth date or its year beside a name, a record number, or a matricule INS."""
    if check_ins(compact(typed).upper()):
        return Asked(ins=compact(typed).upper())
    typed = _HOUSE.sub(" ", typed)
    for days, rest in _dates(typed):
        return Asked(words := _words(rest), days, number=_number(typed, words))
    return Asked(words := _words(typed), number=_number(typed, words))


def _number(typed: str, words: tuple[str, ...]) -> str:
    """All that is typed as one word: when it has figures, and is no name beside a date, nor one word."""
    joined = "".join(fold(typed[:LONGEST]).lower().split())
    names = words and all(map(str.isalpha, words))
    return "" if joined.isalpha() or names or words == (joined,) else joined


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(text[:LONGEST]).lower().split()))[:MOST]


def _dates(typed: str) -> Iterator[tuple[tuple[dt.date, ...], str]]:
    """Each way to read a birth in what is typed: the days it may be, and the words left."""
    if found := _DAY.search(typed):
        with suppress(DomainError):
            yield (PartialDate.parse(found.group()).completed(),), _without(typed, found)
    elif found := _SHORT.search(typed):
        day, month, year = (int(part) for part in found.group(1, 3, 4) + found.group(5, 6, 7) if part)
        if days := tuple(_real([(1900 + year, month, day), (2000 + year, month, day)])):
            yield days, _without(typed, found)
    elif (found := _YEAR.search(typed)) and fold(rest := _without(typed, found)):
        yield year_of(int(found.group())), rest


def _without(typed: str, found: re.Match[str]) -> str:
    return f"{typed[: found.start()]} {typed[found.end() :]}"


def _real(parts: Iterable[tuple[int, int, int]]) -> Iterator[dt.date]:
    """Those of these years, months and days that the calendar knows."""
    for year, month, day in parts:
        with suppress(ValueError):
            yield dt.date(year, month, day)


def year_of(year: int) -> tuple[dt.date, ...]:
    """Every day of a year."""
    first = dt.date(year, 1, 1).toordinal()
    days = dt.date(year + 1, 1, 1).toordinal() - first
    return tuple(dt.date.fromordinal(first + rank) for rank in range(days))


# --- what a slip makes of it -----------------------------------------------------------------------


def swapped(days: Iterable[dt.date]) -> set[dt.date]:
    """The same days, and each with its day and month in each other's place."""
    days = set(days)
    return days | set(_real((day.year, day.day, day.month) for day in days))


def slips(day: dt.date) -> set[dt.date]:
    """The days that a usual slip makes of this one: two parts out of three, or day and month swapped."""
    years = range(day.year - LIFE, day.year + LIFE + 1)
    parts = [(day.year, day.month, other) for other in range(1, 32)]
    parts += [(day.year, other, day.day) for other in range(1, 13)]
    parts += [(other, day.month, day.day) for other in years]
    return swapped([day]) | set(_real(parts))


def less_known(day: dt.date, precision: DatePrecision) -> set[dt.date]:
    """The days that a birth known in part, on one side or the other, is completed to (RNIV, EXI ID 11-12)."""
    if precision != "day":
        return set(year_of(day.year))
    return {day.replace(day=1), dt.date(day.year, 12, 31)}


def spellings(words: Iterable[str]) -> tuple[str, ...]:
    """The words typed, and two that follow as one: « le goff » is also written « legoff »."""
    typed = tuple(words)
    return typed + tuple(one + other for one, other in pairwise(typed))


def one_letter(one: str, other: str) -> bool:
    """Is one of these the other with a letter more, less or other, or two exchanged?"""
    if min(len(one), len(other)) < LONG_ENOUGH or abs(len(one) - len(other)) > 1:
        return False
    start = next((rank for rank, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return len(one) != len(other)
    mine, theirs = one[start:], other[start:]
    exchanged = mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:]
    return exchanged or mine[1:] == theirs[1:] or mine[1:] == theirs or mine == theirs[1:]


# --- who is near -----------------------------------------------------------------------------------


# Somebody of the block, their birth, the word that brought them in it; is it only heard like the one typed?
Near = tuple[uuid.UUID, dt.date | None, str, bool]
Known = dict[str, bool]  # those words of one person


def rank(asked: Asked, block: Iterable[Near]) -> list[Hit]:
    """Everybody of the block, the nearest first: all the words are theirs, or all but one on the very day."""
    people: dict[tuple[uuid.UUID, dt.date | None], Known] = defaultdict(dict)
    for person, born, word, heard in block:
        words = people[person, born]
        words[word] = heard and words.get(word, True)
    dates = dict.fromkeys(swapped(asked.days), SLIP) | dict.fromkeys(asked.days, SAME)
    other = SOUND if asked.days else 0
    hits = (
        _hit(asked.names, person, words, dates.get(born, other) if born else other)
        for (person, born), words in people.items()
    )
    return sorted(filter(None, hits), key=lambda hit: (hit.score, hit.person), reverse=True)


def _hit(names: tuple[str, ...], person: uuid.UUID, known: Known, date: int) -> Hit | None:
    nearness = nearness_of(names, known)
    there = sum(map(bool, nearness))
    if there < len(names) - (date == SAME and len(names) > 1):
        return None
    return Hit(person, (there, sum(nearness) + date), _why(nearness, date))


def nearness_of(typed: tuple[str, ...], known: Known) -> list[int]:
    """For each word typed, how near the nearest of the known ones is; 0 when none is.

    A name typed in two words, or in one, is a slip of the same; what is only heard alike stands for one word.
    """
    near = [max((_letters(word, one) for one in known), default=0) for word in typed]
    for place, joined in enumerate(one + other for one, other in pairwise(typed)):
        if any(_letters(joined, one) for one in known):
            near[place : place + 2] = [max(SLIP, one) for one in near[place : place + 2]]
    heard = sum(only and not any(_letters(word, one) for word in typed) for one, only in known.items())
    for place in [place for place, one in enumerate(near) if not one][:heard]:
        near[place] = SOUND
    return near


def near_each(typed: tuple[str, ...], known: Known) -> list[list[str]]:
    """For each word typed, those of the known ones that may be it: by letters, failing that by the ear."""
    heard = [one for one, only in known.items() if only]
    near = [[one for one in known if _letters(word, one)] or heard for word in typed]
    for place, joined in enumerate(one + other for one, other in pairwise(typed)):
        whole = [one for one in known if _letters(joined, one)]
        near[place], near[place + 1] = near[place] + whole, near[place + 1] + whole
    return near


def by_nearness(typed: str, known: Known) -> dict[str, list[str]]:
    """Those of the known words that the one typed may be, under what is said of them, the nearest first."""
    found: dict[int, list[str]] = {SAME: [], SLIP: [], SOUND: []}
    for one, heard in known.items():
        if near := _letters(typed, one) or heard * SOUND:
            found[near].append(one)
    return {NAMES[near]: words for near, words in found.items() if words}


def _letters(typed: str, known: str) -> int:
    return SAME if typed == known else SLIP if one_letter(typed, known) else 0


NAMES = {SAME: "mêmes noms", SLIP: "nom voisin", SOUND: "nom qui se prononce de même"}
_DATES = {SAME: "même date", SLIP: "jour et mois inversés", SOUND: "date voisine"}


def _why(nearness: list[int], date: int) -> str:
    """« même date, nom voisin »: why somebody is told among those who may be meant."""
    least = min(nearness, default=SAME)
    said = NAMES.get(least, "un des noms")
    return f"{_DATES[date]}, {said}" if date else said

"""Finding people: who bears the words typed; failing that, whom a slip hides (SC.INS/va1.02, va1.24).

A block of people is found by index, then all of it is ranked: nobody is cut before. The words are kept by the
database (`NameWord`, `NameKey`), and compared by operators that row-level security lets an index answer.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from jalon.core.identity import Traits
from jalon.core.names import fold
from jalon.db.compiled import compiled, dates, param
from jalon.people.asked import Asked, Hit, Known, Near, nearness_of, rank, slips, spellings, swapped, year_of
from jalon.people.models import HAS_INS, NameWord, Person, ins_digest
from jalon.people.rules import resemblance, same_traits

WHOLE, BEGINS = "\x01", "\U0010ffff"  # what ends the words that are, or that begin by, the one typed
LEAST = 2  # letters that may begin a word: one alone begins too many
TOLD = 50


# --- the words typed, as they are ------------------------------------------------------------------


def bearing(asked: Asked) -> QuerySet[Any, Any]:
    """The identifiers of those who bear each word, or begin by it, and were born one of these days."""
    if asked.ins:
        return Person.objects.filter(HAS_INS, ins_digest=ins_digest(asked.ins)).values_list("pk", flat=True)
    days = {"birth_date__in": asked.days} if asked.days else {}
    if not asked.words:
        return Person.objects.filter(**days).values_list("pk", flat=True) if days else _nobody()
    return _bearing(_ends(asked.words), days)


def exact(asked: Asked) -> list[uuid.UUID]:
    """The same, read at once: for words beside a birth date, which are few whatever the crowd."""
    ends = _ends(asked.words)
    values = {
        f"{name}_{place}": one
        for place, pair in enumerate(ends)
        for name, one in zip(ENDS, pair, strict=True)
    }
    return _exact(len(ends)).all(days=list(asked.days), **values)


ENDS = ("from", "to")


@compiled
def _exact(words: int) -> QuerySet[Any, Any]:
    ends = [(param(f"from_{place}"), param(f"to_{place}")) for place in range(words)]
    return _bearing(ends, {"birth_date__in": dates("days")})


def _ends(words: Iterable[str]) -> list[tuple[str, str]]:
    """Between which texts the words are that one typed finds, the longest first: it finds the fewest."""
    longest = sorted(words, key=len, reverse=True)
    return [(one, one + (BEGINS if one.isalpha() and len(one) >= LEAST else WHOLE)) for one in longest]


def _bearing(ends: list[tuple[Any, Any]], days: dict[str, Any]) -> QuerySet[Any, Any]:
    found, *others = (NameWord.objects.filter(word__gte=one, word__lt=end, **days) for one, end in ends)
    for rows in others:
        found = found.filter(person__in=rows.values("person"))
    return found.values_list("person", flat=True).distinct()


def _nobody() -> QuerySet[Any, Any]:
    return NameWord.objects.none().values_list("person", flat=True)


# --- whom a slip hides -----------------------------------------------------------------------------

CENTURIES = 2  # days that a day typed may be: more are a year, of which no slip is looked for
BLOCK = """
SELECT word.person, word.birth_date, word.word, left(near.key, 1) = '~'
FROM people_namekey AS near JOIN people_nameword AS word
  ON word.managing_body_id = near.managing_body_id AND word.word = near.word
WHERE near.key = ANY(ARRAY(SELECT people_name_keys(typed) FROM unnest(%s::text[]) AS typed))
"""


def near(asked: Asked) -> list[Hit]:
    """Those whom a slip may hide, the nearest first: in the names on the very day, then in the date too."""
    if not asked.names:
        return []
    if not asked.days:
        return rank(asked, _block(asked.names))
    hits = rank(asked, _block(asked.names, swapped(asked.days)))
    whole = any(hit.score[0] == len(asked.names) for hit in hits)
    if whole or len(asked.days) > CENTURIES or len(asked.names) < 2:
        return hits
    days = {one for day in asked.days for one in slips(day)}
    return rank(asked, _block(asked.names, days))


def _block(words: Iterable[str], days: Iterable[dt.date] | None = None) -> list[Near]:
    """Everybody who has a word near one of these, born one of these days: all of them, in no order."""
    with connection.cursor() as cursor:
        if days is None:
            cursor.execute(BLOCK, [list(spellings(words))])
        else:
            cursor.execute(BLOCK + "AND word.birth_date = ANY(%s)", [list(spellings(words)), list(days)])
        return cursor.fetchall()


# --- before somebody is registered -----------------------------------------------------------------


def alike(typed: Traits) -> list[Person]:
    """Everybody to be shown before somebody is registered: the twins, then who may be the one typed."""
    twins = twins_of(typed)
    return [*twins, *(person for person in candidates(typed) if person not in twins)]


def candidates(typed: Traits) -> list[Person]:
    """People who may already be the one typed, the most alike first (SC.INS/va1.02).

    A near name on the same day, or both names at a date one slip away: all are ranked, the first are told.
    """
    known = _known().filter(pk__in=_near_traits(typed))
    ranked = [(-resemblance(typed, person.traits), person.name_key, person.pk, person) for person in known]
    return [person for score, *_, person in sorted(ranked) if score][:TOLD]


def _near_traits(typed: Traits) -> set[uuid.UUID]:
    """Whoever has a near word on the same day, or one of each name on a day that a slip may have made."""
    name, first = _words(typed.birth_name), _words(typed.first_name)[:1]
    # Of a birth known in part, here or there, the year is what is sure.
    days = slips(typed.birth_date) | set(year_of(typed.birth_date.year))
    people: dict[uuid.UUID, Known] = defaultdict(dict)
    found = set()
    for person, born, word, heard in _block([*name, *first], days):
        people[person][word] = heard
        if born == typed.birth_date:
            found.add(person)
    both = (
        one for one, known in people.items() if all(any(nearness_of(said, known)) for said in (name, first))
    )
    return found.union(both)


def twins_of(typed: Traits) -> list[Person]:
    """Everybody whose traits are those typed: all who bear that name and were born that day are read."""
    longest = max(_words(typed.birth_name), key=len, default="")
    born = _exact(1).all(days=[typed.birth_date], from_0=longest, to_0=longest + WHOLE)
    known = _known().filter(pk__in=born).order_by("name_key", "pk")
    return [person for person in known if same_traits(typed, person.traits)]


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(name).lower().split())


def _known() -> QuerySet[Person]:
    """People of whom names and dates are compared: nothing encrypted is read."""
    return Person.objects.filter(birth_date__isnull=False).defer("ins", "received", "comment")

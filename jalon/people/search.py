"""Finding people: who bears the words typed; failing that, whom a slip hides (SC.INS/va1.02, va1.24).

A block of people is found by index, then all of it is ranked: nobody is cut before. The words are kept by the
database (`NameWord`, `NameKey`), and compared by operators that row-level security lets an index answer.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from jalon.core.identity import Traits
from jalon.core.names import fold
from jalon.people.asked import (
    Asked,
    Hit,
    Known,
    Near,
    by_nearness,
    less_known,
    near_each,
    nearness_of,
    rank,
    slips,
    spellings,
    swapped,
)
from jalon.people.models import HAS_INS, NameWord, Person, ins_digest
from jalon.people.rules import resemblance, same_traits
from jalon.people.sound import keys

WHOLE, BEGINS = "\x01", "\U0010ffff"  # what ends the words that are, or that begin by, the one typed
LEAST = 2  # letters that may begin a word: one alone begins too many
TOLD = 50
Ends = tuple[str, str]


# --- the words typed, as they are ------------------------------------------------------------------


def exact(asked: Asked) -> list[uuid.UUID]:
    """Who is of this matricule, or bears each word and was born one of these days: a few."""
    if asked.ins:
        return list(
            Person.objects.filter(HAS_INS, ins_digest=ins_digest(asked.ins)).values_list("pk", flat=True)
        )
    if asked.words:
        return _born(_ends(asked.words), asked.days)
    return list(Person.objects.filter(birth_date__in=asked.days).values_list("pk", flat=True))


BORN = "SELECT person FROM people_nameword WHERE word >= %s AND word < %s AND birth_date = ANY(%s)"


def _born(ends: list[Ends], days: Iterable[dt.date]) -> list[uuid.UUID]:
    """Whoever has a word between each of these texts, and was born one of these days."""
    with connection.cursor() as cursor:
        values = [value for one, end in ends for value in (one, end, list(days))]
        cursor.execute(" INTERSECT ".join([BORN] * len(ends)), values)
        return [person for (person,) in cursor.fetchall()]


def _ends(words: Iterable[str]) -> list[Ends]:
    """Between which texts the words are that one typed finds, the longest first: it finds the fewest."""
    longest = sorted(words, key=len, reverse=True)
    return [(one, one + (BEGINS if one.isalpha() and len(one) >= LEAST else WHOLE)) for one in longest]


CROWD = 1_000  # bearers of a word, up to whom all are read, then sorted
COUNT = """(
SELECT count(*) FROM (SELECT FROM people_nameword WHERE word >= %s AND word < %s LIMIT %s) AS crowd
)"""


@dataclass(frozen=True)
class Bearing:
    """Who bears each of the words: `people` when they are few; else the texts between which each word is.

    The first is that of the word which the fewest bear: a crowd is read by it, a page at a time, in the
    order of the words that the database keeps.
    """

    people: list[uuid.UUID] | None
    ends: list[Ends]


def bearing(words: Iterable[str]) -> Bearing:
    """Whoever bears each of these words, or begins by it."""
    return _bearing(_ends(words))


def _bearing(ends: list[Ends]) -> Bearing:
    counts = _counts(ends)
    first, *others = (one for _, one in sorted(zip(counts, ends, strict=True)))
    if min(counts) > CROWD:
        return Bearing(None, [first, *others])
    bearers = NameWord.objects.filter(word__gte=first[0], word__lt=first[1])
    few = bearers.filter(*(bears(end, "person") for end in others)).values_list("person", flat=True)
    return Bearing(list(few), [first, *others])


def _counts(ends: list[Ends]) -> list[int]:
    """How many bear a word between each of these texts; no further than a crowd."""
    with connection.cursor() as cursor:
        values = [value for one, end in ends for value in (one, end, CROWD + 1)]
        cursor.execute("SELECT " + ", ".join([COUNT] * len(ends)), values)
        return list(cursor.fetchone() or ())


def bears(ends: Ends, person: str) -> Exists:
    """Do they bear a word between these texts? `person`: where their key is in what is read."""
    return Exists(NameWord.objects.filter(person=OuterRef(person), word__gte=ends[0], word__lt=ends[1]))


def bearers_of(words: Iterable[str]) -> list[Bearing]:
    """Those who bear one of these very words: each crowd, and all the others together."""
    ends = [(one, one + WHOLE) for one in words]
    counts = _counts(ends) if ends else []
    crowds = [Bearing(None, [one]) for count, one in zip(counts, ends, strict=True) if count > CROWD]
    rest = [one for count, (one, _) in zip(counts, ends, strict=True) if count <= CROWD]
    few = NameWord.objects.filter(word__in=rest).values_list("person", flat=True).distinct()
    return [*crowds, Bearing(list(few), [])] if rest else crowds


# --- whom a slip hides -----------------------------------------------------------------------------

CENTURIES = 2  # days that a day typed may be: more are a year, of which no slip is looked for
BLOCK = """
SELECT word.person, word.birth_date, word.word, left(near.key, 1) = '~'
FROM people_namekey AS near JOIN people_nameword AS word
  ON word.managing_body_id = near.managing_body_id AND word.word = near.word
WHERE near.key = ANY(%s)
  AND word.birth_date = ANY(%s)
"""
VOCABULARY = """
SELECT near.word, bool_and(left(near.key, 1) = '~') FROM people_namekey AS near
WHERE near.key = ANY(%s)
GROUP BY near.word
"""
WORDS = "SELECT person, birth_date, word FROM people_nameword WHERE word = ANY(%s)"
BEARING = "SELECT person FROM people_nameword WHERE word = ANY(%s)"
ALL = """
SELECT person, birth_date, word FROM ({}) AS found JOIN people_nameword USING (person) WHERE word = ANY(%s)
"""


def near(asked: Asked) -> list[Hit]:
    """Those whom a slip may hide, the nearest first: in the names on the very day, then in the date too."""
    if not asked.names:
        return []
    if not asked.days:
        return rank(asked, _all_the_names(asked.names))
    hits = rank(asked, _block(asked.names, swapped(asked.days)))
    whole = any(hit.score[0] == len(asked.names) for hit in hits)
    if whole or len(asked.days) > CENTURIES or len(asked.names) < 2:
        return hits
    days = {one for day in asked.days for one in slips(day)}
    return rank(asked, _block(asked.names, days))


def _block(words: Iterable[str], days: Iterable[dt.date]) -> list[Near]:
    """Everybody who has a word near one of these, born one of these days: all of them, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(BLOCK, [keys(spellings(words)), list(days)])
        return cursor.fetchall()


def _all_the_names(words: tuple[str, ...]) -> list[Near]:
    """Without a date to narrow it, the block is of those who have a word near each of these."""
    with connection.cursor() as cursor:
        cursor.execute(VOCABULARY, [keys(spellings(words))])
        heard = dict(cursor.fetchall())
        known = near_each(words, heard)
        if not all(known):
            return []
        if len(known) == 1:
            cursor.execute(WORDS, known)
        else:
            cursor.execute(ALL.format(" INTERSECT ".join([BEARING] * len(known))), [*known, list(heard)])
        return [(*row, heard[row[-1]]) for row in cursor.fetchall()]


def near_words(word: str) -> dict[str, list[str]]:
    """The words known here that one typed may be, by what is said of them, the nearest first.

    Of somebody looked for by one name alone, nothing else is to be ranked: the words are, and they are few
    whatever the crowd that bears them.
    """
    with connection.cursor() as cursor:
        cursor.execute(VOCABULARY, [keys([word])])
        return by_nearness(word, dict(cursor.fetchall()))


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
    days = slips(typed.birth_date) | less_known(typed.birth_date, typed.birth_date_precision)
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
    born = _born([(longest, longest + WHOLE)], [typed.birth_date])
    known = _known().filter(pk__in=born).order_by("name_key", "pk")
    return [person for person in known if same_traits(typed, person.traits)]


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(name).lower().split())


def _known() -> QuerySet[Person]:
    """People of whom names and dates are compared: nothing encrypted is read."""
    return Person.objects.filter(birth_date__isnull=False).defer("ins", "received", "comment")

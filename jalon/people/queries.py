"""Finding people: antecedents before creating, quick search, people of a matricule."""

import datetime as dt

from django.db.models import Q, QuerySet

from jalon.core.identity import Traits
from jalon.core.names import fold
from jalon.people.models import Person, ins_digest
from jalon.people.rules import resemblance


def candidates(typed: Traits) -> list[Person]:
    """People who may already be the one typed, the most alike first (SC.INS/va1.41).

    Blocks first (same date, or same folded names), ranks after: an identity search never scans a tenant.
    """
    near = Q(birth_date=typed.birth_date) | Q(name_key__startswith=sort_key(typed.birth_name, ""))
    ranked = [
        (resemblance(typed, person.traits), person)
        for person in Person.objects.filter(near, birth_date__isnull=False)[:200]
    ]
    return [person for score, person in sorted(ranked, key=lambda pair: -pair[0]) if score]


def by_ins(matricule: str) -> QuerySet[Person]:
    """The person of this matricule, found by its keyed hash (15 characters, key already checked)."""
    return Person.objects.filter(ins_digest=ins_digest(matricule))


def by_words(words: str, birth_date: dt.date | None = None) -> Q:
    """Filter for people whose names hold each word typed, in any order, whatever accents and hyphens."""
    found = Q()
    for word in fold(words).lower().split():
        found &= Q(person__name_key__contains=word)
    return found & Q(person__birth_date=birth_date) if birth_date else found


def sort_key(name: str, first_name: str) -> str:
    """Folded, lower-case: French order without ICU."""
    return f"{fold(name)} {fold(first_name)}".strip().lower()

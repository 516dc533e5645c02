"""Finding people: antecedents before creating, quick search, people of a matricule."""

import datetime as dt

from django.db.models import Q, QuerySet

from jalon.core.identity import Traits
from jalon.core.names import fold
from jalon.people.models import HAS_INS, Contact, Person, ProtectionMeasure, ins_digest
from jalon.people.rules import represents, resemblance, same_traits

NAME_KEY_LENGTH: int = Person._meta.get_field("name_key").max_length or 0


def candidates(typed: Traits) -> list[Person]:
    """People who may already be the one typed, the most alike first (SC.INS/va1.02).

    Blocks first (same date, or both names among theirs, used or of birth), ranks after.
    """
    first = fold(typed.first_name).lower().split()[:1]
    near = Q(birth_date=typed.birth_date) | Q(
        *(Q(name_key__contains=said) for said in [sort_key(typed.birth_name, ""), *first])
    )
    ranked = [
        (resemblance(typed, person.traits), person)
        for person in Person.objects.filter(near, birth_date__isnull=False)[:200]
    ]
    return [person for score, person in sorted(ranked, key=lambda pair: -pair[0]) if score]


def twins_of(typed: Traits) -> list[Person]:
    """People whose traits are those typed: a duplicate is refused before it exists."""
    return [known for known in candidates(typed) if same_traits(typed, known.traits)]


def by_ins(matricule: str) -> QuerySet[Person]:
    """The person of this matricule, found by its keyed hash (15 characters, key already checked)."""
    return Person.objects.filter(HAS_INS, ins_digest=ins_digest(matricule))


def by_words(words: str, birth_date: dt.date | None = None) -> Q:
    """Filter for people whose names hold each word typed, in any order, whatever accents and hyphens."""
    found = Q()
    for word in fold(words).lower().split():
        found &= Q(person__name_key__contains=word)
    return found & Q(person__birth_date=birth_date) if birth_date else found


def name_key(person: Person) -> str:
    """What sorts and finds a person: the names in use, then every other name (SC.INS/va1.19).

    Two spaces keep the others from disturbing the order: « martin anne » comes before « martin anne lise ».
    """
    key = sort_key(person.usual_name, person.usual_first_name)
    for name in (person.birth_name, person.birth_first_names, person.first_name):
        said = fold(name).lower()
        if f" {said} " not in f" {key} ":
            key = f"{key}  {said}"
    return key[:NAME_KEY_LENGTH]


def sort_key(name: str, first_name: str) -> str:
    """Folded, lower-case: French order without ICU."""
    return f"{fold(name)} {fold(first_name)}".strip().lower()


def representatives(person: Person, on: dt.date) -> tuple[list[Contact], list[ProtectionMeasure]]:
    """Who represents the person that day, by coded facts alone: contacts, and measures with their holder."""
    contacts = [one for one in person.contacts.all() if represents(one.role, one.protection)]
    measures = [
        one
        for one in person.measures.all()
        if one.holder and one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)
    ]
    return contacts, measures

"""Names as short as they may be among the people of a page: nobody is taken for another."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from jalon.core.dates import short_date
from jalon.core.names import fold
from jalon.people.models import Person


def short_names(records: Iterable[Any]) -> dict[Any, str]:
    """By record: the first name; with the name when two here share it; with the birth date when both are."""
    people = {record.pk: record.person for record in records}
    firsts = Counter(fold(_first(person)) for person in people.values())
    wholes = Counter(fold(_whole(person)) for person in people.values())
    return {pk: _short(person, firsts, wholes) + _dead(person) for pk, person in people.items()}


def _dead(person: Person) -> str:
    """Said wherever a name stands alone: nobody calls a house about somebody dead."""
    if not person.is_dead:
        return ""
    return {"F": " (décédée)", "M": " (décédé)"}.get(person.sex, " (décès)")


def _short(person: Person, firsts: Counter[str], wholes: Counter[str]) -> str:
    if firsts[fold(_first(person))] == 1:
        return _first(person)
    if wholes[fold(_whole(person))] == 1 or not person.birth_date:
        return _whole(person)
    return f"{_whole(person)} ({short_date(person.birth_date)})"


def _first(person: Person) -> str:
    return person.usual_first_name or person.usual_name


def _whole(person: Person) -> str:
    return f"{person.usual_first_name} {person.usual_name}".strip()

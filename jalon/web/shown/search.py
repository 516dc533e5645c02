"""Whom the words of a search name."""

import contextlib
import re

from django.db.models import Q

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.identifiers import check_ins, compact
from jalon.core.names import fold
from jalon.people.models import ins_digest
from jalon.people.queries import by_words
from jalon.records.models import RecordQuerySet

DAY = re.compile(r"\b(?:\d{1,2}([/. -])\d{1,2}\1\d{4}|\d{8}|\d{4}-\d\d-\d\d)\b", re.ASCII)
YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)


def found(records: RecordQuerySet, words: str) -> RecordQuerySet:
    """Records of the people these words name: names in any order, a birth date, or a whole matricule INS."""
    if check_ins(compact(words).upper()):
        return records.filter(person__ins_digest=ins_digest(compact(words).upper()))
    birth, rest = _birth(words)
    return records.filter(by_words(rest), birth) if fold(rest) or birth else records.none()


def _birth(words: str) -> tuple[Q, str]:
    """A date of birth, or its year alone beside a name, and the words left."""
    day, year = DAY.search(words), YEAR.search(words)
    with contextlib.suppress(DomainError):
        if day:
            born = PartialDate.parse(day.group()).completed()
            return Q(person__birth_date=born), words.replace(day.group(), " ")
    if year and fold(rest := words.replace(year.group(), " ")):
        return Q(person__birth_date__year=int(year.group())), rest
    return Q(), words

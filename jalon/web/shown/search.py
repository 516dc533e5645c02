"""Whom the words of a search name."""

import datetime as dt
import re

from jalon.core.identifiers import check_ins, compact
from jalon.people.models import ins_digest
from jalon.people.queries import by_words
from jalon.records.models import RecordQuerySet

DAY = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")


def found(records: RecordQuerySet, words: str) -> RecordQuerySet:
    """Records of the people these words name: names in any order, a birth date, or a whole matricule INS."""
    if check_ins(compact(words).upper()):
        return records.filter(person__ins_digest=ins_digest(compact(words).upper()))
    birth, rest = _birth_date(words)
    return records.filter(by_words(rest, birth))


def _birth_date(words: str) -> tuple[dt.date | None, str]:
    match = DAY.search(words)
    if not match:
        return None, words
    day, month, year = (int(part) for part in match.groups())
    try:
        return dt.date(year, month, day), words.replace(match.group(), " ")
    except ValueError:
        return None, words

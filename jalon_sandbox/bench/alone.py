"""What is typed alone, which finds a crowd: the first page of the answer, and how many there are."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from jalon.core.dates import short_date
from jalon.core.names import fold
from jalon_sandbox.bench.slips import LONG, Slip, one_letter_missing

NAME, NAME_SLIP, FIRST_NAME = "nom seul", "nom seul mal tapé", "prénom seul"
TWO_LETTERS, DAY, INS, NUMBER = "deux lettres", "date seule", "matricule INS", "numéro de dossier"
CROWDS: Final = {NAME, NAME_SLIP, FIRST_NAME, TWO_LETTERS, DAY}  # where nobody is meant
PAGE: Final = 51
MOST: Final = 1_000  # counted, then « plus de »


def questions(slip: Slip, meant: uuid.UUID) -> Iterator[tuple[str, Callable[[], list[uuid.UUID]]]]:
    """Each thing typed alone of this person, and how it is asked: as a page asks."""
    for kind, typed in _typed(slip, meant):
        if typed:
            yield kind, partial(_asked, typed)


def _typed(slip: Slip, meant: uuid.UUID) -> Iterator[tuple[str, str]]:
    from jalon.people.models import Person
    from jalon.records.models import Stay

    name = max(fold(slip.right.name).split(), key=len)
    yield NAME, name
    yield NAME_SLIP, one_letter_missing(name, len(name) // 2) if len(name) >= LONG else ""
    yield FIRST_NAME, fold(slip.right.first_name).split()[0]
    yield TWO_LETTERS, name[:2]
    yield DAY, short_date(slip.right.born)
    yield INS, Person.objects.get(pk=meant).ins
    stay = Stay.objects.filter(record__person=meant).first()
    yield NUMBER, stay.file_number if stay else ""


def _asked(typed: str) -> list[uuid.UUID]:
    from jalon.records.models import Record
    from jalon.records.search import found

    answer = found(Record.objects.all(), typed).records
    page = [record.person_id for record in answer.read(0, PAGE)]
    if len(page) == PAGE:
        answer.count_up_to(MOST)
    return page

"""What a relève hands over, in every state that the page of components shows."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from jalon.web.shown.tasks import Line

TASK = Line(
    id=uuid.UUID(int=1),
    record_id=uuid.UUID(int=1),
    what="Regarder la cheville",
    person="Camille NOISETIER",
    due="",
    late=False,
    asked="Inès Bourrache, hier 17 h 20",
    holder="",
    mine=False,
)


def tasks() -> Iterator[Line]:
    """Of the team, late, mine, done just now, of somebody who died."""
    states = (
        replace(TASK, due="pour demain à 9 h"),
        replace(TASK, due="pour hier", late=True, holder="Fatou Hibiscus"),
        replace(TASK, holder="Inès Bourrache", mine=True),
        replace(TASK, done="Inès Bourrache, aujourd’hui 14 h", undoable=True),
        replace(TASK, over="La personne est décédée : il n’y a plus rien à reprendre."),
    )
    yield from (replace(one, id=uuid.UUID(int=rank)) for rank, one in enumerate(states, start=1))


def news() -> Iterator[SimpleNamespace]:
    """To be read, and read."""
    for rank, read in ((6, False), (7, True)):
        yield SimpleNamespace(
            pk=uuid.UUID(int=rank),
            text="Ascenseur en panne",
            unit=None,
            ends_on=dt.date(2026, 11, 25),
            author="Claire Bleuet",
            is_read=read,
        )

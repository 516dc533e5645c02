"""When a gesture may be undone, what a relève begins with. Pure."""

import datetime as dt
from typing import Final

# « Annuler » comes with the answer to a gesture. Ten seconds are what people expect; whoever is slow, listens
# to the page or waits for it has the time to reach it (WCAG 2.2.1).
UNDO: Final = dt.timedelta(minutes=2)
# Between two passages one sleeps or works: what is read within this time is one and the same relève.
SAME_PASSAGE: Final = dt.timedelta(hours=4)
AT_LEAST: Final = dt.timedelta(hours=24)
AT_MOST: Final = dt.timedelta(days=30)

URGENT, ANSWERED, TO_FOLLOW, OTHER = 0, 1, 2, 3


def may_undo(done_at: dt.datetime, now: dt.datetime) -> bool:
    """May a gesture made then be undone?"""
    return now - done_at <= UNDO


def relay_since(last_passage: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """From when on a relève shows what was told: since the last passage, a day at least, a month at most."""
    begins = min(last_passage or now, now - AT_LEAST)
    return max(begins, now - AT_MOST)


def why_over(*, dead: bool, ended: bool) -> str:
    """Why nothing is left to do for somebody, in a sentence; "" when something may be."""
    if dead:
        return "La personne est décédée : il n’y a plus rien à reprendre."
    return "L’accompagnement est terminé : il n’y a plus rien à reprendre." if ended else ""


def is_late(due_on: dt.date | None, due_time: dt.time | None, local: dt.datetime) -> bool:
    """Is this day, or this hour of it, past? `local`: now, by the clock of the place."""
    if due_on is None:
        return False
    return dt.datetime.combine(due_on, due_time or dt.time.max) < local.replace(tzinfo=None)

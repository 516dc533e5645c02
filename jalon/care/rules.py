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

URGENT, TO_TAKE_OVER, OTHER = 0, 1, 2


def may_undo(done_at: dt.datetime, now: dt.datetime) -> bool:
    """May a gesture made then be undone?"""
    return now - done_at <= UNDO


def relay_since(last_passage: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """From when on a relève shows what was told: since the last passage, a day at least, a month at most."""
    begins = min(last_passage or now, now - AT_LEAST)
    return max(begins, now - AT_MOST)

"""What a note is about, when a gesture may be undone, what a relève begins with. Pure."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from jalon.staff.rules import ContentClass

# « Annuler » comes with the answer to a gesture. Ten seconds are what people expect; whoever is slow, listens
# to the page or waits for it has the time to reach it (WCAG 2.2.1).
UNDO: Final = dt.timedelta(minutes=2)
# Between two passages one sleeps or works: what is read within this time is one and the same relève.
SAME_PASSAGE: Final = dt.timedelta(hours=4)
AT_LEAST: Final = dt.timedelta(hours=24)
AT_MOST: Final = dt.timedelta(days=30)

# An event is told to whoever accompanies the person: what follows of it for health is a note of health.
CLASSES: Final = {
    "soin": ContentClass.HEALTH,
    "educ": ContentClass.EDUCATIONAL,
    "vie": ContentClass.DAILY,
    "emo": ContentClass.DAILY,
    "lien": ContentClass.SOCIAL,
    "evt": ContentClass.DAILY,
    "psy": ContentClass.PSYCHOLOGICAL,
    "jus": ContentClass.JUSTICE,
}
EVERY_FAMILY: Final = frozenset(CLASSES)
OF_NOTES: Final = tuple(content for content in ContentClass if content in CLASSES.values())

URGENT, ANSWERED, TO_FOLLOW, OTHER = 0, 1, 2, 3


def families_of(classes: Collection[ContentClass]) -> frozenset[str]:
    """The families of notes that are about these classes."""
    return frozenset(family for family, content in CLASSES.items() if content in classes)


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

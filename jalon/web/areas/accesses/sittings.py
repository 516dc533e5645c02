"""Accesses told as people live them: one line a sitting of one person, not one a page."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

MINUTE = dt.timedelta(minutes=1)
APART = dt.timedelta(minutes=30)  # without a page opened: another sitting


def sittings(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows, latest first, by person and sitting: what was opened and how often, what came of it.

    A sitting is where its last page is.
    """
    found: list[dict[str, Any]] = []
    open_: dict[Any, dict[str, Any]] = {}
    for row in rows:
        who = (row["professional__first_name"], row["professional__last_name"], row["professional__job"])
        sitting = open_.get(who)
        if sitting is None or sitting["since"] - row["at"] > APART:
            sitting = open_[who] = {"who": _name(row), "job": row["professional__job"] or "", "at": row["at"]}
            sitting |= {"pages": Counter(), "outcomes": []}
            found.append(sitting)
        sitting |= {"since": row["at"], "lasted": sitting["at"] - row["at"] >= MINUTE}
        sitting["pages"][row["label"]] += 1
        outcome = "shown" if row["record_id"] is None else row["outcome"]
        if outcome not in sitting["outcomes"]:
            sitting["outcomes"].append(outcome)
    return found


def _name(row: dict[str, Any]) -> str:
    names = filter(None, (row["professional__first_name"], row["professional__last_name"]))
    return " ".join(names) or "tâche automatique"

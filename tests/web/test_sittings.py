"""Who opened a record, told by sitting."""

import datetime as dt
from typing import Any

from jalon.web.areas.accesses.sittings import sittings

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def row(minutes: int, who: str = "Inès", label: str = "Synthèse", **more: Any) -> dict[str, Any]:
    facts = {"record_id": 1, "outcome": "opened", "label": label, "at": NOON - dt.timedelta(minutes=minutes)}
    names = {
        "professional__first_name": who,
        "professional__last_name": "",
        "professional__job": "éducatrice",
    }
    return {**facts, **names, **more}


def test_pages_opened_one_after_the_other_are_one_line() -> None:
    (one,) = sittings([row(0), row(3, label="Projet"), row(5), row(20)])
    assert (one["who"], one["pages"]) == ("Inès", {"Synthèse": 3, "Projet": 1})
    assert (one["since"], one["at"]) == (NOON - dt.timedelta(minutes=20), NOON)


def test_half_an_hour_without_a_page_makes_another_sitting() -> None:
    assert len(sittings([row(0), row(31)])) == 2
    assert len(sittings([row(0), row(30)])) == 1


def test_two_people_at_once_have_a_line_each() -> None:
    found = sittings([row(0), row(1, who="Fatou"), row(2), row(3, who="Fatou")])
    assert [(one["who"], sum(one["pages"].values())) for one in found] == [("Inès", 2), ("Fatou", 2)]


def test_a_refusal_is_seen_among_what_was_opened() -> None:
    (one,) = sittings([row(0), row(1, outcome="refused"), row(2, record_id=None)])
    assert one["outcomes"] == ["opened", "refused", "shown"]

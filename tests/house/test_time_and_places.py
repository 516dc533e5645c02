"""One way to read time, and no category compared: what a linter cannot see, on the syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import calls, name_of, nodes, python_files

PRODUCT = (*python_files("jalon"), *python_files("jalon_sandbox"))
# Where a day is taken from an instant, and why.
DAY_OF_AN_INSTANT = {
    "jalon/core/moment.py": "the one place where it is done, in a zone",
    "jalon/faces/jinja.py": "of an instant just put in the zone of the request",
    "jalon/formats/cda/rules.py": "of a document's own instant, with the offset its author wrote",
    "jalon/formats/cda/rules_header.py": "the same",
}
# Where the zone of the thread is read: it is set once a request, by `faces.http.seen_from`.
ZONE_OF_THE_REQUEST = {
    "jalon/web/shown/traits.py": "a birth to come, by the day of the page that reads it",
    "jalon/faces/jinja.py": "the filters of the templates",
    "jalon/faces/forms.py": "what is typed in a picker",
    "jalon/web/areas/identity/forms.py": "a form knows no request",
}
LOCAL = {"localdate", "localtime", "get_current_timezone", "make_aware"}


def days_taken(path: Path) -> Iterator[int]:
    """Lines of `….date()`: on an aware instant it gives the day of another place."""
    for name, call in calls(path):
        if name.endswith(".date") and not call.args and not call.keywords:
            yield call.lineno


def zones_read(path: Path) -> Iterator[int]:
    return (call.lineno for name, call in calls(path) if name.rpartition(".")[2] in LOCAL)


def categories_compared(path: Path) -> Iterator[int]:
    """Lines that compare the category of an establishment to something."""
    for node in nodes(path):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            if any(isinstance(side, ast.Attribute) and side.attr == "category" for side in sides):
                yield node.lineno


def places(found: dict[str, list[int]], allowed: dict[str, str]) -> dict[str, list[int]]:
    return {name: lines for name, lines in found.items() if lines and name not in allowed}


def test_nobody_takes_the_day_of_an_instant_but_in_a_zone() -> None:
    found = {name_of(path): list(days_taken(path)) for path in PRODUCT}
    assert places(found, DAY_OF_AN_INSTANT) == {}
    assert [name for name in DAY_OF_AN_INSTANT if not found[name]] == []


def test_the_zone_of_a_request_is_read_in_known_places() -> None:
    found = {name_of(path): list(zones_read(path)) for path in python_files("jalon")}
    assert places(found, ZONE_OF_THE_REQUEST) == {}
    assert [name for name in ZONE_OF_THE_REQUEST if not found[name]] == []


def test_what_a_category_changes_is_in_the_table_of_families() -> None:
    assert places({name_of(path): list(categories_compared(path)) for path in PRODUCT}, {}) == {}


@pytest.mark.parametrize(
    ("find", "fault"),
    [
        (days_taken, "plan.starts_on = now.date()"),
        (zones_read, "start = timezone.localtime(now)"),
        (categories_compared, "care = house.category == '500'"),
        (categories_compared, "care = record.establishment.category in CARE"),
    ],
)
def test_a_planted_fault_is_found(find: object, fault: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(fault, "utf-8")
    assert list(find(planted)) == [1]  # type: ignore[operator]  # one of the three above

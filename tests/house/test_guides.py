"""A guide names no gesture that no page has: its words in bold and between « » are words of the screens."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import name_of, python_files
from tests.house.test_design import PAGES
from tests.support import PROJECT

GUIDES = sorted(path for path in PROJECT.glob("docs/guide/*.md") if path != PROJECT / "docs/guide/pieces.md")
NAMED = re.compile(r"\*\*(.+?)\*\*|«\s*(.+?)\s*»", re.DOTALL)
SCREENS = ("jalon/web", "jalon/faces", "jalon/care", "jalon/plans", "jalon/exchange", "jalon/organizations",
           "jalon/people", "jalon/records", "jalon/staff")  # fmt: skip


def plain(text: str) -> str:
    """Words as they are compared: no capital, no punctuation around, one kind of space."""
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " ")).strip(" .,;:…").lower()


def gestures(page: str) -> list[str]:
    """What a page of the guide names as it would be read on a screen."""
    return [plain(bold or quoted) for bold, quoted in NAMED.findall(page)]


@cache
def screens() -> set[str]:
    """Every label of the screens, whole: what templates write, and the texts of the code that feeds them."""
    return {plain(text) for text in (*_of_templates(), *_of_code())}


def _of_templates() -> Iterator[str]:
    for page in PAGES:
        text = page.read_text("utf-8")
        yield from re.findall(r'"([^"\n]*)"', text)
        yield from re.split(r"<[^>]*>|\{[{%#].*?[}%#]\}", text)


def _of_code() -> Iterator[str]:
    for folder in SCREENS:
        for path in python_files(folder):
            tree = ast.parse(path.read_text("utf-8"))
            told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                    yield node.value


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_a_guide_names_the_words_that_are_on_the_screens(page: Path) -> None:
    assert [word for word in gestures(page.read_text("utf-8")) if word not in screens()] == []


def test_a_gesture_that_no_page_has_would_be_found() -> None:
    said = "Ouvrez **Cahier de liaison**, puis « Accueillir une personne »."
    assert [word for word in gestures(said) if word not in screens()] == ["cahier de liaison"]


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_a_guide_names_some_gesture(page: Path) -> None:
    assert gestures(page.read_text("utf-8"))

"""The documentation says what exists: its links, paths, commands, variables and words are checked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from django.apps import apps
from pghistory.models import Event

from jalon.commands.main import app
from jalon.core.settings.table import TABLE
from tests.support import PROJECT

ROOT_PAGES = (
    "README.md",
    "README.fr.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "conformity/README.md",
)
PAGES = sorted([PROJECT / name for name in ROOT_PAGES] + list(PROJECT.glob("docs/**/*.md")))
FRENCH = [page for page in PAGES if page.parent.name in ("guide", "exploitation")]
FRENCH += [PROJECT / "README.fr.md", PROJECT / "CHANGELOG.md"]
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED_PATH = re.compile(r"(?:docs|jalon|jalon_sandbox|tests|conformity|tools|requirements|\.ci)/[\w./*-]+")
VARIABLE = re.compile(r"\bJALON_[A-Z_]+\b")
COMMAND = re.compile(r"^\s*(?:\S*/)?jalon((?: [a-z][a-z-]*)*)((?: .*)?)$")


def name_of(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def code(text: str) -> Iterator[str]:
    """What a page writes as code: the lines of its fences, then its spans."""
    for fence in FENCE.findall(text):
        yield from fence.splitlines()[1:-1]
    yield from SPAN.findall(FENCE.sub("", text))


def prose(text: str) -> str:
    """The page without code and without the targets of its links."""
    return LINK.sub("]", SPAN.sub("", FENCE.sub("", text)))


@every_page
def test_every_link_leads_to_a_file_of_the_project(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if "://" not in target]
    files = [target.partition("#")[0] for target in targets]
    assert [file for file in files if file and not (page.parent / file).exists()] == []


@every_page
def test_every_path_quoted_exists(page: Path) -> None:
    quoted = [span for span in code(page.read_text("utf-8")) if QUOTED_PATH.fullmatch(span)]
    assert [path for path in quoted if not list(PROJECT.glob(path.rstrip("/")))] == []


def unknown_parts(words: list[str], rest: str) -> list[str]:
    """What, in `jalon <words> <rest>`, the command does not know."""
    command: Any = typer.main.get_command(app)  # typer carries its own click: groups are told by their shape
    while words and hasattr(command, "get_command"):
        word, *words = words
        command = command.get_command(None, word)
        if command is None:
            return [word]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    return [name for name in re.findall(r"--[a-z-]+", rest) if name not in known | {"--help"}]


def test_an_unknown_command_or_option_would_be_found() -> None:
    assert unknown_parts(["sereve"], "") == ["sereve"]
    assert unknown_parts(["serve"], "--colour --port 8000") == ["--colour"]


@every_page
def test_every_command_named_exists(page: Path) -> None:
    found = [COMMAND.match(line) for line in code(page.read_text("utf-8"))]
    named = [(match[0], unknown_parts(match[1].split(), match[2])) for match in found if match]
    assert [(line, unknown) for line, unknown in named if unknown] == []


@every_page
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    found = [re.match(r"make ([a-z-]+)", line) for line in code(page.read_text("utf-8"))]
    assert {match[1] for match in found if match} <= targets


def variables_in(pattern: str) -> set[str]:
    return {name for file in PROJECT.glob(pattern) for name in VARIABLE.findall(file.read_text("utf-8"))}


@every_page
def test_every_variable_named_is_read_somewhere(page: Path) -> None:
    read = variables_in("jalon*/**/*.py") | variables_in("tests/**/*.py") | variables_in("tools/*.py")
    assert set(VARIABLE.findall(page.read_text("utf-8"))) <= read


def test_every_setting_is_in_the_page_of_settings_with_its_default_and_its_use() -> None:
    page = (PROJECT / "docs/exploitation/reglages.md").read_text("utf-8").splitlines()
    assert [setting.row for setting in TABLE if setting.row not in page] == []


def test_the_page_of_settings_names_no_setting_that_is_not_in_the_table_or_read_by_the_tests() -> None:
    page = (PROJECT / "docs/exploitation/reglages.md").read_text("utf-8")
    others = variables_in("jalon_sandbox/**/*.py") | variables_in("tests/**/*.py")
    assert set(VARIABLE.findall(page)) <= {setting.name for setting in TABLE} | others


def test_the_product_reads_no_setting_that_the_table_does_not_declare() -> None:
    assert variables_in("jalon/**/*.py") <= {setting.name for setting in TABLE}


@pytest.mark.parametrize("page", FRENCH, ids=name_of)
def test_a_french_page_has_french_typography(page: Path) -> None:
    faults = re.findall(r".{0,20}(?:\w'\w|\w [:;?!»]|« ).{0,20}", prose(page.read_text("utf-8")))
    assert faults == []


@pytest.mark.parametrize("page", sorted(PROJECT.glob("docs/interop/*.md")), ids=name_of)
def test_a_page_on_a_national_service_says_that_the_bench_was_never_met(page: Path) -> None:
    assert "**Never met the national test bench" in page.read_text("utf-8")


def glossary() -> Iterator[tuple[str, set[str], set[str]]]:
    """(section, French words, code words) of each row of the glossary."""
    section = ""
    for line in (PROJECT / "docs/glossary.md").read_text("utf-8").splitlines():
        section = line[3:] if line.startswith("## ") else section
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("French", "---"):
            yield section, {word.strip() for word in re.split(r"[,/]", cells[0])}, set(SPAN.findall(cells[1]))


def test_the_picture_of_the_house_shows_every_package() -> None:
    page = (PROJECT / "docs/architecture.md").read_text("utf-8")
    packages = {f"jalon.{path.parent.name}" for path in PROJECT.glob("jalon/*/__init__.py")}
    floor = page[page.index("```") : page.rindex("```")]
    assert packages | {"jalon_sandbox"} <= set(re.findall(r"jalon(?:_sandbox|\.\w+)", floor))
    for package in re.findall(r"`(jalon(?:\.\w+)+)`", page):
        place = PROJECT / package.replace(".", "/")
        assert place.is_dir() or place.with_suffix(".py").exists(), package


RESERVED = "Words kept for what is to come"


def own_models() -> dict[str, str]:
    """Class name → French name of the tables of the product, histories apart."""
    models = [model for model in apps.get_models() if model.__module__.startswith("jalon.")]
    return {model.__name__: str(model._meta.verbose_name) for model in models if not issubclass(model, Event)}


def test_every_table_has_the_french_name_of_its_row_in_the_glossary() -> None:
    french = {word: words for section, words, codes in glossary() if section != RESERVED for word in codes}
    wrong = {name: label for name, label in own_models().items() if label not in french.get(name, set())}
    assert wrong == {}


def test_the_words_kept_for_later_name_no_table_yet() -> None:
    kept = {word for section, _, codes in glossary() if section == RESERVED for word in codes}
    assert kept & own_models().keys() == set()

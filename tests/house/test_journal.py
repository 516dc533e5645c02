"""Every use case that writes leaves an entry in the journal: read from the code, call after call."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import DOMAIN, dotted, name_of, python_files, tree
from tests.support import PROJECT

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
PLAIN_WRITES = {"insert", "insert_one"}  # of `jalon.db.bulk`
ENTRIES = {"record_entry", "record_entries"}
# Use cases that write without an entry, each with its reason.
SILENT = {
    "jalon/audit/actions.py:record_access": "it is a trace",
    "jalon/audit/actions.py:once": "it keeps the form of an act that left its own",
    "jalon/audit/actions.py:seal": "it is the chain of the traces",
    "jalon/care/actions.py:acknowledge": "its row says who read what, and when",
    "jalon/care/actions.py:acknowledge_news": "its row says who read what, and when",
    "jalon/care/actions.py:take_back": "the history of that row says it",
    "jalon/staff/actions.py:engage": "audit stands above staff: the command that engages writes the entry",
}
# Modules of the apps that write and are no actions, each with its reason.
WRITERS = {
    "jalon/staff/models.py": "the manager that django.contrib.auth asks of a user model",
    "jalon/documents/storage.py": "files, not rows",
    "jalon/documents/bucket.py": "files, not rows",
    "jalon/documents/photos.py": "a picture in memory, not a row",
    "jalon/indicators/tallying.py": "counts kept at hand of what left its own entries",
}


def actions() -> list[Path]:
    """The modules of use cases: `actions`, the address book, what a relève hands over, records opened."""
    return [path for app in (*DOMAIN, "setup") for path in python_files(f"jalon/{app}") if is_actions(path)]


def is_actions(path: Path) -> bool:
    return path.stem in ("actions", "directory", "relay", "openings", "replacing", "yearly")


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}


@cache
def called(path: Path, name: str) -> frozenset[str]:
    """The names that a function calls, as they are written, and those that its callees call in turn."""
    return frozenset(_called(path, name, set()))


def _called(path: Path, name: str, seen: set[tuple[Path, str]]) -> set[str]:
    seen.add((path, name))
    found = {dotted(node.func) for node in ast.walk(functions(path)[name]) if isinstance(node, ast.Call)}
    elsewhere = imported_actions(path)
    for one in set(found):
        where = (path, one) if one in functions(path) else elsewhere.get(one)
        if where and where not in seen and where[1] in functions(where[0]):
            found |= _called(*where, seen)
    return found


def imported_actions(path: Path) -> dict[str, tuple[Path, str]]:
    """Name here → module and name there, for what a module takes of other actions."""
    found = {}
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".actions"):
            there = PROJECT / f"{(node.module or '').replace('.', '/')}.py"
            found |= {alias.asname or alias.name: (there, alias.name) for alias in node.names}
    return found


def writes(names: Iterable[str]) -> bool:
    parts = [name.rpartition(".") for name in names]
    return any(method in (WRITES if owner else PLAIN_WRITES) for owner, _, method in parts)


def silent(path: Path) -> set[str]:
    """Use cases of a module that write and leave no entry."""
    every = {name: called(path, name) for name in functions(path) if not name.startswith("_")}
    return {
        f"{name_of(path)}:{name}"
        for name, names in every.items()
        if name not in ENTRIES and writes(names) and not ENTRIES & names
    }


def test_every_use_case_that_writes_leaves_an_entry() -> None:
    found = set().union(*(silent(path) for path in actions()))
    assert found == SILENT.keys()


def test_the_apps_write_in_their_use_cases_only() -> None:
    others = [path for app in DOMAIN for path in python_files(f"jalon/{app}") if not is_actions(path)]
    found = {name_of(path) for path in others if writes(_everything(path))}
    assert found == WRITERS.keys()


def _everything(path: Path) -> set[str]:
    return {dotted(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}


@pytest.mark.parametrize(
    "planted",
    [
        "def tell_absence(*, record):\n    Absence.objects.create(record=record)\n",
        "def tell_absence(*, record):\n    _keep(record)\n\n\ndef _keep(record):\n    record.save()\n",
        "from jalon.care.actions import acknowledge\n\n\ndef tell_absence():\n    acknowledge()\n",
    ],
    ids=["in itself", "by a helper", "by an action of another app"],
)
def test_a_use_case_that_forgets_the_journal_would_be_named(tmp_path: Path, planted: str) -> None:
    module = tmp_path / "actions.py"
    module.write_text(planted, "utf-8")
    assert {found.rpartition(":")[2] for found in silent(module)} == {"tell_absence"}


def test_a_use_case_that_leaves_its_entry_by_a_helper_is_not_named(tmp_path: Path) -> None:
    module = tmp_path / "actions.py"
    module.write_text(
        "def tell(*, record):\n    record.save()\n    _told(record)\n\n\n"
        "def _told(record):\n    record_entry('agenda.told', on=record.pk, by=None)\n",
        "utf-8",
    )
    assert silent(module) == set()

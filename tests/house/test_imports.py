"""Who may import whom: each contract of import-linter is shown to break; what it cannot see is checked."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.house.source import CODE, DOMAIN, calls, imported, imports, name_of, nodes, python_files
from tests.support import PROJECT

APPS = [path for app in DOMAIN for path in python_files(f"jalon/{app}")]
RULES = [path for path in python_files("jalon") if path.stem.startswith("rules")]
PURE = [*RULES, *python_files("jalon/formats"), *PROJECT.glob("jalon/gateways/*/messages.py")]
WEB = (*python_files("jalon/web"), *python_files("jalon/faces"))
# Domain apps that stand above the bridge, hence may know of what was sent.
ABOVE_THE_BRIDGE = {"exchange", "indicators"}
WRITES = {"save", "create", "update", "delete", "bulk_create", "get_or_create", "update_or_create"}
# What views may write without an action, and why.
WRITING_VIEWS = {
    "jalon/web/account/views.py": ({"update"}, "the theme of one's own account: a preference, not a record"),
    "jalon/faces/jinja.py": ({"update"}, "the dictionary of what templates may call"),
    "jalon/web/account/factors.py": ({"save"}, "seals the library's own rows"),
    "jalon/web/account/limits.py": ({"create", "delete"}, "keeps and forgets the library's own rows"),
    "jalon/web/account/opened.py": ({"delete"}, "ends sessions"),
    "jalon/web/account/post.py": ({"delete"}, "ends sessions"),
    "jalon/web/account/ended.py": ({"delete"}, "ends sessions"),
    "jalon/web/account/downtime.py": ({"delete"}, "forgets that a service was silent"),
    "jalon/web/account/renewing.py": ({"delete"}, "ends sessions"),
    "jalon/web/account/sessions.py": ({"delete"}, "where sessions are kept"),
    "jalon/web/account/tasks.py": ({"delete"}, "forgets what former releases kept of sessions"),
    "jalon/web/account/shared.py": ({"bulk_create", "delete", "update"}, "where the door keeps its counts"),
}
LISTENS = {"jalon/web/account/signs.py": "the libraries of the door say no other way what happened there"}
ASYNCHRONOUS = {
    "jalon/exchange/worker.py": "Procrastinate's worker is asynchronous",
    "jalon/exchange/tasks.py": "the rescue of its jobs asks Procrastinate's own asynchronous manager",
    "jalon/faces/server.py": "what is sent slowly is awaited without a thread; pages stay synchronous",
    "jalon_sandbox/mssante/": "the simulated operator runs on aiosmtpd and pymap, both asynchronous",
}
CLOCK = re.compile(
    r"(^|\.)(now|utcnow|today|localdate|localtime|uuid1|uuid4|uuid7|urandom|monotonic|perf_counter)$"
    r"|^(random|secrets|time)\."
)

# ── the contracts of pyproject.toml ────────────────────────────────────────────────────────────────────────


def contracts() -> dict[str, dict[str, list[str]]]:
    tool = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]
    return {contract["id"]: contract for contract in tool["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, to plant faults in."""
    copy = tmp_path_factory.mktemp("house")
    for package in ("jalon", "jalon_sandbox"):
        shutil.copytree(
            PROJECT / package, copy / package, ignore=lambda _, names: [n for n in names if _is_data(n)]
        )
    shutil.copy(PROJECT / "pyproject.toml", copy)
    return copy


def _is_data(name: str) -> bool:
    return "." in name and not name.endswith(".py") or name == "__pycache__"


def lint(house: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", *options]
    width = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, cwd=house, capture_output=True, text=True, env=width, check=False)


Plant = Callable[[str, str], None]


@pytest.fixture
def plant(house: Path) -> Iterator[Plant]:
    """Write a line at the end of a module of the copy; put back at the end of the test."""
    kept: dict[Path, str | None] = {}

    def write(module: str, line: str) -> None:
        path = house / module
        kept[path] = path.read_text("utf-8") if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{kept[path] or ''}\n{line}\n", "utf-8")

    yield write
    for path, text in kept.items():
        if text is None:
            shutil.rmtree(path.parent)
        else:
            path.write_text(text, "utf-8")


# contract, module, what is planted in it
FORBIDDEN = [
    ("storeys", "jalon.people.rules", "jalon.web.gate"),
    ("storeys", "jalon.staff.rules", "jalon.audit.models"),
    ("storeys", "jalon.plans.rules", "jalon.care.models"),
    ("storeys", "jalon.web.gate", "jalon.commands.main"),
    ("storeys", "jalon.core.dates", "jalon.db.fields"),
    ("sandbox", "jalon.commands.parts", "jalon_sandbox.supervisor"),
    ("sandbox", "jalon.gateways.insi.client", "jalon_sandbox.insi.simulator"),
    ("record", "jalon.records.models", "lxml"),
    ("record", "jalon.people.actions", "httpx"),
    ("record", "jalon.plans.rules", "jalon.formats.pdf"),
    ("wire", "jalon.formats.soap", "django"),
    ("wire", "jalon.gateways.insi.client", "django"),
    ("formats", "jalon.formats.pdf", "httpx"),
    ("formats", "jalon.core.names", "socket"),
    ("messages", "jalon.gateways.dmp.messages", "ssl"),
    ("services", "jalon.gateways.insi.messages", "jalon.gateways.dmp.messages"),
    ("storeys", "jalon.faces.http", "jalon.web.place"),
    ("areas", "jalon.web.areas.agenda.views", "jalon.web.areas.plans.forms"),
    ("shown", "jalon.web.shown.tiles", "jalon.web.areas.people.views"),
    ("areas", "jalon.web.areas.home.views", "jalon.web.areas.people.views"),
    ("bridge", "jalon.web.gate", "jalon.gateways.insi.client"),
]


def test_every_contract_is_kept_in_the_copy_and_each_is_tried_below(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout
    assert {contract for contract, *_ in FORBIDDEN} == contracts().keys()


@pytest.mark.parametrize(("contract", "module", "imported_module"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract_and_is_named(
    house: Path, plant: Plant, contract: str, module: str, imported_module: str
) -> None:
    plant(f"{module.replace('.', '/')}.py", f"import {imported_module}")
    done = lint(house, "--contract", contract)
    assert done.returncode == 1
    assert f"{module} -> {imported_module}" in re.sub(r"\s+", " ", done.stdout)


def test_a_new_app_must_choose_its_storey(house: Path, plant: Plant) -> None:
    plant("jalon/portal/__init__.py", "")
    done = lint(house, "--contract", "storeys")
    assert done.returncode == 1
    assert "jalon.portal" in done.stdout


def test_the_contracts_name_every_app_and_every_service() -> None:
    apps = {path.parent.name for path in PROJECT.glob("jalon/*/models.py")} | {"db"}
    services = {path.parent.name for path in PROJECT.glob("jalon/gateways/*/client.py")}
    assert set(contracts()["record"]["source_modules"]) == {f"jalon.{app}" for app in apps - ABOVE_THE_BRIDGE}
    assert set(contracts()["services"]["modules"]) == {f"jalon.gateways.{service}" for service in services}
    assert set(DOMAIN) == apps - {"exchange"}


# ── what import-linter cannot see ──────────────────────────────────────────────────────────────────────────


def faults(paths: Iterable[Path], *roots: str) -> dict[str, list[str]]:
    """Module → what it imports of these packages."""
    return {name_of(path): found for path in paths if (found := imported(path, *roots))}


def test_apps_of_the_record_know_nothing_of_pages() -> None:
    pages = [f"django.{name}" for name in ("http", "forms", "shortcuts", "template", "views", "urls")]
    assert faults(APPS, *pages) == {}


def test_rules_know_nothing_of_django() -> None:
    assert RULES
    assert faults(RULES, "django", "jalon.db", "procrastinate") == {}


def test_formats_reach_no_network_and_start_no_program() -> None:
    assert faults(python_files("jalon/formats"), "urllib.request", "subprocess", "asyncio") == {}


def clocks(path: Path) -> list[str]:
    return [f"{name} (l. {call.lineno})" for name, call in calls(path) if CLOCK.search(name)]


def test_a_call_of_the_clock_or_of_chance_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "rules.py"
    module.write_text("a = dt.date.today()\nb = timezone.now()\nc = uuid.uuid4()\nd = at.time()\n", "utf-8")
    assert clocks(module) == ["dt.date.today (l. 1)", "timezone.now (l. 2)", "uuid.uuid4 (l. 3)"]


def test_rules_formats_and_messages_read_no_clock_and_draw_nothing() -> None:
    assert {name_of(path): found for path in PURE if (found := clocks(path))} == {}
    assert faults(PURE, "random", "secrets", "time") == {}


def test_models_import_no_actions_and_no_tasks() -> None:
    models = [path for path in python_files("jalon") if path.stem == "models"]
    upward = [(name_of(path), name) for path in models for name in imports(path)]
    assert [pair for pair in upward if re.search(r"\.(actions|tasks)\b", pair[1])] == []


def written(path: Path) -> set[str]:
    """Methods that write, called in a module; a view's own method of that name is not one."""
    named = [name.rpartition(".") for name, call in calls(path) if isinstance(call.func, ast.Attribute)]
    return {method for owner, _, method in named if method in WRITES and owner != "self"}


def test_a_write_in_a_view_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "views.py"
    module.write_text("note.save()\nNote.objects.filter(pk=1).delete()\n", "utf-8")
    assert written(module) == {"save", "delete"}


def test_views_write_nothing_themselves() -> None:
    found = {name_of(path): written(path) for path in WEB if written(path)}
    assert found == {name: methods for name, (methods, _) in WRITING_VIEWS.items()}


def test_screens_write_no_sql() -> None:
    sql = [f"django.db.models.{name}" for name in ("Func", "RawSQL", "expressions", "functions")]
    assert faults(WEB, *sql, "django.db.connection", "django.db.connections", "psycopg") == {}


def test_nothing_is_imported_relatively() -> None:
    everywhere = (*CODE, *python_files("tests"))
    assert [name_of(path) for path in everywhere if any(name.startswith(".") for name in imports(path))] == []


@pytest.mark.parametrize(
    "package",
    [
        "django.db.models.signals",
        "django.dispatch",
        "django.core.signals",
        "django.contrib.auth.signals",
        "django.contrib.contenttypes",
        "django.contrib.admin",
        "django.utils.translation",
        "celery",
    ],
)
def test_what_the_house_does_without_is_imported_nowhere(package: str) -> None:
    found = faults(python_files("jalon"), package)
    assert [name for name in found if name not in LISTENS] == []


def test_only_listed_modules_are_asynchronous() -> None:
    found = [name_of(path) for path in CODE if _is_async(path)]
    assert [name for name in found if not name.startswith(tuple(ASYNCHRONOUS))] == []


def _is_async(path: Path) -> bool:
    return any(isinstance(node, ast.AsyncFunctionDef) for node in nodes(path))

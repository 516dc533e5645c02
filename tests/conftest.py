"""A real PostgreSQL, built as owner and used as the application role; no network but loopback."""

import fcntl
import hashlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connections
from hypothesis import settings

from tests.peers_present import missing_reason
from tests.server import close, drop
from tests.support import PROJECT, SHARED

if TYPE_CHECKING:
    from jalon.organizations.models import ManagingBody

# How long a case takes depends on who else is at work on the machine: it proves nothing of the rule.
settings.register_profile("jalon", deadline=None)
settings.load_profile("jalon")

pytest_plugins = ["tests.conformity.plugin", "tests.timing"]


def pytest_unconfigure(config: pytest.Config) -> None:
    close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What this machine lacks is skipped with its reason, or fails where skipping is forbidden (CI)."""
    for item in items:
        reasons = [missing_reason(mark.args[0]) for mark in item.iter_markers("needs_peer")]
        if item.get_closest_marker("browser"):
            reasons.append(missing_reason("chromium"))
        if item.get_closest_marker("needs_shared") and not SHARED.exists():
            reasons.append("la documentation de référence (../shared) n’est pas là")
        for reason in filter(None, reasons):
            item.add_marker(pytest.mark.skip(reason=reason))


def _template() -> str:
    """A database migrated once per state of the migrations; each worker copies it."""
    sources = [
        *sorted(PROJECT.glob("jalon/*/migrations/*.py")),
        PROJECT / "jalon/db/hardening.py",
        PROJECT / "requirements/base.txt",
    ]
    text = b"".join(path.read_bytes() for path in sources)
    mark = hashlib.sha256(text + _append_only()).hexdigest()[:16]
    return f"jalon_tpl_{mark}"


def _append_only() -> bytes:
    """The models that say that their tables are: the privileges follow."""
    models = sorted(PROJECT.glob("jalon/*/models.py"))
    return b" ".join(
        re.findall(rb"@append_only\nclass (\w+)", b"".join(path.read_bytes() for path in models))
    )


def _as_role(user: str) -> None:
    for connection in connections.all():
        connection.close()
        connection.settings_dict["USER"] = user


def _build_template(name: str) -> None:
    """Made by `jalon migrate` itself, as a new site makes its database."""
    base = connections["default"].settings_dict
    where = {"host": base["HOST"] or base["OPTIONS"].get("host"), "port": base["PORT"] or None}
    where = {key: value for key, value in where.items() if value}
    building = f"{name}_building"
    with (PROJECT / "var/test/template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(user="jalon_owner", dbname=base["NAME"], autocommit=True, **where) as owner:
            found = owner.execute(
                "select datname from pg_database where datname like 'jalon_tpl_%'"
            ).fetchall()
            if (name,) in found:
                return
            for (stale,) in found:
                drop(owner, stale)
            owner.execute(f'create database "{building}"')
            address = os.environ["DATABASE_URL"].replace(base["NAME"], building)
            subprocess.run(
                [Path(sys.executable).with_name("jalon"), "migrate"],
                check=True,
                env={**os.environ, "DATABASE_URL": address, "JALON_MODE": "test"},
            )
            owner.execute(f'alter database "{building}" rename to "{name}"')


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    _as_role("jalon_owner")
    name = _template()
    _build_template(name)
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = name


# Procrastinate's tables are not Django's to flush: jobs left by one test would be done by another.
EMPTY_QUEUE = "truncate procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Built as the owner, used as the application role: a superuser's connection would prove nothing."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def flush_as_owner(self: DatabaseOperations, statements: list[str]) -> None:
        _as_role("jalon_owner")
        try:
            flush(self, [*statements, EMPTY_QUEUE])
        finally:
            _as_role("jalon_app")

    DatabaseOperations.execute_sql_flush = flush_as_owner
    _as_role("jalon_app")
    yield
    _as_role("jalon_owner")


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """A test that reaches for another machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
            ("127.", "::1", "localhost")
        ):  # type: ignore[index]  # an AF_INET address is a tuple
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]  # passed on as received

    socket.socket.connect = guarded  # type: ignore[method-assign]  # the one place where the network is narrowed
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]  # put back


@pytest.fixture(autouse=True)
def _files_in_a_scratch_folder(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Stored files and seals of a test stay in its own folder."""
    if "settings" in request.fixturenames or request.node.get_closest_marker("django_db"):
        settings = request.getfixturevalue("settings")
        settings.MEDIA_ROOT = tmp_path / "files"
        settings.SEAL_FILE = tmp_path / "seals.log"


@pytest.fixture
def body(db: None) -> Iterator["ManagingBody"]:
    """A managing body, and the test inside it."""
    from jalon.db.tenant import tenant
    from jalon.organizations.models import ManagingBody

    managing_body = ManagingBody.objects.create(name="Association Les Jalons", finess="350000006")
    with tenant(managing_body.pk):
        yield managing_body

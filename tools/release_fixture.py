"""Keep a release as later versions will find it: `python -m tools.release_fixture 0.1 --checkout FOLDER`.

Run once, when a version is released, on a checkout of it where `make install-dev` was run. Its own
demonstration fills a database under the keys of the tests (no secret); the widest record of the tests
is imported, visitors look at records, and the tasks of a minute are done. What is kept then goes to
`tests/releases/`, which the tests of the migrations read; `tests/releases/release.py` says the files. Nothing
secret is kept: sessions, tokens, second factors and attempts to sign in stay behind, and an account with a
password stops everything.
"""

import argparse
import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg
from lxml import html

from jalon_sandbox.supervisor import House, stop_on_signals
from tests.formats.tddui.sample_record import bundle
from tests.releases.release import Release, Table, canonical, fingerprint

PROJECT = Path(__file__).resolve().parents[1]
TEST_KEY = "dGVzdC1vbmx5LWtleS10ZXN0LW9ubHkta2V5LTEyMzQ="
KEYS = {"JALON_SECRET_KEY": "test-only", "JALON_KEYS": f"test:{TEST_KEY}", "JALON_HASH_KEY": TEST_KEY}
# Made by every migration, or nobody's business.
LEFT = re.compile(
    r"django_.*|auth_permission|axes_.*|mfa_.*|socialaccount_.*|account_emailconfirmation|procrastinate_workers"
)
ROLES, RECORDS = 3, 5  # who looks, and at how many records each
MINUTE = 100  # seconds after which what is done every minute was done
COLUMNS = """
select attname from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum"""


def main() -> None:
    """Run the demonstration of a checkout, and keep what it leaves."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("version", help="0.1, 0.2…")
    parser.add_argument("--checkout", type=Path, default=PROJECT, help="where the released version is")
    options = parser.parse_args()
    release = Release(PROJECT / "tests/releases" / options.version.replace(".", "_"))
    if release.folder.exists():
        raise SystemExit(f"{release.folder} is there: a release is kept once")
    stop_on_signals()
    house = House()
    try:
        with tempfile.TemporaryDirectory(prefix="jalon-release-") as data:
            Path(data).chmod(0o755)  # the server of a demonstration run as root is another user's
            keep(house, options.checkout.resolve(), Path(data), release)
    finally:
        house.close()


def keep(house: House, checkout: Path, data: Path, release: Release) -> None:
    """Fill, look, wait, then write the files of the release."""
    environment = demonstrate(house, checkout, data)
    jalon = str(checkout / ".venv/bin/jalon")
    file = data / "widest.json"
    file.write_text(json.dumps(bundle()), "utf-8")
    subprocess.run([jalon, "tddui", "import", str(file)], env=environment, check=True, cwd=checkout)
    visit(environment["JALON_PUBLIC_URL"])
    with psycopg.connect(_address(environment), autocommit=True) as connection:
        wait_for_quiet(connection)
        connection.execute("begin transaction isolation level repeatable read")
        migrations, tables = applied(connection, checkout), rows(connection)
    out = data / "exports"
    subprocess.run(
        [jalon, "tddui", "export", "--all", "--out", str(out)], env=environment, check=True, cwd=checkout
    )
    exports = [canonical(json.loads(path.read_text("utf-8"))) for path in sorted(out.glob("*.json"))]
    release.write(migrations, tables, sorted(exports))
    print(f"{release.folder}: {sum(len(each.lines) for each in tables)} rows, {len(exports)} exports")


def demonstrate(house: House, checkout: Path, data: Path) -> dict[str, str]:
    """Start the demonstration of `checkout` on `data`; its environment, once it is ready."""
    (data / "keys.json").write_text(json.dumps(KEYS))
    house.start(
        "démonstration",
        [str(checkout / ".venv/bin/jalon"), "demo", "--port", "0", "--data", str(data)],
        cwd=checkout,
    )
    shared, received = data / "environment.json", data / "received"
    while not (shared.exists() and received.exists()):
        if dead := house.dead():
            raise SystemExit(dead)
        time.sleep(0.5)
    return os.environ | json.loads(shared.read_text("utf-8"))


def visit(address: str) -> None:
    """Look at records as some roles of the demonstration: accesses are traced, then sealed."""
    for role in range(ROLES):
        with httpx.Client(base_url=address, transport=httpx.HTTPTransport(retries=20)) as web:
            doors = html.fromstring(web.get("/compte/login/").text).xpath("//form[.//input[@name='email']]")
            entered = web.post(doors[role].action, data=dict(doors[role].form_values()))
            if not entered.has_redirect_location:
                raise SystemExit(f"a button of the demonstration answers {entered.status_code}")
            page = html.fromstring(web.get("/usagers/").raise_for_status().text)
            for link in page.xpath("//a[starts-with(@href, '/dossiers/')]/@href")[:RECORDS]:
                web.get(link).raise_for_status()


def wait_for_quiet(connection: psycopg.Connection[Any]) -> None:
    """Until a minute has passed and no task waits."""
    started = time.monotonic()
    waiting = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
    while time.monotonic() - started < MINUTE or connection.execute(waiting).fetchone() != (0,):
        time.sleep(1)


def _address(environment: dict[str, str]) -> str:
    """The demonstration's database, as the role of back-ups, whom no tenant's policy stops."""
    return environment["DATABASE_URL"].replace("jalon_app@", "jalon_backup@")


def applied(connection: psycopg.Connection[Any], checkout: Path) -> list[tuple[str, str, str | None]]:
    """The migrations of the release; ours with the fingerprint of their file."""
    found = connection.execute("select app, name from django_migrations order by id").fetchall()
    files = {(app, name): checkout / f"jalon/{app}/migrations/{name}.py" for app, name in found}
    return [(*each, fingerprint(file) if file.exists() else None) for each, file in files.items()]


def rows(connection: psycopg.Connection[Any]) -> list[Table]:
    """Every row of every table that is kept."""
    if connection.execute("select 1 from staff_account where password not like '!%' limit 1").fetchone():
        raise SystemExit("an account has a password: it would be kept")
    connection.execute("set timezone to 'UTC'")
    names = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' order by 1"
    ).fetchall()
    return [_table(connection, name) for (name,) in names if not LEFT.fullmatch(name)]


def _table(connection: psycopg.Connection[Any], name: str) -> Table:
    columns = [column for (column,) in connection.execute(COLUMNS, [name]).fetchall()]
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor().copy(f'copy "{name}" ({listed}) to stdout') as copy:
        text = b"".join(bytes(block) for block in copy).decode()
    return Table(name, tuple(columns), tuple(text.split("\n")[:-1]))


if __name__ == "__main__":
    main()

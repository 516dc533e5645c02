"""A share of `jalon drill migration`: the base is changed under people at work, and none is refused."""

import sys
import threading
import time

import pytest
from django.db import connection
from pytest_django import Settings

from jalon_sandbox.bench.dossier import visitor
from jalon_sandbox.bench.load import served
from jalon_sandbox.drills import migration
from tests.factories import NOW
from tests.operations.test_drill_restore import server
from tests.releases.database import address, run
from tests.support import process_environment
from tests.web.story import write_story

HELD = 1.5  # seconds: longer than a migration waits for a table
WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'lock table%'"


@pytest.fixture
def site(transactional_db: None, settings: Settings) -> str:
    """The database of the tests, with somebody in it, for processes of their own."""
    settings.WHITENOISE_AUTOREFRESH = True
    write_story(NOW)
    return str(connection.settings_dict["NAME"])


def test_a_base_is_changed_under_people_at_work_and_none_is_refused(site: str) -> None:
    environment = process_environment() | {
        "DATABASE_URL": address(site),
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "JALON_ACCESS_LOG": "false",
    }
    with served(environment) as port:
        report = migration.campaign([visitor()], port, 1, environment)
    assert report.faults == []
    assert report.figures["migrations"] == 9
    assert report.figures["requests"] > 10


def test_a_migration_behind_a_long_page_lets_the_others_pass(site: str) -> None:
    waits: list[float] = []
    held, end = threading.Event(), time.monotonic() + 20

    def hold() -> None:
        with server().connect(site) as page, page.transaction():
            page.execute("select from people_person limit 1")
            held.set()
            while page.execute(WAITING).fetchone() == (0,) and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(HELD)

    def look() -> None:
        with server().connect(site) as page:
            while holder.is_alive():
                began = time.monotonic()
                page.execute("select from people_person limit 1")
                waits.append(time.monotonic() - began)
                time.sleep(0.02)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    looker = threading.Thread(target=look)
    looker.start()
    done = run(site, sys.executable, "-m", "jalon_sandbox.drills.changing", "1")
    for thread in (holder, looker):
        thread.join()
    assert done.returncode == 0, done.stderr
    assert "migration_waits" in done.stdout + done.stderr, "the table was held for longer than it waits"
    assert max(waits) < 2


def test_what_a_migration_adds_takes_the_rows_of_a_release_that_does_not_know_it(site: str) -> None:
    program = (
        "from jalon.commands.django_setup import as_owner, setup; setup(); as_owner()\n"
        "from django.db import connection, models\n"
        "from jalon.db.migrating import use_whole_migrations; use_whole_migrations()\n"
        "from jalon.exchange.models import Silence\n"
        "field = models.CharField(max_length=9, default='rien'); field.set_attributes_from_name('essai')\n"
        "with connection.schema_editor() as editor: editor.add_field(Silence, field)\n"
        "with connection.cursor() as cursor:\n"
        '    cursor.execute("insert into exchange_silence (destination, since, failures)"\n'
        "                   \" values ('dmp', now(), 1) returning essai\")\n"
        "    print(cursor.fetchone()[0])\n"
        "    cursor.execute('alter table exchange_silence drop column essai')\n"
    )
    done = run(site, sys.executable, "-c", program)
    assert (done.stdout.strip(), done.returncode) == ("rien", 0), done.stderr

"""A share of `jalon drill restore`: a DELETE, and the second before it found again, documents included."""

import os
import sys
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from jalon.db.tenant import tenant
from jalon_sandbox.drills.restore import Site, campaign
from jalon_sandbox.embedded_postgres import Server
from tests.factories import HandoverNoteFactory, ManagingBodyFactory


def server() -> Server:
    """The server of the tests."""
    told = conninfo_to_dict(os.environ["DATABASE_URL"])
    return Server(Path(str(told["host"])), int(told.get("port") or 5432))


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Site:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        HandoverNoteFactory.create()
    return Site(server(), connection.settings_dict["NAME"], body.pk, tmp_path / "drill")


def test_what_a_delete_destroyed_is_found_again_as_it_was_the_second_before(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    report = campaign(site, 1)
    with capsys.disabled():
        sys.stdout.write(f"\n{report.lines[0]}\n")
    assert report.faults == []
    assert report.figures["trials"] == 1

    # Nobody reads the journals any more: the server must not keep them.
    with server().connect() as superuser:
        assert superuser.execute("select count(*) from pg_replication_slots").fetchone() == (0,)

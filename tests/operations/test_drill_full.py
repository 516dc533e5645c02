"""A share of `jalon drill full`: the disk of a table without a byte left, on the server of the tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon_sandbox.drills import full
from jalon_sandbox.drills.report import Report
from jalon_sandbox.server_place import forget
from tests.factories import NOW, HandoverNoteFactory
from tests.operations.test_drill_restore import server
from tests.web.story import write_story

TABLE = "care_handovernote"


@pytest.fixture
def disk(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A small disk, which holds the notes and nothing else."""
    settings.WHITENOISE_AUTOREFRESH = True
    story = write_story(NOW)
    with tenant(story.body.pk):
        HandoverNoteFactory.create(record=story.record)
    connection.close()
    name = connection.settings_dict["NAME"]
    try:
        with full.small(tmp_path / "disk") as place, server().connect(name) as superuser:
            superuser.execute(f"create tablespace small location '{place}'")
            superuser.execute(f"alter table {TABLE} set tablespace small")
            try:
                yield place
            finally:
                connection.close()
                superuser.execute(f"alter table {TABLE} set tablespace pg_default")
                superuser.execute("drop tablespace small")
    finally:
        forget(tmp_path / "disk")


@pytest.mark.skipif(os.geteuid() != 0, reason="monter un petit disque demande d’être root")
def test_a_table_without_room_refuses_whole_and_takes_again_what_it_refused(disk: Path) -> None:
    report, desk = Report("full"), full.desk_of(1)
    back = [full.once(desk, server(), None, disk, full.ROWS, report) for _ in range(3)]
    full.judge(desk, server(), connection.settings_dict["NAME"], report)
    assert report.faults == []
    assert max(back) < full.BACK
    assert len(desk.acknowledged) >= 6
    assert desk.reads() == 200

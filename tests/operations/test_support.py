"""What is given to whoever helps holds nobody: names, INS and texts of a full house are looked for in it."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.commands.safety import source_of
from jalon.core.settings.table import TABLE
from jalon.db.tenant import tenant
from jalon.exchange.jobs import Job, ask
from jalon.operations import facts
from jalon.operations.kept import Kept, Proof
from jalon.operations.support import bundle, said
from jalon.people.models import Person
from jalon_sandbox.common.pki import Authority
from tests.factories import NOW
from tests.web.story import Story, write_story

CANARY = "Canari"


@pytest.fixture
def house(transactional_db: None) -> Story:
    return write_story(NOW)


@pytest.fixture
def reader(house: Story) -> Iterator[psycopg.Connection[Any]]:
    with source_of().connect() as found:
        yield found


def test_the_bundle_counts_everything_and_names_nobody(
    house: Story, reader: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in TABLE:  # what a site may have written in its environment
        monkeypatch.setenv(setting.name, f"{CANARY.lower()}.{setting.name}@exemple.test")
    told = json.dumps(bundle(reader, NOW), default=str, ensure_ascii=False).lower()
    assert json.loads(told)["rows"]["people_person"] >= 4
    with tenant(house.body.pk):
        people = list(Person.objects.all())
    texts = {CANARY}
    for person in people:
        texts |= {person.birth_name, person.used_name, person.birth_first_names, person.ins}
    # Every value of every text column of the house, long enough to be nobody else's word.
    texts |= {word for word in _texts(reader) if len(word) > 7}
    assert len(texts) > 50
    assert [word for word in texts if word and word.lower() in told] == []


COLUMNS = """
select table_name, column_name from information_schema.columns
where table_schema = 'public' and data_type in ('text', 'character varying') and table_name ~ %s"""
OF_PEOPLE = "^(people|care|agenda|plans|documents|records)_"
CODES = ("code", "kind", "role", "status", "state", "type", "mode", "source", "pgh_label", "module")


def _texts(reader: psycopg.Connection[Any]) -> set[str]:
    """What people wrote of people, histories included."""
    found: set[str] = set()
    for table, column in reader.execute(COLUMNS, [OF_PEOPLE]).fetchall():
        if not column.endswith(CODES):
            rows = reader.execute(f'select distinct "{column}" from "{table}"').fetchall()
            found.update(value for (value,) in rows if value)
    return found


def test_a_setting_is_told_by_its_value_only_when_that_says_nothing_of_anybody() -> None:
    table = {one.name: one for one in TABLE}
    environment = {
        "JALON_RETRY_AFTER": "37",
        "JALON_LOG_LEVEL": CANARY,
        "JALON_MSSANTE_CONTACTS": '{"a@b": "c"}',
        "JALON_KEYS": "1",
    }
    assert said(table["JALON_RETRY_AFTER"], environment) == "37"
    assert said(table["JALON_MSSANTE_CONTACTS"], environment) == "réglé"
    assert said(table["JALON_KEYS"], environment) == "réglé"
    assert said(table["JALON_LOG_LEVEL"], environment) == "illisible"
    assert said(table["JALON_MODE"], environment) == "par défaut"


def test_a_job_due_for_long_is_late_and_one_to_come_is_not(house: Story) -> None:
    with tenant(house.body.pk):
        ask(Job.FETCH, establishment_id="1")
        ask(Job.FETCH, establishment_id="2", schedule_in={"seconds": 7200})
    now = dt.datetime.now(dt.UTC)
    (fetch,) = (one for one in facts.queues(now) if one.task == Job.FETCH)
    assert (fetch.waiting, fetch.late, fetch.doing, fetch.failed, fetch.oldest) == (2, 0, 0, 0, None)
    (fetch,) = (one for one in facts.queues(now + dt.timedelta(hours=1)) if one.task == Job.FETCH)
    assert (fetch.waiting, fetch.late) == (2, 1)
    assert fetch.oldest and abs(fetch.oldest - now) < dt.timedelta(minutes=1)
    assert ProcrastinateJob.objects.count() == 2


def test_a_certificate_about_to_end_or_that_nobody_can_read_is_soon(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SERVICES_CERTIFICATE, _ = Authority.create(NOW).own.write(tmp_path, "essai")
    settings.INSI_CERTIFICATE = tmp_path / "absent"
    settings.SIGNATURE_CERTIFICATE = ""
    lost, own = facts.certificates(NOW)
    assert (lost.label, lost.ends, lost.soon) == ("TLS pour INSi", None, True)
    assert own.ends and own.label == "TLS de la structure"
    assert [one.soon for one in facts.certificates(own.ends - dt.timedelta(days=2)) if one.ends] == [True]


def test_a_proof_is_stale_after_a_month_and_a_folder_without_one_proves_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUPS = tmp_path
    assert facts.proof() is None
    Kept(tmp_path).prove(Proof(NOW, "20261101T010000Z", NOW, 5.0, 90, 3))
    assert not facts.stale(facts.proof(), NOW + dt.timedelta(days=31))
    assert facts.stale(facts.proof(), NOW + dt.timedelta(days=32))


def test_a_disk_is_that_of_the_nearest_folder_that_exists(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.BACKUPS = tmp_path / "not/yet", ""
    (disk,) = facts.disks()
    assert 0 < disk.free <= disk.total
    assert facts.Disk("Documents", 9, 100).short
    assert not facts.Disk("Documents", 11, 100).short

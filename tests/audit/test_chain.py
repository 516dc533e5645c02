"""The chain of accesses on a real database, also against the hand of whoever owns it."""

import datetime as dt
import re
import stat
import uuid
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError, ProgrammingError
from pytest_django import Settings

from jalon.audit import actions
from jalon.audit.actions import keep_head, record_access, record_entry, seal
from jalon.audit.models import Access, Entry, Seal
from jalon.audit.queries import accesses_of, facts_of, heads_kept, unsealed, verify_chain
from jalon.audit.tasks import seal_accesses
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from tests.factories import NOW, ManagingBodyFactory, ProfessionalFactory

pytestmark = pytest.mark.django_db
RECORD = uuid.UUID("01930c2e-0000-7000-8000-00000000000a")


def look(page: str = "records:home", record: uuid.UUID = RECORD, **others: Any) -> Access:
    return record_access(professional=None, record_id=record, person_id=None, page=page, **others)


def test_the_seal_links_every_access_and_the_chain_is_whole(body: ManagingBody) -> None:
    for page in ("plan", "notes", "agenda"):
        look(page)
    assert seal() == 3
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert not unsealed().exists()
    assert verify_chain({}) is None


def test_a_second_seal_goes_on_where_the_first_stopped(body: ManagingBody) -> None:
    look("plan")
    assert seal() == 1
    look("notes")
    look("agenda")
    assert seal() == 2
    assert seal() == 0
    assert verify_chain({}) is None
    assert Seal.objects.count() == 3


def test_each_tenant_has_its_own_chain(body: ManagingBody) -> None:
    look()
    seal()
    with tenant(ManagingBodyFactory().pk):
        look()
        assert seal() == 1
        assert Seal.objects.get().position == 1
        assert verify_chain({}) is None


def test_the_same_instant_is_hashed_alike_in_every_time_zone(body: ManagingBody) -> None:
    look()
    row = unsealed().get()
    elsewhere = row | {"at": row["at"].astimezone(dt.timezone(dt.timedelta(hours=11)))}
    assert facts_of(elsewhere) == facts_of(row)


def test_an_access_cannot_have_two_links(body: ManagingBody) -> None:
    look()
    seal()
    head = Seal.objects.get()
    assert "seal_access" in {constraint.name for constraint in Seal._meta.constraints}
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Seal.objects.filter(pk=head.pk).update(position=2)


@pytest.mark.parametrize(
    "sql",
    [
        "update audit_access set page = 'autre'",
        "delete from audit_access",
        "truncate audit_access cascade",
        "delete from audit_seal",
        "update audit_entry set action = 'autre'",
        "delete from audit_entry",
    ],
)
def test_the_application_can_neither_change_nor_remove_a_trace(body: ManagingBody, sql: str) -> None:
    look()
    record_entry("people.edited", on=RECORD, by=None)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)


def advisory_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_recording_an_access_takes_no_lock_that_sealing_takes(body: ManagingBody) -> None:
    look()
    assert advisory_locks() == 0
    seal()
    assert advisory_locks() == 1


def test_a_page_does_not_wait_for_a_seal_under_way_and_a_second_seal_does(
    body: ManagingBody, colleague: psycopg.Connection[Any]
) -> None:
    colleague.execute("select pg_advisory_lock(hashtextextended('jalon seal ' || %s, 0))", [str(body.pk)])
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '200ms'")
    look()
    assert Access.objects.count() == 1
    with pytest.raises(OperationalError, match="lock timeout"):
        seal()


def test_the_head_goes_to_a_file_outside_the_database(body: ManagingBody, tmp_path: Path) -> None:
    file = tmp_path / "folder/seals.log"
    keep_head(file, NOW)
    assert not file.exists(), "an empty chain has no head"
    look()
    seal()
    keep_head(file, NOW)
    line = re.fullmatch(r"2026-11-22T09:30:00Z (\S+) 1 ([0-9a-f]{64})\n", file.read_text())
    assert line
    assert line[1] == str(body.pk)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert heads_kept(file, body.pk) == {1: line[2]}
    assert heads_kept(file, uuid.uuid4()) == {}


def test_the_first_head_written_for_a_rank_is_the_one_that_holds(tmp_path: Path) -> None:
    file, body = tmp_path / "seals.log", uuid.uuid4()
    file.write_text(f"t {body} 7 aaaa\nt {body} 7 bbbb\n")
    assert heads_kept(file, body) == {7: "aaaa"}


def test_who_opened_a_record_reads_latest_first_with_names(body: ManagingBody) -> None:
    nurse = ProfessionalFactory(first_name="Ada", job="infirmière")
    look("plan")
    record_access(professional=nurse, record_id=RECORD, person_id=None, page="notes")
    look("ailleurs", record=uuid.uuid4())
    seen = list(accesses_of(RECORD))
    assert [row["page"] for row in seen] == ["notes", "plan"]
    assert seen[0]["professional__first_name"] == "Ada"


def test_a_refusal_may_name_a_record_that_does_not_exist(body: ManagingBody) -> None:
    refused = look(outcome=Access.Outcome.REFUSED, record=uuid.uuid4(), reason="hors de l’équipe")
    assert Access.objects.get().outcome == refused.outcome == "refused"


def test_an_act_keeps_its_author_and_its_facts(body: ManagingBody) -> None:
    nurse = ProfessionalFactory()
    record_entry("people.consent", on=RECORD, by=nurse, facts={"purpose": "dmp_feed", "granted": False})
    entry = Entry.objects.get()
    assert (entry.professional, entry.object_id) == (nurse, RECORD)
    assert entry.facts == {"purpose": "dmp_feed", "granted": False}


# What follows is committed: the owner of the tables comes by another connection.


@pytest.fixture
def sealed(transactional_db: None, settings: Settings) -> ManagingBody:
    """Four accesses, sealed in two times, their heads kept."""
    body = ManagingBodyFactory()
    for pages in (("plan", "notes"), ("agenda", "documents")):
        with tenant(body.pk):
            for page in pages:
                look(page)
        seal_accesses(0)
    return body


def verdict(body: ManagingBody, file: Path) -> str | None:
    with tenant(body.pk):
        return verify_chain(heads_kept(file, body.pk))


REMOVE = (
    "with gone as (delete from audit_seal where position {0} returning access_id) "
    "delete from audit_access where id in (select access_id from gone)"
)
SWAP = (
    "update audit_seal set position = -1 where position = 2",
    "update audit_seal set position = 2 where position = 3",
    "update audit_seal set position = 3 where position = -1",
)
TAMPERINGS = {
    "another page": (
        ["update audit_access set page = 'autre' where page = 'notes'"],
        "Le maillon 2 ne correspond plus",
    ),
    "another day": (
        ["update audit_access set at = at - interval '1 day' where page = 'plan'"],
        "Le maillon 1 ne correspond plus",
    ),
    "another professional": (
        ["update audit_access set record_id = gen_random_uuid() where page = 'agenda'"],
        "Le maillon 3 ne correspond plus",
    ),
    "another record among those shown": (
        ["update audit_access set shown = array[gen_random_uuid()] where page = 'documents'"],
        "Le maillon 4 ne correspond plus",
    ),
    "one access removed": ([REMOVE.format("= 2")], "Le maillon 2 manque"),
    "the first removed": ([REMOVE.format("= 1")], "Le maillon 1 manque"),
    "two accesses in another order": (SWAP, "ne correspond plus"),
    "the end cut": ([REMOVE.format("> 2")], "La chaîne s’arrête au maillon 2"),
    "everything removed": ([REMOVE.format("> 0")], "La chaîne s’arrête au maillon 0"),
}


@pytest.mark.parametrize(("statements", "found"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_what_the_owner_of_the_tables_changed_is_found(
    sealed: ManagingBody,
    owner: psycopg.Connection[Any],
    settings: Settings,
    statements: list[str],
    found: str,
) -> None:
    assert verdict(sealed, settings.SEAL_FILE) is None
    owner.execute("select set_config('jalon.managing_body', %s, false)", [str(sealed.pk)])
    for statement in statements:
        assert owner.execute(statement).rowcount
    assert found in str(verdict(sealed, settings.SEAL_FILE))


def test_a_chain_cut_then_continued_by_the_task_is_found(
    sealed: ManagingBody, owner: psycopg.Connection[Any], settings: Settings
) -> None:
    owner.execute("select set_config('jalon.managing_body', %s, false)", [str(sealed.pk)])
    owner.execute(REMOVE.format("> 2"))
    with tenant(sealed.pk):
        for page in ("a", "b", "c"):
            look(page)
    seal_accesses(0)
    assert "Le maillon 4 diffère" in str(verdict(sealed, settings.SEAL_FILE))


def test_the_task_keeps_one_head_a_growth_and_seals_more_than_one_lot(
    sealed: ManagingBody, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(heads_kept(settings.SEAL_FILE, sealed.pk)) == [2, 4]
    seal_accesses(0)
    assert len(settings.SEAL_FILE.read_text().splitlines()) == 2, "nothing new, nothing written"
    monkeypatch.setattr(actions, "SEALED_AT_ONCE", 2)
    monkeypatch.setattr("jalon.audit.tasks.SEALED_AT_ONCE", 2)
    with tenant(sealed.pk):
        for number in range(5):
            look(str(number))
    seal_accesses(0)
    with tenant(sealed.pk):
        assert not unsealed().exists()
    assert list(heads_kept(settings.SEAL_FILE, sealed.pk)) == [2, 4, 6, 8, 9]
    assert verdict(sealed, settings.SEAL_FILE) is None

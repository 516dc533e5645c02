"""History by trigger: no way of writing escapes it, no way of silencing it works."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError

from jalon.db.history import history
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from tests.factories import ManagingBodyFactory, PersonFactory, ProfessionalFactory

pytestmark = pytest.mark.django_db
WHO = "01930c2e-0000-7000-8000-000000000001"


def versions(person: Person) -> list[tuple[Any, ...]]:
    """Label, birth name and author of each version, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pgh_label, birth_name, pgh_context ->> 'professional' from people_personevent "
            "where pgh_obj_id = %s order by pgh_id",
            [person.pk],
        )
        return cursor.fetchall()


def raw(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_creating_saving_updating_and_raw_sql_are_all_kept_with_their_author(body: ManagingBody) -> None:
    with history(professional=WHO):
        person = PersonFactory(birth_name="UN")
        person.birth_name = "DEUX"
        person.save()
        Person.objects.filter(pk=person.pk).update(birth_name="TROIS")
        raw("update people_person set birth_name = 'QUATRE' where id = %s", person.pk)
    kept = [(label, name) for label, name, _ in versions(person)]
    assert kept == [("insert", "UN"), ("update", "DEUX"), ("update", "TROIS"), ("update", "QUATRE")]
    assert {author for *_, author in versions(person)} == {WHO}


def test_a_deletion_keeps_the_last_version(body: ManagingBody) -> None:
    person = PersonFactory(birth_name="PARTIE")
    with history(professional=WHO):
        raw("delete from people_person where id = %s", person.pk)
    assert versions(person)[-1] == ("delete", "PARTIE", WHO)


def test_a_bulk_creation_is_kept_row_by_row(body: ManagingBody) -> None:
    people = Person.objects.bulk_create([PersonFactory.build(), PersonFactory.build()])
    assert [len(versions(person)) for person in people] == [1, 1]


def test_saving_without_a_change_adds_no_version(body: ManagingBody) -> None:
    person = PersonFactory()
    person.save()
    assert len(versions(person)) == 1


def test_a_write_outside_a_request_has_no_author(body: ManagingBody) -> None:
    assert versions(PersonFactory())[0][2] is None


def test_another_tenant_sees_none_of_it(body: ManagingBody) -> None:
    person = PersonFactory()
    with tenant(ManagingBodyFactory().pk):
        assert versions(person) == []
    with tenant(None):
        assert versions(person) == []


def test_a_version_cannot_be_written_into_another_tenant(body: ManagingBody) -> None:
    person = PersonFactory()
    other = ManagingBodyFactory()
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        raw(
            "insert into people_personevent select (jsonb_populate_record(e, jsonb_build_object("
            "'pgh_id', e.pgh_id + 1000000, 'managing_body_id', %s::text))).* "
            "from people_personevent e where pgh_obj_id = %s",
            other.pk,
            person.pk,
        )


@pytest.mark.parametrize(
    "sql",
    [
        "update people_personevent set birth_name = 'effacé'",
        "delete from people_personevent",
        "truncate people_personevent",
        "update staff_professionalevent set last_name = 'effacé'",
    ],
)
def test_a_version_can_be_neither_changed_nor_removed(body: ManagingBody, sql: str) -> None:
    PersonFactory()
    ProfessionalFactory()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        raw(sql)


def trigger_names() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(tgname, ',') from pg_trigger "
            "where tgrelid = 'people_person'::regclass and not tgisinternal"
        )
        return str(cursor.fetchone()[0])


def test_the_setting_that_silences_triggers_silences_nothing(body: ManagingBody) -> None:
    person = PersonFactory(birth_name="AVANT")
    raw("select set_config('pgtrigger.ignore', %s, true)", f"{{{trigger_names()}}}")
    raw("update people_person set birth_name = 'APRÈS' where id = %s", person.pk)
    raw("select set_config('pgtrigger.ignore', '', true)")
    assert [name for _, name, _ in versions(person)] == ["AVANT", "APRÈS"]


@pytest.mark.parametrize(
    "sql",
    [
        "set local session_replication_role = replica",
        "alter table people_person disable trigger all",
        "alter table people_person no force row level security",
        "create or replace function _pgtrigger_should_ignore(trigger_name name) returns boolean "
        "language sql as 'select true'",
        "drop policy people_person_tenant on people_person",
        "set local role jalon_owner",
    ],
)
def test_the_application_role_cannot_take_the_guards_away(body: ManagingBody, sql: str) -> None:
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        raw(sql)


def test_what_is_said_around_is_kept_and_comes_back(body: ManagingBody) -> None:
    with history(professional=WHO):
        with history(transfer=True):
            person = PersonFactory(birth_name="UN")
        raw("update people_person set birth_name = 'DEUX' where id = %s", person.pk)
    raw("update people_person set birth_name = 'TROIS' where id = %s", person.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pgh_context from people_personevent where pgh_obj_id = %s order by pgh_id", [person.pk]
        )
        told = [json.loads(row[0]) if row[0] else None for row in cursor.fetchall()]
    assert told == [{"professional": WHO, "transfer": True}, {"professional": WHO}, None]


def test_undone_it_leaves_nothing_said(body: ManagingBody) -> None:
    with pytest.raises(RuntimeError), history(professional=WHO):
        raise RuntimeError
    person = PersonFactory(birth_name="UN")
    assert versions(person) == [("insert", "UN", None)]

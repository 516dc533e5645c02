"""Tenancy, proved on the catalogue and as the application role."""

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from jalon.db.hardening import append_only_tables
from jalon.db.tenant import TenantModel, current_tenant, tenant
from jalon.organizations.models import Establishment, ManagingBody, Unit

pytestmark = pytest.mark.django_db
# Tables that carry a managing body without row-level security, each with its reason.
WITHOUT_POLICY = {
    "staff_seat": "read before a tenant is known, by staff.queries.bodies_of alone",
    "staff_seatevent": "the history of those seats, written wherever they are",
}

UNPROTECTED = """
select c.relname from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'managing_body_id' and not a.attisdropped
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
  and not (c.relrowsecurity and c.relforcerowsecurity
           and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polwithcheck is not null))
union all
select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
  and coalesce(reloptions::text, '') not like '%security_invoker=true%'
union all
select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace
"""
PLAIN_FOREIGN_KEYS = """
select con.conrelid::regclass::text || '.' || con.conname from pg_constraint con
where con.contype = 'f' and cardinality(con.conkey) = 1
  and exists (select 1 from pg_attribute a where a.attrelid = con.conrelid and a.attname = 'managing_body_id')
  and exists (select from pg_attribute b where b.attrelid = con.confrelid and b.attname = 'managing_body_id')
"""


def rows(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def tenant_tables() -> list[str]:
    return rows(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where a.attname = 'managing_body_id' and not a.attisdropped and c.relkind = 'r'"
    )


def test_every_table_with_a_managing_body_is_under_a_policy_that_also_checks_writes() -> None:
    assert set(rows(UNPROTECTED)) == set(WITHOUT_POLICY)


def test_no_foreign_key_between_tenant_tables_is_plain() -> None:
    assert rows(PLAIN_FOREIGN_KEYS) == []


def test_every_tenant_model_reaches_other_tenant_models_by_composite_keys_only() -> None:
    composite = set(
        rows(
            "select conrelid::regclass::text || '.' || (select attname from pg_attribute "
            "where attrelid = conrelid and attnum = conkey[2]) "
            "from pg_constraint where contype = 'f' and cardinality(conkey) = 2"
        )
    )
    expected = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        for field in model._meta.local_fields
        if field.related_model and issubclass(field.related_model, TenantModel)
    }
    assert expected
    assert composite >= expected


def test_the_suite_runs_as_the_application_role_that_owns_nothing() -> None:
    assert rows("select current_user::text") == ["jalon_app"]
    assert (
        rows("select rolname from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)") == []
    )
    assert (
        rows(
            "select relname from pg_class "
            "where relowner = (select oid from pg_roles where rolname = current_user)"
        )
        == []
    )


def test_without_a_tenant_no_row_of_any_tenant_table_is_seen(body: ManagingBody) -> None:
    Establishment.objects.create(name="Les Tilleuls", finess="350000014", category="448")
    with tenant(None):
        seen = {
            table: rows(f'select count(*)::text from "{table}"')
            for table in tenant_tables()
            if table not in WITHOUT_POLICY
        }
    assert seen
    assert set(map(tuple, seen.values())) == {("0",)}


def test_a_row_of_another_tenant_can_be_neither_read_nor_written_nor_pointed_at(body: ManagingBody) -> None:
    house = Establishment.objects.create(name="Les Tilleuls", finess="350000014", category="448")
    other = ManagingBody.objects.create(name="Autre", finess="350000022")
    with tenant(other.pk):
        assert not Establishment.objects.filter(pk=house.pk).exists()
        assert Establishment.objects.filter(pk=house.pk).update(name="pris") == 0
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.create(establishment_id=house.pk, name="Verger")
            connection.check_constraints()
    with pytest.raises(ProgrammingError), transaction.atomic():
        Establishment.objects.filter(pk=house.pk).update(managing_body=other)


def test_an_inner_tenant_gives_the_outer_one_back(body: ManagingBody) -> None:
    with tenant(uuid.uuid4()):
        assert current_tenant() != body.pk
    assert current_tenant() == body.pk


def test_append_only_tables_refuse_update_and_delete_by_rights() -> None:
    allowed = rows(
        "select table_name::text from information_schema.role_table_grants where grantee = 'jalon_app' "
        "and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')"
    )
    assert append_only_tables()
    assert set(append_only_tables()) & set(allowed) == set()


def test_history_cannot_be_silenced_by_a_setting(body: ManagingBody) -> None:
    assert rows("select prosrc from pg_proc where proname = '_pgtrigger_should_ignore'") == ["select false"]

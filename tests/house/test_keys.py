"""Past one machine: each key of a tenant table holds its managing body, once the conversion script was run.

Citus wants the column by which rows are spread in each primary, unique and foreign key. Its own functions are
not here: stand-ins note what the script asks of them.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.releases.database import address
from tests.support import PROJECT

pytestmark = pytest.mark.django_db
SCRIPT = PROJECT / "docs/exploitation/echelle/citus.sql"
# Unique keys, exclusions and foreign keys without the managing body, each with its reason.
ALONE: dict[str, str] = {}
STAND_INS = """
create temp table asked (kind text, place text, beside text);
create function create_reference_table(regclass) returns void language sql
as $$ insert into asked values ('reference', $1::text, null) $$;
create function create_distributed_table(regclass, text, colocate_with text default null) returns void
language sql as $$ insert into asked values ('distributed', $1::text, $3) $$"""
TENANT_TABLES = """
select attrelid::regclass::text from pg_attribute join pg_class on pg_class.oid = attrelid
where attname = 'managing_body_id' and not attisdropped and relkind = 'r'
  and relnamespace = 'public'::regnamespace"""
# Unique indexes are those of the primary keys too; an expression has no column (0).
WITHOUT = """
with tenant as (
  select attrelid, attnum from pg_attribute join pg_class on pg_class.oid = attrelid
  where attname = 'managing_body_id' and relkind = 'r' and relnamespace = 'public'::regnamespace)
select i.indexrelid::regclass::text, i.indisprimary
from pg_index i join tenant on tenant.attrelid = i.indrelid
where (i.indisunique or i.indisexclusion) and tenant.attnum <> all (i.indkey::int2[])
union all
select con.conrelid::regclass || '.' || con.conname, false from pg_constraint con
join tenant on tenant.attrelid = con.conrelid
where con.contype = 'f' and tenant.attnum <> all (con.conkey)
  and con.confrelid in (select attrelid from tenant)"""
INTO_TENANTS = f"""
select conrelid::regclass || '.' || conname from pg_constraint
where contype = 'f' and confrelid::regclass::text in ({TENANT_TABLES})
  and conrelid::regclass::text not in ({TENANT_TABLES})"""


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables, on the database of the test; everything it does is undone."""
    with psycopg.connect(address(connection.settings_dict["NAME"], "jalon_owner")) as found:
        yield found
        found.rollback()


def without(owner: psycopg.Connection[Any]) -> dict[str, bool]:
    """Keys of tenant tables without the managing body → whether it is a primary key."""
    return dict(owner.execute(WITHOUT).fetchall())


def test_only_primary_keys_are_without_their_managing_body(owner: psycopg.Connection[Any]) -> None:
    assert {name for name, primary in without(owner).items() if not primary} == set(ALONE)
    assert any(without(owner).values())


def test_nothing_outside_the_tenant_points_into_it(owner: psycopg.Connection[Any]) -> None:
    assert owner.execute(INTO_TENANTS).fetchall() == []


def test_after_the_conversion_every_key_holds_its_managing_body(owner: psycopg.Connection[Any]) -> None:
    tables = {name for (name,) in owner.execute(TENANT_TABLES).fetchall()}
    owner.execute(STAND_INS)
    owner.execute(SCRIPT.read_text("utf-8"))
    assert set(without(owner)) == set(ALONE)
    asked = owner.execute("select kind, place, beside from asked").fetchall()
    distributed = [place for kind, place, _ in asked if kind == "distributed"]
    assert sorted(distributed) == sorted(tables)
    # All beside the first: the rows of a managing body are on one node.
    assert {beside for kind, _, beside in asked if kind == "distributed"} == {None, distributed[0]}
    copied = {place for kind, place, _ in asked if kind == "reference"}
    assert {"organizations_managingbody", "staff_account"} <= copied
    assert copied & tables == set()

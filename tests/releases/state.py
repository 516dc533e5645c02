"""What a database is: its objects and its rows, as values that can be compared."""

import hashlib
from typing import Any

import psycopg

from tests.releases.release import Table

OBJECTS = """
select 'column', attrelid::regclass::text, attname::text || ' ' || format_type(atttypid, atttypmod) || ' '
       || attnotnull || ' ' || coalesce(pg_get_expr(adbin, adrelid), '')
from pg_attribute join pg_class on pg_class.oid = attrelid
     left join pg_attrdef on adrelid = attrelid and adnum = attnum
where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
union all
select 'constraint', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace
union all
select 'index', tablename::text, indexdef from pg_indexes where schemaname = 'public'
union all
select 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union all
select 'policy', tablename::text, concat(policyname, ' ', cmd, ' ', qual, ' ', with_check)
from pg_policies where schemaname = 'public'
union all
select 'rights', relname::text, coalesce(relacl::text, '') || relrowsecurity || relforcerowsecurity
from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v')
union all
select 'function', proname::text, prosrc from pg_proc where pronamespace = 'public'::regnamespace"""
KEY = """
select attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
where indrelid = to_regclass(%s) and indisprimary order by array_position(indkey::int2[], attnum)"""
COLUMNS = (
    "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
)
# When the migrations ran, and numbers that another project's code gives afresh.
OF_THE_RUN = {"django_migrations", "django_content_type", "auth_permission"}

Rows = dict[tuple[str, ...], dict[str, str]]


def objects(connection: psycopg.Connection[Any]) -> set[tuple[str, ...]]:
    """Columns, constraints, indexes, triggers, policies, rights and functions."""
    return set(connection.execute(OBJECTS).fetchall())


def digests(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Each table with a fingerprint of its rows."""
    names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name: _digest(connection, name) for (name,) in names if name not in OF_THE_RUN}


def _digest(connection: psycopg.Connection[Any], table: str) -> str:
    lines = sorted(_lines(connection, f'select * from "{table}"'))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(connection: psycopg.Connection[Any], select: str) -> list[str]:
    with connection.cursor().copy(f"copy ({select}) to stdout") as copy:
        return b"".join(bytes(block) for block in copy).decode().split("\n")[:-1]


def differences(connection: psycopg.Connection[Any], former: Table) -> set[str]:
    """What a former table no longer says: `table`, `table: rows`, `table.column`. What was added is free."""
    key = [name for (name,) in connection.execute(KEY, [former.name]).fetchall()]
    if not key:
        return {former.name}
    there = {name for (name,) in connection.execute(COLUMNS, [former.name]).fetchall()}
    kept = tuple(column for column in former.columns if column in there)
    listed = ", ".join(f'"{column}"' for column in kept)
    now = rows(
        Table(former.name, kept, tuple(_lines(connection, f'select {listed} from "{former.name}"'))), key
    )
    before = rows(former, key)
    changed = {
        column
        for mark in before.keys() & now.keys()
        for column in kept
        if before[mark][column] != now[mark][column]
    }
    lost = {f"{former.name}: rows"} if before.keys() - now.keys() else set()
    return lost | {f"{former.name}.{column}" for column in changed | set(former.columns) - there}


def rows(table: Table, key: list[str]) -> Rows:
    """Primary key → column → text."""
    each = (dict(zip(table.columns, line.split("\t"), strict=True)) for line in table.lines)
    return {tuple(row[name] for name in key): row for row in each}

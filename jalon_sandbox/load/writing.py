"""Rows into a table by COPY, with the versions and the entries that the product's own act would have left.

Done with the triggers off, which only a superuser may do: nothing of them is left out, the history is
written from the very rows. Keys are looked at afterwards, all at once (`broken_keys`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql

from jalon_sandbox.load.sheets import Sheet

AT, BY = "load_at", "load_by"
# A key of the same time as the row's, drawn from it.
DRAWN = "overlay({}.id::text placing substr(md5({}.id::text || {}), 1, 12) from 25)::uuid"
BROKEN = """
select format(
  'select %%L where exists (select from %%s a where %%s and not exists (select from %%s b where %%s))',
  k.conname, k.conrelid::regclass,
  (select string_agg(format('a.%%I is not null', f.attname), ' and ')
    from unnest(k.conkey) n join pg_attribute f on f.attrelid = k.conrelid and f.attnum = n),
  k.confrelid::regclass,
  (select string_agg(format('b.%%I = a.%%I', t.attname, f.attname), ' and ')
    from unnest(k.conkey, k.confkey) as n(mine, theirs)
    join pg_attribute f on f.attrelid = k.conrelid and f.attnum = n.mine
    join pg_attribute t on t.attrelid = k.confrelid and t.attnum = n.theirs))
from pg_constraint k where k.contype = 'f' and k.conrelid::regclass::text = any(%s) order by k.conname"""


class Table:
    """Where the rows of a sheet go, and the temporary table they come through."""

    def __init__(self, sheet: Sheet, connection: psycopg.Connection[Any]) -> None:
        from django.apps import apps

        self.sheet, self.connection = sheet, connection
        self.model = apps.get_model(sheet.model)
        self.name = self.model._meta.db_table
        self.fields = [
            one for one in self.model._meta.concrete_fields if not (one.generated or _numbered(one))
        ]
        self.staging = sql.Identifier(f"load_{self.name}")
        self.history = self._history()
        self._prepare()

    def _history(self) -> Any:
        """Nothing for a table that the database numbers (seats): its keys are not known when it is told."""
        from jalon.db.rows import Tracked, rows_of

        tracked = isinstance(rows_of(self.model), Tracked) and not _numbered(self.model._meta.pk)
        return self.model._meta.get_field("events").related_model if tracked else None

    def _prepare(self) -> None:
        """The same columns; those that no row says have the default of the product."""
        self.connection.execute(
            sql.SQL(
                "create temp table {} as select *, null::timestamptz as {}, null::uuid as {} from {}"
                " with no data"
            ).format(self.staging, sql.Identifier(AT), sql.Identifier(BY), sql.Identifier(self.name))
        )
        for field in self.fields:
            if field.column not in self.sheet.columns:
                self.connection.execute(
                    sql.SQL("alter table {} alter {} set default {}").format(
                        self.staging, sql.Identifier(field.column), _default(field)
                    )
                )

    def write(self, rows: Iterable[Sequence[Any]]) -> int:
        """These rows, their versions and their entries; how many rows in all."""
        with self.connection.cursor() as cursor:
            self._copy(cursor, rows)
            cursor.execute(self._into(self.name, {one.column: one.column for one in self.fields}))
            written = cursor.rowcount
            for number, (action, facts, when) in enumerate(self._acts()):
                if self.history:
                    cursor.execute(self._version(number, when))
                    written += cursor.rowcount
                if action:
                    cursor.execute(self._entry(number, action, facts, when))
                    written += cursor.rowcount
            cursor.execute(sql.SQL("truncate {}").format(self.staging))
        return written

    def _copy(self, cursor: psycopg.Cursor[Any], rows: Iterable[Sequence[Any]]) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, (AT, BY, *self.sheet.columns)))
        with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(self.staging, columns)) as copy:
            for row in rows:
                copy.write_row(row)

    def _acts(self) -> list[tuple[str, str, str]]:
        sheet = self.sheet
        later = [(step.action, step.facts, step.when) for step in sheet.steps]
        return [(sheet.action, sheet.facts, "true"), *later]

    def _into(self, table: str, values: dict[str, Any], when: str = "true") -> sql.Composed:
        told = [
            value if isinstance(value, sql.Composable) else sql.Identifier(value) for value in values.values()
        ]
        return sql.SQL("insert into {} ({}) select {} from {} s where {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(told),
            self.staging,
            sql.SQL(when),
        )

    def _at(self, number: int) -> sql.Composed:
        return sql.SQL("s.{} + {} * interval '1 minute'").format(sql.Identifier(AT), sql.Literal(number))

    def _version(self, number: int, when: str) -> sql.Composed:
        """The row as it read after this act: what later acts set is not there yet."""
        later = {column for step in self.sheet.steps[number:] for column in step.columns}
        columns = (one for one in self.history._meta.concrete_fields if not one.name.startswith("pgh_"))
        values: dict[str, Any] = {
            "pgh_created_at": self._at(number),
            "pgh_label": sql.Literal("update" if number else "insert"),
            "pgh_obj_id": "id",
            "pgh_context": sql.SQL("jsonb_build_object('professional', s.{})").format(sql.Identifier(BY)),
            "pgh_context_id": _drawn("context", number),
        }
        values |= {one.column: self._empty(one) if one.column in later else one.column for one in columns}
        return self._into(self.history._meta.db_table, values, when)

    @staticmethod
    def _empty(field: Any) -> sql.Composable:
        return sql.Literal(None if field.null else "")

    def _entry(self, number: int, action: str, facts: str, when: str) -> sql.Composed:
        values: dict[str, Any] = {
            "id": _drawn("entry", number),
            "managing_body_id": "managing_body_id",
            "at": self._at(number),
            "professional_id": BY,
            "action": sql.Literal(action),
            "object_id": self.sheet.on,
            "facts": sql.SQL(facts),
        }
        return self._into("audit_entry", values, when)


def _default(field: Any) -> sql.Composable:
    from django.db import connection

    from jalon.db.tenant import TENANT, TenantField

    if isinstance(field, TenantField):
        return sql.SQL(TENANT)
    return sql.Literal(field.get_db_prep_save(field.get_default(), connection))


def _numbered(field: Any) -> bool:
    """Does the database number this one by itself?"""
    return field.get_internal_type() in ("AutoField", "BigAutoField")


def _drawn(what: str, number: int) -> sql.Composed:
    return sql.SQL(DRAWN.replace("{}.id", "s.id")).format(sql.Literal(f"{what}{number}"))


def broken_keys(connection: psycopg.Connection[Any], tables: Iterable[str]) -> list[str]:
    """The foreign keys of these tables that some row breaks."""
    with connection.cursor() as cursor:
        questions = cursor.execute(BROKEN, [list(tables)]).fetchall()
        return [name for (asked,) in questions for (name,) in cursor.execute(asked).fetchall()]

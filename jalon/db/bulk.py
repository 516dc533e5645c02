"""Rows without a model's work on each. Many: COPY into a table of the transaction, then one INSERT, which
policies and triggers see.

COPY straight into a table under row-level security is refused by PostgreSQL.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

from jalon.db.fields import EncryptedTextField
from jalon.db.tenant import current_tenant

_NUMBERS = itertools.count()
Prepare = Callable[[models.Model], Any]


def insert(rows: Sequence[models.Model]) -> None:
    """Write new rows of one tenant model, in the present tenant. Raises what the database refuses."""
    if not rows:
        return
    model, body = type(rows[0]), current_tenant()
    columns = _columns(model)
    for row in rows:
        row.managing_body_id = body  # type: ignore[attr-defined]  # a tenant model
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in columns)
    table = sql.Identifier(model._meta.db_table)
    staging = sql.Identifier(f"new_rows_{next(_NUMBERS)}")  # emptied, a table costs as much as another
    with connection.cursor() as cursor:
        make = "create temp table {} on commit drop as select {} from {} with no data"
        cursor.execute(sql.SQL(make).format(staging, names, table))
        _copy(
            cursor, sql.SQL("copy {} ({}) from stdin (format binary)").format(staging, names), rows, columns
        )
        cursor.execute(sql.SQL("insert into {} ({}) select {} from {}").format(table, names, names, staging))
    for row in rows:
        row._state.adding = False


def insert_one(row: models.Model) -> None:
    """Write one new row of a tenant model, by a text made once. Raises what the database refuses."""
    text, prepare = _insertion(type(row))
    with connection.cursor() as cursor:
        cursor.execute(text, [each(row) for each in prepare])
    row._state.adding = False


@cache
def _insertion(model: type[models.Model]) -> tuple[str, tuple[Prepare, ...]]:
    """The text, and how a row gives its values; the managing body is the database's default."""
    columns = [column for column in _columns(model) if column[0] != "managing_body_id"]
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in columns)
    values = sql.SQL(", ").join(sql.SQL("%s::" + kind) for _, kind, _ in columns)
    text = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(model._meta.db_table), names, values
    )
    return text.as_string(), tuple(prepare for _, _, prepare in columns)


def _copy(cursor: Any, command: Any, rows: Sequence[models.Model], columns: Any) -> None:
    prepare = [each for _, _, each in columns]
    with connection.wrap_database_errors, cursor.copy(command) as copy:
        copy.set_types([type_ for _, type_, _ in columns])
        for row in rows:
            copy.write_row([each(row) for each in prepare])


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, Prepare], ...]:
    """The columns that are written: name, type, how a row gives its value."""
    fields = (field for field in model._meta.concrete_fields if not field.generated)
    return tuple((str(field.column), _type(field), _prepare(field)) for field in fields)


def _type(field: Any) -> str:
    """`varchar[]`, of `varchar(200)[]`."""
    if isinstance(field, ArrayField):
        return f"{_type(field.base_field)}[]"
    found: str = field.target_field.db_type(connection) if field.is_relation else field.db_type(connection)
    return found.partition("(")[0]


def _prepare(field: Any) -> Prepare:
    name = field.attname
    if isinstance(field, (EncryptedTextField, models.JSONField)):
        return lambda row: field.get_db_prep_save(getattr(row, name), connection)
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return lambda row: field.pre_save(row, True)
    return lambda row: row.__dict__[name]

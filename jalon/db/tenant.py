"""Tenancy: one managing body sees its own rows, and PostgreSQL is what refuses the others.

Every tenant table inherits `TenantModel`. Its `managing_body` field brings, by itself, the row-level security
policy (with FORCE) and the key that composite foreign keys point to; `TenantForeignKey` brings a foreign key
on (managing_body, id), because a plain one ignores row-level security and would accept another tenant's row.
All of it is written by `makemigrations`.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint
from django.utils.deconstruct import deconstructible
from pghistory.models import Event
from uuid_utils.compat import uuid7

from jalon.db.groups import refuse_elsewhere

SETTING = "jalon.managing_body"
# `''` and not NULL is what an ended SET LOCAL leaves on a kept connection; a bare cast of it raises 22P02.
TENANT = f"nullif(current_setting('{SETTING}', true), '')::uuid"


@deconstructible(path="jalon.db.tenant.CurrentTenant")
class CurrentTenant(models.Func):
    """The managing body of the transaction, as the database knows it."""

    template = TENANT
    arity = 0
    output_field = models.UUIDField()


class TenantPolicy(BaseConstraint):
    """Row-level security with FORCE: rows of the current managing body only, for reading and for writing."""

    def statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[str]:
        table = editor.quote_name(model._meta.db_table)
        here = f"managing_body_id = (select {TENANT})"
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {editor.quote_name(self.name)} ON {table} USING ({here}) WITH CHECK ({here})",
        ]

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing inside CREATE TABLE: the statements run at the end of the migration."""
        schema_editor.deferred_sql.extend(self.statements(model, schema_editor))
        return ""

    create_sql = constraint_sql

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return (
            f"DROP POLICY {schema_editor.quote_name(self.name)} ON {table}; "
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to check in Python: the database refuses."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantPolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class TenantReference(BaseConstraint):
    """Foreign key on (managing_body, id): a row may only point at a row of its own tenant."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def statement(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        field: Any = model._meta.get_field(self.field)
        quote = editor.quote_name
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY (managing_body_id, {quote(field.column)}) "
            f"REFERENCES {quote(field.related_model._meta.db_table)} (managing_body_id, id) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing inside CREATE TABLE: the key it points at may be created by a later operation."""
        schema_editor.deferred_sql.append(self.statement(model, schema_editor))
        return ""

    create_sql = constraint_sql

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to check in Python: the database refuses."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, "field": self.field}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantReference) and (other.name, other.field) == (self.name, self.field)

    def __hash__(self) -> int:
        return hash(self.name)


def is_history(cls: type[models.Model]) -> bool:
    """An event table of pghistory: it keeps rows whose objects are gone, so it has a policy and no keys."""
    return issubclass(cls, Event)


def add_constraint(cls: type[models.Model], constraint: BaseConstraint) -> None:
    """Give `cls` a constraint as if its Meta had listed it: migrations rebuild models from what they list."""
    options = cls._meta
    options.constraints = [*options.constraints, constraint]
    options.original_attrs.setdefault("constraints", options.constraints)


def is_real(cls: type[models.Model]) -> bool:
    return not cls._meta.abstract and cls.__module__ != "__fake__"


class TenantField(models.ForeignKey):
    """The managing body of a row: set by the database, never by code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("to", "organizations.ManagingBody")
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_default", CurrentTenant())
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("verbose_name", "organisme gestionnaire")
        super().__init__(**kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if not is_real(cls):
            return
        table = cls._meta.db_table
        add_constraint(cls, TenantPolicy(name=f"{table}_tenant"))
        if not is_history(cls) and not isinstance(cls._meta.pk, models.CompositePrimaryKey):
            add_constraint(
                cls, models.UniqueConstraint(fields=["managing_body", "id"], name=f"{table}_tenant_key")
            )


class TenantForeignKey(models.ForeignKey):
    """A foreign key that cannot cross tenants: composite in the database, ordinary in Python."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, list(args), kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if is_real(cls) and not is_history(cls):
            add_constraint(cls, TenantReference(name=f"{cls._meta.db_table}_{name}_same_tenant", field=name))


class TenantModel(models.Model):
    """A table of the managing body: UUIDv7 key, tenant set by the database, row-level security."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    managing_body = TenantField()

    class Meta:
        abstract = True


@contextmanager
def tenant(body: uuid.UUID | str | None) -> Iterator[None]:
    """Run in one transaction as `body`; the former tenant comes back at the end.

    The setting is local to the transaction, but a released savepoint does not undo it: it is put back here.
    Raises DomainError `served_elsewhere` for a managing body of another group.
    """
    refuse_elsewhere(body)
    inside_another = connection.in_atomic_block  # otherwise the setting ends with the transaction
    with transaction.atomic(), connection.cursor() as cursor:
        before = _setting(cursor) if inside_another else ""
        cursor.execute("select set_config(%s, %s, true)", [SETTING, str(body or "")])
        yield
        if inside_another:
            cursor.execute("select set_config(%s, %s, true)", [SETTING, before])


def _setting(cursor: Any) -> str:
    cursor.execute("select current_setting(%s, true)", [SETTING])
    return cursor.fetchone()[0] or ""


def current_tenant() -> uuid.UUID | None:
    """The managing body of this transaction, or None."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {TENANT}")
        return cursor.fetchone()[0]

"""What a migration does beside the pages of the release that still serves, and what it cannot.

While `jalon migrate` works, the former release reads and writes: a table is held for an instant and never
read whole under that hold, no column that it knows goes away, none that it does not know refuses its rows. An
index is built concurrently, a constraint is added unproved and proved by a later migration, rows are filled
in by batches. Read on the operations, without a database.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db.migrations import Migration, operations
from django.db.models import GeneratedField, ManyToManyField

from jalon.db.tenant import TenantPolicy

WORD: Final = re.compile(r"[a-z_0-9]+")
LIGHT: Final = re.compile(
    r"create (or replace )?(function|trigger) |drop (function|trigger) |comment on "
    r"|grant |revoke |alter default privileges |analyze "
    r"|alter table (\S+) (add constraint \S+ (.* not valid$|unique using index )|validate constraint )"
    r"|alter table (\S+) enable (always )?trigger "
)
BESIDE: Final = re.compile(
    r"^\s*(create|drop)\s+(unique\s+)?index\s+concurrently\b[^;]*;?\s*$", re.IGNORECASE
)
GONE: Final = (
    operations.RemoveField, operations.DeleteModel, operations.RenameField, operations.RenameModel,
    operations.AlterModelTable,
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A migration, the models that it makes itself, and what the models were before it."""

    migration: Migration
    made: frozenset[str]
    state: Any

    def field(self, operation: Any) -> Any:
        """The field as it was before."""
        model = self.state.models[self.migration.app_label, operation.model_name.lower()]
        return model.fields[operation.name]


def stops(migration: Migration, state: Any) -> list[str]:
    """Why the site must be stopped for this migration, one French sentence each; none for most.

    `state`: the models before it (`ProjectState`).
    """
    made = {one.name.lower() for one in _all(migration) if isinstance(one, operations.CreateModel)}
    seen = Seen(migration, frozenset(made), state)
    found = [why for one in _all(migration) for why in _why(one, seen)]
    return list(dict.fromkeys(found))


def tables_of(migration: Migration, state: Any) -> set[str]:
    """The tables, among others that may not exist, that it changes or points to."""
    app, found = migration.app_label, set()
    for one in _all(migration):
        if isinstance(one, operations.RunSQL):
            found |= {word for text in _texts(one) for word in WORD.findall(text.lower())}
        fields = [field for _, field in getattr(one, "fields", ())] + [getattr(one, "field", None)]
        names = [(app, name) for name in (getattr(one, "model_name", ""), getattr(one, "name", "")) if name]
        names += [_pointed(app, field) for field in fields if getattr(field, "remote_field", None)]
        found |= {_table(state, *name) for name in names}
    return found


def _pointed(app: str, field: Any) -> tuple[str, str]:
    to = field.remote_field.model
    label, _, name = (to if isinstance(to, str) else to._meta.label_lower).rpartition(".")
    return label or app, name


def _table(state: Any, app: str, name: str) -> str:
    model = state.models.get((app, name.lower()))
    return str(model and model.options.get("db_table") or f"{app}_{name.lower()}")


def _all(migration: Migration) -> Iterator[Any]:
    """Its operations on the database."""
    for one in migration.operations:
        yield from getattr(one, "database_operations", None) or [one]


def _why(operation: Any, seen: Seen) -> Iterator[str]:
    for kind, judge in JUDGES.items():
        if isinstance(operation, kind):
            if getattr(operation, "model_name", "").lower() not in seen.made:
                yield from judge(operation, seen)
            return


def _added(operation: Any, seen: Seen) -> Iterator[str]:
    field = operation.field
    if isinstance(field, GeneratedField):
        yield "une colonne calculée récrit sa table"
    elif not (field.null or field.has_default() or field.has_db_default() or _is_blank_text(field)):
        yield "une colonne sans valeur par défaut refuse ce que l’ancienne version écrit"
    if not isinstance(field, ManyToManyField) and (field.db_index or field.unique):
        yield "un index retient les écritures pendant qu’il se fait"


def _is_blank_text(field: Any) -> bool:
    """Django then adds it with '' for default."""
    return bool(field.blank and field.empty_strings_allowed)


def _altered(operation: Any, seen: Seen) -> Iterator[str]:
    if _in_the_database(seen.field(operation)) != _in_the_database(operation.field):
        yield "une colonne qui change de forme est relue ou récrite"


def _in_the_database(field: Any) -> Any:
    _, path, args, words = field.deconstruct()
    kept = {name: value for name, value in words.items() if name not in (*field.non_db_attrs, "default")}
    return path, args, kept


def _gone(operation: Any, seen: Seen) -> Iterator[str]:
    yield "l’ancienne version lit ce qui est retiré ou renommé"


def _indexed(operation: Any, seen: Seen) -> Iterator[str]:
    yield "un index retient les écritures pendant qu’il se fait"


def _constrained(operation: Any, seen: Seen) -> Iterator[str]:
    if not isinstance(operation.constraint, TenantPolicy):
        yield "une contrainte relit sa table, que personne d’autre ne peut lire alors"


def _validated(operation: Any, seen: Seen) -> Iterator[str]:
    if any(isinstance(one, operations.AddConstraint) for one in _all(seen.migration)):
        yield "une contrainte est ajoutée et vérifiée d’un même tenant"


def _written(operation: Any, seen: Seen) -> Iterator[str]:
    others = [one for one in _all(seen.migration) if not isinstance(one, operations.RunPython)]
    if seen.migration.atomic and others:
        yield "des lignes sont écrites pendant que leurs tables sont retenues"


def _told(operation: Any, seen: Seen) -> Iterator[str]:
    for text in _texts(operation):
        statements = [" ".join(one.lower().split()) for one in _bare(text).split(";")]
        if not BESIDE.match(text) and not all(LIGHT.match(one) for one in statements if one):
            yield "une instruction écrite à la main n’est pas de celles qui se font à côté"


def _texts(operation: Any) -> list[str]:
    told = operation.sql
    texts = [told] if isinstance(told, str) else told or []
    return [one if isinstance(one, str) else one[0] for one in texts]


def _bare(text: str) -> str:
    """Without the bodies of functions nor what is quoted or commented."""
    return re.sub(r"\$(\w*)\$.*?\$\1\$|--[^\n]*|'[^']*'", "", text, flags=re.DOTALL)


def _beside(operation: Any, seen: Seen) -> Iterator[str]:
    if seen.migration.atomic:
        yield "un index concurrent se fait hors d’une transaction"


def _nothing(operation: Any, seen: Seen) -> Iterator[str]:
    return iter(())


# The first kind that an operation is of judges it; what is of no kind touches the state alone, or a trigger.
JUDGES: Final[dict[Any, Callable[[Any, Seen], Iterator[str]]]] = {
    (AddIndexConcurrently, RemoveIndexConcurrently): _beside,
    AddConstraintNotValid: _nothing,
    ValidateConstraint: _validated,
    operations.AddField: _added,
    operations.AlterField: _altered,
    GONE: _gone,
    operations.AddIndex: _indexed,
    operations.AddConstraint: _constrained,
    operations.RunPython: _written,
    operations.RunSQL: _told,
    operations.CreateModel: _nothing,
}

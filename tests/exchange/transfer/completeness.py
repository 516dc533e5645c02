"""What a class with a table owes: each function names what is forgotten, and nothing when nothing is."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db import models
from pghistory.models import Event

import jalon.web
from jalon.db.keyed import KeyedModel
from jalon.db.tenant import TenantModel
from jalon.exchange.transfer.table import AnyTable
from jalon.formats.tddui import Kind
from jalon.people.models import Person
from jalon.records.models import Record

KEYED = {field.name for field in KeyedModel._meta.fields} | {"id"}
"""What every keyed row has: drawn here, or carried by the key and by what was received."""

# --- columns ------------------------------------------------------------------------------------------------


def told(table: AnyTable) -> set[str]:
    """The columns that travel."""
    owner = {table.owner} if table.owner else set()
    return {bind.column for bind in table.binds} | {ref.column for ref in table.refs} | owner


def columns(table: AnyTable) -> set[str]:
    """The columns of a table, but those of every keyed row."""
    return {field.name for field in table.model._meta.concrete_fields} - KEYED


def untold_columns(table: AnyTable) -> list[str]:
    """Columns that neither travel nor say why not; reasons without words, or about what does travel."""
    label, reasons = table.model._meta.label, table.not_told
    forgotten = columns(table) - told(table) - reasons.keys()
    stale = reasons.keys() - (columns(table) - told(table))
    return [
        *(f"{label}.{name} has no bind, no ref, no reason in `not_told`" for name in sorted(forgotten)),
        *(f"{label}.{name} is in `not_told`, and travels or is no column" for name in sorted(stale)),
        *(f"{label}.{name} is in `not_told` without a reason" for name in reasons if not reasons[name]),
    ]


def misdirected(table: AnyTable, tables: Iterable[AnyTable]) -> list[str]:
    """Refs of another FHIR type than the rows their column points at."""
    types = {each.model: each.type for each in tables}
    found = []
    for ref in table.refs:
        target = table.model._meta.get_field(ref.column).related_model
        if types.get(target) != ref.to:
            found.append(
                f"{table.model._meta.label}.{ref.column} points at {types.get(target)}, not {ref.to}"
            )
    return found


# --- tables -------------------------------------------------------------------------------------------------


def of_the_record(model: type[models.Model]) -> bool:
    """Whether a transfer is concerned: rows with a business key, rows that point at a person by any way."""
    return issubclass(model, KeyedModel) or _leads_to_a_person(model, frozenset())


def _leads_to_a_person(model: type[models.Model], seen: frozenset[Any]) -> bool:
    targets = {field.related_model for field in model._meta.concrete_fields} - seen
    if {Person, Record} & targets:
        return True
    return any(
        _leads_to_a_person(target, seen | targets)
        for target in targets
        if isinstance(target, type) and issubclass(target, TenantModel)
    )


def models_without_table(
    tables: Iterable[AnyTable], found: Iterable[type[models.Model]], exempt: dict[str, str]
) -> list[str]:
    """Tables of the record that no transfer knows of, and exemptions that no longer hold."""
    known = {table.model for table in tables}
    record = {
        model._meta.label
        for model in found
        if issubclass(model, TenantModel) and not issubclass(model, Event) and of_the_record(model)
    }
    untold = record - {model._meta.label for model in known}
    return [
        *(f"{name} has no Table, and no reason not to travel" for name in sorted(untold - exempt.keys())),
        *(
            f"{name} is exempt, and travels or is no table of the record"
            for name in sorted(exempt.keys() - untold)
        ),
    ]


def kinds_without_table(kinds: Iterable[Kind[Any]], tables: Iterable[AnyTable]) -> list[str]:
    """Classes that a reading gives and no table keeps, and the reverse: those are to be `waiting`."""
    given, kept = {kind.name for kind in kinds}, {table.name for table in tables}
    return [
        *(f"{name} has no Table: say that it is `waiting`" for name in sorted(given - kept)),
        *(f"{name} has a Table: it is not `waiting` any more" for name in sorted(kept - given)),
    ]


# --- screens ------------------------------------------------------------------------------------------------

Form = type["forms.ModelForm[Any]"]


def screens() -> list[Form]:
    """Every form of the product over a table."""
    for module in pkgutil.walk_packages(jalon.web.__path__, "jalon.web."):
        importlib.import_module(module.name)
    return [form for form in _below(forms.ModelForm) if form.__module__.startswith("jalon.") and _model(form)]


def _below(form: Form) -> Iterator[Form]:
    for below in form.__subclasses__():
        yield below
        yield from _below(below)


def _model(form: Form) -> Any:
    return getattr(getattr(form, "_meta", None), "model", None)


def _typed(form: Form) -> set[str]:
    return {*form.base_fields, *getattr(form._meta, "fields", ())}


def columns_off_screen(table: AnyTable, found: Iterable[Form], exempt: dict[str, str]) -> list[str]:
    """Columns that travel and that no form shows, and exemptions that no longer hold."""
    label = table.model._meta.label
    shown = {name for form in found if _model(form) is table.model for name in _typed(form)}
    owner = {table.owner} if table.owner else set()
    hidden = {f"{label}.{name}" for name in told(table) - shown - owner}
    mine = {name for name in exempt if name.rpartition(".")[0] == label}
    return [
        *(f"{name} travels, and no form of jalon/web shows it" for name in sorted(hidden - exempt.keys())),
        *(f"{name} is exempt, and is on a form or does not travel" for name in sorted(mine - hidden)),
    ]


def typed_in_vain(table: AnyTable, found: Iterable[Form]) -> list[str]:
    """Fields of a form whose column does not travel, without a reason."""
    return [
        f"{form.__name__}.{name} is typed, and no transfer tells it"
        for form in found
        if _model(form) is table.model
        for name in sorted(_typed(form) & columns(table) - told(table) - table.not_told.keys())
    ]

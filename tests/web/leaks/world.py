"""The story, each of its places marked: whatever only one place holds, its words and its identifiers.

A mark is written in every column of words of every row of a place, whatever its table: a new table is marked
without being named. What is said once in an answer, a file or a mail that is not of that place has leaked.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from jalon.db.tenant import TenantModel, tenant
from jalon.organizations.models import ManagingBody, Unit
from jalon.records.models import Record
from tests.web.story import Case, Story

PLACES = ("other_unit", "other_house", "other_body")
LONG = 40  # columns shorter than this hold codes
NOT_WORDS = re.compile(r"(^|_)(id|key|code|sha256|digest|status|state|oid|finess|idnat|email|mailbox|ins)$")
Rows = dict[type[models.Model], set[uuid.UUID]]


def mark(place: str) -> str:
    """What is written in every word of that place."""
    return f"Canari{place.title().replace('_', '')}"


@dataclass(frozen=True)
class World:
    """The story, and the identifiers of the rows of each place that is not ours."""

    story: Story
    ids: dict[str, frozenset[str]]

    def told(self, said: str, places: tuple[str, ...] = PLACES, asked: str = "") -> list[str]:
        """What this text says of these places; what was asked may be said again."""
        found = [mark(place) for place in places if mark(place).lower() in said.lower()]
        named = {one for place in places for one in self.ids[place]}
        seen = set(UUID.findall(said)) & named
        return found + sorted(one for one in seen if one not in asked)


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@cache
def tables() -> list[type[models.Model]]:
    """The tables of a managing body, their histories apart."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def marked(story: Story) -> World:
    """Mark each place but ours."""
    ids = {}
    for place in PLACES:
        case = story.cases[place]
        with tenant(case.record.managing_body_id):
            found = rows_of(place, case, story)
            _write(mark(place), found)
        ids[place] = frozenset(str(pk) for pks in found.values() for pk in pks)
    return World(story, ids)


def rows_of(place: str, case: Case, story: Story) -> Rows:
    """The rows of a place: of another body, all; else whatever leads to its person, its unit or its house."""
    if place == "other_body":
        found = {model: set(model._default_manager.values_list("pk", flat=True)) for model in tables()}
        return found | {ManagingBody: {case.record.managing_body_id}}
    record = case.record
    found = {Record: {record.pk}, type(record.person): {record.person_id}}
    around = record.unit if place == "other_unit" else record.establishment
    found[type(around)] = {around.pk}
    while grown := _led_by(found):
        for model, pks in grown.items():
            found.setdefault(model, set()).update(pks)
    if place == "other_unit":
        del found[Unit]  # a house knows the names of its units
    return found


def _led_by(found: Rows) -> Rows:
    """Rows not found yet that name one that is."""
    new: Rows = {}
    for model in tables():
        for field in model._meta.concrete_fields:
            target = field.related_model
            if field.name == "managing_body" or target not in found:
                continue
            naming = model._default_manager.filter(**{f"{field.name}__in": found[target]})
            new.setdefault(model, set()).update(naming.values_list("pk", flat=True))
    grown = {model: pks - found.get(model, set()) for model, pks in new.items()}
    return {model: pks for model, pks in grown.items() if pks}


def _write(word: str, found: Rows) -> None:
    for model, pks in found.items():
        for column in words_of(model):
            _mark(model, column, pks, word)


def words_of(model: type[models.Model]) -> Iterator[str]:
    """Columns that hold words: neither codes, nor keys, nor what is chosen in a list."""
    for field in model._meta.concrete_fields:
        text = isinstance(field, (models.CharField, models.TextField))
        long = isinstance(field, models.TextField) or (field.max_length or 0) >= LONG
        free = not (field.choices or field.unique or NOT_WORDS.search(field.name))
        if text and long and free:
            yield field.name


def _mark(model: type[models.Model], column: str, pks: set[uuid.UUID], word: str) -> None:
    """Write the mark in a column; one that the database keeps as it is stays as it is."""
    rows = model._default_manager.filter(pk__in=pks)
    for pk, value in list(rows.values_list("pk", column)):
        if not isinstance(value, str):
            continue
        try:
            with transaction.atomic():
                rows.filter(pk=pk).update(**{column: f"{value} {word}".strip()})
        except DatabaseError:
            return


def told_in(model: type[models.Model], word: str) -> bool:
    """Does a row of this table say this word?"""
    columns: list[Any] = list(words_of(model))
    return any(model._default_manager.filter(**{f"{name}__contains": word}).exists() for name in columns)

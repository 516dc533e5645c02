"""Migrations are done while the former release serves; those that cannot are named here, and say so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import CharField, CheckConstraint, GeneratedField, Index, IntegerField, Q
from django.db.models.functions import Lower

from jalon.db.online import stops, tables_of

# Of the release after 0.1, which was begun before this rule: that upgrade asks for a stop, and `jalon upgrade
# --look` says it.
STOPPED = {
    "agenda.0002_under_way", "organizations.0004_word_column_dropped", "care.0002_withdrawal",
    "documents.0003_added_papers", "people.0002_proof_is_whole", "people.0003_extent_of_measures",
    "exchange.0005_mail_rounds_and_parts", "indicators.0002_corrections", "indicators.0004_closed_once",
    "people.0004_words_of_names", "people.0007_photo_of_a_person",
    "plans.0003_review_and_succession", "care.0003_relay",
}  # fmt: skip


def plan() -> Iterator[tuple[Migration, ProjectState]]:
    """Every migration, with the models before it."""
    loader, state = MigrationLoader(None), ProjectState()
    names = dict.fromkeys(
        name for leaf in loader.graph.leaf_nodes() for name in loader.graph.forwards_plan(leaf)
    )
    for name in names:
        migration = loader.disk_migrations[name]
        yield migration, state
        state = migration.mutate_state(state, preserve=False)


def test_no_migration_asks_for_a_stop_but_those_before_the_rule() -> None:
    ours = {one.label for one in apps.get_app_configs() if one.name.startswith("jalon.")}
    asking = {
        f"{one.app_label}.{one.name}": why
        for one, state in plan()
        if one.app_label in ours and (why := stops(one, state))
    }
    first = {name for name in asking if name.partition(".")[2].startswith("0001")}
    assert first == set(), "a base that is made has no pages"
    assert asking.keys() == STOPPED, asking


def judged(*todo: object, atomic: bool = True) -> list[str]:
    """What is said of these operations on the models of today."""
    migration: Any = Migration("essai", "people")
    migration.operations, migration.atomic = list(todo), atomic
    (*_, (_, state)) = plan()
    return stops(migration, state)


TEXT = CharField(max_length=9, blank=True)
CHECK = CheckConstraint(condition=~Q(birth_name="jamais"), name="essai")
INDEX = Index(fields=["birth_name"], name="essai")


@pytest.mark.parametrize(
    ("todo", "atomic"),
    [
        ([operations.AddField("person", "essai", TEXT)], True),
        ([operations.AddField("person", "essai", IntegerField(null=True))], True),
        ([operations.AddField("person", "essai", IntegerField(db_default=0))], True),
        ([AddIndexConcurrently("person", INDEX)], False),
        ([AddConstraintNotValid("person", CHECK)], True),
        ([ValidateConstraint("person", "essai")], True),
        ([operations.RunPython(operations.RunPython.noop)], False),
        ([operations.RemoveConstraint("person", "essai")], True),
        ([operations.RunSQL("create unique index concurrently essai on people_person (id)")], False),
        ([operations.RunSQL("alter table people_person validate constraint essai")], True),
        ([operations.RunSQL("analyze people_person")], True),
        ([operations.RunSQL("create function f() returns int language sql as $$ update x set y $$")], True),
        ([operations.CreateModel("Essai", [("id", IntegerField(primary_key=True))]),
          operations.AddIndex("essai", INDEX)], True),
    ],
)  # fmt: skip
def test_what_is_done_beside_the_pages(todo: list[object], atomic: bool) -> None:
    assert judged(*todo, atomic=atomic) == []


@pytest.mark.parametrize(
    ("todo", "atomic"),
    [
        ([operations.AddField("person", "essai", IntegerField())], True),
        ([operations.AddField("person", "essai", CharField(max_length=9, default="", db_index=True))], True),
        ([operations.AddField("person", "essai", GeneratedField(
            expression=Lower("birth_name"), output_field=TEXT, db_persist=True))], True),
        ([operations.AlterField("person", "birth_name", CharField(max_length=9))], True),
        ([operations.RemoveField("person", "birth_name")], True),
        ([operations.RenameField("person", "birth_name", "essai")], True),
        ([operations.DeleteModel("person")], True),
        ([operations.AddIndex("person", INDEX)], True),
        ([AddIndexConcurrently("person", INDEX)], True),
        ([operations.AddConstraint("person", CHECK)], True),
        ([AddConstraintNotValid("person", CHECK), ValidateConstraint("person", "essai")], True),
        ([operations.AddField("person", "essai", TEXT),
          operations.RunPython(operations.RunPython.noop)], True),
        ([operations.RunSQL("update people_person set sex = ''")], True),
        ([operations.RunSQL("select 1; alter table people_person add constraint a check (true)")], True),
        ([operations.SeparateDatabaseAndState([operations.RemoveField("person", "birth_name")])], True),
    ],
)  # fmt: skip
def test_what_asks_for_a_stop(todo: list[object], atomic: bool) -> None:
    assert len(judged(*todo, atomic=atomic)) == 1


def test_the_tables_that_a_migration_takes_are_those_it_changes_and_points_to() -> None:
    for migration, state in plan():
        if (migration.app_label, migration.name) == ("documents", "0003_added_papers"):
            assert {"documents_document", "staff_professional"} <= tables_of(migration, state)
            assert "people_person" not in tables_of(migration, state)

"""Migrations build again the model that changed, and all of them for whoever follows their relations."""

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState
from django.db.models import PROTECT, CheckConstraint, DateField, ForeignKey, Q

from jalon.db.migrating import LeanState

PERSON, RECORD = ("people", "person"), ("records", "record")
NAMED = CheckConstraint(name="person_is_named", condition=~Q(birth_name=""))


def rendered() -> LeanState:
    """Every model of the software, built."""
    known = MigrationLoader(None).project_state()
    state = LeanState(known.models, known.real_apps)
    assert state.apps
    return state


def test_a_constraint_builds_its_own_model_alone_again() -> None:
    state = rendered()
    person, record = state.apps.get_model(*PERSON), state.apps.get_model(*RECORD)
    state.add_constraint(*PERSON, NAMED)
    assert state.apps.get_model(*PERSON) is not person
    assert NAMED in state.apps.get_model(*PERSON)._meta.constraints
    assert state.apps.get_model(*RECORD) is record


def test_what_runs_python_afterwards_follows_every_relation() -> None:
    state = rendered()
    state.add_constraint(*PERSON, NAMED)
    state.clear_delayed_apps_cache()
    person, record = state.apps.get_model(*PERSON), state.apps.get_model(*RECORD)
    assert record._meta.get_field("person").related_model is person
    assert record in {one.related_model for one in person._meta.related_objects}


def test_a_new_model_and_a_relation_are_seen_from_both_sides() -> None:
    state = rendered()
    to_person = ForeignKey("people.Person", PROTECT, related_name="tried")
    state.add_model(
        ModelState("people", "Trial", [("day", DateField(primary_key=True)), ("person", to_person)])
    )
    assert {one.name for one in state.apps.get_model(*PERSON)._meta.related_objects} >= {"tried", "records"}
    state.add_field("people", "trial", "record", ForeignKey("records.Record", PROTECT, null=True), False)
    trial = state.apps.get_model("people", "Trial")
    assert trial._meta.get_field("record").related_model is state.apps.get_model(*RECORD)
    assert trial in {one.related_model for one in state.apps.get_model(*RECORD)._meta.related_objects}

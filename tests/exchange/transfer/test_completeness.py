"""Nothing of the record is forgotten by a transfer: what is not told says why, and an omission is named."""

from collections.abc import Callable
from dataclasses import replace
from graphlib import CycleError
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from jalon.db.keyed import KeyedModel
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.exchange.transfer.table import AnyTable, Table, ref
from jalon.exchange.transfer.tables import ALL, BY_MODEL, OWNED, PERSON, SHARED, in_order, path_of, related
from jalon.formats.tddui.catalog import KINDS, WAITING
from jalon.organizations.models import Structure
from jalon.people.models import Contact, Person
from jalon.plans.models import Agreement, Goal
from jalon.records.models import Record, Stay
from tests.exchange.transfer.completeness import (
    columns_off_screen,
    kinds_without_table,
    misdirected,
    models_without_table,
    screens,
    typed_in_vain,
    untold_columns,
)

NOT_IN_TDDUI = "described by the business model of TDDUI 2.4.0, without a profile"
OURS = "how this house works with the record, not what is known of the person"
SENT = "what went out or came in, with its proofs: another house has its own"
# Tables of the record that do not travel, each with its reason.
STAYS_HERE = {
    "people.ProtectionMeasure": NOT_IN_TDDUI,
    "people.ParentalResponsibility": NOT_IN_TDDUI,
    "people.Vigilance": "no profile of TDDUI 2.4.0 has a place for it",
    "people.Consent": "given to this house, for its own purposes",
    "records.Record": "the person and the house that keeps them: told by the stay and by who sends",
    "records.AccessGrant": OURS,
    "records.EmergencyReview": OURS,
    "documents.Document": "waits for the class of tddui-document-reference, a paper added by hand too",
    "documents.Withdrawal": OURS,
    "plans.PlanVersion": "the plan as it was signed: the plan travels, its proofs stay",
    "care.HandoverNote": "no profile of TDDUI 2.4.0 has a place for it, a reply neither",
    "care.Acknowledgement": OURS,
    # The Tasks of TDDUI are those of a plan and transports: none is what a team hands over from day to day.
    "care.Task": OURS,
    "exchange.Delivery": SENT,
    "exchange.DeliveryStep": SENT,
    "exchange.Reception": SENT,
    "exchange.ReceivedDocument": SENT,
    "exchange.ServiceCall": SENT,
    "exchange.InsLookUp": "a question asked of INSi by this house, and what is to be done with its answer",
    "exchange.ReceivedIns": "drawn from what was received, which goes with the person",
    "exchange.VerbatimResource": "what was received, kept beside the tables: it goes out as it came",
}
# Columns that travel and that no form shows, each with its reason.
NOT_TYPED = {
    "people.Person.birth_date_precision": "typed with the date: « 1950 », « 03/1950 »",
    "people.Person.died_on_precision": "typed with the date",
    "plans.PersonalPlan.status": "moved by a gesture of its own",
    "staff.Function.professional": "who and where are the role itself: shown, and never corrected",
    "plans.Agreement.professional": "who signs is the act itself: shown, and never corrected",
    "plans.Agreement.contact": "who signs is the act itself: shown, and never corrected",
}

each_table = pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)


@each_table
def test_every_column_travels_or_says_why_not(table: AnyTable) -> None:
    assert untold_columns(table) == []


@each_table
def test_every_column_that_points_at_a_row_names_its_type(table: AnyTable) -> None:
    assert misdirected(table, ALL) == []


def test_every_table_of_the_record_travels_or_says_why_not() -> None:
    assert models_without_table(ALL, apps.get_models(), STAYS_HERE) == []


def test_every_class_that_is_read_has_its_table_and_those_that_wait_have_none() -> None:
    assert kinds_without_table(KINDS, ALL) == []
    assert {kind.name for kind in WAITING} & {table.name for table in ALL} == set()


@each_table
def test_every_column_that_travels_is_on_a_screen(table: AnyTable) -> None:
    assert columns_off_screen(table, screens(), NOT_TYPED) == []


@each_table
def test_every_field_that_is_typed_travels_or_says_why_not(table: AnyTable) -> None:
    assert typed_in_vain(table, screens()) == []


def test_exemptions_name_columns_that_exist() -> None:
    labels = {table.model._meta.label for table in ALL}
    assert {name.rpartition(".")[0] for name in NOT_TYPED} <= labels


# --- what is forgotten is named -----------------------------------------------------------------------------


@isolate_apps("jalon.people")
def a_person_who_may_die() -> type[models.Model]:
    """The table of people with a column more."""

    class Person(KeyedModel):
        comment = models.TextField("commentaire", blank=True)
        death_place = models.CharField("lieu de décès", max_length=100, blank=True)

        class Meta:
            app_label = "people"

    return Person


def small(**more: Any) -> AnyTable:
    """A table of that model, which tells the comment of people."""
    binds = tuple(bind for bind in PERSON.binds if bind.column == "comment")
    return Table(kind=PERSON.kind, model=a_person_who_may_die(), binds=binds, make=PERSON.make, **more)


def test_a_column_without_bind_is_named() -> None:
    (named,) = untold_columns(small())
    assert named.startswith("people.Person.death_place has no bind")
    assert untold_columns(small(not_told={"death_place": "said in the comment"})) == []


def test_a_bind_taken_away_is_named() -> None:
    for table in ALL:
        for lost in table.binds:
            kept = tuple(bind for bind in table.binds if bind is not lost)
            named = untold_columns(replace(table, binds=kept))
            assert [one.split()[0] for one in named] == [f"{table.model._meta.label}.{lost.column}"]


def test_a_reason_that_no_longer_holds_is_named() -> None:
    stale = {"death_place": "", "comment": "travels", "gone": "no column"}
    named = untold_columns(small(not_told=stale))
    assert [sentence.split()[0] for sentence in named] == [
        "people.Person.comment",
        "people.Person.gone",
        "people.Person.death_place",
    ]


def test_a_typed_column_that_does_not_travel_is_named() -> None:
    table = small()

    class DeathForm(forms.ModelForm):
        class Meta:
            model = table.model
            fields = ("comment", "death_place")

    assert typed_in_vain(table, [DeathForm]) == ["DeathForm.death_place is typed, and no transfer tells it"]


def test_a_column_that_travels_and_is_on_no_form_is_named() -> None:
    others = [form for form in screens() if form.__name__ not in ("StructureForm",)]
    table = BY_MODEL[Structure]
    named = columns_off_screen(table, others, {})
    assert [sentence.split()[0] for sentence in named] == [
        f"organizations.Structure.{name}" for name in ("city", "email", "kind", "name", "phone")
    ]
    assert columns_off_screen(table, screens(), {"organizations.Structure.city": "shown in the list"}) == [
        "organizations.Structure.city is exempt, and is on a form or does not travel"
    ]


@isolate_apps("jalon.agenda")
def an_absence() -> type[models.Model]:
    class Absence(TenantModel):
        record = TenantForeignKey(Record, related_name="+")

        class Meta:
            app_label = "agenda"

    return Absence


@isolate_apps("jalon.agenda")
def a_meal() -> type[models.Model]:
    class Meal(KeyedModel):
        class Meta:
            app_label = "agenda"

    return Meal


@pytest.mark.parametrize(("made", "label"), [(an_absence, "agenda.Absence"), (a_meal, "agenda.Meal")])
def test_a_table_of_the_record_without_transfer_is_named(
    made: Callable[[], type[models.Model]], label: str
) -> None:
    named = models_without_table(ALL, [*apps.get_models(), made()], STAYS_HERE)
    assert f"{label} has no Table, and no reason not to travel" in named


def test_an_exemption_without_a_table_is_named() -> None:
    named = models_without_table(ALL, apps.get_models(), STAYS_HERE | {"people.Gone": "long ago"})
    assert "people.Gone is exempt, and travels or is no table of the record" in named


def test_a_class_without_its_table_is_named() -> None:
    assert kinds_without_table(KINDS, ALL[1:]) == [f"{ALL[0].name} has no Table: say that it is `waiting`"]
    assert kinds_without_table(KINDS[1:], ALL) == [
        f"{KINDS[0].name} has a Table: it is not `waiting` any more"
    ]


def test_a_ref_to_another_type_is_named() -> None:
    astray = replace(BY_MODEL[Goal], refs=(ref("responsible", "expressed_by", "Patient"),))
    assert misdirected(astray, ALL) == ["plans.Goal.responsible points at Practitioner, not Patient"]


# --- orders and paths are drawn from what tables declare ----------------------------------------------------


def test_tables_come_after_those_they_point_at() -> None:
    assert in_order(reversed(ALL)) == ALL
    names = [table.name for table in ALL]
    for after, before in (("roles", "practitioners"), ("contacts", "person"), ("agreements", "contacts")):
        assert names.index(before) < names.index(after)
    assert {*SHARED, PERSON, *OWNED} == set(ALL)


@isolate_apps("jalon.plans")
def tangled() -> list[type[models.Model]]:
    """Two tables that point at one another."""

    class Egg(KeyedModel):
        record = TenantForeignKey("plans.Hen", related_name="+")

        class Meta:
            app_label = "plans"

    class Hen(KeyedModel):
        record = TenantForeignKey(Egg, related_name="+")

        class Meta:
            app_label = "plans"

    return [Egg, Hen]


def test_tables_that_point_at_one_another_are_refused() -> None:
    with pytest.raises(CycleError):
        in_order(replace(BY_MODEL[Stay], model=model) for model in tangled())


def test_two_tables_of_one_model_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Stay"):
        in_order([*ALL, replace(BY_MODEL[Stay])])


def test_whose_a_row_is_follows_its_owners() -> None:
    assert path_of(BY_MODEL[Contact]) == ("person",)
    assert path_of(BY_MODEL[Stay]) == ("record",)
    assert path_of(BY_MODEL[Agreement]) == ("plan", "record")
    assert related(BY_MODEL[Goal]) == ("responsible", "plan")
    assert BY_MODEL[Person] is PERSON

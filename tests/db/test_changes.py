"""One way to change a row: what differs is set and told, what no edit sets is refused whoever calls."""

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Unpack, get_args, get_origin

import pytest
from django.db import models

from jalon.agenda import actions as agenda
from jalon.agenda.changes import EventChanges
from jalon.agenda.models import Event
from jalon.db.changes import apply, hold, lock
from jalon.organizations.models import Establishment, ManagingBody, Structure
from jalon.people import actions as people
from jalon.people.changes import (
    ContactChanges,
    MeasureChanges,
    ParentChanges,
    PersonChanges,
    VigilanceChanges,
)
from jalon.people.models import Contact, ParentalResponsibility, Person, ProtectionMeasure, Vigilance
from jalon.plans import actions as plans
from jalon.plans.changes import PART_CHANGES, AgreementChanges, PlanChanges
from jalon.plans.models import Agreement, PersonalPlan
from jalon.records import actions as records
from jalon.records import directory
from jalon.records.changes import (
    FunctionChanges,
    ProfessionalChanges,
    RecordChanges,
    StayChanges,
    StructureChanges,
)
from jalon.records.models import Record, Stay
from jalon.setup import actions as setup
from jalon.setup.actions import EstablishmentChanges
from jalon.staff.models import Function, Professional
from tests.factories import ContactFactory, PersonFactory

EDITED: dict[type[models.Model], type[Any]] = {
    Person: PersonChanges,
    Contact: ContactChanges,
    ProtectionMeasure: MeasureChanges,
    ParentalResponsibility: ParentChanges,
    Vigilance: VigilanceChanges,
    Record: RecordChanges,
    Stay: StayChanges,
    Structure: StructureChanges,
    Professional: ProfessionalChanges,
    Function: FunctionChanges,
    Event: EventChanges,
    PersonalPlan: PlanChanges,
    Agreement: AgreementChanges,
    Establishment: EstablishmentChanges,
    **PART_CHANGES,
}
# Columns that say which row it is, whose, or what was received: no edit of any model sets them.
NEVER = {"id", "managing_body", "key", "received", "person", "record", "plan", "professional", "account"}


def test_what_differs_is_set_and_told() -> None:
    contact = Contact(last_name="UN", phone="01")
    changed = apply(contact, {"last_name": "DEUX", "phone": "01", "trusted": True}, allowed=ContactChanges)
    assert changed == {"last_name", "trusted"}
    assert (contact.last_name, contact.phone, contact.trusted) == ("DEUX", "01", True)


def test_a_name_that_no_edit_sets_is_refused_and_nothing_is_set() -> None:
    contact = Contact(last_name="UN", key="à vie")
    with pytest.raises(TypeError, match="key, nickname: not of ContactChanges, never set on people"):
        apply(contact, {"last_name": "DEUX", "key": "prise", "nickname": "x"}, allowed=ContactChanges)
    assert (contact.last_name, contact.key) == ("UN", "à vie")


@pytest.mark.django_db
def test_a_row_is_locked_as_the_database_has_it(body: ManagingBody) -> None:
    contact = ContactFactory(person=PersonFactory())
    Contact.objects.update(phone="02")
    assert lock(contact).phone == "02"


@pytest.mark.django_db
def test_a_row_that_is_held_is_read_again_in_place(body: ManagingBody) -> None:
    contact = ContactFactory(person=PersonFactory())
    Contact.objects.update(phone="02")
    hold(contact)
    assert contact.phone == "02"


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model._meta.label)
def test_what_may_be_set_of_a_model_is_among_its_columns_and_never_its_identity(
    model: type[models.Model],
) -> None:
    allowed = EDITED[model].__optional_keys__
    columns = {field.name for field in model._meta.local_fields}
    assert allowed
    assert allowed - columns == set()
    assert allowed & NEVER == set()
    assert not EDITED[model].__required_keys__


def use_cases() -> Iterator[tuple[str, inspect.Signature]]:
    modules: tuple[ModuleType, ...] = (agenda, people, plans, records, directory, setup)
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}", inspect.signature(function, eval_str=True)


def test_a_use_case_takes_no_open_list_of_fields() -> None:
    """`**fields: Any` is a door that nobody watches: each is of a closed and typed list."""
    found = {
        name: parameter.annotation
        for name, signature in use_cases()
        for parameter in signature.parameters.values()
        if parameter.kind is parameter.VAR_KEYWORD
    }
    assert len(found) >= 16
    assert [name for name, said in found.items() if get_origin(said) is not Unpack] == []
    assert all(get_args(said)[0].__optional_keys__ for said in found.values())

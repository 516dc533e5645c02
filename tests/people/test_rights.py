"""Consents, contacts, vigilances."""

import datetime as dt

import pytest

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.people.actions import decide, keep_contact, opposes, warn
from jalon.people.models import Consent, Vigilance
from jalon.people.queries import vigilances_of
from jalon.people.rules import VIGILANCES
from tests.factories import (
    LAST_MONTH,
    TODAY,
    YESTERDAY,
    ContactFactory,
    PersonFactory,
    ProfessionalFactory,
    VigilanceFactory,
)

pytestmark = pytest.mark.django_db
DMP = Consent.Purpose.DMP_FEED


def test_silence_is_not_opposition(body: ManagingBody) -> None:
    assert not opposes(PersonFactory(), DMP)


def test_an_opposition_holds_until_another_decision(body: ManagingBody) -> None:
    person = PersonFactory()
    decide(person=person, purpose=DMP, granted=False, on=LAST_MONTH, by=None)
    assert opposes(person, DMP)
    decide(person=person, purpose=DMP, granted=True, on=TODAY, by=None)
    assert not opposes(person, DMP)


def test_the_day_of_the_decision_counts_not_the_day_it_was_recorded(body: ManagingBody) -> None:
    person = PersonFactory()
    decide(person=person, purpose=DMP, granted=False, on=TODAY, by=None)
    decide(person=person, purpose=DMP, granted=True, on=LAST_MONTH, by=None)
    assert opposes(person, DMP)


def test_of_two_decisions_of_one_day_the_last_recorded_holds(body: ManagingBody) -> None:
    person = PersonFactory()
    decide(person=person, purpose=DMP, granted=True, on=TODAY, by=None)
    decide(person=person, purpose=DMP, granted=False, on=TODAY, by=None)
    assert opposes(person, DMP)


def test_an_opposition_is_to_one_purpose_of_one_person(body: ManagingBody) -> None:
    person = PersonFactory(opposed_to_dmp=True)
    assert opposes(person, DMP)
    assert not opposes(person, Consent.Purpose.CITIZEN_MAIL)
    assert not opposes(PersonFactory(), DMP)


def test_every_decision_stays_and_is_traced(body: ManagingBody) -> None:
    person, by = PersonFactory(), ProfessionalFactory()
    for granted, day in ((False, LAST_MONTH), (True, YESTERDAY)):
        decide(person=person, purpose=DMP, granted=granted, on=day, by=by)
    assert [consent.granted for consent in person.consents.all()] == [True, False]
    traces = Entry.objects.order_by("at").values_list("facts", "professional")
    assert list(traces) == [
        ({"purpose": "dmp_feed", "granted": False}, by.pk),
        ({"purpose": "dmp_feed", "granted": True}, by.pk),
    ]


def test_a_contact_gets_a_key_for_life(body: ManagingBody) -> None:
    person = PersonFactory()
    contact = keep_contact(person=person, contact=None, by=None, last_name="PROCHE-FICTIF", trusted=True)
    key = contact.key
    assert key.startswith(f"{person.key}-CONTACT-")
    contact = keep_contact(person=person, contact=contact, by=None, phone="0100000000")
    assert (contact.key, contact.phone, contact.trusted) == (key, "0100000000", True)
    assert person.contacts.count() == 1


def test_what_can_kill_is_the_first_vigilance_of_each_whatever_was_written_first(body: ManagingBody) -> None:
    one, other, nobody = PersonFactory(), PersonFactory(), PersonFactory()
    for kind in ("communication", "other", "fall", "swallowing", "allergy"):
        VigilanceFactory(person=one, kind=kind)
    VigilanceFactory(person=one, kind="epilepsy", active=False)
    VigilanceFactory(person=other, kind="runaway")
    found = vigilances_of([one.pk, other.pk, nobody.pk])
    kinds = {person: [vigilance.kind for vigilance in found[person.pk]] for person in (one, other, nobody)}
    assert kinds == {
        one: ["allergy", "swallowing", "fall", "communication", "other"],
        other: ["runaway"],
        nobody: [],
    }


def test_every_kind_of_vigilance_has_its_rank() -> None:
    assert sorted(VIGILANCES) == sorted(Vigilance.Kind.values)


def test_a_contact_has_a_name(body: ManagingBody) -> None:
    with pytest.raises(DomainError) as refusal:
        keep_contact(person=PersonFactory(), contact=None, by=None, phone="0100000000")
    assert refusal.value.code == "contact_without_name"


def test_contacts_come_in_the_order_of_calls(body: ManagingBody) -> None:
    person = PersonFactory()
    late = ContactFactory(person=person, call_order=2)
    first = ContactFactory(person=person, call_order=1)
    whenever = ContactFactory(person=person)
    assert list(person.contacts.all()) == [first, late, whenever]


def test_a_vigilance_is_in_force_and_its_text_stays_out_of_the_trace(body: ManagingBody) -> None:
    person = PersonFactory()
    warn(person=person, kind="allergy", text="allergie fictive à l’arachide", by=None)
    assert person.vigilances.get().active
    assert Entry.objects.get().facts == {"kind": "allergy"}


def test_a_protected_minor_has_both_facts(body: ManagingBody) -> None:
    person = PersonFactory(minor=True, protected=True)
    assert person.birth_date > TODAY - dt.timedelta(days=18 * 365)
    assert not person.measures.get().to_verify

"""After an import, one field is edited on screen: the export differs by that element, no other."""

import fnmatch
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import ALL
from jalon.formats.tddui import changes
from jalon.organizations.models import ManagingBody
from jalon.records.models import Record
from jalon.staff.rules import Role
from tests.exchange.transfer.files import bring, sample, taken_out
from tests.exchange.transfer.test_edits import ELEMENTS, place
from tests.factories import (
    AccountFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    SeatFactory,
)
from tests.formats.tddui.sample import LOCAL, Json, concept, ext, ref
from tests.formats.tddui.sample_record import NEED
from tests.web.filled import filled
from tests.web.story import enter, undone

MOMENT, LATER = "2026-03-02T12:30", "2026-03-02T17:45"
DAY, NEXT = "2026-02-03", "2027-02-03"
# What somebody types, field by field; where several columns share a field, the field has the name of one.
TYPED: dict[str, dict[str, Any]] = {
    "person": {
        "birth_name": "AUTRE", "birth_first_names": "ZOE LISE", "first_name": "ZOE", "used_name": "AUTRE",
        "used_first_name": "Zoé", "sex": "M", "birth_date": "03/02/1950", "birth_place": "38185",
        "birth_order": "3", "died_on": "03/02/2026", "death_reported": "on",
        "address_line": "2 rue Neuve", "postal_code": "38000",
        "city": "Grenoble", "phone": "02", "email": "c@d.test", "comment": "Autre",
    },
    "contacts": {
        "last_name": "AUTRE", "first_name": "ANNE", "role": "ECON", "relation": "MTH",
        "protection": "CURATEUR", "trusted": None, "phone": "03", "email": "e@f.test", "call_order": "4",
        "comment": "Autre",
    },
    "stays": {
        "file_number": "99", "admitted_on": DAY, "starts_on": DAY, "ends_on": NEXT, "planned_start": DAY,
        "planned_end": NEXT, "mode": "20", "entry_mode": "8715000", "exit_mode": "160849004",
        "comment": "Autre",
    },
    "events": {
        "label": "Autre", "type_code": "2.2.1", "status": "TERMINE", "starts_at": MOMENT, "ends_at": LATER,
        "place": "Salon", "reason": "Autre", "report": "Autre", "person_present": "false",
    },
    "plans": {
        "title": "Autre", "type_code": "PAI", "description": "Autre", "starts_on": DAY, "ends_on": NEXT,
        "communication": "Autre",
    },
    "expectations": {"origin": "Sa sœur", "description": "Autre", "comment": "Autre"},
    "needs": {"category": "1.1.3", "description": "Autre", "analysis": "Autre", "comment": "Autre"},
    "goals": {
        "title": "Autre", "description": "Autre", "status": "ACTIF", "opinion": "Autre", "strategy": "Autre",
        "starts_on": DAY, "expected": "Autre", "due_on": NEXT, "need_keys": None,
    },
    "actions": {
        "title": "Autre", "description": "Autre", "status": "ACTIF", "opinion": "Autre", "expected": "Autre",
        "starts_on": DAY, "ends_on": NEXT, "goal_keys": None,
    },
    "agreements": {"signed_at": MOMENT, "valid_from": DAY, "valid_until": NEXT},
}  # fmt: skip
ODD: dict[str, tuple[str, str]] = {
    "person": ("used_name", "AUTRE"),
    "contacts": ("comment", "Autre"),
    "stays": ("comment", "Autre"),
    "events": ("place", "Salon"),
    "plans": ("description", "Autre"),
    "expectations": ("description", "Autre"),
    "needs": ("analysis", "Autre"),
    "goals": ("due_on", NEXT),
    "actions": ("expected", "Autre"),
    "agreements": ("valid_until", NEXT),
}
PAGES = {
    "person": ("person-edit", ""),
    "contacts": ("contact", "contact_id"),
    "stays": ("stay", "stay_id"),
    "events": ("event", "event_id"),
    "plans": ("plan-edit", ""),
    "expectations": ("plan-part", "attente"),
    "needs": ("plan-part", "besoin"),
    "goals": ("plan-part", "objectif"),
    "actions": ("plan-part", "action"),
    "agreements": ("agreement", "agreement_id"),
}
KINDS = [table for table in ALL if table.name in PAGES]


@pytest.fixture
def empty(db: None, settings: Settings) -> ManagingBody:
    """A managing body without any record."""
    settings.WHITENOISE_AUTOREFRESH = True  # no folder of collected files to look for
    body: ManagingBody = ManagingBodyFactory.create()
    return body


@pytest.fixture
def house(empty: ManagingBody) -> ManagingBody:
    """The same, with the widest record of all just imported."""
    with tenant(empty.pk):
        bring(sample())
    return empty


def director(body: ManagingBody) -> Client:
    account = AccountFactory.create(password=None)
    with tenant(body.pk):
        professional = ProfessionalFactory.create(account=account)
        establishment = Record.objects.get().establishment
        MembershipFactory.create(professional=professional, establishment=establishment, role=Role.DIRECTOR)
        SeatFactory.create(account=account, managing_body=body)
    return enter(account)


def address(table: AnyTable) -> str:
    """The page of the first object of this class."""
    name, named = PAGES[table.name]
    arguments = {"record_id": Record.objects.get().pk}
    row = table.model._default_manager.order_by("pk")[0].pk
    if named.endswith("_id"):
        arguments |= {named: row}
    elif named:
        arguments |= {"kind": named, "part_id": row}
    return reverse(f"records:{name}", kwargs=arguments)


def type_and_save(client: Client, page: str, typed: dict[str, Any]) -> None:
    """Send back the form as it was shown, less what is typed over; None: a box that is unticked."""
    sent = {name: value for name, value in (filled(client, page) | typed).items() if value is not None}
    answer = client.post(page, sent)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.name)
def test_each_field_of_a_screen_changes_its_element_and_no_other(
    house: ManagingBody, table: AnyTable
) -> None:
    client = director(house)
    with tenant(house.pk):
        before, page = taken_out(), address(table)
    for field, value in TYPED[table.name].items():
        with undone():
            type_and_save(client, page, {field: value})
            with tenant(house.pk):
                found = [place(change.path) for change in changes(before, taken_out())]
        pattern = ELEMENTS[table.name][field].replace("[", "[[]")
        assert {name.partition("[")[0] for name, _ in found} == {table.type}, (field, found)
        assert [path for _, path in found if not fnmatch.fnmatchcase(path, pattern)] == [], (field, found)


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.name)
def test_a_form_sent_back_as_it_came_changes_nothing(house: ManagingBody, table: AnyTable) -> None:
    client = director(house)
    with tenant(house.pk):
        before, page = taken_out(), address(table)
    type_and_save(client, page, {})
    with tenant(house.pk):
        assert changes(before, taken_out()) == []


def odd() -> Json:
    """The same record as another system may write it: codes of no list, seconds, spaces, other line ends."""
    return sample(
        Patient__lou=lambda one: one.update(
            telecom=[
                {"system": "email", "value": "lou chez exemple"},
                {"system": "phone", "value": " 01  02 "},
            ],
            address=[{"line": ["12 rue\ndes Lilas"], "city": " Ambérieu", "postalCode": "01500 "}],
            extension=[ext("comment", valueString="\r\nPréfère\r\nLou\n ")],
        ),
        RelatedPerson__zoe=lambda one: one.update(
            relationship=[concept("urn:autre", "COUSINE"), concept("urn:autre", "X9"), {"text": "voisine"}],
            name=[{"family": "FICTIVE  "}],
            telecom=[{"system": "phone", "value": "06", "rank": 900}],
        ),
        Encounter__stay=lambda one: one["hospitalization"].update(
            admitSource=concept("urn:autre", "VENUE"), dischargeDisposition=concept("urn:autre", "PARTIE")
        ),
        Encounter__event=lambda one: one.update(
            # 2:30 comes twice in that night of October.
            period={"start": "2026-10-25T02:30:17+02:00", "end": "2026-10-25T02:30:41+01:00"},
            extension=[ext("event-report", valueString="Ligne\u2028une\n\n\nLigne deux")],
        ),
        CarePlan__pp=lambda one: one.update(title=" Projet\tde Lou ", note=[{"text": "\nPhrases courtes"}]),
        Goal__aim=lambda one: one.update(
            addresses=[ref("ServiceRequest/other"), ref("ServiceRequest/need")],
            description={"text": "Aller seule \r\nà la boulangerie"},
        ),
        ServiceRequest__other=NEED | {"identifier": [NEED["identifier"][0] | {"value": f"{LOCAL}-BESO-2"}]},
        Consent__lou=lambda one: one.update(dateTime="2026-01-05T10:20:30.5+01:00"),
    )


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.name)
def test_what_a_page_cannot_show_is_not_lost_by_saving_it(empty: ManagingBody, table: AnyTable) -> None:
    """Sent back as it came, then with one field changed: that one only changes."""
    with tenant(empty.pk):
        bring(odd())
        before, page = taken_out(), address(table)
    client = director(empty)
    type_and_save(client, page, {})
    with tenant(empty.pk):
        assert changes(before, taken_out()) == []
    field, value = ODD[table.name]
    type_and_save(client, page, {field: value})
    with tenant(empty.pk):
        found = {re.split(r"[.[]", place(change.path)[1])[0] for change in changes(before, taken_out())}
    assert len(found) == 1, found


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.name)
def test_every_column_of_a_class_has_its_field(table: AnyTable) -> None:
    """But what is told by another field, or decided by a gesture of its own."""
    untyped = {
        "person": {"birth_date_precision", "died_on_precision"},
        "plans": {"status"},
    }
    columns = {bind.column for bind in table.binds} - untyped.get(table.name, set())
    assert columns == set(TYPED[table.name])

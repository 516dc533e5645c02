"""After an import, one column is edited as a screen would: the export differs by that element, no other."""

import datetime as dt
import fnmatch
from typing import Any

import pytest

from jalon.agenda import actions as agenda
from jalon.agenda.models import Event
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import ALL
from jalon.formats.tddui import changes
from jalon.organizations.models import ManagingBody
from jalon.people import actions as people
from jalon.people.models import Contact, Person
from jalon.plans import actions as plans
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan
from jalon.records import actions as records
from jalon.records.models import Stay
from tests.exchange.transfer.files import bring, sample, taken_out

DAY, LATER = dt.date(2026, 2, 3), dt.date(2027, 2, 3)
HOUR = dt.datetime(2026, 3, 2, 15, 30, tzinfo=dt.UTC)
VALUES: dict[str, dict[str, Any]] = {
    "organizations": {"name": "IME Neuf", "kind": "182", "phone": "01", "email": "a@b.test", "city": "Brest"},
    "practitioners": {
        "last_name": "AUTRE", "first_name": "Zoé", "title": "M", "phone": "01", "email": "a@b.test",
    },
    "roles": {"role": "CORRE", "profession": "G15_10", "exercise_mode": "L", "phone": "02"},
    "person": {
        "birth_name": "AUTRE", "birth_first_names": "ZOE LISE", "first_name": "ZOE", "used_name": "AUTRE",
        "used_first_name": "Zoé", "sex": "M", "birth_date": DAY, "birth_date_precision": "year",
        "birth_place": "38185", "birth_order": 3, "died_on": DAY,
        "died_on_precision": "year", "death_reported": True, "address_line": "2 rue Neuve",
        "postal_code": "38000", "city": "Grenoble", "phone": "02", "email": "c@d.test", "comment": "Autre",
    },
    "contacts": {
        "last_name": "AUTRE", "first_name": "ANNE", "role": "ECON", "relation": "MTH",
        "protection": "CURATEUR", "trusted": False, "phone": "03", "email": "e@f.test", "call_order": 4,
        "comment": "Autre",
    },
    "stays": {
        "file_number": "99", "admitted_on": DAY, "starts_on": DAY, "ends_on": LATER, "planned_start": DAY,
        "planned_end": DAY, "mode": "01", "entry_mode": "GEN-092.06.01", "exit_mode": "GEN-092.06.07",
        "comment": "Autre",
    },
    "events": {
        "label": "Autre", "type_code": "2.2.1", "status": "TERMINE",
        "starts_at": HOUR - dt.timedelta(hours=3), "ends_at": HOUR,
        "place": "Salon", "reason": "Autre", "report": "Autre", "person_present": False,
    },
    "plans": {
        "title": "Autre", "description": "Autre", "type_code": "PAI", "status": "ENPAUSE", "starts_on": DAY,
        "ends_on": LATER, "communication": "Autre",
    },
    "expectations": {"origin": "Sa sœur", "description": "Autre", "comment": "Autre"},
    "needs": {"category": "1.1.3", "description": "Autre", "analysis": "Autre", "comment": "Autre"},
    "goals": {
        "title": "Autre", "description": "Autre", "status": "ACTIF", "opinion": "Autre", "strategy": "Autre",
        "starts_on": DAY, "expected": "Autre", "due_on": LATER, "need_keys": [],
    },
    "actions": {
        "title": "Autre", "description": "Autre", "status": "ACTIF", "opinion": "Autre", "expected": "Autre",
        "starts_on": DAY, "ends_on": LATER, "goal_keys": [],
    },
    "agreements": {"signed_at": HOUR, "valid_from": DAY, "valid_until": LATER},
}  # fmt: skip
# The element each column stands for; `*`: several parts of one element.
ELEMENTS: dict[str, dict[str, str]] = {
    "organizations": {
        "name": "name", "kind": "type[0].coding[0]", "phone": "telecom[0].value", "email": "telecom[1]",
        "city": "address[0].*",
    },
    "practitioners": {
        "last_name": "name[0].family", "first_name": "name[0].given[0]", "title": "name[0].prefix[0]",
        "phone": "telecom[1]", "email": "telecom[0].value",
    },
    "roles": {
        "role": "code[0].coding[0]", "profession": "code[0].extension[0].valueCodeableConcept.coding[0]",
        "exercise_mode": "extension[0].valueCodeableConcept.coding[0]", "phone": "telecom[0].value",
    },
    "person": {
        "birth_name": "name[0].family", "birth_first_names": "name[0].extension[0].valueString",
        "first_name": "name[0].given[0]", "used_name": "name[1].family",
        "used_first_name": "name[1].given[0]", "sex": "gender",
        "birth_date": "birthDate", "birth_date_precision": "birthDate",
        "birth_place": "extension[0].valueAddress.*",
        "birth_order": "_birthDate.extension[0].valuePositiveInt", "died_on": "deceasedDateTime",
        "died_on_precision": "deceasedDateTime", "death_reported": "deceased*",
        "address_line": "address[0].*", "postal_code": "address[0].postalCode", "city": "address[0].*",
        "phone": "telecom[0].value", "email": "telecom[1].value", "comment": "extension[3].valueString",
    },
    "contacts": {
        "last_name": "name[0].family", "first_name": "name[0].given[0]", "role": "relationship*",
        "relation": "relationship[0].coding[0]", "protection": "relationship[2].coding[0]",
        "trusted": "relationship[1]", "phone": "telecom[0].value", "email": "telecom[2]",
        "call_order": "telecom[0].rank", "comment": "extension[1].valueString",
    },
    "stays": {
        "file_number": "identifier[1].value", "admitted_on": "extension[1].valueDateTime",
        "starts_on": "period.start", "ends_on": "period.end", "planned_start": "extension[2].valueDateTime",
        "planned_end": "extension[4].valueDateTime", "mode": "serviceType.coding[0]",
        "entry_mode": "hospitalization.admitSource.coding[0]",
        "exit_mode": "hospitalization.dischargeDisposition.coding[0]", "comment": "extension[0].valueString",
    },
    "events": {
        "label": "extension[2].valueString", "type_code": "type[0].coding[0]", "status": "*status",
        "starts_at": "period.start", "ends_at": "period.end", "place": "location[0].location.*",
        "reason": "extension[8].valueString", "report": "extension[5].valueString",
        "person_present": "extension[9].valueBoolean",
    },
    "plans": {
        "title": "title", "description": "description", "type_code": "category[0].coding[0]",
        "status": "*status", "starts_on": "period.start", "ends_on": "period.end",
        "communication": "note[0].text",
    },
    "expectations": {"origin": "note[1].text", "description": "description.text", "comment": "note[0].text"},
    "needs": {
        "category": "category[0].coding[0]", "description": "code.text", "analysis": "orderDetail[0].text",
        "comment": "note[0].text",
    },
    "goals": {
        "title": "note[0].text", "description": "description.text", "status": "*lifecycleStatus",
        "opinion": "note[1].text", "strategy": "note[2].text", "starts_on": "startDate",
        "expected": "target[0].detailString", "due_on": "target[0].dueDate", "need_keys": "addresses",
    },
    "actions": {
        "title": "input[1].valueString", "description": "description", "status": "*status*",
        "opinion": "input[2].valueString", "expected": "input[3].valueString",
        "starts_on": "executionPeriod.start", "ends_on": "executionPeriod.end", "goal_keys": "input[0]",
    },
    "agreements": {
        "signed_at": "dateTime", "valid_from": "extension[0].valuePeriod.start",
        "valid_until": "extension[0].valuePeriod.end",
    },
}  # fmt: skip
CASES = [(table, bind.column) for table in ALL for bind in table.binds]


def edit(row: Any, column: str, value: Any) -> None:
    """Change a column by the product's own use case, where there is one."""
    change = {column: value}
    match row:
        case Person():
            people.edit(person=row, by=None, **change)
        case Contact():
            people.keep_contact(person=row.person, contact=row, by=None, **change)
        case Stay():
            records.edit_stay(stay=row, by=None, **change)
        case Event():
            agenda.edit_event(event=row, by=None, **change)
        case PersonalPlan() | Agreement() | Expectation() | Need() | Goal() | Action():
            edit_plan(row, change)
        case _:
            setattr(row, column, value)
            row.save()


def edit_plan(row: Any, change: dict[str, Any]) -> None:
    """The same, for a plan and what belongs to it."""
    match row:
        case PersonalPlan() if "status" in change:
            plans.move(plan=row, to=change["status"], by=None)
        case PersonalPlan():
            plans.edit_plan(plan=row, by=None, **change)
        case Agreement():
            plans.edit_agreement(agreement=row, by=None, **change)
        case _:
            plans.edit_part(part=row, by=None, **change)


@pytest.mark.parametrize(
    ("table", "column"), CASES, ids=[f"{table.name}.{column}" for table, column in CASES]
)
def test_the_export_differs_by_the_edited_element_and_no_other(
    body: ManagingBody, table: AnyTable, column: str
) -> None:
    bring(sample())
    before, row = taken_out(), table.model._default_manager.order_by("pk").first()
    edit(row, column, VALUES[table.name][column])
    found = changes(before, taken_out())
    objects = {place(change.path)[0] for change in found}
    paths = [place(change.path)[1] for change in found]
    assert [name.partition("[")[0] for name in objects] == [table.type]
    pattern = ELEMENTS[table.name][column].replace("[", "[[]")
    assert [path for path in paths if not fnmatch.fnmatchcase(path, pattern)] == []


def place(path: str) -> tuple[str, str]:
    """`Goal[3…-OBJE-1].note[0].text` → the object, the element."""
    head, _, rest = path.partition("].")
    return head + "]", rest

"""What rows keep of what they received, in the forms it had before: read, compared and sent as today's."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from jalon.agenda.models import Event
from jalon.core.errors import DomainError
from jalon.exchange.transfer.codec import dump
from jalon.exchange.transfer.kept import opened, received
from jalon.exchange.transfer.tables import ALL
from jalon.formats.tddui import changes
from jalon.organizations.models import ManagingBody
from tests.exchange.transfer.files import bring, sample, taken_out

pytestmark = pytest.mark.django_db
Form = Callable[[Any, Any], dict[str, Any]]


def field_by_field(table: Any, row: Any) -> dict[str, Any]:
    """The form of release 0.1."""
    found: dict[str, Any] = dump(received(table, row))
    return found


def text_with_tokens(table: Any, row: Any) -> dict[str, Any]:
    """A text that says keys where today's says addresses."""
    resource = received(table, row).read_from.resource
    told = {name: part for name, part in resource.items() if name != "resourceType"}
    kept = opened(row)
    beside = {name: kept[name] for name in ("columns", "links", "tokens", "above", "gate")}
    return {"resource": orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode(), **beside}


def keep(form: Form) -> None:
    """Let every row keep what it received in this form."""
    for table in ALL:
        rows: Any = table.model._default_manager.exclude(received="")
        for row in rows:
            row.received = form(table, row)
            row.save(update_fields=["received"])


@pytest.mark.parametrize("form", [field_by_field, text_with_tokens])
def test_a_row_written_before_goes_out_as_it_came_in(body: ManagingBody, form: Form) -> None:
    bring(sample())
    keep(form)
    assert changes(sample(), taken_out()) == []


@pytest.mark.parametrize("form", [field_by_field, text_with_tokens])
def test_a_row_written_before_knows_what_it_is_told_again(body: ManagingBody, form: Form) -> None:
    bring(sample())
    keep(form)
    report = bring(sample())
    assert (report.created, report.changed) == ({}, {})


@pytest.mark.parametrize("form", [field_by_field, text_with_tokens])
def test_a_row_written_before_says_what_was_edited_since(body: ManagingBody, form: Form) -> None:
    bring(sample())
    before = taken_out()
    keep(form)
    Event.objects.update(label="Autre intitulé")
    assert {change.after for change in changes(before, taken_out())} == {"Autre intitulé"}


def test_a_text_that_another_gate_let_through_is_looked_at_again(body: ManagingBody) -> None:
    bring(sample())
    mine = taken_out()
    for row in Event.objects.all():
        row.received = {**opened(row), "gate": "another"}
        row.save(update_fields=["received"])
    assert taken_out() == mine
    for row in Event.objects.all():
        wrong = opened(row)["text"].replace('"status":"', '"status":"not-')
        row.received = {**opened(row), "text": wrong}
        row.save(update_fields=["received"])
    with pytest.raises(DomainError) as refusal:
        taken_out()
    assert refusal.value.code == "tddui_invalid"
    assert refusal.value.place.endswith(".status")

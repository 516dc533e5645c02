"""Addresses are written from their pattern, and are those that Django gives."""

import uuid
from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from jalon.faces.addresses import url

ONE, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def under_a_prefix() -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix("/jalon/")
    yield
    set_script_prefix(before)


@pytest.mark.parametrize("record", [ONE, OTHER])
def test_an_address_is_the_one_of_django(record: uuid.UUID) -> None:
    assert url("records:summary", record) == reverse("records:summary", args=[record])
    assert url("records:event", record, OTHER) == reverse("records:event", args=[record, OTHER])
    named = {"record_id": record, "event_id": ONE}
    assert url("records:event", **named) == reverse("records:event", kwargs=named)
    assert url("home:day") == reverse("home:day")


def test_an_identifier_as_text_and_a_number_are_written_too() -> None:
    assert url("records:summary", str(ONE)) == reverse("records:summary", args=[ONE])


def test_an_address_follows_the_prefix_of_the_site(under_a_prefix: None) -> None:
    assert url("records:summary", ONE).startswith("/jalon/")


def test_a_page_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        url("records:nothing", ONE)

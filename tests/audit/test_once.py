"""A form is acted upon once, however often it is sent."""

import threading
import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from jalon.audit.actions import once, record_entry
from jalon.audit.models import Entry, SentForm
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.staff.models import Professional
from tests.factories import ManagingBodyFactory, ProfessionalFactory

FORM = "f" * 64
HANDS = 4


def send(
    by: Professional, form: str = FORM, *, led_to: str = "/la-suite/", act: bool = True
) -> tuple[str, bool]:
    """One sending: an act, unless it was done."""
    with once(form, by=by) as sent:
        if not sent.again:
            if act:
                record_entry("care.note_written", on=None, by=by)
            sent.led_to = led_to
    return sent.led_to, sent.again


@pytest.mark.django_db
def test_a_form_sent_again_leads_where_it_led_and_nothing_is_done(body: ManagingBody) -> None:
    by = ProfessionalFactory()
    assert [send(by), send(by, led_to="/ailleurs/")] == [("/la-suite/", False), ("/la-suite/", True)]
    assert Entry.objects.count() == SentForm.objects.count() == 1


@pytest.mark.django_db
def test_another_form_and_another_professional_act(body: ManagingBody) -> None:
    one, other = ProfessionalFactory(), ProfessionalFactory()
    assert [send(one)[1], send(other)[1], send(one, "e" * 64)[1]] == [False, False, False]
    assert Entry.objects.count() == 3


@pytest.mark.django_db
def test_what_wrote_nothing_may_be_sent_again(body: ManagingBody) -> None:
    by = ProfessionalFactory()
    assert [send(by, act=False)[1], send(by, led_to="")[1], send(by)[1], send(by)[1]] == [
        False,
        False,
        False,
        True,
    ]


@pytest.mark.django_db
def test_an_act_that_was_undone_may_be_sent_again(body: ManagingBody) -> None:
    """Refused half-way: its entry went with it, whoever caught the refusal."""
    by = ProfessionalFactory()
    with once(FORM, by=by) as sent:
        with pytest.raises(DomainError), transaction.atomic():
            record_entry("plans.signed", on=None, by=by)
            raise DomainError("Refusé.", code="refused")
        sent.led_to = "/la-suite/"
    assert not SentForm.objects.exists()
    assert send(by) == ("/la-suite/", False)


@pytest.mark.django_db
def test_a_form_within_another_keeps_its_own_entries(body: ManagingBody) -> None:
    by = ProfessionalFactory()
    with once(FORM, by=by) as sent:
        send(by, "e" * 64)
        sent.led_to = "/la-suite/"
    assert [form.form[0] for form in SentForm.objects.all()] == ["e"]


@pytest.mark.django_db
def test_what_was_sent_can_be_neither_changed_nor_forgotten(body: ManagingBody) -> None:
    send(ProfessionalFactory())
    for write in (lambda: SentForm.objects.update(form="e"), lambda: SentForm.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            write()


def tap(body: uuid.UUID, by: Professional, start: threading.Barrier, told: list[bool]) -> None:
    """One tap, with a connection of its own."""
    try:
        start.wait()
        with tenant(body):
            told.append(send(by)[1])
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_instant_are_one_act() -> None:
    body = ManagingBodyFactory().pk
    with tenant(body):
        by = ProfessionalFactory()
    start, told = threading.Barrier(HANDS), []
    hands = [threading.Thread(target=tap, args=(body, by, start, told)) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(told) == [False] + [True] * (HANDS - 1)
    with tenant(body):
        assert Entry.objects.count() == 1

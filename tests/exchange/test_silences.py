"""INSi and the operator's mailboxes when they no longer answer: one tries, the others are told at once."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from pytest_django import Settings

from jalon.core.errors import DomainError, Rejected, Unreachable
from jalon.db.tenant import current_tenant
from jalon.exchange import breaker, watching
from jalon.exchange.identity import answering, asking
from jalon.exchange.inbox import fetching
from jalon.exchange.jobs import INSI, MAILBOXES
from jalon.exchange.models import InsLookUp, LookUpState, MailboxRound, ServiceCall, Silence
from jalon.organizations.models import Establishment, ManagingBody
from jalon.people.models import Person
from jalon_sandbox.insi.simulator import Behavior
from tests.exchange import world as worlds
from tests.exchange.letters import letter
from tests.exchange.world import World

pytestmark = pytest.mark.django_db
DOWN = "https://localhost:9"


@pytest.fixture
def camille(world: World, body: ManagingBody) -> Person:
    """Somebody whose INS is not known."""
    return worlds.person(with_qualified_identity=False, birth_first_names="Camille")


def asked(person: Person) -> InsLookUp:
    """Asked, and answered as the worker does."""
    look_up = asking.ask(person=person, by=None, now=timezone.now())
    body = current_tenant()
    with worlds.nowhere():
        answering.answer(str(body), look_up.pk)
    look_up.refresh_from_db()
    return look_up


def its_time(service: str) -> None:
    """The pause before the next try is over."""
    Silence.objects.filter(pk=service).update(next_at=timezone.now() - dt.timedelta(seconds=1))


def test_an_insi_that_no_longer_answers_is_called_by_one_and_said_to_the_others(
    camille: Person, settings: Settings
) -> None:
    address, settings.INSI_URL = settings.INSI_URL, DOWN
    for _ in range(breaker.PATIENCE):
        assert asked(camille).outcome == "unreachable"
    told = ServiceCall.objects.count()
    silent = asked(camille)
    assert (silent.state, silent.outcome) == (LookUpState.FAILED, "silent")
    assert "ne répond plus" in silent.message
    assert ServiceCall.objects.count() == told, "nobody was called"
    its_time(INSI)
    assert [asked(camille).outcome for _ in range(2)] == ["unreachable", "silent"]

    settings.INSI_URL = address
    its_time(INSI)
    assert asked(camille).attached
    assert not Silence.objects.exists()


def test_an_insi_that_refuses_answers(camille: Person, world: World) -> None:
    world.insi.behavior = Behavior("refuse", code="siram_40", label="Service indisponible")
    for _ in range(breaker.PATIENCE + 1):
        assert asked(camille).outcome == "rejected"
    assert not Silence.objects.exists()


def test_what_we_refuse_ourselves_says_nothing_of_the_service() -> None:
    breaker.failed(INSI, timezone.now())
    with pytest.raises(DomainError), breaker.listening(INSI, timezone.now()):
        raise DomainError("L’identité a changé.", code="changed")
    assert Silence.objects.get().failures == 1


def test_an_operator_that_no_longer_answers_is_tried_by_one_mailbox_and_each_says_it_fails(
    body: ManagingBody, world: World, house: Establishment, settings: Settings
) -> None:
    world.mail.inject(house.mailbox, letter(None, to=house.mailbox))
    address, settings.MSSANTE_IMAP = settings.MSSANTE_IMAP, "localhost:9"

    def fetch(of: uuid.UUID = house.pk) -> int:
        with worlds.nowhere():
            return fetching.fetch(body.pk, of, timezone.now())

    for _ in range(breaker.PATIENCE):
        with pytest.raises(Unreachable):
            fetch()
    assert Silence.objects.get(pk=MAILBOXES).failures == breaker.PATIENCE
    settings.MSSANTE_IMAP = address
    with pytest.raises(Unreachable, match="ne répond plus"):
        fetch()
    assert MailboxRound.objects.get().failing_since is not None
    its_time(MAILBOXES)
    assert fetch() == 1
    assert (Silence.objects.count(), MailboxRound.objects.get().failing_since) == (0, None)


def test_a_mailbox_that_is_refused_closes_no_other(
    body: ManagingBody, world: World, house: Establishment, settings: Settings
) -> None:
    settings.MSSANTE_SECRETS = {house.mailbox: "faux"}
    for _ in range(breaker.PATIENCE + 1):
        with worlds.nowhere(), pytest.raises(Rejected):
            fetching.fetch(body.pk, house.pk, timezone.now())
    assert not Silence.objects.exists()


def test_services_that_do_not_answer_are_told_first() -> None:
    for _ in range(breaker.PATIENCE):
        breaker.failed("dmp", timezone.now())
    breaker.failed(INSI, timezone.now())
    found = watching.services()
    assert {one.label for one in found[:2]} == {"DMP", "INSi"}
    assert [bool(one.silence and one.silence.next_at) for one in found[:2]].count(True) == 1
    assert all(one.silence is None for one in found[2:])
    assert {"Boîtes MSSanté"} <= {one.label for one in found}

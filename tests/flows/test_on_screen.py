"""What a screen sets off outside: a signature and its deliveries, a question to INSi, and their refusals."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.documents.storage import load
from jalon.exchange.models import Delivery, DeliveryState, ServiceCall
from jalon.exchange.outbox.routes import label
from jalon.people.models import Consent, IdentityStatus
from jalon.plans.models import PlanVersion
from jalon_sandbox.insi.simulator import Behavior
from tests.exchange import world as worlds
from tests.exchange.world import DOMAIN, Destination, World
from tests.factories import ConsentFactory
from tests.web.story import Story, enter

SIGNED = "Le projet est signé. Rien n’est encore parti."


@pytest.fixture
def connected(story: Story, world: World) -> Story:
    """The story, in a house that has a mailbox."""
    with tenant(story.body.pk):
        story.house.mailbox = f"accueil@jalon.{DOMAIN}"
        story.house.save()
    return story


def sign(story: Story) -> str:
    """Signed by the team lead, from the page of the plan; the page that follows."""
    lead = enter(story.staff["team_lead"])
    assert (
        "Signer le projet" in lead.get(reverse("records:plan-sign", args=[story.record.pk])).content.decode()
    )
    answer = lead.post(reverse("records:plan-sign", args=[story.record.pk]), follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def publish(story: Story, *to: str) -> str:
    """Published there by an educator, from its page; the page that follows."""
    educator = enter(story.staff["educator"])
    answer = educator.post(reverse("records:plan-publish", args=[story.record.pk]), {"vers": to}, follow=True)
    return str(answer.content.decode())


def deliveries(story: Story) -> dict[str, Delivery]:
    """Those of the signed document, by destination."""
    with tenant(story.body.pk):
        found = Delivery.objects.filter(document__record=story.record, document__type_code="80788-3")
        return {one.destination: one for one in found}


# --- signing ------------------------------------------------------------------------------------------------


def test_signing_on_screen_asks_for_both_deliveries_and_the_timeline_shows_them(connected: Story) -> None:
    assert SIGNED in sign(connected)
    assert deliveries(connected) == {}
    page = publish(connected, *Destination)
    asked = deliveries(connected)
    assert set(asked) == set(Destination)
    assert {one.state for one in asked.values()} == {DeliveryState.PREPARED}
    with tenant(connected.body.pk):
        assert {one.requested_by for one in asked.values()} == {connected.professional("educator")}
    for destination in Destination:
        assert f"<b>{label(destination)}</b>" in page
    assert page.count('<ol class="etapes-envoi">') == 2
    assert page.count("préparé") >= 2
    again = publish(connected, Destination.DMP)
    assert "L’envoi vers DMP est déjà demandé" in again
    assert len(deliveries(connected)) == 2


def test_publishing_serves_what_is_ticked_and_nothing_else(connected: Story) -> None:
    sign(connected)
    publish(connected, Destination.CITIZEN_MAIL)
    assert set(deliveries(connected)) == {Destination.CITIZEN_MAIL}
    page = enter(connected.staff["educator"]).get(reverse("records:plan-publish", args=[connected.record.pk]))
    assert "Une partie est déjà demandée." in page.content.decode()
    assert 'value="dmp"' in page.content.decode()
    assert 'value="citizen_mail"' not in page.content.decode()


def test_an_identity_that_is_not_qualified_keeps_its_version_and_is_told_before_anything_leaves(
    connected: Story,
) -> None:
    with tenant(connected.body.pk):
        person = connected.record.person
        person.proven_on, person.proof = None, ""
        person.save()
    assert SIGNED in sign(connected)
    assert "L’identité n’est pas qualifiée" in publish(connected, *Destination)
    assert deliveries(connected) == {}
    with tenant(connected.body.pk):
        assert PlanVersion.objects.filter(plan__record=connected.record).count() == 1


def test_signing_for_a_person_who_opposes_one_destination_says_so_and_serves_the_other(
    connected: Story,
) -> None:
    with tenant(connected.body.pk):
        ConsentFactory.create(person=connected.record.person, purpose=Consent.Purpose.DMP_FEED, opposed=True)
    sign(connected)
    assert "La personne s’y oppose." in publish(connected, *Destination)
    assert deliveries(connected) == {}, "all that is ticked, or nothing"
    publish(connected, Destination.CITIZEN_MAIL)
    states = {name: one.state for name, one in deliveries(connected).items()}
    assert states == {Destination.CITIZEN_MAIL: DeliveryState.PREPARED}


# --- INSi ---------------------------------------------------------------------------------------------------

TROUBLE = {
    "refused": (Behavior("refuse", "desir_550", "Logiciel inconnu."), "rejected"),
    "cut": (Behavior("cut"), "unreachable"),
    "broken": (Behavior("broken"), "malformed"),
}


@pytest.mark.requirement("SC.INS/va1.38")
@pytest.mark.parametrize(("behavior", "outcome"), list(TROUBLE.values()), ids=list(TROUBLE))
def test_a_call_of_insi_that_fails_tells_a_sentence_and_keeps_its_trace(
    connected: Story, world: World, behavior: Behavior, outcome: str
) -> None:
    address, person = provisional(connected), connected.record.person
    world.insi.behavior = behavior
    officer: Client = enter(connected.staff["identity_officer"])
    asked = officer.post(address, {"geste": "insi"}, follow=True).content.decode()
    assert "INS demandée à INSi à" in asked
    assert 'hx-trigger="load delay:2s"' in asked
    assert "Chercher l’INS" not in asked, "asked once, until it is answered"
    worlds.work()
    told = officer.get(address).content.decode()
    assert "INSi n’a pas répondu comme prévu. Réessayez plus tard." in told
    assert "Chercher l’INS" in told
    with tenant(connected.body.pk):
        call = ServiceCall.objects.get()
        assert (call.outcome, call.person) == (outcome, person)
        assert call.by == connected.professional("identity_officer")
        assert b"RECSANSVITALE" in load(call.sent_sha256)
        person.refresh_from_db()
        assert person.identity_status == IdentityStatus.VALIDATED


def provisional(connected: Story) -> str:
    """The identity page of the person, once they have no INS."""
    with tenant(connected.body.pk):
        person = connected.record.person
        person.ins, person.ins_oid, person.ins_digest, person.ins_retrieved_at = "", "", "", None
        person.save()
    return reverse("records:identity", args=[connected.record.pk])


@pytest.mark.requirement("SC.INS/va1.40")
def test_the_page_asks_whether_insi_answered_and_is_told_to_load_again_once_it_has(
    connected: Story,
) -> None:
    address, htmx = provisional(connected), {"HTTP_HX_REQUEST": "true"}
    officer: Client = enter(connected.staff["identity_officer"])
    officer.post(address, {"geste": "insi"})
    for attempt, pause in (("1", "4s"), ("2", "8s"), ("9", "60s"), ("x", "2s")):
        waiting = officer.get(address, {"essai": attempt}, **htmx)
        assert f'hx-trigger="load delay:{pause}"' in waiting.content.decode()
        assert "HX-Refresh" not in waiting.headers
    worlds.work()
    answered = officer.get(address, {"essai": "3"}, **htmx)
    assert (answered.headers["HX-Refresh"], answered.content) == ("true", b"")
    page = officer.get(address).content.decode()
    assert "INSi ne trouve personne avec ces traits." in page, "what came of it stays on the page"
    assert "INS demandée" not in page


def test_without_insi_the_identity_page_says_so(connected: Story, settings: Settings) -> None:
    settings.INSI_URL = ""
    officer: Client = enter(connected.staff["identity_officer"])
    address = reverse("records:identity", args=[connected.record.pk])
    answer = officer.post(address, {"geste": "insi"}, follow=True)
    assert "INSi n’est pas connecté" in answer.content.decode()

"""The e-CPS of the telephone, for posts without a card reader: asked at our door, confirmed there, or not."""

import datetime as dt
import re
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.staff.models import Account
from jalon_sandbox.psc.devices import Devices
from jalon_sandbox.psc.simulator import DEVICE, Simulator
from jalon_sandbox.psc.tokens import Fault
from tests.gateways.psc.browser import browse
from tests.gateways.psc.people import DOCTOR, NURSE
from tests.web.psc.browser import HOME, LOGIN, LOGOUT, SIGNED_OUT, UNCONFIRMED, Provider, said
from tests.web.story import Story
from tests.web.test_shared_posts import CHANGE, back, tablet, turn_of, with_code
from tests.web.test_sign_in import sent_to

__all__ = ["tablet"]

ASK, WAIT = "/compte/telephone/", "/compte/telephone/attente/"
RPPS = NURSE.national_id[1:]
FORGED = [
    "wrong_issuer", "wrong_audience", "wrong_key", "expired", "alg_none", "another_party", "stale", "hs256",
    "ps256", "unknown_kid",
]  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def app(faulty: Simulator, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """The provider, which lets us ask as often as we like, with nothing waiting."""
    settings.PSC_TELEPHONE = True
    monkeypatch.setattr(faulty, "devices", Devices(faulty.devices.clock, 0))
    return faulty


def ask(client: Client, number: str = RPPS) -> str:
    """Ask for a confirmation; the two digits that our page shows."""
    assert client.post(ASK, {"rpps": number})["Location"] == WAIT
    shown = re.search(r"Code </span>(\d\d)</p>", client.get(WAIT).content.decode())
    assert shown
    return shown[1]


def on_the_telephone(sandbox: Provider, answer: str) -> str:
    """What the professional does with the one request that waits there; the digits that it shows."""
    ((key, (_, code)),) = sandbox.app.devices.waiting().items()
    httpx.post(sandbox.app.base + DEVICE, data={"auth_req_id": key, "answer": answer})
    return code


def poll(client: Client, **headers: str) -> HttpResponse:
    return client.post(WAIT, headers=headers or None)  # type: ignore[return-value]  # the test client's


def told(story: Story, account: Account) -> list[tuple[str, dict[str, object]]]:
    with tenant(story.body.pk):
        found = Entry.objects.filter(object_id=account.pk, action__startswith="account.").order_by("at", "pk")
        return [(entry.action, entry.facts) for entry in found]


@pytest.mark.requirement("SC.PSC.01")
def test_a_nurse_enters_a_shared_post_with_her_telephone_alone(
    story: Story, nurse: Account, client: Client, sandbox: Provider
) -> None:
    assert f'href="{ASK}"' in said(client)
    shown = ask(client)
    assert poll(client)["Location"] == WAIT
    assert on_the_telephone(sandbox, "accept") == shown
    assert poll(client)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert client.session["_auth_user_id"] == str(nurse.pk)
    assert told(story, nurse) == [("account.entered", {"ways": ["socialaccount"], "telephone": True})]


def test_the_page_asks_by_itself_and_goes_on_when_it_is_confirmed(
    nurse: Account, client: Client, sandbox: Provider
) -> None:
    shown = ask(client)
    still = poll(client, **HTMX)
    assert (still.status_code, shown in still.content.decode()) == (200, True)
    assert 'hx-trigger="load delay:0s"' in still.content.decode()
    on_the_telephone(sandbox, "accept")
    assert poll(client, **HTMX)["HX-Redirect"] == HOME


def test_the_page_that_was_asked_for_opens_once_in(nurse: Account, client: Client, sandbox: Provider) -> None:
    client.post(ASK, {"rpps": RPPS, "next": "/releve/"})
    on_the_telephone(sandbox, "accept")
    assert poll(client)["Location"] == "/releve/"


@pytest.mark.requirement("SC.PSC.01")
def test_leaving_ends_the_session_that_the_telephone_opened(
    nurse: Account, client: Client, sandbox: Provider
) -> None:
    ask(client)
    on_the_telephone(sandbox, "accept")
    poll(client)
    sid = client.session["psc_sid"]
    assert sid in sandbox.app._sessions
    with httpx.Client() as browser:
        browse(browser, client.post(LOGOUT)["Location"], until=SIGNED_OUT)
    assert sid not in sandbox.app._sessions
    assert client.get(WAIT)["Location"] == ASK, "nothing of the former request is left for the next person"


@pytest.fixture
def demonstration(settings: Settings) -> None:
    """Its buttons, by which the director declares the tablet."""
    settings.DEMO = True


def test_at_a_shared_post_the_turn_ends_with_the_session_that_the_telephone_opened(
    story: Story, nurse: Account, sandbox: Provider, demonstration: None, tablet: Client
) -> None:
    with_code(nurse)
    ask(tablet)
    on_the_telephone(sandbox, "accept")
    assert poll(tablet)["Location"] == HOME
    turn = turn_of(story, nurse)
    assert turn.ends_at - turn.started_at <= dt.timedelta(hours=4)
    tablet.post(CHANGE)
    assert sent_to(tablet) != "200", "locked"
    assert back(tablet, story, nurse).status_code == 302
    assert sent_to(tablet) == "200", "the code is enough"
    with time_machine.travel(turn.ends_at + dt.timedelta(minutes=1)):
        assert sent_to(tablet) != "200"
        back(tablet, story, nurse)
        assert sent_to(tablet) != "200", "the code is not, once the session of the telephone is over"


# --- nobody comes in


def test_a_refusal_on_the_telephone_leads_back_to_the_door_and_is_told_in_the_journal(
    story: Story, nurse: Account, client: Client, sandbox: Provider
) -> None:
    ask(client)
    on_the_telephone(sandbox, "refuse")
    assert poll(client)["Location"] == LOGIN
    assert "La demande a été refusée sur le téléphone" in said(client)
    assert client.get(WAIT)["Location"] == ASK
    assert told(story, nurse) == [("account.refused", {"step": "e-cps"})]


def test_a_request_that_nobody_confirms_ends(nurse: Account, client: Client) -> None:
    ask(client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=3)):
        assert poll(client)["Location"] == LOGIN
    assert "Personne n’a confirmé à temps" in said(client)


def test_a_request_is_cancelled_and_a_late_confirmation_opens_nothing(
    nurse: Account, client: Client, sandbox: Provider
) -> None:
    ask(client)
    assert client.post(WAIT, {"cancel": "1"})["Location"] == LOGIN
    on_the_telephone(sandbox, "accept")
    assert poll(client)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_whoever_polls_too_often_is_made_to_wait_and_enters_all_the_same(
    nurse: Account, client: Client, sandbox: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    monkeypatch.setattr(sandbox.app.devices, "interval", 60)
    poll(client)
    assert poll(client)["Location"] == WAIT
    assert client.session["psc_telephone"]["interval"] == 5, "five seconds more, as it was asked"
    monkeypatch.setattr(sandbox.app.devices, "interval", 0)
    on_the_telephone(sandbox, "accept")
    assert poll(client)["Location"] == WAIT, "not yet: nothing is asked"
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=6)):
        assert poll(client)["Location"] == HOME


@pytest.mark.parametrize("mode", ["down", "cut"])
def test_a_provider_that_does_not_answer_for_a_moment_is_asked_again(
    nurse: Account, client: Client, sandbox: Provider, mode: str
) -> None:
    ask(client)
    on_the_telephone(sandbox, "accept")
    sandbox.app.mode = mode
    assert poll(client)["Location"] == WAIT
    sandbox.app.mode = "normal"
    assert poll(client)["Location"] == HOME


def test_a_provider_that_is_down_is_told_at_once(nurse: Account, client: Client, sandbox: Provider) -> None:
    sandbox.app.mode = "down"
    assert client.post(ASK, {"rpps": RPPS})["Location"] == LOGIN
    assert "Pro Santé Connect ne répond pas" in said(client)


@pytest.mark.parametrize("fault", FORGED)
def test_a_forged_token_opens_nothing(
    nurse: Account, client: Client, sandbox: Provider, fault: Fault
) -> None:
    ask(client)
    on_the_telephone(sandbox, "accept")
    sandbox.app.tokens.fault = fault
    assert poll(client)["Location"] == LOGIN
    assert UNCONFIRMED in said(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("fault", ["missing_acr", "weak_acr"])
def test_a_level_too_low_opens_nothing(
    nurse: Account, client: Client, sandbox: Provider, fault: Fault
) -> None:
    ask(client)
    on_the_telephone(sandbox, "accept")
    sandbox.app.tokens.fault = fault
    assert poll(client)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_what_another_professional_confirms_opens_nothing(
    nurse: Account, client: Client, sandbox: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    on_the_telephone(sandbox, "accept")
    devices = sandbox.app.devices
    (key,) = devices._demands
    object.__setattr__(devices._demands[key], "who", DOCTOR)
    assert poll(client)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


# --- without telling who has an account here


@pytest.mark.requirement("SC.PSC.02")
@pytest.mark.parametrize(
    "number", [DOCTOR.national_id[1:], "10000000000"], ids=["unknown here", "unknown there"]
)
def test_a_number_without_an_account_waits_like_the_others(
    nurse: Account, client: Client, number: str, sandbox: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox.app.devices, "interval", 5)
    other = Client()
    code, same = ask(client, number), ask(other)
    pages = [one.get(WAIT).content.decode() for one in (client, other)]
    kept = [re.sub(r'value="\w{32,}"', "", page) for page in pages]
    assert kept[0].replace(f">{code}<", "") == kept[1].replace(f">{same}<", "")
    assert poll(client)["Location"] == WAIT


def test_somebody_who_confirms_without_an_account_here_is_refused(
    nurse: Account, client: Client, sandbox: Provider
) -> None:
    ask(client, DOCTOR.national_id[1:])
    on_the_telephone(sandbox, "accept")
    assert poll(client)["Location"] == LOGIN
    assert "n’est rattaché à aucun compte ici" in said(client)


@pytest.mark.parametrize("number", ["", "12", "x" * 11, "1" * 13, "١" * 11, "997009999012"])
def test_what_is_not_a_number_is_told_on_the_page(db: None, client: Client, number: str) -> None:
    answer = client.post(ASK, {"rpps": number})
    assert answer.status_code == 422
    assert "psc_telephone" not in client.session


@pytest.mark.parametrize("number", [NURSE.national_id, f" {RPPS[:5]} {RPPS[5:]} "])
def test_a_number_is_read_as_it_is_written_on_a_card(nurse: Account, client: Client, number: str) -> None:
    ask(client, number)
    assert client.session["psc_telephone"]["rpps"] == RPPS


def test_whoever_asks_too_often_waits_from_where_they_are_and_nobody_else(
    nurse: Account, client: Client, sandbox: Provider, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    answers = [client.post(ASK, {"rpps": RPPS}).status_code for _ in range(12)]
    assert (answers[9], answers[10:]) == (302, [429, 429])
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(ASK, {"rpps": RPPS}).status_code == 302
    assert client.post(ASK, {"rpps": DOCTOR.national_id[1:]}).status_code == 302


def test_whoever_usually_enters_there_is_slowed_and_never_locked_out(
    nurse: Account, client: Client, sandbox: Provider, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    ask(client)
    on_the_telephone(sandbox, "accept")
    assert poll(client)["Location"] == HOME
    neighbour = Client()
    assert 429 in [neighbour.post(ASK, {"rpps": RPPS}).status_code for _ in range(12)]
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=11)):
        assert Client().post(ASK, {"rpps": RPPS}).status_code == 302


def test_without_the_setting_there_is_no_such_door(client: Client, db: None, settings: Settings) -> None:
    settings.PSC_TELEPHONE = False
    assert ASK not in said(client)
    assert [client.get(ASK).status_code, client.post(WAIT).status_code] == [404, 404]


def test_a_page_of_elsewhere_asks_no_telephone(nurse: Account) -> None:
    assert Client(enforce_csrf_checks=True).post(ASK, {"rpps": RPPS}).status_code == 403


def test_the_address_leads_nowhere_else(nurse: Account, client: Client, sandbox: Provider) -> None:
    client.post(ASK, {"rpps": RPPS, "next": "https://ailleurs.invalid/"})
    on_the_telephone(sandbox, "accept")
    assert urlsplit(poll(client)["Location"]).netloc == ""

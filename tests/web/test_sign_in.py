"""The door of local accounts: password and second factor, and nothing less."""

import datetime as dt
import html
import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.staff.models import Account
from tests.factories import NOW, TEST_PASSWORD
from tests.web.story import Story, enter

HOME, LOGIN = "/ma-journee/", "/compte/login/"


@pytest.fixture
def somebody(story: Story) -> Account:
    """An educator with a password of their own."""
    account = story.staff["educator"]
    account.set_password(TEST_PASSWORD)
    account.save()
    return account


def code(secret: str) -> str:
    """What an application of codes shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def by_password(account: Account, password: str = TEST_PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(LOGIN, {"login": account.email, "password": password})
    return client


def sent_to(client: Client, address: str = HOME) -> str:
    answer = client.get(address)
    return str(answer.headers.get("Location", answer.status_code))


def enrol(client: Client, *, recognized: bool = True) -> str:
    """Make a factor of this session, as the page asks, and be recognized; its secret."""
    activate = reverse("mfa_activate_totp")
    if "reauthenticate" in sent_to(client, activate):
        client.post(reverse("account_reauthenticate"), {"password": TEST_PASSWORD, "next": activate})
    page = client.get(activate).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page) or re.search(
        r"secret=(\w+)", page
    )
    assert secret, page
    answer = client.post(activate, {"code": code(secret[1])})
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    if recognized:
        Account.objects.filter(pk=client.session["_auth_user_id"]).update(vouched=True)
    return secret[1]


# ── The demonstration ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("SC.SSI/GEN.17")
def test_the_buttons_of_the_demonstration_exist_nowhere_else(story: Story, client: Client) -> None:
    assert "Entrer dans la démonstration" not in client.get(LOGIN).content.decode()
    sent = client.post("/entrer/", {"email": story.staff["director"].email})
    assert sent.status_code == 404
    assert sent_to(client) == LOGIN


def test_in_the_demonstration_a_button_enters_with_a_role(
    story: Story, client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    assert story.staff["director"].email in page
    assert client.post("/entrer/", {"email": story.staff["director"].email})["Location"] == HOME
    assert client.get(HOME).status_code == 200
    settings.DEMO = False
    assert sent_to(client) == reverse("mfa_activate_totp")


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/usagers/?q=roseau", "/usagers/?q=roseau"),
        ("https://ailleurs.test/", HOME),
        ("//ailleurs.test", HOME),
    ],
)
def test_signing_in_leads_to_the_page_that_was_asked_for_and_nowhere_else(
    story: Story, client: Client, settings: Settings, asked: str, to: str
) -> None:
    settings.DEMO = True
    door = client.get("/usagers/", {"q": "roseau"})["Location"]
    page = client.get(door).content.decode()
    assert page.count('name="next" value="/usagers/?q=roseau"') > 1, "the local form and each role"
    sent = {"email": story.staff["director"].email, "next": asked}
    assert client.post("/entrer/", sent)["Location"] == to


def test_a_password_and_a_code_lead_to_the_page_that_was_asked_for(somebody: Account) -> None:
    secret = enrol(by_password(somebody))
    client, asked = Client(), reverse("handover:list")
    with time_machine.travel(NOW + dt.timedelta(hours=3)):  # a code opens once
        door, sent = client.get(asked)["Location"], {"login": somebody.email, "password": TEST_PASSWORD}
        first = client.post(door, sent | {"next": asked})
        assert client.post(first["Location"], {"code": code(secret)})["Location"] == asked


def test_what_no_text_holds_is_refused_at_the_door_too(
    story: Story, client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    assert client.post("/entrer/", {"email": "a\0b"}).status_code == 400
    assert client.post(LOGIN, {"login": "a\0b", "password": "x\0"}).status_code == 422


def test_a_button_of_the_demonstration_is_a_form_not_a_link(
    story: Story, client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    assert client.get("/entrer/").status_code == 405


# ── Password ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_password_stays_at_the_door_with_a_reason(somebody: Account, client: Client) -> None:
    answer = client.post(LOGIN, {"login": somebody.email, "password": "autre-chose-entierement"})
    assert answer.status_code == 422
    assert "La connexion n’a pas abouti" in answer.content.decode()
    assert sent_to(client) == LOGIN


def test_an_account_and_no_account_get_the_same_words(somebody: Account, client: Client) -> None:
    known, unknown = (
        client.post(LOGIN, {"login": email, "password": "autre-chose-entierement"}).content.decode()
        for email in (somebody.email, "personne@exemple.test")
    )
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", known) == strip.sub("", unknown)


def test_a_password_alone_opens_nothing_but_the_way_to_a_second_factor(
    story: Story, somebody: Account
) -> None:
    client = by_password(somebody)
    assert sent_to(client) == reverse("mfa_activate_totp")
    assert sent_to(client, reverse("records:summary", args=[story.record.pk])) == reverse("mfa_activate_totp")
    assert story.traces() == []


def test_a_closed_account_does_not_enter(somebody: Account) -> None:
    somebody.is_active = False
    somebody.save()
    assert sent_to(by_password(somebody)) == LOGIN


@pytest.mark.requirement("SC.SSI/GEN.07")
def test_nobody_signs_up(db: None, client: Client) -> None:
    page = client.post("/compte/signup/", {"email": "moi@exemple.test", "password1": TEST_PASSWORD})
    assert page.status_code == 404
    assert not Account.objects.filter(email="moi@exemple.test").exists()


@pytest.mark.requirement("SC.SSI/GEN.07")
@pytest.mark.parametrize(
    "address",
    [
        "email/",
        "confirm-email/",
        "password/reset/",
        "3rdparty/",
        "social/connections/",
        "signup/",
        "login/code/",
    ],
)
def test_what_the_library_offers_and_nobody_needs_is_not_served(story: Story, address: str) -> None:
    client = enter(story.staff["nurse"])
    future = {"email": "future.directrice@jalon.example", "action_add": "", "action_primary": ""}
    assert client.get(f"/compte/{address}").status_code == 404
    assert client.post(f"/compte/{address}", future).status_code == 404
    assert Account.objects.get(pk=story.staff["nurse"].pk).email == story.staff["nurse"].email
    assert not EmailAddress.objects.filter(email=future["email"]).exists()


# ── Second factor ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_password_is_typed_once_to_make_a_first_factor(somebody: Account) -> None:
    client = by_password(somebody)
    assert sent_to(client, reverse("mfa_activate_totp")) == "200"
    with time_machine.travel(NOW + dt.timedelta(hours=3)):
        assert "reauthenticate" in sent_to(client, reverse("mfa_activate_totp")), (
            "not by who finds the session"
        )


@pytest.mark.requirement("SC.SSI/IE.36")
def test_a_password_of_one_sign_is_refused_however_long(somebody: Account) -> None:
    for weak in ("aaaaaaaaaaaa", "abababababab", "123123123123"):
        with pytest.raises(ValidationError):
            validate_password(weak, somebody)
    validate_password(TEST_PASSWORD, somebody)


def test_a_factor_made_by_a_password_alone_opens_nothing_before_somebody_is_recognized(
    somebody: Account,
) -> None:
    client = by_password(somebody)
    secret = enrol(client, recognized=False)
    assert sent_to(client) == reverse("waiting")
    with time_machine.travel(NOW + dt.timedelta(hours=3)):
        again = by_password(somebody)
        again.post(reverse("mfa_authenticate"), {"code": code(secret)})
        assert sent_to(again) == reverse("waiting")


def test_a_factor_made_where_another_was_proved_needs_nobody(somebody: Account) -> None:
    client = enter(somebody)
    client.post(reverse("account_reauthenticate"), {"password": TEST_PASSWORD})
    enrol(client, recognized=False)
    assert client.get(HOME).status_code == 200


def test_a_first_factor_is_made_then_opens_the_door_at_once(somebody: Account) -> None:
    client = by_password(somebody)
    enrol(client)
    assert client.get(HOME).status_code == 200


def test_the_code_to_scan_is_drawn_in_the_page_so_that_the_policy_stands(somebody: Account) -> None:
    client = by_password(somebody)
    activate = reverse("mfa_activate_totp")
    client.post(reverse("account_reauthenticate"), {"password": TEST_PASSWORD, "next": activate})
    page = client.get(activate).content.decode()
    assert "<svg" in page
    assert not re.search(r"data:|style=|<script(?![^>]*src=)(?![^>]*application/json)", page)


def test_somebody_with_a_factor_shows_it_at_the_door(somebody: Account) -> None:
    secret = enrol(by_password(somebody))
    with time_machine.travel(NOW.replace(hour=15)):
        client = by_password(somebody)
        assert sent_to(client) == LOGIN
        wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert wrong.status_code == 200
        assert sent_to(client) == LOGIN
        assert client.post(reverse("mfa_authenticate"), {"code": code(secret)})["Location"] == HOME
        assert client.get(HOME).status_code == 200


def test_a_recovery_code_opens_once(somebody: Account) -> None:
    client = by_password(somebody)
    enrol(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode().partition("<main")[2]
    spare = re.findall(r"\b[0-9a-f]{8}\b", page)[0]
    first, second = by_password(somebody), by_password(somebody)
    assert first.post(reverse("mfa_authenticate"), {"code": spare})["Location"] == HOME
    assert second.post(reverse("mfa_authenticate"), {"code": spare}).status_code == 200
    assert sent_to(second) == LOGIN


def test_a_factor_made_elsewhere_does_not_strengthen_a_stolen_session(somebody: Account) -> None:
    stolen = by_password(somebody)
    secret = enrol(by_password(somebody))
    assert sent_to(stolen) == reverse("mfa_reauthenticate")
    with time_machine.travel(NOW.replace(hour=12)):
        stolen.post(reverse("mfa_reauthenticate"), {"code": "000000"})
        assert sent_to(stolen) == reverse("mfa_reauthenticate")
        stolen.post(reverse("mfa_reauthenticate"), {"code": code(secret)})
        assert stolen.get(HOME).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "mfa_view_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_index",
        "account_change_password",
    ],
)
def test_a_session_without_its_factor_can_neither_read_its_spare_codes_nor_take_it_away(
    somebody: Account, address: str
) -> None:
    stolen = by_password(somebody)
    enrol(by_password(somebody))
    assert sent_to(stolen, reverse(address)) == reverse("mfa_reauthenticate")


@pytest.mark.requirement("SC.SSI/IE.35")
def test_a_professional_takes_a_lost_factor_away(somebody: Account) -> None:
    client = by_password(somebody)
    enrol(client)
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert sent_to(by_password(somebody)) == reverse("mfa_activate_totp")


# ── The way out ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("SC.SSI/IE.38")
def test_signing_out_is_a_gesture_and_closes_everything(story: Story) -> None:
    client = enter(story.staff["educator"])
    assert client.get("/compte/logout/").status_code == 200
    assert client.get(HOME).status_code == 200
    client.post("/compte/logout/")
    assert sent_to(client) == LOGIN

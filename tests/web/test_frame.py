"""What surrounds every page: the tenant, the policy of the browser, the theme, what goes wrong."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django import Settings
from structlog.testing import capture_logs

from jalon.config.settings import SESSION_COOKIE_AGE
from jalon.db.tenant import tenant
from jalon.staff.models import Account
from tests.factories import MembershipFactory
from tests.web.story import BACKEND, Story, enter

IN_THE_SHELL = 'aria-label="Menu principal"'
ODD = pytest.mark.urls("tests.web.odd_urls")
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    **{
        f"{kind}-src": "'self'" for kind in ("script", "style", "img", "font", "connect", "manifest", "frame")
    },
}


# ── The tenant ────────────────────────────────────────────────────────────────────────────────────────────


@ODD
def test_a_streamed_body_is_refused_since_it_is_made_outside_the_tenant(educator: Client) -> None:
    with pytest.raises(RuntimeError, match="outside the tenant"):
        educator.get("/flux/")


@ODD
def test_a_file_written_inside_the_tenant_is_sent(educator: Client) -> None:
    assert b"".join(educator.get("/fichier/")) == b"un fichier"


# ── What the browser may do ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address", ["/compte/login/", "/ma-journee/", "/comptes/", "/rien/", "/_composants/"]
)
def test_every_answer_carries_the_strict_policy(educator: Client, address: str) -> None:
    answer = educator.get(address)
    sent = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert sent == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_no_copy_of_a_page_of_professionals_is_kept(story: Story, educator: Client) -> None:
    for address in ("/ma-journee/", reverse("records:summary", args=[story.record.pk])):
        assert "no-store" in educator.get(address)["Cache-Control"]


@pytest.mark.requirement("SC.SSI/IE.58")
def test_the_session_ends_after_two_hours_without_a_gesture(story: Story, educator: Client) -> None:
    cookie = educator.get("/ma-journee/").cookies["sessionid"]
    assert (SESSION_COOKIE_AGE, cookie["max-age"]) == (7200, 7200)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_page_of_the_account_leads_to_the_others_and_not_to_itself(educator: Client) -> None:
    factors, password = reverse("mfa_index"), reverse("account_change_password")
    for page, there in ((factors, password), (password, factors)):
        text = educator.get(page, follow=True).content.decode()
        links = html.fromstring(text).xpath('//nav[@aria-label="Mon compte"]/a/@href')
        assert links == ["/", there], page


def test_somebody_of_several_houses_is_one_line_of_the_accounts(story: Story) -> None:
    nurse = story.professional("nurse")
    with tenant(story.body.pk):
        MembershipFactory.create(professional=nurse, establishment=story.other_house, role="team_lead")
    shown = html.fromstring(enter(story.staff["administrator"]).get("/comptes/").content.decode())
    (line,) = shown.xpath(f'//tbody/tr[contains(., "{nurse}")]')
    places = [" ".join(place.text_content().split()) for place in line.xpath(".//li")]
    assert [place.partition(", depuis")[0] for place in places] == [
        "Foyer d’Essai, Bleue infirmière", f"{story.other_house} cheffe de service",
    ]  # fmt: skip


# ── Day and night ─────────────────────────────────────────────────────────────────────────────────────────


def theme(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    found = re.search(r'<html lang="fr"(?: data-theme="(\w+)")?>', page)
    assert found
    return found[1] or "jour"


def test_a_visitor_keeps_the_night_in_a_cookie(db: None, client: Client) -> None:
    assert theme(client, "/compte/login/") == "jour"
    answer = client.post("/affichage/", {"theme": "nuit"})
    assert answer.cookies["affichage"]["httponly"]
    assert theme(client, "/compte/login/") == "nuit"


def test_a_professional_keeps_the_night_with_the_account(story: Story, educator: Client) -> None:
    educator.post("/affichage/", {"theme": "nuit"})
    assert theme(educator, "/ma-journee/") == "nuit"
    assert theme(enter(story.staff["educator"]), "/ma-journee/") == "nuit"
    educator.post("/affichage/", {"theme": "<b>"})
    assert Account.objects.get(pk=story.staff["educator"].pk).theme == ""


@pytest.mark.parametrize(
    ("referer", "to"),
    [("http://testserver/releve/", "http://testserver/releve/"), ("https://ailleurs.test/", "/"), ("", "/")],
)
def test_a_change_of_theme_leads_back_to_a_page_of_ours_only(educator: Client, referer: str, to: str) -> None:
    assert educator.post("/affichage/", {"theme": ""}, headers={"referer": referer})["Location"] == to


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_does_not_exist_says_so_inside_the_shell(educator: Client) -> None:
    answer = educator.get("/rien/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in page
    assert IN_THE_SHELL in page


def test_what_a_visitor_asks_for_in_vain_has_no_shell(db: None, client: Client) -> None:
    answer = client.get("/rien/")
    assert answer.status_code == 404
    assert IN_THE_SHELL not in answer.content.decode()


def test_a_closed_page_says_the_rule_and_whom_to_ask_inside_the_shell(story: Story, educator: Client) -> None:
    story.hire("team_lead")
    answer = educator.get("/comptes/")
    page = html.fromstring(answer.content.decode())
    said = page.xpath("string(//main)").replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 403
    assert "Votre fonction (éducatrice) n’a pas ce droit : gérer les comptes." in said
    assert "Elle s’ouvre à : administrateur." in said
    assert re.search(r"Qui peut vous aider ici : .*\(cheffe de service\)", said)
    assert IN_THE_SHELL in answer.content.decode()


def test_a_record_that_is_closed_says_the_rule(story: Story, educator: Client) -> None:
    """A sister: what is shut is not the page but the record."""
    closed = story.cases["other_house"].record.pk
    page = educator.get(reverse("records:summary", args=[closed])).content.decode()
    assert "que les personnes des établissements et unités où vous êtes affecté aujourd’hui" in page
    assert IN_THE_SHELL in page


@ODD
def test_a_broken_page_gives_a_number_that_the_log_knows_and_the_log_names_nobody(
    story: Story, educator: Client, caplog: pytest.LogCaptureFixture
) -> None:
    educator.raise_request_exception = False
    with capture_logs() as events:
        answer = educator.get(reverse("breaks", args=[story.record.pk]))
    (event,) = events
    assert answer.status_code == 500
    assert event["reference"] in answer.content.decode()
    assert (event["page"], event["error"]) == ("breaks", "RuntimeError")
    assert "odd_urls.py" in caplog.text
    assert not {"ROSEAU", "2 51 05", "Fictive"} & set(re.findall(r"ROSEAU|2 51 05|Fictive", caplog.text))


def test_a_form_without_its_token_is_told_to_start_again(story: Story) -> None:
    client = enter(story.staff["educator"], Client(enforce_csrf_checks=True))
    answer = client.post(reverse("records:note", args=[story.record.pk]), {"famille": "vie", "texte": "x"})
    assert answer.status_code == 403
    assert "Cette page a expiré" in answer.content.decode()


def test_a_form_that_lacks_something_answers_422_and_says_what(story: Story, educator: Client) -> None:
    address = reverse("records:plan-add", args=[story.record.pk, "objectif"])
    answer = educator.post(address, {"title": "", "status": "ACTIF", "starts_on": "31/02/2026"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_title"' in page
    assert 'aria-invalid="true"' in page


def test_a_refusal_of_the_rules_answers_422_too(story: Story, educator: Client) -> None:
    address = reverse("records:plan-add", args=[story.record.pk, "objectif"])
    late = {"title": "Nager", "status": "ACTIF", "starts_on": "2026-12-01", "due_on": "2026-11-01"}
    answer = educator.post(address, late)
    assert answer.status_code == 422
    assert "avant la date de début" in answer.content.decode()


def test_an_empty_note_is_refused_with_its_reason(story: Story, educator: Client) -> None:
    address = reverse("records:note", args=[story.record.pk])
    answer = educator.post(address, {"famille": "vie", "texte": "  "}, follow=True)
    assert "La note est vide" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/usagers/?q=%25_%27%22",
        "/usagers/?q=31/02/2026",
        "/usagers/?q=" + "a" * 3000,
        "/agenda/?semaine=0001-01-01",
        "/agenda/?semaine=9999-12-31",
        "/agenda/?semaine=hier",
        "/indicateurs/?mois=0001-01",
        "/indicateurs/?mois=9998-12",
    ],
)
def test_what_somebody_types_in_an_address_breaks_no_page(lead: Client, address: str) -> None:
    assert lead.get(address).status_code == 200


def test_an_unknown_family_shows_an_empty_thread(story: Story, lead: Client) -> None:
    answer = lead.get(reverse("records:summary", args=[story.record.pk]), {"famille": "soin'--"})
    assert "Rien à vous montrer ici" in answer.content.decode()


def test_a_character_that_no_text_has_is_sent_back(story: Story, lead: Client) -> None:
    agreement = reverse("records:plan-agree", args=[story.record.pk])
    for answer in (lead.get("/usagers/", {"q": "\0"}), lead.post(agreement, {"words": "Oui\0"})):
        assert answer.status_code == 400
        assert "n’est pas lisible" in answer.content.decode()


def test_a_contact_that_is_not_one_is_not_taken_for_one(story: Story, lead: Client) -> None:
    for sent in ("zzz", str(story.cases["own"].goal)):
        address = reverse("records:plan-agree", args=[story.record.pk])
        assert lead.post(address, {"contact": sent, "words": "Oui"}).status_code == 302


def test_the_day_is_the_one_of_paris(story: Story, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = settings.SESSION_LIFETIME = 10**9
    client = enter(story.staff["educator"])
    with time_machine.travel(dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)):
        assert "mardi 24 novembre" in client.get("/ma-journee/").content.decode().lower()


# ── One's own account ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["mfa_index", "account_change_password", "mfa_list_webauthn"])
def test_the_pages_of_ones_account_are_inside_the_shell(educator: Client, name: str) -> None:
    page = educator.get(reverse(name), follow=True).content.decode()
    assert IN_THE_SHELL in page or "C’est bien vous" in page
    assert IN_THE_SHELL in educator.get(reverse("mfa_index")).content.decode()


def test_a_session_still_to_be_proved_has_no_shell(story: Story, client: Client) -> None:
    client.force_login(story.staff["educator"], backend=BACKEND)
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    assert IN_THE_SHELL not in page

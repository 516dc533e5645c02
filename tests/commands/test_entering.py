"""`jalon account invite`, `confirm`, `cancel`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.setup.invitations import code_of, redeem
from jalon.staff.models import Account, Ticket
from tests.commands.conftest import Jalon
from tests.factories import NOW, TEST_PASSWORD
from tests.web.story import Story, write_story

pytestmark = pytest.mark.django_db
EMAIL = "ana@jalon.example"


@pytest.fixture
def story(db: None, settings: Settings) -> Iterator[Story]:
    with time_machine.travel(NOW, tick=True):
        yield write_story(NOW)


def invite(story: Story, jalon: Jalon, *more: str) -> str:
    named = ("--first-name", "Ana", "--last-name", "FICTIVE", "--role", "nurse")
    where = ("--establishment", story.house.finess, "--body", story.body.finess)
    told = jalon("account", "invite", EMAIL, *named, *where, "--json", *more).json
    return str(told["link"])


def account() -> Account:
    return Account.objects.get(email=EMAIL)


def test_somebody_is_invited_recognized_and_in(story: Story, jalon: Jalon) -> None:
    link, body = invite(story, jalon), ("--body", story.body.finess)
    early = jalon("account", "confirm", EMAIL, "--code", "000000", *body)
    assert (early.code, "n’a pas encore choisi" in early.err) == (1, True)
    redeem(token=link.rstrip("/").rpartition("/")[2], password=TEST_PASSWORD, now=NOW)
    Authenticator.objects.create(user=account(), type="totp", data={"secret": "a"})
    assert jalon("account", "confirm", EMAIL, "--code", "12", *body).code == 1
    assert jalon("account", "confirm", EMAIL, "--code", code_of(account()), *body).code == 0
    assert account().vouched
    with tenant(story.body.pk):
        kept = [entry.action for entry in Entry.objects.order_by("at") if entry.action.startswith("staff.")]
    assert kept == ["staff.invited", "staff.confirmation_refused", "staff.confirmed"]


def test_a_link_is_given_again_and_taken_back(story: Story, jalon: Jalon) -> None:
    first, body = invite(story, jalon), ("--body", story.body.finess)
    second = jalon("account", "invite", EMAIL, "--again", "--json", *body).json["link"]
    assert first != second
    assert jalon("account", "cancel", EMAIL, *body).code == 0
    assert not Ticket.objects.exists()


def test_an_account_opened_by_command_is_recognized_before_it_opens_records(
    story: Story, jalon: Jalon
) -> None:
    """Whoever reads a password over a shoulder makes a factor of their own with it."""
    named = ("--first-name", "Ana", "--last-name", "FICTIVE", "--role", "nurse")
    where = ("--establishment", story.house.finess, "--body", story.body.finess)
    jalon("account", "add", EMAIL, *named, *where)
    assert not account().vouched


def test_a_list_is_looked_at_then_brought_in_whole(story: Story, jalon: Jalon, tmp_path: Path) -> None:
    named, body = tmp_path / "liste.csv", ("--body", story.body.finess)
    titles = "Nom;Prénom;Courriel;Fonction;Établissement"
    named.write_text(f"{titles}\nFICTIVE;Ana;{EMAIL};nurse;{story.house.finess}\n", "utf-8")
    looked = jalon("account", "import", str(named), *body, "--json").json
    assert (looked["done"], looked["lines"][0]["outcome"]) == (False, "invited")
    assert not Account.objects.filter(email=EMAIL).exists()
    done = jalon("account", "import", str(named), "--apply", *body, "--json").json
    assert (done["done"], list(done["links"])) == (True, [EMAIL])
    errors = tmp_path / "erreurs.csv"
    named.write_text(f"{titles}\nFICTIVE;Bo;bo@jalon.example;reine;{story.house.finess}\n", "utf-8")
    bad = jalon("account", "import", str(named), "--apply", "--errors", str(errors), *body)
    assert (bad.code, "Rien n’est enregistré." in bad.out) == (1, True)
    assert "reine" in errors.read_text("utf-8-sig")

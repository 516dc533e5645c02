"""A post that several people use in turn: declared, locked, left, found again by a code or a badge."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.setup import posts
from jalon.setup.accounts import leave, recover
from jalon.staff.models import Account, Post, PostKey, Session, Turn
from jalon.web.account.tasks import tidy
from tests.factories import NOW, TEST_PASSWORD
from tests.web.story import Story, enter
from tests.web.test_sign_in import HOME, LOGIN, by_password, code, enrol, sent_to, somebody

__all__ = ["somebody"]
DOOR, CHANGE, KEY = "/poste/", "/poste/changer/", "/compte/poste/"
ENTERED = NOW + dt.timedelta(hours=2)
MINUTE = dt.timedelta(minutes=1)
CODE, OTHER, BADGE = "402917", "739205", "04A2B3C4D5"


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings) -> None:
    settings.DEMO = True


def arrives(client: Client, account: Account, **sent: str) -> Any:
    """A strong sign-in, by the button of the demonstration."""
    return client.post("/entrer/", {"email": account.email, **sent})


@pytest.fixture
def tablet(story: Story) -> Client:
    """A browser that the director declared shared, then left."""
    client = Client()
    arrives(client, story.staff["director"])
    sent = {"name": "Tablette des veilles", "establishment": str(story.house.pk), "minutes": "5"}
    assert client.post(reverse("settings:post-declare"), sent)["Location"] == reverse("settings:posts")
    client.post(reverse("account_logout"))
    return client


def with_code(account: Account, code: str = CODE) -> Account:
    posts.set_code(account=account, code=code)
    return account


def turn_of(story: Story, account: Account) -> Turn:
    with tenant(story.body.pk):
        return Turn.objects.get(account=account)


def back(client: Client, story: Story, account: Account, code: str = CODE) -> Any:
    return client.post(DOOR, {"qui": str(turn_of(story, account).pk), "code": code})


def told(story: Story, account: Account) -> list[tuple[str, dict[str, Any]]]:
    with tenant(story.body.pk):
        rows = Entry.objects.filter(object_id=account.pk, action__startswith="post.").order_by("at", "pk")
        return [(row.action, row.facts) for row in rows]


# ── Declared, listed, taken back ───────────────────────────────────────────────────────────────────────────


def test_a_post_is_declared_from_its_own_browser_and_listed(story: Story, tablet: Client) -> None:
    arrives(tablet, story.staff["director"])
    page = tablet.get(reverse("settings:posts")).content.decode()
    assert "Tablette des veilles" in page
    assert "ici" in page
    assert "Partager ce poste" not in page
    elsewhere = enter(story.staff["director"]).get(reverse("settings:posts")).content.decode()
    assert "Tablette des veilles" in elsewhere
    assert "Partager ce poste" in elsewhere


def test_a_post_that_is_taken_back_keeps_nobody_and_opens_to_nobody(story: Story, tablet: Client) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    desk = enter(story.staff["director"])
    with tenant(story.body.pk):
        post = Post.objects.get()
    assert desk.post(reverse("settings:posts"), {"poste": str(post.pk)}).status_code == 302
    assert sent_to(tablet) == DOOR, "the session of the nurse is over"
    gone = tablet.get(DOOR)
    assert gone["Location"] == LOGIN
    assert gone.cookies[django_settings.POST_COOKIE_NAME].value == ""
    with tenant(story.body.pk):
        assert not Turn.objects.exists()
        assert Entry.objects.filter(object_id=post.pk, action="post.retired").count() == 1


def test_a_cookie_that_nobody_signed_or_of_nobody_names_no_post(story: Story, client: Client) -> None:
    for value in ("", "rien", f"{story.body.pk} {story.body.pk}", f"{story.body.pk} {story.body.pk}:a:b"):
        client.cookies[django_settings.POST_COOKIE_NAME] = value
        assert client.get(DOOR)["Location"] == LOGIN
        assert client.post(DOOR, {"qui": str(story.body.pk), "code": CODE})["Location"] == DOOR


# ── Locked ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("SC.SSI/IE.58")
def test_a_shared_post_locks_as_soon_as_it_says_and_leads_back_to_the_page(
    story: Story, tablet: Client
) -> None:
    nurse, page = with_code(story.staff["nurse"]), reverse("handover:list")
    arrives(tablet, nurse)
    seconds, _, veil = tablet.get(page).headers["Refresh"].partition("; url=")
    assert int(seconds) == 300
    with time_machine.travel(ENTERED + 6 * MINUTE):
        assert sent_to(tablet, page).startswith(DOOR)
        door = tablet.get(veil)["Location"]
        asked = tablet.get(door).content.decode()
        assert f'name="next" value="{page}"' in asked
        assert f'name="qui" value="{turn_of(story, nurse).pk}"' in asked
        sent = {"qui": str(turn_of(story, nurse).pk), "code": CODE, "next": page}
        assert tablet.post(DOOR, sent)["Location"] == page
        assert tablet.get(page).status_code == 200


def test_the_journal_says_when_a_post_went_to_sleep(story: Story, tablet: Client) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    with time_machine.travel(ENTERED + 60 * MINUTE):
        tidy(0)
    (locked,) = [facts for action, facts in told(story, nurse) if action == "post.locked"]
    assert locked["way"] == "idle"
    assert locked["functions"] == ["nurse"]
    assert dt.datetime.fromisoformat(locked["at"]) < ENTERED + 6 * MINUTE


def test_on_a_machine_of_ones_own_nothing_changes(story: Story) -> None:
    client = Client()
    arrives(client, story.staff["nurse"])
    page = client.get(HOME)
    assert "Changer de personne" not in page.content.decode()
    assert page.headers["Refresh"].startswith("7200;")
    assert client.post(CHANGE)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    with tenant(story.body.pk):
        assert not Turn.objects.exists()


# ── Left to another, found again ───────────────────────────────────────────────────────────────────────────


def test_each_leaves_the_post_to_the_other_and_comes_back_to_their_page(story: Story, tablet: Client) -> None:
    nurse, educator = with_code(story.staff["nurse"]), with_code(story.staff["educator"], OTHER)
    page = reverse("handover:write")
    arrives(tablet, nurse)
    assert "Changer de personne" in tablet.get(page).content.decode()
    changed = tablet.post(CHANGE, {"next": page})
    assert changed["Location"] == DOOR
    assert changed.headers["Clear-Site-Data"] == '"cache"'
    arrives(tablet, educator)
    assert tablet.post(CHANGE)["Location"] == DOOR
    assert back(tablet, story, nurse)["Location"] == page
    assert str(story.professional("nurse")) in tablet.get(HOME).content.decode()
    assert [action for action, _ in told(story, nurse)] == ["post.arrived", "post.locked", "post.unlocked"]
    assert told(story, nurse)[-1][1]["way"] == "code"
    assert told(story, nurse)[-1][1]["functions"] == ["nurse"]


def test_the_door_says_first_names_and_nothing_more(story: Story, tablet: Client) -> None:
    for role in ("nurse", "educator"):
        arrives(tablet, with_code(story.staff[role]))
        tablet.post(CHANGE)
    door = tablet.get(DOOR)
    assert "no-store" in door["Cache-Control"]
    for role in ("nurse", "educator"):
        who = story.professional(role)
        assert who.first_name in door.content.decode()
        assert who.last_name not in door.content.decode()
        assert who.job not in door.content.decode()
        assert who.account
        assert who.account.email not in door.content.decode()


def test_a_wrong_code_is_counted_and_after_five_the_right_one_opens_nothing(
    story: Story, tablet: Client
) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    tablet.post(CHANGE)
    for left in (4, 3, 2, 1):
        refused = back(tablet, story, nurse, "604182")
        assert refused.status_code == 422
        assert f"Il reste {left} essai" in refused.content.decode()
    assert "connectez-vous en entier" in back(tablet, story, nurse, "604182").content.decode()
    assert "connectez-vous en entier" in back(tablet, story, nurse).content.decode()
    assert sent_to(tablet).startswith(DOOR)
    refusals = [facts for action, facts in told(story, nurse) if action == "post.refused"]
    assert len(refusals) == 5
    with tenant(story.body.pk):
        assert not Entry.objects.filter(action="post.refused", professional__isnull=False).exists()
    arrives(tablet, nurse)
    tablet.post(CHANGE)
    assert back(tablet, story, nurse).status_code == 302


def test_a_code_opens_nothing_where_its_owner_did_not_sign_in(story: Story, tablet: Client) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    tablet.post(CHANGE)
    assert back(Client(), story, nurse)["Location"] == DOOR
    other = Client()
    arrives(other, story.staff["director"])
    sent = {"name": "Bureau", "establishment": str(story.house.pk), "minutes": "30"}
    other.post(reverse("settings:post-declare"), sent)
    other.post(CHANGE)
    assert back(other, story, nurse).status_code == 422
    assert sent_to(other).startswith(DOOR)


def test_a_turn_and_the_session_it_gives_end_when_the_strong_one_would_have(
    story: Story, tablet: Client
) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    tablet.post(CHANGE)
    with time_machine.travel(ENTERED + dt.timedelta(hours=11, minutes=58)):
        assert back(tablet, story, nurse).status_code == 302
        assert tablet.get(HOME).status_code == 200
    with time_machine.travel(ENTERED + dt.timedelta(hours=12, minutes=1)):
        assert sent_to(tablet) == DOOR
        assert back(tablet, story, nurse).status_code == 422


def test_whoever_signs_out_is_at_the_door_no_more(story: Story, tablet: Client) -> None:
    arrives(tablet, with_code(story.staff["nurse"]))
    out = tablet.post(reverse("account_logout"))
    assert out.headers["Clear-Site-Data"] == '"cache"', "the drafts of the others stay"
    assert tablet.get(DOOR)["Location"] == LOGIN


def test_whoever_left_or_lost_their_means_does_not_come_back(story: Story, tablet: Client) -> None:
    nurse, educator = with_code(story.staff["nurse"]), with_code(story.staff["educator"])
    for account in (nurse, educator):
        arrives(tablet, account)
        tablet.post(CHANGE)
    with tenant(story.body.pk):
        leave(professional=story.professional("nurse"), today=NOW.date(), by=None)
        recover(professional=story.professional("educator"), password=TEST_PASSWORD, by=None)
    assert story.professional("nurse").first_name not in tablet.get(DOOR).content.decode()
    assert back(tablet, story, nurse).status_code == 422
    assert back(tablet, story, educator).status_code == 422


def test_a_password_and_a_factor_begin_a_turn_and_a_password_alone_does_not(
    story: Story, somebody: Account, tablet: Client, settings: Settings
) -> None:
    settings.DEMO = False
    by_password(somebody, client=tablet)
    with tenant(story.body.pk):
        assert not Turn.objects.exists()
    secret = enrol(tablet)
    tablet.post(CHANGE)
    with tenant(story.body.pk):
        Turn.objects.all().delete()
    with time_machine.travel(NOW + dt.timedelta(hours=3)):
        by_password(somebody, client=tablet)
        tablet.post(reverse("mfa_authenticate"), {"code": code(secret)})
        assert turn_of(story, somebody)


# ── Nothing of the former ──────────────────────────────────────────────────────────────────────────────────


def test_the_former_cookie_and_the_form_of_the_former_page_act_no_more(story: Story, tablet: Client) -> None:
    nurse, educator = with_code(story.staff["nurse"]), with_code(story.staff["educator"], OTHER)
    arrives(tablet, nurse)
    page = tablet.get(reverse("handover:write"))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    former = tablet.cookies[django_settings.SESSION_COOKIE_NAME].value
    turn = tablet.cookies["tour"].value
    tablet.post(CHANGE)
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = former
    assert sent_to(thief) == LOGIN
    tablet.handler.enforce_csrf_checks = False
    arrives(tablet, educator)
    assert tablet.cookies["tour"].value not in ("", turn), "the tabs that are left see another turn"
    tablet.handler.enforce_csrf_checks = True
    assert token
    sent = {"csrfmiddlewaretoken": token[1], "texte": "De l’autre.", "famille": "vie"}
    assert tablet.post(reverse("handover:write"), sent | {"record": str(story.record.pk)}).status_code == 403


def test_a_change_that_the_network_lost_is_done_by_the_next_request_whatever_it_is(
    story: Story, tablet: Client
) -> None:
    nurse, page = with_code(story.staff["nurse"]), reverse("handover:list")
    arrives(tablet, nurse)
    tablet.cookies["verrou"] = page.replace("/", "%2F")
    answer = tablet.get(HOME)
    assert answer["Location"] == DOOR
    assert answer.cookies["verrou"].value == ""
    assert not Session.objects.filter(account=nurse).exists()
    del tablet.cookies["verrou"]
    assert back(tablet, story, nurse)["Location"] == page


@pytest.mark.parametrize("asked", ["https://ailleurs.test/", "//ailleurs.test", "javascript:alert(1)"])
def test_no_change_leads_out_of_here(story: Story, tablet: Client, asked: str) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    tablet.post(CHANGE, {"next": asked})
    assert back(tablet, story, nurse)["Location"] == HOME


def test_a_change_pressed_twice_leads_to_the_door_twice(story: Story, tablet: Client) -> None:
    nurse = with_code(story.staff["nurse"])
    arrives(tablet, nurse)
    assert [tablet.post(CHANGE)["Location"] for _ in range(2)] == [DOOR, DOOR]
    assert [action for action, _ in told(story, nurse)] == ["post.arrived", "post.locked"]


# ── Code and badge ─────────────────────────────────────────────────────────────────────────────────────────


def test_one_chooses_a_code_then_a_badge_and_neither_is_in_the_base(story: Story, tablet: Client) -> None:
    nurse = story.staff["nurse"]
    arrives(tablet, nurse)
    assert "Badge" not in tablet.get(KEY).content.decode()
    weak = tablet.post(KEY, {"code": "123456", "again": "123456"})
    assert "se devine" in weak.content.decode()
    assert "pas les mêmes" in tablet.post(KEY, {"code": CODE, "again": OTHER}).content.decode()
    assert tablet.post(KEY, {"code": CODE, "again": CODE}).status_code == 302
    wrong = tablet.post(KEY, {"geste": "badge", "own_code": OTHER, "badge": BADGE})
    assert "n’est pas le vôtre" in wrong.content.decode()
    assert tablet.post(KEY, {"geste": "badge", "own_code": CODE, "badge": BADGE}).status_code == 302
    kept = PostKey.objects.get(account=nurse)
    assert CODE not in kept.code
    assert kept.badge
    assert BADGE.lower() not in kept.badge.lower()
    tablet.post(CHANGE)
    assert tablet.post(DOOR, {"badge": BADGE})["Location"] == HOME
    assert tablet.get(HOME).status_code == 200
    assert told(story, nurse)[-1][1]["way"] == "badge"
    assert "Confirmer que c’est moi" in tablet.get(KEY).content.decode(), "a badge changes no badge"
    tablet.post(KEY, {"geste": "oublier"})
    assert PostKey.objects.get(account=nurse).badge
    tablet.post(CHANGE)
    arrives(tablet, nurse)
    tablet.post(KEY, {"geste": "oublier"})
    tablet.post(CHANGE)
    assert tablet.post(DOOR, {"badge": BADGE}).status_code == 422


def test_a_badge_is_of_one_person(story: Story, tablet: Client) -> None:
    nurse, educator = with_code(story.staff["nurse"]), with_code(story.staff["educator"], OTHER)
    posts.set_badge(account=nurse, code=CODE, number=BADGE)
    arrives(tablet, educator)
    taken = tablet.post(KEY, {"geste": "badge", "own_code": OTHER, "badge": BADGE})
    assert "quelqu’un d’autre" in taken.content.decode()


def test_numbers_that_are_tried_close_the_post_to_badges_until_somebody_signs_in(
    story: Story, tablet: Client
) -> None:
    nurse = with_code(story.staff["nurse"])
    posts.set_badge(account=nurse, code=CODE, number=BADGE)
    arrives(tablet, nurse)
    tablet.post(CHANGE)
    for number in range(posts.BADGES):
        assert tablet.post(DOOR, {"badge": f"{number:010d}"}).status_code == 422
    assert tablet.post(DOOR, {"badge": BADGE}).status_code == 422
    arrives(tablet, story.staff["educator"])
    tablet.post(CHANGE)
    assert tablet.post(DOOR, {"badge": BADGE}).status_code == 302


def test_a_code_is_chosen_by_whoever_has_just_proved_who_they_are(story: Story, settings: Settings) -> None:
    settings.DEMO = False
    client = enter(story.staff["nurse"])  # hours ago
    page = client.get(KEY).content.decode()
    assert "Confirmer que c’est moi" in page
    assert 'name="code"' not in page
    assert client.post(KEY, {"code": CODE, "again": CODE}).status_code == 302
    assert not PostKey.objects.exists()

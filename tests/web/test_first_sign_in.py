"""A first sign-in, from the invitation to the first record: by pages alone."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.staff.models import Account, Professional
from tests.factories import TEST_PASSWORD
from tests.web.filled import filled
from tests.web.story import Story, enter, hired
from tests.web.test_sign_in import HOME, LOGIN, enrol, sent_to

pytestmark = pytest.mark.django_db
ANA = {"first_name": "Ana", "last_name": "FICTIVE", "email": "ana@jalon.example", "role": "nurse"}
CHOSEN = {"password": TEST_PASSWORD, "again": TEST_PASSWORD}


@pytest.fixture
def keeper(story: Story) -> Client:
    return enter(story.hire("administrator"))


def text(answer: Any) -> str:
    """What is read, no-break spaces as spaces."""
    said: str = answer.content.decode()
    return said.replace("\xa0", " ")


def link_in(answer: Any) -> str:
    return re.findall(r"<code[^>]*>([^<]+)</code>", text(answer))[0]


def invited(story: Story, keeper: Client, **more: str) -> Any:
    address = reverse("staff:invite")
    sent = filled(keeper, address) | ANA | {"place": str(story.house.pk)} | more
    return keeper.post(address, sent)


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def code_on(client: Client) -> str:
    (shown,) = re.findall(r'class="code-lu">([\d ]+)<', text(client.get(reverse("waiting"))))
    return shown


def of_ana(name: str, story: Story) -> str:
    with tenant(story.body.pk):
        account = Account.objects.get(email=ANA["email"])
        return reverse(f"staff:{name}", args=[Professional.objects.get(account=account).pk])


def test_from_the_link_to_the_first_record(story: Story, keeper: Client) -> None:
    answer = invited(story, keeper)
    link, client = link_in(answer), Client()
    page = client.get(path_of(link))
    assert (page.status_code, ANA["email"] in text(page), "FICTIVE" in text(page)) == (200, False, False)
    assert client.post(path_of(link), CHOSEN).status_code == 302
    assert sent_to(client) == reverse("mfa_activate_totp")
    enrol(client, recognized=False)
    record = reverse("records:summary", args=[story.record.pk])
    for address in (HOME, record, reverse("people:list"), reverse("body")):
        assert sent_to(client, address) == reverse("waiting")
    assert story.traces() == []
    confirm = of_ana("confirm", story)
    wrong = keeper.post(confirm, filled(keeper, confirm) | {"code": "12"})
    assert (wrong.status_code, "Ce n’est pas le code que montre son écran" in text(wrong)) == (422, True)
    done = keeper.post(confirm, filled(keeper, confirm) | {"code": code_on(client)}, follow=True)
    assert "son accès est ouvert." in text(done)
    assert client.get(record).status_code == 200
    assert sent_to(client, reverse("waiting")) == HOME
    with tenant(story.body.pk):
        kept = set(Entry.objects.values_list("action", flat=True))
    assert {"staff.invited", "account.link_followed", "account.entered"} <= kept
    assert {"staff.confirmation_refused", "staff.confirmed"} <= kept


def test_a_link_is_shown_once_and_leads_where_the_site_says(
    story: Story, keeper: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://jalon.test"
    settings.ALLOWED_HOSTS = ["*"]
    address = reverse("staff:invite")
    sent = filled(keeper, address) | ANA | {"place": str(story.house.pk)}
    forged = {"Host": "ailleurs.test", "X-Forwarded-Host": "ailleurs.test"}
    answer = keeper.post(address, sent, headers=forged)
    link = link_in(answer)
    assert link.startswith("https://jalon.test/compte/lien/")
    assert "ailleurs.test" not in text(answer)
    for page in (reverse("staff:list"), of_ana("one", story)):
        assert path_of(link) not in text(keeper.get(page))


def test_used_ended_replaced_taken_back_and_never_made_get_one_answer(
    story: Story, keeper: Client, settings: Settings
) -> None:
    first = path_of(link_in(invited(story, keeper)))
    again = of_ana("invite-again", story)
    second = path_of(link_in(keeper.post(again, filled(keeper, again))))
    cancel = of_ana("invite-cancel", story)
    keeper.post(cancel, filled(keeper, cancel))
    third = path_of(link_in(keeper.post(again, filled(keeper, again))))
    Client().post(third, CHOSEN)
    settings.INVITATION = -1
    ended = path_of(link_in(keeper.post(again, filled(keeper, again))))
    never = reverse("ticket", args=["a" * 43])
    answers = [Client().get(link) for link in (first, second, third, ended, never)]
    answers += [Client().post(link, CHOSEN) for link in (first, second, third, ended, never)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({text(answer) for answer in answers}) == 1
    assert not Account.objects.get(email=ANA["email"]).has_usable_password()


def test_a_weak_password_is_refused_and_the_link_still_opens(story: Story, keeper: Client) -> None:
    link = path_of(link_in(invited(story, keeper)))
    client = Client()
    for weak in ("Tulipe-9", "Ana-FICTIVE-2026", "aaaaaaaaaaaaaaa", "motdepasse2026!"):
        answer = client.post(link, {"password": weak, "again": weak})
        assert answer.status_code == 422, weak
        assert weak not in text(answer)
    assert client.post(link, CHOSEN | {"again": "autre chose"}).status_code == 422
    assert sent_to(client) == LOGIN
    assert client.post(link, CHOSEN).status_code == 302


def test_who_follows_a_link_on_a_post_where_somebody_is_in_takes_nothing_of_them(
    story: Story, keeper: Client
) -> None:
    link = path_of(link_in(invited(story, keeper)))
    post = enter(story.staff["director"])
    before = post.cookies["sessionid"].value
    post.post(link, CHOSEN)
    assert post.cookies["sessionid"].value != before
    assert sent_to(post) == reverse("mfa_activate_totp")
    thief = Client()
    thief.cookies["sessionid"] = before
    assert sent_to(thief) == LOGIN


def test_a_password_and_a_factor_that_nobody_recognized_open_nothing_the_next_day_either(
    story: Story, keeper: Client
) -> None:
    client = Client()
    client.post(path_of(link_in(invited(story, keeper))), CHOSEN)
    enrol(client, recognized=False)
    client.post(reverse("account_logout"))
    again = enter(Account.objects.get(email=ANA["email"]))
    assert sent_to(again) == reverse("waiting")
    assert again.get(reverse("account_change_password")).status_code == 200


def test_pro_sante_connect_recognizes_by_itself(story: Story, keeper: Client) -> None:
    invited(story, keeper)
    client = enter(Account.objects.get(email=ANA["email"]))
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "provider": "psc", "at": 0}]
    session.save()
    assert client.get(HOME).status_code == 200


def test_first_sign_ins_are_listed_with_where_they_are(story: Story, keeper: Client) -> None:
    link = path_of(link_in(invited(story, keeper)))
    waiting = reverse("staff:list") + "?attente"
    assert "Premiers accès : 1" in text(keeper.get(reverse("staff:list")))
    assert "Invitation envoyée" in text(keeper.get(waiting))
    assert str(story.professional("nurse")) not in text(keeper.get(waiting))
    client = Client()
    client.post(link, CHOSEN)
    assert "Premier accès en cours" in text(keeper.get(waiting))
    enrol(client, recognized=False)
    assert "Premier accès à confirmer" in text(keeper.get(waiting))
    assert "Reconnaître cette personne" in text(keeper.get(of_ana("one", story)))


def test_somebody_known_is_asked_about_before_they_are_invited(story: Story, keeper: Client) -> None:
    known = story.staff["nurse"].email.upper()
    answer = invited(story, keeper, email=known, role="team_lead")
    assert answer.status_code == 422
    assert "Il y a déjà quelqu’un avec cette adresse" in text(answer)
    done = invited(story, keeper, email=known, role="team_lead", known="on")
    assert "a déjà un compte ouvert" in text(done)
    assert Account.objects.get(pk=story.staff["nurse"].pk).vouched


def test_the_invitation_of_another_managing_body_is_out_of_reach(story: Story, keeper: Client) -> None:
    invited(story, keeper)
    other = story.cases["other_body"].record
    with tenant(other.managing_body_id):
        stranger = enter(hired(other.managing_body, "administrator", other.establishment))
    for name in ("confirm", "invite-again", "invite-cancel"):
        address = of_ana(name, story)
        assert stranger.get(address).status_code == 403
        assert stranger.post(address, {"code": "123456"}).status_code == 403


def test_a_code_has_no_page_for_a_visitor(client: Client, db: None) -> None:
    assert client.get(reverse("waiting")).status_code == 302

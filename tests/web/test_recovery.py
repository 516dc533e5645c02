"""A forgotten password, by mail: a link that opens once, and a factor that is still asked for."""

import datetime as dt
import re
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.setup.mail import TASK
from jalon.staff.models import Account, Ticket
from jalon.web.account.mail import write
from tests.factories import NOW, TEST_PASSWORD
from tests.web.story import Story, enter
from tests.web.test_first_sign_in import invited, path_of, text
from tests.web.test_sign_in import HOME, LOGIN, by_password, code, enrol, sent_to

pytestmark = pytest.mark.django_db
NEW = "Un-tout-autre-secret-7"
CHOSEN = {"password": NEW, "again": NEW}
FORGOTTEN = "/compte/oubli/"
Work = Callable[[], list[EmailMessage]]


@pytest.fixture
def somebody(story: Story) -> Account:
    account = story.staff["educator"]
    account.set_password(TEST_PASSWORD)
    account.save()
    return account


@pytest.fixture
def keeper(story: Story) -> Client:
    return enter(story.hire("administrator"))


@pytest.fixture
def work(settings: Settings, mailoutbox: list[EmailMessage]) -> Work:
    """The site sends mail; what is asked is done, and what left since is given."""
    settings.MAIL_SMTP = "courrier.test:587"

    def done() -> list[EmailMessage]:
        before = len(mailoutbox)
        for job in ProcrastinateJob.objects.filter(task_name=TASK, status="todo").order_by("pk"):
            write(**job.args)
        return mailoutbox[before:]

    return done


def ask(email: str) -> Any:
    return Client().post(FORGOTTEN, {"email": email})


def link_of(letter: EmailMessage) -> str:
    return path_of(re.findall(r"https?://\S+", str(letter.body))[0])


def asked() -> int:
    return ProcrastinateJob.objects.filter(task_name=TASK).count()


def test_a_site_that_sends_no_mail_has_no_such_page(story: Story, client: Client) -> None:
    assert client.get(FORGOTTEN).status_code == 404
    assert client.post(FORGOTTEN, {"email": story.staff["nurse"].email}).status_code == 404
    assert "Mot de passe oublié" not in text(client.get(LOGIN))


def test_a_link_changes_the_password_ends_the_sessions_and_leaves_the_factor(
    story: Story,
    somebody: Account,
    work: Work,
) -> None:
    inside = by_password(somebody)
    secret = enrol(inside)
    assert "Mot de passe oublié" in text(Client().get(LOGIN))
    ask(somebody.email.upper())
    (letter,) = work()
    assert letter.to == [somebody.email]
    client = Client()
    with time_machine.travel(NOW + dt.timedelta(minutes=10)):
        assert client.post(link_of(letter), CHOSEN)["Location"] == reverse("mfa_authenticate")
        assert sent_to(client) == LOGIN, "a mailbox does not open the account"
        assert sent_to(inside) == LOGIN
        assert client.post(reverse("mfa_authenticate"), {"code": code(secret)}).status_code == 302
        assert client.get(HOME).status_code == 200
        assert Client().get(link_of(letter)).status_code == 404
    with tenant(story.body.pk):
        kept = set(Entry.objects.values_list("action", flat=True))
    assert {"account.recovery_sent", "account.link_followed"} <= kept


def test_who_changed_nothing_is_told(somebody: Account, work: Work) -> None:
    enrol(by_password(somebody))
    ask(somebody.email)
    (letter,) = work()
    ProcrastinateJob.objects.all().delete()
    Client().post(link_of(letter), CHOSEN)
    (told,) = work()
    assert told.subject == "Votre mot de passe a changé"
    assert "http" not in str(told.body)


def test_known_and_unknown_addresses_get_one_answer_and_one_work(
    story: Story,
    somebody: Account,
    work: Work,
) -> None:
    enrol(by_password(somebody))
    gone = story.staff["nurse"]
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    addresses = [somebody.email, gone.email, story.staff["director"].email, "personne@exemple.test"]
    answers = [ask(email) for email in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert len({text(answer) for answer in answers}) == 1
    assert asked() == len(addresses)
    assert [letter.to for letter in work()] == [[somebody.email]], "a mailbox alone opens nothing"


def test_no_job_holds_a_link_nor_an_address(somebody: Account, work: Work) -> None:
    ask(somebody.email)
    (job,) = ProcrastinateJob.objects.filter(task_name=TASK)
    assert job.args == {"letter": "recovery", "account_id": str(somebody.pk)}


def test_who_asks_again_and_again_fills_no_mailbox_and_shuts_no_link(somebody: Account, work: Work) -> None:
    enrol(by_password(somebody))
    for _ in range(5):
        ask(somebody.email)
    (letter,) = work()
    assert Client().get(link_of(letter)).status_code == 200
    with time_machine.travel(NOW + dt.timedelta(hours=3)):
        assert Client().get(link_of(letter)).status_code == 404


def test_from_one_address_only_so_many_are_asked(story: Story, work: Work) -> None:
    client = Client()
    for rank in range(35):
        assert client.post(FORGOTTEN, {"email": f"inconnu{rank}@exemple.test"}).status_code == 200
    assert asked() == 30


@pytest.mark.parametrize("email", ["", "rien", "a\0b@exemple.test", "a@b.test\r\nBcc: c@d.test"])
def test_what_is_no_address_is_asked_again(work: Work, db: None, email: str) -> None:
    assert ask(email).status_code in (400, 422)
    assert asked() == 0


def test_a_letter_that_does_not_leave_leaves_no_link(
    somebody: Account,
    work: Work,
    settings: Settings,
) -> None:
    """Nobody listens on that port of this machine: the job comes back, and makes another."""
    enrol(by_password(somebody))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises((OSError, smtplib.SMTPException)):
        write(letter="recovery", account_id=str(somebody.pk))
    assert not Ticket.objects.exists()


def test_an_invitation_goes_by_mail_and_its_link_is_on_no_screen(
    story: Story,
    keeper: Client,
    work: Work,
) -> None:
    answer = invited(story, keeper)
    assert "Un courriel part à ana@jalon.example." in text(answer)
    assert "/compte/lien/" not in text(answer)
    (letter,) = work()
    client = Client()
    assert (
        client.post(link_of(letter), {"password": TEST_PASSWORD, "again": TEST_PASSWORD}).status_code == 302
    )
    enrol(client, recognized=False)
    assert sent_to(client) == reverse("waiting")
    ask("ana@jalon.example")
    assert work() == [], "nobody recognized her yet"


def test_a_second_letter_of_an_invitation_opens_nothing_once_she_came(
    story: Story,
    keeper: Client,
    work: Work,
) -> None:
    invited(story, keeper)
    (letter,) = work()
    Client().post(link_of(letter), {"password": TEST_PASSWORD, "again": TEST_PASSWORD})
    assert work() == []


def test_a_factor_taken_away_is_not_made_again_by_a_mailbox(somebody: Account, work: Work) -> None:
    enrol(by_password(somebody))
    Authenticator.objects.filter(user=somebody).delete()
    ask(somebody.email)
    assert work() == []

"""The mails of the site to its own professionals: the link is made as it is sent, and held by nobody else."""

import smtplib
import uuid
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from jalon.setup import invitations, mail
from jalon.setup.mail import Letter
from jalon.staff.models import Account
from jalon.web.account.traces import trace

TEXTS: Final = {
    Letter.INVITATION: (
        "Bonjour,",
        "Votre établissement vous ouvre un accès à Jalon. Ce lien sert une fois, pendant {hours} h : vous y "
        "choisissez un mot de passe, puis un second facteur.",
        "{link}",
        "Votre écran montrera ensuite un code. Lisez-le de vive voix à la personne qui vous a invité, et à "
        "personne d’autre.",
    ),
    Letter.RECOVERY: (
        "Bonjour,",
        "Quelqu’un, vous sans doute, demande un autre mot de passe pour votre compte. Ce lien sert une fois, "
        "pendant {minutes} minutes :",
        "{link}",
        "Votre second facteur restera demandé. Si ce n’est pas vous, ne faites rien : votre mot de passe "
        "reste le même.",
    ),
    Letter.CHANGED: (
        "Bonjour,",
        "Le mot de passe de votre compte vient de changer, et vos sessions sont fermées. Si ce n’est pas "
        "vous, prévenez tout de suite la personne qui tient les comptes dans votre établissement.",
    ),
}


@app.task(name=mail.TASK, retry=RetryStrategy(max_attempts=6, exponential_wait=3))
def write(*, letter: str, account_id: str) -> None:
    """Send one letter; what the server of mail refuses is tried again, with another link."""
    which = Letter(letter)
    account = Account.objects.filter(pk=uuid.UUID(account_id), is_active=True).first()
    link = _link(which, account) if account else ""
    if account is None or (not link and which != Letter.CHANGED):
        return
    try:
        _send(which, account.email, link)
    except (OSError, smtplib.SMTPException):
        invitations.withdraw(account)
        raise


@transaction.atomic
def _link(letter: Letter, account: Account) -> str:
    """The link of this letter, if it has one and the account may be given it now."""
    now = timezone.now()
    match letter:
        case Letter.INVITATION:
            return invitations.link_for(account, now)
        case Letter.RECOVERY if link := invitations.recovery_for(account, now):
            trace("account.recovery_sent", account)
            return link
        case _:
            return ""


def _send(letter: Letter, to: str, link: str) -> None:
    said = {"link": link, "hours": settings.INVITATION // 3600, "minutes": settings.RECOVERY // 60}
    body = "\n\n".join(TEXTS[letter]).format(**said)
    EmailMessage(subject=letter.label, body=f"{body}\n", to=[to]).send()

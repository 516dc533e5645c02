"""The few mails that the site writes to its own professionals: asked here, written by the worker.

A job carries the id of an account: the link is made by whoever sends it, and waits in no table.
"""

import uuid
from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from jalon.core.choices import Choice

TASK: Final = "jalon.web.account.mail.write"


class Letter(Choice):
    """What may be written, by what it is about."""

    INVITATION = "invitation", "Votre premier accès à Jalon"
    RECOVERY = "recovery", "Choisir un autre mot de passe"
    CHANGED = "changed", "Votre mot de passe a changé"


def is_on() -> bool:
    """Was the site given where to send mail?"""
    return bool(settings.MAIL_SMTP)


def ask(letter: Letter, account_id: uuid.UUID) -> None:
    """Ask for a letter, sent once the transaction of the moment is over."""
    app.configure_task(TASK).defer(letter=letter.value, account_id=str(account_id))

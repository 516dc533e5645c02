"""The first sign-in of somebody: invited by a link, then recognized by whoever keeps the accounts (ADR 0041).

Following the link gives a password and a factor, and opens no record: the account stays unvouched until the
code that is on the newcomer's screen is typed on another.
"""

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from jalon.audit.actions import record_entry
from jalon.core.choices import Choice
from jalon.core.errors import DomainError
from jalon.db.changes import lock
from jalon.db.encryption import keyed_hash
from jalon.db.groups import public_url
from jalon.setup import mail
from jalon.setup.accounts import Work, alone, check_another, check_own, check_work, forget
from jalon.staff.actions import Newcomer, engage
from jalon.staff.models import Account, PostKey, Professional, Session, Ticket

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
DIGITS: Final = 6


class Step(Choice):
    """Where an account is, from the invitation to the day it is recognized."""

    KNOWN = "known", "compte ouvert"
    INVITED = "invited", "invitation envoyée"
    LAPSED = "lapsed", "invitation sans suite"
    ENTERING = "entering", "premier accès en cours"
    TO_CONFIRM = "to_confirm", "premier accès à confirmer"


@dataclass(frozen=True)
class Invited:
    """Somebody who was invited.

    `link`: to give by hand; empty when it is `mailed`, and for an account that opens by its own means.
    """

    professional: Professional
    link: str = ""
    mailed: bool = False


@transaction.atomic
def invite(
    *, who: Newcomer, work: Work, by: Professional | None, now: dt.datetime, known: bool = False
) -> Invited:
    """Give somebody a function here and a link to come by.

    Raises DomainError as `engage` and as `assign` do.
    """
    alone()
    check_work(work)
    one = engage(
        who,
        role=work.role,
        establishment=work.establishment,
        unit=work.unit,
        today=work.starts_on,
        ends_on=work.ends_on,
        known=known,
    )
    check_another(one, by)
    facts = {"role": work.role, "house": str(work.establishment.pk), "known": known}
    record_entry("staff.invited", on=one.pk, by=by, facts=facts)
    account = lock(_account(one))
    if account.vouched:
        return Invited(one)
    forget(account)
    return _given(one, account, now)


@transaction.atomic
def invite_again(*, professional: Professional, by: Professional | None, now: dt.datetime) -> Invited:
    """Another link: the former one, and whatever was made by it, open nothing. Raises as `cancel`."""
    account = _awaited(professional, by)
    forget(account)
    record_entry("staff.invited_again", on=professional.pk, by=by)
    return _given(professional, account, now)


@transaction.atomic
def cancel(*, professional: Professional, by: Professional | None) -> None:
    """Take an invitation back. Raises DomainError `one_self`, `no_account`, `several_bodies`, `is_in`."""
    forget(_awaited(professional, by))
    record_entry("staff.invitation_cancelled", on=professional.pk, by=by)


def confirm(*, professional: Professional, code: str, by: Professional | None) -> None:
    """Say that it is they who made the password and the factor: their screen shows this code.

    Raises as `cancel`, and DomainError `not_ready` or `wrong_code`, which is traced.
    """
    if not _confirmed(professional, code, by):
        record_entry("staff.confirmation_refused", on=professional.pk, by=by)
        raise DomainError(
            "Ce n’est pas le code que montre son écran. Demandez-le de vive voix ; si la personne n’en voit "
            "aucun, renvoyez l’invitation : quelqu’un d’autre a suivi le lien.",
            code="wrong_code",
            place="code",
        )


@transaction.atomic
def _confirmed(professional: Professional, code: str, by: Professional | None) -> bool:
    account = _awaited(professional, by)
    expected = code_of(account)
    if not expected:
        raise DomainError(
            "Cette personne n’a pas encore choisi son mot de passe et son second facteur.", code="not_ready"
        )
    typed = "".join(sign for sign in code if sign.isdecimal())
    if not hmac.compare_digest(typed.encode(), expected.encode()):
        return False
    account.vouched = True
    account.save()
    record_entry("staff.confirmed", on=professional.pk, by=by)
    return True


@transaction.atomic
def redeem(*, token: str, password: str, now: dt.datetime) -> Account:
    """Choose a password by a link, which opens nothing any more; sessions end, and the code of posts goes.

    The trace is the caller's, who knows the managing bodies. Raises DomainError `dead_link`.
    """
    found = opened_by(token, now)
    ticket = Ticket.objects.select_for_update().filter(pk=found.pk).first() if found else None
    if ticket is None:
        raise DomainError(
            "Ce lien n’ouvre rien. Demandez-en un autre à qui tient les comptes.", code="dead_link"
        )
    account = lock(ticket.account)
    ticket.delete()
    Session.objects.filter(account=account).delete()
    PostKey.objects.filter(account=account).delete()
    account.set_password(password)
    account.save()
    return account


def opened_by(token: str, now: dt.datetime) -> Ticket | None:
    """What this link opens now, if anything."""
    found = Ticket.objects.filter(pk=_digest(token), ends_at__gt=now, account__is_active=True)
    return found.select_related("account").first()


def await_recognition(account: Account) -> bool:
    """Nobody vouches any more for who holds this account; was it vouched for? The trace is the caller's."""
    return bool(Account.objects.filter(pk=account.pk, vouched=True).update(vouched=False))


def code_of(account: Account) -> str:
    """What whoever made this password and these factors reads out; empty until both are made.

    It is kept nowhere: another password, or another factor, has another code.
    """
    made = Authenticator.objects.filter(user=account, type__in=FACTORS)
    factors = ",".join(map(str, made.order_by("pk").values_list("pk", flat=True)))
    if not factors or not account.has_usable_password():
        return ""
    drawn = keyed_hash(f"{account.pk} {account.password} {factors}", context="first sign-in")
    return f"{int(drawn, 16) % 10**DIGITS:0{DIGITS}}"


def step_of(account: Account, now: dt.datetime) -> Step:
    """Where this account is."""
    if account.vouched:
        return Step.KNOWN
    if account.has_usable_password():
        return Step.TO_CONFIRM if code_of(account) else Step.ENTERING
    awaited = Ticket.objects.filter(account=account, ends_at__gt=now).exists()
    return Step.INVITED if awaited else Step.LAPSED


def link_for(account: Account, now: dt.datetime) -> str:
    """The link of an invitation; empty once its account has a password."""
    if account.vouched or account.has_usable_password():
        return ""
    return _link(account, now + dt.timedelta(seconds=settings.INVITATION))


def recovery_for(account: Account, now: dt.datetime) -> str:
    """A link to choose another password, for whoever reads the mail of an account and holds its factor.

    Empty for an account that nobody recognized yet, or that has no factor: the mailbox alone would open it.
    Empty while a link of it opens: whoever asks again neither fills a mailbox nor shuts that link.
    """
    held = Ticket.objects.filter(account=account, ends_at__gt=now).exists()
    if held or not account.vouched or not code_of(account):
        return ""
    return _link(account, now + dt.timedelta(seconds=settings.RECOVERY))


def withdraw(account: Account) -> None:
    """The link of this account did not leave: it opens nothing."""
    Ticket.objects.filter(account=account).delete()


def forget_tickets(now: dt.datetime) -> None:
    """Links that have ended."""
    Ticket.objects.filter(ends_at__lte=now).delete()


def _awaited(professional: Professional, by: Professional | None) -> Account:
    """The account of somebody who was invited and is not recognized yet, locked."""
    alone()
    check_another(professional, by)
    account = lock(_account(lock(professional)))
    check_own(account, by)
    if account.vouched:
        raise DomainError("Ce compte est déjà ouvert : rien n’attend.", code="is_in")
    return account


def _account(professional: Professional) -> Account:
    account = professional.account
    if account is None or not account.is_active:
        raise DomainError("Cette personne n’a pas de compte ouvert.", code="no_account")
    return account


def _given(professional: Professional, account: Account, now: dt.datetime) -> Invited:
    """By mail when the site sends some; otherwise by hand."""
    if mail.is_on():
        mail.ask(mail.Letter.INVITATION, account.pk)
        return Invited(professional, mailed=True)
    return Invited(professional, link_for(account, now))


def _link(account: Account, ends_at: dt.datetime) -> str:
    token = secrets.token_urlsafe(32)
    Ticket.objects.filter(account=account).delete()
    Ticket.objects.create(digest=_digest(token), account=account, ends_at=ends_at)
    return public_url() + reverse("ticket", args=[token])


def _digest(token: str) -> str:
    return keyed_hash(token, context="ticket")

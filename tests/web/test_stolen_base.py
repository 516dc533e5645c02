"""Whoever holds a copy of the database enters nothing with it: neither sessions nor second factors."""

import base64
import json
import os
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as site
from django.contrib.sessions.models import Session as Former
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from jalon.staff.models import Account, Session
from jalon.web.account.factors import seal_factors
from jalon.web.account.tasks import tidy
from tests.web.story import Story, enter
from tests.web.test_sign_in import HOME, by_password, code, enrol, sent_to, somebody

__all__ = ["somebody"]
COOKIE = site.SESSION_COOKIE_NAME


def dump() -> str:
    """Every value of every table, as a copy of the base would show it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public' and table_name "
            "~ '^(staff_account|staff_session|staff_remembered|django_session|mfa_|account_|axes_)'"
        )
        told = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t')
            told += [str(row) for row in cursor.fetchall()]
    return "\n".join(told)


def with_cookie(value: str | None) -> Client:
    client = Client()
    client.cookies[COOKIE] = value or ""
    return client


def test_nothing_that_the_base_holds_is_a_cookie_that_opens(story: Story) -> None:
    entered = enter(story.staff["director"])
    key = entered.cookies[COOKIE].value
    assert with_cookie(key).get(HOME).status_code == 200
    assert key not in dump()
    for row in Session.objects.all():
        assert row.account_id
        for stored in (row.digest, row.digest[:32], base64.b64encode(bytes(row.content)).decode()[:40]):
            assert sent_to(with_cookie(stored)).startswith("/compte/login/")


def test_a_session_put_in_the_row_of_another_opens_nothing(story: Story) -> None:
    director, stranger = enter(story.staff["director"]), enter(story.staff["secretary"])
    content = Session.objects.get(account=story.staff["director"]).content
    Session.objects.filter(account=story.staff["secretary"]).update(
        content=content, account=story.staff["director"]
    )
    assert sent_to(stranger).startswith("/compte/login/")
    assert director.get(HOME).status_code == 200


def test_a_session_of_the_former_release_opens_nothing_and_is_forgotten_once_ended(story: Story) -> None:
    store = import_module("django.contrib.sessions.backends.db").SessionStore()
    store.update(dict(enter(story.staff["director"]).session))
    store.save()
    assert sent_to(with_cookie(store.session_key)).startswith("/compte/login/")
    tidy.func(0)
    assert Former.objects.exists()
    Former.objects.update(expire_date=timezone.now())
    tidy.func(0)
    assert not Former.objects.exists()


def test_a_new_key_of_a_session_is_the_only_one_that_opens(story: Story) -> None:
    client = enter(story.staff["director"])
    former, session = client.cookies[COOKIE].value, client.session
    session.cycle_key()
    session.save()
    assert with_cookie(session.session_key).get(HOME).status_code == 200
    assert sent_to(with_cookie(former)).startswith("/compte/login/")
    assert Session.objects.filter(account=story.staff["director"]).count() == 1


def test_a_session_that_ended_is_forgotten(story: Story) -> None:
    enter(story.staff["director"])
    enter(story.staff["secretary"])
    Session.objects.filter(account=story.staff["director"]).update(ends_at=timezone.now())
    tidy.func(0)
    assert [row.account_id for row in Session.objects.all()] == [story.staff["secretary"].pk]


def test_neither_the_factor_nor_its_codes_of_rescue_are_read_in_the_base(somebody: Account) -> None:
    client = by_password(somebody)
    activate = reverse("mfa_activate_totp")
    client.get(activate)
    being_made = client.session.get("mfa.totp.secret")
    assert being_made
    assert being_made not in dump(), "while it is made, the session holds it"
    secret = enrol(client)
    seed = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    stored = dump()
    assert secret not in stored
    assert not [one for one in seed.generate_codes() if one in stored]


def in_clear(account: Account) -> tuple[str, list[str]]:
    """The factors of an account as the release 0.1 wrote them."""
    secret, seed = generate_totp_secret(), RecoveryCodes.generate_seed()
    Authenticator.objects.create(user=account, type="totp", data={"secret": secret})
    rescue = Authenticator.objects.create(
        user=account, type="recovery_codes", data={"seed": seed, "used_mask": 1}
    )
    return secret, RecoveryCodes(rescue).get_unused_codes()


def test_factors_written_in_clear_are_put_away_and_still_open(somebody: Account) -> None:
    secret, spare = in_clear(somebody)
    assert seal_factors() == 2
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == spare
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code(secret))
    assert seal_factors() == 0, "once"


def test_factors_follow_the_key_that_writes(somebody: Account, settings: Settings) -> None:
    secret, _ = in_clear(somebody)
    seal_factors()
    settings.JALON_KEYS = [f"new:{base64.b64encode(os.urandom(32)).decode()}", *settings.JALON_KEYS]
    assert seal_factors() == 2
    settings.JALON_KEYS = settings.JALON_KEYS[:1]
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code(secret))


@pytest.mark.parametrize("value", ["", "a", "é" * 40, "a\0b", "x" * 5000])
def test_a_cookie_that_is_no_key_is_nobody(story: Story, value: str) -> None:
    assert sent_to(with_cookie(value)).startswith("/compte/login/")

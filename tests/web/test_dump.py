"""A dump of the whole base, every table read by a superuser, tried at every door: it opens no session and no
factor."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.staff.models import Account
from tests.factories import NOW, TEST_PASSWORD, AccessGrantFactory
from tests.sandbox.load_base import superuser
from tests.web.story import Story, enter, write_story
from tests.web.test_sign_in import HOME, LOGIN, by_password, code, enrol, sent_to

COOKIE = site.SESSION_COOKIE_NAME
DOORS = re.compile(r"^(staff|account|mfa|socialaccount|axes|django_session|usersessions|procrastinate)_")
EVERY_TABLE = (
    "select table_schema, table_name from information_schema.tables "
    "where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
)
Dump = dict[str, list[str]]


def dumped() -> Dump:
    """Every value of every table, by table: policies do not hold a superuser."""
    with superuser() as base:
        names = base.execute(EVERY_TABLE).fetchall()
        return {
            name: [one for (row,) in base.execute(f'select to_jsonb(t) from "{schema}"."{name}" t')
                   for one in leaves(row)]
            for schema, name in names
        }  # fmt: skip


def leaves(value: Any) -> Iterator[str]:
    """The texts of a row, those of the JSON it holds, and its bytes as text where they are some."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, str):
        yield value
        if value.startswith("\\x"):
            yield bytes.fromhex(value[2:]).decode("latin-1")
        elif value[:1] in "{[":
            yield from leaves(_json(value))
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return []


def tried(values: list[str], length: int = 4) -> list[str]:
    """What a thief would type: each value, each word of it, whole and cut as a cookie is."""
    words = {word for value in values for word in (value, *re.split(r"[^\w-]+", value))}
    return sorted({cut for word in words if len(word) >= length for cut in (word, word[:32])})


@pytest.fixture
def held(transactional_db: None) -> dict[str, Any]:
    """A house at work: somebody enrolled, open sessions, a grant, mistakes, codes of rescue."""
    story = write_story(NOW)
    account = story.staff["educator"]
    account.set_password(TEST_PASSWORD)
    account.save()
    secret = enrol(by_password(account))
    director = enter(story.staff["director"])
    assert director.get(HOME).status_code == 200
    with tenant(story.body.pk):
        AccessGrantFactory.create(record=story.record, professional=story.professional("nurse"))
    Client().post(LOGIN, {"login": account.email, "password": "une erreur"})
    codes = RecoveryCodes(Authenticator.objects.get(user=account, type="recovery_codes")).generate_codes()
    return {"story": story, "account": account, "secret": secret, "codes": codes, "open": director}


def test_no_table_holds_a_secret_that_opens(held: dict[str, Any]) -> None:
    dump = dumped()
    assert len(dump) > 60
    cookie, secret = held["open"].cookies[COOKIE].value, held["secret"]
    known = [secret, code(secret), *held["codes"], cookie, TEST_PASSWORD]
    told = {name for name, values in dump.items() for value in values if any(one in value for one in known)}
    assert told == set()


@pytest.mark.requirement("SC.SSI/GEN.14")
def test_nothing_of_a_dump_is_a_cookie_a_password_a_code_or_an_announcement(held: dict[str, Any]) -> None:
    story: Story = held["story"]
    account: Account = held["account"]
    dump = dumped()
    values = tried([value for name, rows in dump.items() if DOORS.match(name) for value in rows])
    assert len(values) > 100
    totp = TOTP(Authenticator.objects.get(user=account, type="totp"))
    rescue = RecoveryCodes(Authenticator.objects.get(user=account, type="recovery_codes"))
    for value in values:
        assert not account.check_password(value), value
        assert not rescue.validate_code(value), value
        assert not (value.isascii() and totp.validate_code(value)), value
        if value.isascii():  # what a cookie may hold
            assert sent_to(with_cookie(value)).startswith(LOGIN), value
    announced = Client().post(reverse("psc-ended"), {"logout_token": values[0]})
    assert announced.status_code in (400, 404)
    assert held["open"].get(HOME).status_code == 200, "who was there still is"
    assert story.record.pk


def with_cookie(value: str) -> Client:
    client = Client()
    client.cookies[COOKIE] = value
    return client

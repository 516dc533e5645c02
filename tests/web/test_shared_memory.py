"""One memory of the door for all the processes: a code opens once, tries are counted together."""

import os
import subprocess
import sys
import time
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jalon.staff.models import Remembered
from jalon.web.account.limits import MISTAKES, USUAL
from jalon.web.account.tasks import tidy
from tests.factories import AccountFactory
from tests.support import PROJECT
from tests.web.test_same_instant import at_once
from tests.web.test_sign_in import LOGIN, code

ASK = """
import sys
import time_machine
time_machine.travel(float(sys.argv[2])).start()
from jalon.commands.django_setup import setup
setup()
from django.core.cache import cache
print(cache.add(sys.argv[1], "y", 60), cache.get(sys.argv[1]))
"""


def elsewhere(key: str) -> str:
    """What another process of the site answers, at the same hour."""
    base = connection.settings_dict
    address = f"postgres://jalon_app@/{base['NAME']}?host={base['HOST'] or base['OPTIONS'].get('host')}"
    told = {**os.environ, "JALON_MODE": "test", "DATABASE_URL": address}
    answer = subprocess.run(
        [sys.executable, "-c", ASK, key, str(time.time())],
        env=told,
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    return answer.stdout.strip()


@pytest.mark.django_db(transaction=True)
def test_what_a_process_keeps_another_one_reads_and_does_not_add_again() -> None:
    assert cache.add("code", "x", 60)
    assert elsewhere("code") == "False x"
    assert elsewhere("other") == "True y"
    assert not cache.add("other", "x", 60)


@pytest.mark.django_db(transaction=True)
def test_a_code_typed_at_the_same_instant_in_several_places_opens_once() -> None:
    account, secret = AccountFactory.create(), generate_totp_secret()
    Authenticator.objects.create(user=account, type="totp", data={"secret": secret})
    typed = code(secret)

    def tried() -> bool:
        return TOTP(Authenticator.objects.get(user=account)).validate_code(typed)

    assert sorted(at_once([tried] * 4)) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_the_same_instant_are_all_counted(settings: Settings) -> None:
    settings.AXES_ENABLED = True
    account = AccountFactory.create()
    wrong = {"login": account.email, "password": "rien de tel ici"}
    answers = at_once([partial(Client().post, LOGIN, wrong) for _ in range(3)])
    assert [answer.status_code for answer in answers] == [422] * 3
    assert [row.failures_since_start for row in AccessAttempt.objects.all()] == [3]


def test_what_is_kept_says_nothing_of_whom_nor_of_where(db: None, client: Client) -> None:
    account = AccountFactory.create()
    client.post(LOGIN, {"login": account.email, "password": "x"}, REMOTE_ADDR="203.0.113.9")
    rows = [f"{row.digest} {row.value}" for row in Remembered.objects.all()]
    assert rows
    assert not [row for row in rows if "203.0.113.9" in row or account.email in row]


def test_a_value_serves_until_its_end_then_is_forgotten(db: None) -> None:
    cache.set("a", [1.5, 2], 60)
    cache.set("a", [3], 60)
    cache.set("gone", 1, -1)
    assert (cache.get("a"), cache.get("gone"), cache.get("never", "?")) == ([3], None, "?")
    assert cache.touch("a", 90)
    assert not cache.touch("gone")
    assert cache.add("gone", 2, -1), "what has ended may be added again"
    tidy.func(0)
    assert Remembered.objects.count() == 1
    assert cache.delete("a")
    assert not cache.delete("a")


def test_names_typed_and_addresses_are_forgotten_once_they_no_longer_serve(db: None) -> None:
    now = timezone.now()
    for model, age in ((AccessAttempt, MISTAKES), (AccessFailureLog, MISTAKES), (AccessLog, USUAL)):
        for name, days in (("kept", age / 2), ("gone", age * 1.1)):
            counts = {"failures_since_start": 1} if model is AccessAttempt else {}
            row = model.objects.create(username=name, ip_address="203.0.113.9", **counts)
            model.objects.filter(pk=row.pk).update(attempt_time=now - days)
    tidy.func(0)
    left = [model.objects.get().username for model in (AccessAttempt, AccessFailureLog, AccessLog)]
    assert left == ["kept"] * 3

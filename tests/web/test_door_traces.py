"""What the journal keeps of the door: entries, mistakes, ways out, factors and passwords; ids alone."""

import json
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.staff.models import Account
from tests.factories import NOW, TEST_PASSWORD
from tests.web.story import Story
from tests.web.test_sign_in import LOGIN, by_password, code, enrol, somebody

__all__ = ["somebody"]


def told(story: Story, account: Account) -> list[tuple[str, dict[str, object]]]:
    with tenant(story.body.pk):
        found = Entry.objects.filter(object_id=account.pk, action__startswith="account.").order_by("at", "pk")
        return [(entry.action, entry.facts) for entry in found]


@pytest.mark.requirement("SC.SSI/IAM.91")
def test_a_whole_visit_is_told_step_by_step(
    story: Story, somebody: Account, django_capture_on_commit_callbacks: Any
) -> None:
    client = by_password(somebody)
    with django_capture_on_commit_callbacks(execute=True):
        secret = enrol(client)
    client.post(reverse("account_logout"))
    with time_machine.travel(NOW.replace(hour=15)):
        again = by_password(somebody)
        again.post(reverse("mfa_authenticate"), {"code": "000000"})
        again.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert told(story, somebody) == [
        ("account.entered", {"ways": ["password"]}),
        ("account.to_recognize", {}),
        ("account.factor_added", {"factor": "totp"}),
        ("account.factor_added", {"factor": "recovery_codes"}),
        ("account.left", {}),
        ("account.refused", {"step": "totp"}),
        ("account.entered", {"ways": ["mfa", "password"]}),
    ]


@pytest.mark.requirement("SC.SSI/IAM.91")
def test_a_new_password_and_the_end_of_a_factor_are_told(story: Story, somebody: Account) -> None:
    client, new = by_password(somebody), "Un-tout-autre-secret-7"
    enrol(client)
    typed = {"oldpassword": TEST_PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), typed)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=somebody, type="totp").exists()
    acts = [action for action, _ in told(story, somebody)]
    assert acts.count("account.password_changed") == 1
    assert "account.factor_removed" in acts


@pytest.mark.requirement("SC.SSI/IAM.91")
def test_mistakes_are_told_without_author_nor_name_and_fill_no_journal(
    story: Story, somebody: Account
) -> None:
    for _ in range(5):
        by_password(somebody, "rien de tel ici du tout")
    assert told(story, somebody) == [("account.refused", {"step": "password"})]
    with tenant(story.body.pk):
        (entry,) = Entry.objects.filter(object_id=somebody.pk)
        assert entry.professional is None
        assert somebody.email not in json.dumps(entry.facts)


@pytest.mark.parametrize("name", ["inconnu@exemple.test", "a" * 500, "%", ""])
def test_a_name_of_nobody_leaves_nothing(story: Story, client: Client, name: str) -> None:
    with tenant(story.body.pk):
        before = Entry.objects.count()
    assert client.post(LOGIN, {"login": name, "password": "rien de tel ici"}).status_code == 422
    with tenant(story.body.pk):
        assert Entry.objects.count() == before

"""`jalon mail`: a house that fails stops no other, and what was set aside is read once more."""

from typing import Any

import pytest
from django.utils import timezone

from jalon.core.errors import Rejected
from jalon.db.tenant import tenant
from jalon.exchange.inbox import fetching
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Reception, ReceptionState
from jalon.organizations.models import Establishment
from tests.commands.conftest import Jalon
from tests.exchange.letters import letter
from tests.web.story import Story, write_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db: None) -> Story:
    return write_story(timezone.now())


@pytest.mark.parametrize("error", [Rejected("MSSanté", "NO", "AUTHENTICATIONFAILED"), TypeError("secret")])
def test_a_house_that_fails_stops_no_other_and_is_said(
    error: Exception, story: Story, jalon: Jalon, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(story.body.pk):
        houses = list(Establishment.objects.order_by("finess"))
        for rank, house in enumerate(houses):
            Establishment.objects.filter(pk=house.pk).update(mailbox=f"maison{rank}@jalon.mssante.test")
    asked: list[Any] = []

    def one_fails(body: Any, establishment_id: Any, now: Any) -> int:
        asked.append(establishment_id)
        if len(asked) == 1:
            raise error
        return 3

    monkeypatch.setattr(fetching, "fetch", one_fails)
    done = jalon("mail", "fetch", "--body", story.body.finess, "--json")
    assert done.code == 1
    assert asked == [house.pk for house in houses]
    first, *others = done.json.values()
    assert first["failure"]
    assert "AUTHENTICATIONFAILED" not in first["failure"]
    assert "secret" not in first["failure"]
    assert others
    assert all(one == {"messages": 3, "failure": ""} for one in others)


def test_a_message_set_aside_is_read_once_more_by_command(story: Story, jalon: Jalon) -> None:
    with tenant(story.body.pk):
        now = timezone.now()
        bad = process(reception=keep_raw(establishment=story.house, raw=letter(None), now=now), now=now)
    who = "--by", story.staff["secretary"].email, "--body", story.body.finess
    done = jalon("mail", "replay", str(bad.pk), *who, "--json")
    assert done.code == 0
    assert "IHE_XDM.zip" in done.json["reason"]
    with tenant(story.body.pk):
        assert Reception.objects.get(pk=bad.pk).state == ReceptionState.REJECTED
    stranger = "--by", story.staff["educator"].email, "--body", story.body.finess
    assert jalon("mail", "replay", str(bad.pk), *stranger).code == 1

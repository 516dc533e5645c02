"""A post that others share: an unused page leaves the screen, and whoever leaves leaves nothing."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.staff.models import Professional
from tests.factories import NOW
from tests.web.story import Story, enter
from tests.web.test_sign_in import HOME, LOGIN, sent_to

ENTERED = NOW + dt.timedelta(hours=2)


def where_it_sleeps(client: Client, address: str) -> tuple[int, str]:
    """After how many seconds the browser leaves this page, and for where."""
    seconds, _, url = client.get(address).headers["Refresh"].partition("; url=")
    return int(seconds), url


def test_a_page_that_nobody_uses_leaves_the_screen_when_its_session_ends(
    story: Story, settings: Settings
) -> None:
    settings.SESSION_COOKIE_AGE = 300
    client, record = enter(story.staff["educator"]), reverse("records:summary", args=[story.record.pk])
    seconds, asleep = where_it_sleeps(client, record)
    assert seconds == 300
    with time_machine.travel(ENTERED + dt.timedelta(seconds=seconds + 60)):
        page = client.get(asleep)
        assert page.status_code == 200
        assert "Refresh" not in page.headers
        onward = re.search(r'href="([^"]+)"[^>]*>Reprendre', page.content.decode())
        assert onward
        assert onward[1] == record
        assert sent_to(client, record) == f"{LOGIN}?next={record.replace('/', '%2F')}"


def test_what_takes_its_place_holds_nothing_of_anybody_even_in_its_address(story: Story) -> None:
    client = enter(story.staff["educator"])
    with tenant(story.body.pk):
        me = Professional.objects.get(account=story.staff["educator"])
    _, asleep = where_it_sleeps(client, "/usagers/?q=roseau")
    assert "roseau" not in asleep
    page = client.get(asleep).content.decode()
    assert not [word for word in (me.last_name, me.first_name, story.staff["educator"].email) if word in page]


def test_to_fall_asleep_is_no_use_of_the_session(story: Story) -> None:
    client = enter(story.staff["educator"])
    client.get(HOME)
    with time_machine.travel(ENTERED + dt.timedelta(minutes=119)):
        assert client.get(reverse("asleep")).status_code == 200
    with time_machine.travel(ENTERED + dt.timedelta(minutes=122)):
        assert sent_to(client) == LOGIN


@pytest.mark.parametrize("asked", ["https://ailleurs.test/", "//ailleurs.test", "javascript:alert(1)", ""])
def test_it_leads_back_to_a_page_of_ours_and_nowhere_else(db: None, client: Client, asked: str) -> None:
    page = client.get(reverse("asleep"), {"next": asked}).content.decode()
    assert f'href="{HOME}"' in page
    assert "ailleurs" not in page
    assert "alert" not in page


def test_a_part_of_a_page_says_nothing_of_its_sleep(story: Story) -> None:
    client = enter(story.staff["educator"])
    part = client.get(HOME, headers={"HX-Request": "true"})
    assert "Refresh" not in part.headers


def test_whoever_leaves_leaves_nothing_in_the_browser(story: Story) -> None:
    client = enter(story.staff["educator"])
    assert "Clear-Site-Data" not in client.get(HOME).headers
    gone = client.post(reverse("account_logout"))
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in gone.headers["Cache-Control"]
    assert sent_to(client) == LOGIN

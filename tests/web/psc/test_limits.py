"""Our session lives no longer than that of Pro Santé Connect: renewed while it is used, ended with it."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from jalon.staff.models import Account, Remembered
from jalon.web.account.tasks import renew
from jalon_sandbox.psc.simulator import Simulator
from tests.web.psc.browser import HOME, LOGIN, come_back
from tests.web.story import Story, enter
from tests.web.test_sign_in import sent_to

HOUR = dt.timedelta(hours=1)


def minutes(number: int) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def used_for(client: Client, span: dt.timedelta) -> str:
    """Open a page every ten minutes for so long; where the last one leads."""
    start = timezone.now()
    for step in range(10, int(span.total_seconds() // 60) + 1, 10):
        with time_machine.travel(start + minutes(step)):
            led = sent_to(client)
    return led


def test_it_ends_four_hours_after_the_proof_whatever_is_done(nurse: Account, client: Client) -> None:
    come_back(client)
    assert used_for(client, 4 * HOUR - minutes(10)) == "200"
    with time_machine.travel(timezone.now() + 4 * HOUR + minutes(1)):
        assert sent_to(client).startswith(LOGIN)


def test_it_ends_after_half_an_hour_without_use(nurse: Account, client: Client) -> None:
    come_back(client)
    sent_to(client)
    with time_machine.travel(timezone.now() + minutes(31)):
        assert sent_to(client).startswith(LOGIN)


def test_an_unused_page_leaves_the_screen_as_soon(nurse: Account, client: Client) -> None:
    come_back(client)
    assert client.get(HOME)["Refresh"].startswith("1800; ")


def test_the_session_of_a_local_account_keeps_its_own_limits(story: Story, client: Client) -> None:
    enter(story.staff["educator"], client)
    assert used_for(client, 5 * HOUR) == "200"
    assert client.get(HOME)["Refresh"].startswith("7200; ")


# --- renewed


def renewed(client: Client) -> str:
    """The task of every five minutes passes; where the next page leads."""
    sent_to(client)
    renew(timestamp=0)
    return sent_to(client)


def test_a_session_that_is_used_goes_on_and_each_token_serves_once(
    nurse: Account, client: Client, faulty: Simulator
) -> None:
    come_back(client)
    first = set(faulty.tokens._refresh)
    assert [renewed(client) for _ in range(3)] == ["200", "200", "200"]
    assert len(first & set(faulty.tokens._refresh)) == len(first) - 1


def test_a_session_that_ended_there_ends_here_at_the_next_renewal(
    nurse: Account, story: Story, client: Client, faulty: Simulator
) -> None:
    come_back(client)
    other = enter(story.staff["educator"], Client())
    faulty.tokens.revoke(client.session["psc_sid"])
    with capture_logs() as traces:
        assert renewed(client).startswith(LOGIN)
    assert [trace["event"] for trace in traces] == ["psc_session_over"]
    assert sent_to(other) == "200"


@pytest.mark.parametrize("mode", ["down", "cut"])
def test_a_provider_that_is_silent_ends_nothing(
    nurse: Account, client: Client, faulty: Simulator, mode: str
) -> None:
    come_back(client)
    faulty.mode = mode
    assert renewed(client) == "200"
    faulty.mode = "normal"
    assert renewed(client) == "200"


def test_a_software_that_is_refused_there_sends_nobody_away(
    nurse: Account, client: Client, settings: object
) -> None:
    come_back(client)
    settings.PSC_CLIENT_SECRET = "un autre"  # type: ignore[attr-defined]  # noqa: S105  of a test
    with capture_logs() as traces:
        assert renewed(client) == "200"
    assert [trace["code"] for trace in traces] == ["invalid_client"]


def test_a_session_that_nobody_uses_is_not_renewed(nurse: Account, client: Client, faulty: Simulator) -> None:
    come_back(client)
    sent_to(client)
    before = set(faulty.tokens._refresh)
    with time_machine.travel(timezone.now() + minutes(20)):
        renew(timestamp=0)
    assert set(faulty.tokens._refresh) == before


def test_what_renews_it_is_kept_sealed_and_apart(nurse: Account, client: Client, faulty: Simulator) -> None:
    before = set(faulty.tokens._refresh)
    come_back(client)
    (token,) = set(faulty.tokens._refresh) - before
    kept = str(list(Remembered.objects.values_list("value", flat=True)))
    assert token not in kept
    assert cache.get(f"psc-renewing {client.session['psc_renewing']}")
    assert token not in str(dict(client.session))

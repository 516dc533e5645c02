"""Pro Santé Connect announces that a session ended: ours ends too; anything else is refused, with a trace."""

import time
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from jalon.staff.models import Account
from jalon_sandbox.psc.simulator import Simulator
from jalon_sandbox.psc.tokens import Fault
from tests.web.psc.browser import HOME, LOGIN, SOFTWARE, come_back
from tests.web.story import Story, enter

ENDED = "/compte/oidc/psc/ended/"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def announced(app: Simulator, client: Client, fault: Fault = "", **changes: Any) -> str:
    """The announcement of the session of this browser; a claim changed to None is taken away."""
    claims = {
        "iss": app.tokens.issuer,
        "aud": SOFTWARE.client_id,
        "iat": int(time.time()),
        "jti": f"annonce-{time.time_ns()}",
        "sub": client.session["psc_sub"],
        "sid": client.session["psc_sid"],
        "events": {EVENT: {}},
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return app.tokens.keys.sign(kept, fault)


def tell(token: str) -> int:
    return Client(enforce_csrf_checks=True).post(ENDED, {"logout_token": token}).status_code


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


@pytest.mark.parametrize("changes", [{}, {"sid": None}], ids=["that session", "all of theirs"])
def test_a_session_that_ended_there_ends_here(
    nurse: Account, client: Client, faulty: Simulator, changes: dict[str, Any]
) -> None:
    come_back(client)
    assert tell(announced(faulty, client, **changes)) == 200
    assert client.get(HOME)["Location"].startswith(LOGIN)


def test_the_other_sessions_go_on(nurse: Account, story: Story, client: Client, faulty: Simulator) -> None:
    come_back(client)
    other = Client()
    come_back(other)
    local = enter(nurse, Client())
    assert tell(announced(faulty, client)) == 200
    assert (is_in(client), is_in(other), is_in(local)) == (False, True, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://autre.invalid"},
        {"aud": "un-autre-logiciel"},
        {"iat": 1_700_000_000},  # 2023
        {"iat": None},
        {"jti": None},
        {"sub": None},
        {"sub": 12},
        {"events": None},
        {"events": {"autre": {}}},
        {"events": [EVENT]},
        {"nonce": "un-nonce"},
    ],
    ids=str,
)
def test_what_is_not_an_announcement_for_us_ends_nothing(
    nurse: Account, client: Client, faulty: Simulator, changes: dict[str, Any]
) -> None:
    come_back(client)
    with capture_logs() as traces:
        assert tell(announced(faulty, client, **changes)) == 400
    assert [trace["event"] for trace in traces] == ["psc_announcement_refused"]
    assert is_in(client)


@pytest.mark.parametrize("fault", ["alg_none", "hs256", "ps256", "wrong_key", "unknown_kid"])
def test_an_announcement_that_anybody_signed_ends_nothing(
    nurse: Account, client: Client, faulty: Simulator, fault: Fault
) -> None:
    come_back(client)
    assert tell(announced(faulty, client, fault)) == 400
    assert is_in(client)


def test_an_announcement_is_heard_once(nurse: Account, client: Client, faulty: Simulator) -> None:
    come_back(client)
    token = announced(faulty, client, sid="une-autre")
    assert [tell(token), tell(token)] == [200, 400]


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 5000])
def test_noise_is_refused(db: None, token: str) -> None:
    assert tell(token) == 400
    assert Client().get(ENDED).status_code == 405

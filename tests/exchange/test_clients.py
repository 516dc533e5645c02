"""No service is waited for while something is held: each client refuses to be made inside a transaction."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from jalon.exchange import clients
from jalon.gateways.common.trace import Tape
from tests.exchange import world as worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
BOX = "maison@jalon.mssante.test"


def psc() -> None:
    with clients.psc():
        raise AssertionError("the client of Pro Santé Connect was made")


EVERY: dict[str, Callable[[], Any]] = {
    "psc": psc,
    "insi": lambda: clients.insi(Tape()),
    "dmp": lambda: clients.dmp(Tape()),
    "mail_sender": lambda: clients.mail_sender(BOX, lambda moment: None),
    "mailbox": lambda: clients.mailbox(BOX),
}


def test_every_client_is_tried_here() -> None:
    apart = {"http", "seal", "installation", "alone"}
    made = {
        name
        for name, one in vars(clients).items()
        if callable(one) and getattr(one, "__module__", "") == clients.__name__ and not name.startswith("_")
    }
    assert made - apart == set(EVERY)


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_a_client_is_not_made_inside_a_transaction(make: Callable[[], Any], settings: Any) -> None:
    settings.MSSANTE_SECRETS = {BOX: "secret"}
    with worlds.nowhere(), transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        make()


@pytest.mark.parametrize("name", ["insi", "dmp", "mail_sender", "mailbox"])
def test_it_is_made_outside_one(name: str, settings: Any) -> None:
    settings.MSSANTE_SECRETS = {BOX: "secret"}
    with worlds.nowhere():
        assert EVERY[name]() is not None

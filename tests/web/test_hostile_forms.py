"""Hostile values in every field of every form of every area: refused or taken, and never broken.

`JALON_FUZZ_SECONDS` makes it last: the values of a round are drawn from its number, which a failure names.
"""

import itertools
import os
import random
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from tests.web.access_table import TABLE, Row
from tests.web.story import Case, Story, enter, undone
from tests.web.test_access_table import address

NAME = settings.SESSION_COOKIE_NAME
SECONDS = float(os.environ.get("JALON_FUZZ_SECONDS", "0"))
SLOW = 5.0  # seconds for one answer
FORMS = [row for row in TABLE if row.method == "post" and row.roles]
ASKED = [row for row in TABLE if row.method == "get" and row.roles]
FIELDS = "//form[@method='post']//*[self::input or self::textarea or self::select][@name]"
QUERIES = ("q", "page", "attente", "traites", "voir", "famille", "nombre", "semaine", "mois", "next")
HOSTILE = (
    "", " ", "\u00a0", "x" * 300, "x" * 100_000, "\0", "a\0b", "\x07", "\u202e\u200b", "😀",
    "-", "'", '"', "%", "%s%n", "{{7*7}}", "<script>alert(1)</script>", "' or 1=1 --", "../../etc/passwd",
    "\r\nBcc: x@y.z", "0", "-1", "1e999", "NaN", "9" * 400, "00000000-0000-0000-0000-000000000000",
    "true", "null", "[]", "{}", "0001-01-01", "9999-12-31", "2026-02-30", "31/02/2026", "0000-00-00T00:00",
    "2026-10-25T02:30", "2026-12-01T25:61", "+33 (0)1", "a@b", "é\u0301", "\ufeff", "\uffff", "🙂" * 50,
)  # fmt: skip


@pytest.fixture(scope="module")
def sessions(written: tuple[Story, Path]) -> dict[str, str]:
    return {role: enter(account).cookies[NAME].value for role, account in written[0].staff.items()}


def fields_of(client: Client, row: Row, case: Case) -> dict[str, str]:
    """What the page of this address would send, when it shows a form; and what the table says is needed."""
    answer = client.get(address(row, case))
    fields = html.fromstring(answer.content).xpath(FIELDS) if answer.status_code == 200 else ()
    return {one.get("name"): one.get("value", "") for one in fields} | row.sent(case)


def spoilt(known: dict[str, str], chance: random.Random) -> list[tuple[str, str]]:
    """Some fields hostile, left out, or twice."""
    sent = list(known.items()) or [("inconnu", "")]
    for _ in range(chance.choice((1, 1, 2, len(sent)))):
        place = chance.randrange(len(sent))
        name = sent[place][0]
        sent[place] = (name, chance.choice(HOSTILE))
        if chance.random() < 0.1:
            sent.append((chance.choice((name, "inconnu", name + "\0")), chance.choice(HOSTILE)))
    return [one for one in sent if chance.random() > 0.03]


def answered(client: Client, method: str, path: str, sent: list[tuple[str, str]]) -> int:
    body = urlencode(sent, errors="surrogatepass")
    started = time.monotonic()
    if method == "get":
        status = client.get(f"{path}?{body}").status_code
    else:
        status = client.post(path, body, content_type="application/x-www-form-urlencoded").status_code
    assert time.monotonic() - started < SLOW, (path, sent)
    return int(status)


def test_no_value_of_any_form_breaks_its_page(story: Story, sessions: dict[str, str]) -> None:
    clients = {}
    for role, session in sessions.items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].cookies[NAME] = session
    case, end = story.cases["own"], time.monotonic() + SECONDS
    known = {id(row): fields_of(clients[min(row.roles)], row, case) for row in FORMS}
    for number in itertools.count(1):
        for row in FORMS:
            chance = random.Random(f"{row} {number}")  # noqa: S311  drawn again at will
            with undone():
                sent = spoilt(known[id(row)], chance)
                status = answered(clients[chance.choice(sorted(row.roles))], "post", address(row, case), sent)
                assert status < 500, (number, row, sent)
        for row in ASKED:
            chance = random.Random(f"{row} {number}")  # noqa: S311  drawn again at will
            with undone():
                sent = [(name, chance.choice(HOSTILE)) for name in chance.sample(QUERIES, 3)]
                status = answered(clients[chance.choice(sorted(row.roles))], "get", address(row, case), sent)
                assert status < 500, (number, row, sent)
        if time.monotonic() > end:
            break
    assert number >= 1


def test_no_file_breaks_the_page_of_imports(story: Story, sessions: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    client.cookies[NAME] = sessions["director"]
    row = next(row for row in FORMS if row.name == "transfers:import")
    many = b'{"resourceType":"Bundle","type":"transaction","entry":[' + b",".join([b"{}"] * 700_000) + b"]}"
    for data in (b"", b"\0", b"{", b"[]", b"null", b"\xff\xfe", many):
        file = SimpleUploadedFile("a\n<b>.json", data, "application/json")
        started = time.monotonic()
        with undone():
            sent = {"sent": file, "house": str(story.house.pk), "geste": "essai"}
            assert client.post(address(row, story.cases["own"]), sent).status_code == 422
        assert time.monotonic() - started < SLOW

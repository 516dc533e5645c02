"""Forms of the screens, spoilt: each is accepted or refused with a page, and never breaks the server."""

import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from jalon_sandbox.drills.aims import Target

RECORD = re.compile(r"[0-9a-f-]{36}")  # another at each campaign: a target keeps its name
ACCOUNT = "/compte/"  # signing out would end the campaign
KIND = "application/x-www-form-urlencoded"
BROKEN = 500
PAGES = ("people:new", "handover:list", "exchange:inbox")
OF_A_RECORD = (
    "records:summary", "records:identity", "records:person-edit", "records:contact-add", "records:stay-add",
    "records:event-add", "records:plan", "records:plan-edit",
)  # fmt: skip


class Fields(HTMLParser):
    """What a page would send: the address and the fields of each of its forms that write."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = told.get("method", "").lower() == "post"
            if self._open:
                self.forms.append((told.get("action", ""), []))
        elif self._open and tag in ("input", "textarea", "select") and told.get("name"):
            self.forms[-1][1].append((told["name"], told.get("value") or "essai"))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def forms(client: Any, record: Any) -> Iterator[Target]:
    """Every form that writes, of the pages that this session of a professional opens."""
    from django.urls import reverse

    known: dict[str, bytes] = {}
    for name in (*PAGES, *OF_A_RECORD):
        path = reverse(name, args=[record] if name in OF_A_RECORD else [])
        page = Fields()
        page.feed(client.get(path).content.decode())
        for action, fields in page.forms:
            if action.startswith(ACCOUNT):
                continue
            known.setdefault(action or path, urlencode(fields).encode())
    for address, body in known.items():
        yield Target(f"form {RECORD.sub('…', address)}", partial(_sent, client, address), body, "forms")


def _sent(client: Any, address: str, body: bytes) -> object:
    """The page that answers. Raises what the view does, or ValueError on a page that says it broke."""
    answer = client.post(address, body, content_type=KIND)
    if answer.status_code >= BROKEN:
        raise ValueError(f"{address} : {answer.status_code}")
    return answer

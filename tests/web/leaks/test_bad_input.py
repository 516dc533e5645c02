"""What no form asks for, at every address that writes: identifiers of elsewhere, columns that are not its
own, forms of another site, another host, another site to lead to."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from lxml import html

from jalon.db.tenant import tenant
from tests.web.access_table import PUBLIC, TABLE, Row
from tests.web.leaks.answers import said_by
from tests.web.leaks.asking import EVERYTHING, OURS, known, parameters
from tests.web.leaks.conftest import browser
from tests.web.leaks.world import PLACES, World, tables
from tests.web.pages import Page, every_page
from tests.web.story import Story, undone
from tests.web.test_access_table import address

pytestmark = pytest.mark.django_db
POSTS = [row for row in TABLE if row.method == "post" and row.roles]
FIELDS = "//form[@method='post']//*[self::input or self::textarea or self::select][@name]"
CHOICES = (
    "//form[@method='post']//*[self::select or @type='hidden' or @type='radio' or @type='checkbox'][@name]"
)
EVIL = "ailleurs-malveillant.test"
PLANTED = "ColonneDeTrop"


def in_writing_order(rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Each row, and the function that asks: one that may, the least first."""
    for row in rows:
        yield row, max(sorted(row.roles), key=lambda role: role in ("director", "team_lead"))


def fields_of(client: Client, row: Row, world: World) -> dict[str, str]:
    """What the form of this page would send, when it shows one; and what the table says is needed."""
    case = world.story.cases["own"]
    answer = client.get(address(row, case))
    shown = answer.status_code == 200 and answer.content
    fields = html.fromstring(answer.content).xpath(FIELDS) if shown else ()
    return {one.get("name"): one.get("value") or "" for one in fields} | row.sent(case)


def elsewhere(world: World) -> dict[str, list[dict[str, Any]]]:
    """Every row of the other body."""
    with tenant(world.story.cases["other_body"].record.managing_body_id):
        return {one._meta.label: list(one._default_manager.order_by("pk").values()) for one in tables()}


# ── Identifiers of elsewhere ──────────────────────────────────────────────────────────────────────────────


def choices_of(client: Client, row: Row, world: World) -> list[str]:
    """The fields of this page that name something: what is chosen, ticked or carried."""
    answer = client.get(address(row, world.story.cases["own"]))
    shown = answer.status_code == 200 and answer.content
    found = html.fromstring(answer.content).xpath(CHOICES) if shown else ()
    named = {one.get("name") for one in found} | {one for one in row.data if "record" in row.data}
    return sorted(named - {"csrfmiddlewaretoken"})


def test_no_field_of_a_form_takes_an_identifier_of_another_place(
    world: World, clients: dict[str, Client]
) -> None:
    before, leaks = elsewhere(world), {}
    for row, role in in_writing_order(POSTS):
        client, where = clients[role], address(row, world.story.cases["own"])
        fields, chosen = fields_of(client, row, world), choices_of(client, row, world)
        for place in PLACES:
            case = world.story.cases[place]
            ids = (
                case.record.pk,
                case.record.unit_id or case.record.establishment_id,
                case.directory["colleague_id"],
            )
            for name, one in itertools.product(chosen, ids if EVERYTHING else ids[:1]):
                client.cookies.pop("messages", None)
                with undone():
                    said = said_by(client.post(where, fields | {name: str(one)}))
                if told := world.told(said, (place,), f"{one}"):
                    leaks[f"{row} {name} {place}"] = told
    assert leaks == {}
    assert elsewhere(world) == before


def test_no_file_of_another_place_is_reached_by_a_range_or_a_name(
    world: World, clients: dict[str, Client]
) -> None:
    for page in OURS:
        if "get" not in page.methods or "document_id" not in page.route:
            continue
        found = known(page, world.story.cases["own"]) | {
            "document_id": world.story.cases["other_body"].document
        }
        for head in ({"Range": "bytes=0-10"}, {"If-None-Match": "*"}, {"HX-Request": "true"}):
            answer = clients["team_lead"].get(reverse(page.name, kwargs=found), headers=head)
            assert answer.status_code == 404, page.name


# ── Columns that are not its own ──────────────────────────────────────────────────────────────────────────


def columns() -> dict[str, str]:
    """Every column of every table of a body, and what is written in it."""
    found: dict[str, str] = {}
    for model in tables():
        for field in model._meta.concrete_fields:
            found[field.name] = found[field.attname] = _planted(field)
    return found


def _planted(field: Any) -> str:
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "1907-07-07T07:07"
    if isinstance(field, models.DateField):
        return "1907-07-07"
    if isinstance(field, models.IntegerField):
        return "7070707"
    return PLANTED


def planted_rows(story: Story) -> list[str]:
    """The tables where something planted was kept."""
    found = []
    with tenant(story.body.pk):
        for model in tables():
            for row in model._default_manager.values():
                said = str(row)
                if PLANTED in said or "1907" in said or "7070707" in said or "(1907, 7, 7" in said:
                    found.append(model._meta.label)
    return found


def trues(story: Story) -> dict[str, int]:
    """How many rows say yes, by column."""
    with tenant(story.body.pk):
        return {
            f"{model._meta.label}.{field.name}": model._default_manager.filter(**{field.name: True}).count()
            for model in tables()
            for field in model._meta.concrete_fields
            if isinstance(field, models.BooleanField)
        }


def test_a_form_keeps_nothing_that_it_does_not_ask_for(world: World, clients: dict[str, Client]) -> None:
    """Every column of every table is sent along with each form: nothing of it is kept."""
    every, kept = columns(), {}
    for row, role in in_writing_order(POSTS):
        own = fields_of(clients[role], row, world)
        where = address(row, world.story.cases["own"])
        asked = set(own) | {"geste"}
        with undone():
            clients[role].post(where, own)
            plain = trues(world.story)
        with undone():
            clients[role].post(
                where, {name: value for name, value in every.items() if name not in asked} | own
            )
            if found := planted_rows(world.story):
                kept[str(row)] = found
            elif trues(world.story) != plain:
                kept[str(row)] = ["yes"]
    assert kept == {}


# ── Another site ──────────────────────────────────────────────────────────────────────────────────────────


def pages_that_write() -> list[Page]:
    """Every address that takes a POST: of the areas, of the account, of the door."""
    return [page for page in every_page() if page.view is None or "post" in page.methods]


def place_of(page: Page, world: World) -> str:
    if page.name not in PUBLIC:
        return reverse(page.name, kwargs=known(page, world.story.cases["own"]))
    words = {"slug": "psc", "int": "1", "str": "x", "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e"}
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: words[found[1]], page.route)


TOKEN_IS_THE_PROOF = {"psc-ended"}


def test_no_address_writes_for_a_form_of_another_site(world: World, sessions: dict[str, str]) -> None:
    taken = {}
    for page in pages_that_write():
        role = next((max(row.roles) for row in POSTS if row.name == page.name), "director")
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies = browser(sessions[role]).cookies
        with undone():
            answer = client.post(place_of(page, world), {"x": "y"}, headers={"Origin": f"https://{EVIL}"})
        if answer.status_code not in (403, 404, 405) and page.name not in TOKEN_IS_THE_PROOF:
            taken[page.name] = answer.status_code
    assert taken == {}


def test_no_address_believes_another_host(world: World, clients: dict[str, Client]) -> None:
    said = {"X-Forwarded-Host": EVIL, "X-Forwarded-For": "10.0.0.1", "Forwarded": f"host={EVIL}"}
    said |= {"X-Original-URL": "/comptes/", "X-Rewrite-URL": "/comptes/", "X-HTTP-Method-Override": "DELETE"}
    for page in every_page():
        for client in (clients["director"], Client(raise_request_exception=False)):
            with undone():
                answer = client.get(place_of(page, world), headers=said)
            assert EVIL not in said_by(answer), page.name
            assert client.get(place_of(page, world), headers={"Host": EVIL}).status_code == 400, page.name


LURES = (
    f"https://{EVIL}/",
    f"//{EVIL}",
    f"/\\{EVIL}",
    f"https:{EVIL}",
    f"\t//{EVIL}",
    f"/ma-journee/@{EVIL}//",
)


def test_no_address_leads_to_another_site(world: World, clients: dict[str, Client]) -> None:
    names = ["next", "url", "to", "retour", *parameters()]
    for page in every_page():
        where = place_of(page, world)
        for lure in LURES:
            sent = dict.fromkeys(names, lure)
            for client in (clients["director"], Client(raise_request_exception=False)):
                for ask in (client.get, client.post):
                    with undone():
                        answer = ask(where, sent, headers={"Referer": f"https://{EVIL}/", "Origin": "null"})
                    led = answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
                    host = re.match(r"\s*(?:https?:)?[/\\]{2}([^/]*)|https?:(.*)", led)
                    assert not host or EVIL not in host[0], (page.name, lure, led)

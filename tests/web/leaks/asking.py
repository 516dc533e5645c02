"""What is asked: each address of the URL configuration, by each function, of each place, in each method."""

import os
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Access
from jalon.staff.rules import PERMISSIONS, Role, who_may
from tests.support import PROJECT
from tests.web.access_table import PUBLIC, Row
from tests.web.leaks.answers import said_by
from tests.web.leaks.world import PLACES, World
from tests.web.pages import Page, every_page
from tests.web.story import Case, undone

EVERYTHING = bool(os.environ.get("JALON_MATRIX"))
"""Each function asks for each place: some minutes; the suite has a share."""
MIXED = "ours, with "
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
READ = re.compile(r"\b(?:GET|POST|data)\.(?:get|getlist)\(\s*\"([\w-]+)\"|\b(?:GET|POST)\[\"([\w-]+)\"\]")
# What an address names beyond one place: the address book is of the whole body; a mailbox is of a house, and
# a house knows its units.
OF_THE_BODY = {"structure_id", "professional_id", "function_id"}
OF_THE_HOUSE = OF_THE_BODY | {"reception_id", "house_id", "unit_id"}
SHARED = {"own": OF_THE_HOUSE, "other_unit": OF_THE_HOUSE, "other_house": OF_THE_BODY}
# Pages for what is shut: of a record of elsewhere, of another body or of nobody, the same answer.
FOR_WHAT_IS_SHUT = {"accesses:ask", "accesses:emergency"}
UNDER = re.compile("/dossiers/([0-9a-f-]{36})/")
OURS = [page for page in every_page() if page.name not in PUBLIC]


def arguments(page: Page) -> list[str]:
    """The names that the address of a page holds."""
    return re.findall(r"<\w+:(\w+)>", page.route)


def identifiers(page: Page) -> list[str]:
    """Those that name a row."""
    return re.findall(r"<uuid:(\w+)>", page.route)


def parameters() -> list[str]:
    """Every name that the code of the screens reads in an address or in a form."""
    files = Path(PROJECT / "jalon/web").rglob("*.py")
    return sorted({a or b for file in files for a, b in READ.findall(file.read_text("utf-8"))})


def known(page: Page, case: Case) -> dict[str, Any]:
    """What the address of a page holds, for this record."""
    kind = "objectif" if "kind" in arguments(page) else ""
    found = Row(page.name, "get", "", 200, kind=kind).arguments(case)
    return {name: found[name] for name in arguments(page)}


@dataclass(frozen=True)
class Asked:
    """One request: to a page, of a place, and what goes with it."""

    page: Page
    method: str
    place: str
    address: str
    sent: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.page.name} {self.place} {self.sent or ''}".strip()

    @property
    def swapped(self) -> bool:
        """Does the address name what is not ours?"""
        place = self.place.removeprefix(MIXED)
        return place != "own" and bool(set(identifiers(self.page)) - SHARED.get(place, set()))

    def statuses(self, role: str) -> set[int]:
        """What the declaration of the view answers to this function; nothing when any answer will do.

        Who does not have its permission is refused; a method it does not have is not allowed; what the
        address names of elsewhere is refused, or is not found.
        """
        if self.page.view.permission not in PERMISSIONS[Role(role)]:
            return {403}
        if self.method == "options":
            return {200, 403, 404, 405}
        if self.swapped and self.page.name not in FOR_WHAT_IS_SHUT:
            return {403, 404, 405}
        return set() if self.method in self.page.methods | {"head", "options"} else {403, 405}


def whole(world: World, role: str, pages: Iterable[Page] = OURS) -> Iterator[Asked]:
    """Each page, of each place, in each method it has, as this function asks for it."""
    for page in pages:
        places = places_for(page, role)
        for place, found in spots_of(world, page):
            if place in places:
                for method in sorted(page.methods)[: None if role in openers(page) else 1]:
                    yield Asked(page, method, place, reverse(page.name, kwargs=found))


def openers(page: Page) -> list[str]:
    """The functions that have the permission of a page, the least of them first."""
    return sorted(who_may(page.view.permission), key=lambda role: (len(PERMISSIONS[role]), role))


def places_for(page: Page, role: str) -> set[str]:
    """Which places of a page this function asks for.

    Each place, even of nobody and half ours, by the most and the least of the functions that open the page;
    ours and the next unit by the others. One that does not open it is refused, wherever: asked of one place.
    """
    may = openers(page)
    if role in (may[0], may[-1]) or (role in may and EVERYTHING):
        return {"own", *PLACES, "nobody", *(f"{MIXED}{place}" for place in PLACES)}
    if role in may:
        return {"own", "other_unit"}
    return {"own", "other_body"} if EVERYTHING or role == min(set(Role) - set(may)) else set()


def odd(world: World, pages: Iterable[Page] = OURS) -> Iterator[Asked]:
    """Each page in the methods that it does not have, of ours and of another body."""
    for page in pages:
        for place, found in spots_of(world, page):
            if place in ("own", "other_body"):
                for method in sorted(set(METHODS) - page.methods):
                    yield Asked(page, method, place, reverse(page.name, kwargs=found))


def spots_of(world: World, page: Page) -> Iterator[tuple[str, dict[str, Any]]]:
    """The places that the address of a page may name, with what it then holds."""
    own, names = known(page, world.story.cases["own"]), identifiers(page)
    yield "own", own
    if not names:
        return
    for place in PLACES:
        yield place, known(page, world.story.cases[place])
    yield "nobody", own | {name: uuid.UUID(int=rank) for rank, name in enumerate(names)}
    for place in ("other_unit", "other_body") if len(names) > 1 else ():
        theirs = known(page, world.story.cases[place])
        yield f"{MIXED}{place}", own | {name: theirs[name] for name in names[1:]}


def of_elsewhere(world: World, pages: Iterable[Page] = OURS) -> Iterator[Asked]:
    """Pages of ours asked with whatever else they read (filters, searches, choices) naming another place."""
    names = parameters()
    for page in pages:
        address = reverse(page.name, kwargs=known(page, world.story.cases["own"]))
        for place in PLACES:
            record = world.story.cases[place].record
            for method, value in (
                ("get", record.pk),
                ("post", record.pk),
                ("get", record.unit_id or record.pk),
            ):
                if method in page.methods:
                    yield Asked(page, method, place, address, tuple((name, str(value)) for name in names))
            if "get" in page.methods:
                yield Asked(page, "get", place, address, (("q", record.person.birth_name.split()[0]),))


def answer(client: Client, asked: Asked) -> HttpResponse:
    """What the product answers."""
    found: HttpResponse = getattr(client, asked.method)(asked.address, dict(asked.sent))
    return found


def traced(world: World, asked: Asked) -> bool:
    """Is this refusal, and it alone, in the journal of our body, with the record that its address names?"""
    refusals = world.story.traces(outcome=Access.Outcome.REFUSED)
    under = UNDER.match(asked.address)
    return [one.page for one in refusals] == [asked.page.name] and (
        under is None or refusals[0].record_id in (uuid.UUID(under[1]), None)
    )


def told_by(
    world: World, client: Client, asked: Asked, role: str, logs: Any, places: tuple[str, ...] = PLACES
) -> list[str]:
    """What this request tells of elsewhere, in its answer, in mails, in logs; and an answer that its
    declaration does not say. Leaves nothing behind."""
    with undone():
        found = answer(client, asked)
        said = [said_by(found), *(str(one.message()) for one in mail.outbox), logs.text]
        wrong = [] if found.status_code != 403 or traced(world, asked) else ["is refused without a trace"]
    expected = set() if asked.sent else asked.statuses(role)
    wrong += [f"answers {found.status_code}"] if expected and found.status_code not in expected else []
    mail.outbox.clear()
    logs.clear()
    echoed = f"{asked.address} {asked.sent}"
    return wrong + world.told("\n".join(said), places, echoed)

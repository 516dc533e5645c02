"""What areas declare: what is wrong is refused with a sentence; menus, tabs and palette follow."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.views import View

from jalon.audit.models import Access
from jalon.organizations.words import KNOWN
from jalon.staff.rules import EVERY_CONTENT, NO_CONTENT, PERMISSIONS, Permission, Role
from jalon.web import declarations, registry
from jalon.web.apps import declared_well
from jalon.web.area import MENU, Area, Family, Group, Room, Tab
from jalon.web.gate import CLOSED, ProfessionalView, RecordView, open_to_all, openers
from jalon.web.shown.record_page import Page
from tests.web.pages import every_page
from tests.web.story import Story, enter

RESIDENT = KNOWN["résident"]  # of the category of the story


class Seen(RecordView):
    permission = Permission.READ_NOTES
    content = EVERY_CONTENT


class Own(ProfessionalView):
    permission = Permission.LIST_RECORDS
    content = NO_CONTENT


ROOM = Room("Atelier", "house", "workshop:list", Permission.LIST_RECORDS, Family.DAILY, 999, "Un essai")
WORKSHOP = Area(
    name="workshop",
    prefix="atelier/",
    permissions=(Permission.LIST_RECORDS, Permission.READ_NOTES),
    room=ROOM,
    tabs=(Tab(Group.CARE, "Atelier", "workshop", Permission.READ_NOTES),),
    seen={"workshop-add": "Atelier, à compléter"},
    urls=SimpleNamespace(
        urlpatterns=[path("", Own.as_view(), name="list")],
        record_urlpatterns=[
            path("atelier/", Seen.as_view(), name="workshop"),
            path("atelier/ajouter/", Seen.as_view(), name="workshop-add"),
        ],
    ),
)


def faults(area: Area) -> list[str]:
    return declarations.faults((*registry.areas(), area))


def test_every_page_of_a_record_stands_at_one_of_its_tabs() -> None:
    """On a telephone the tab is the name of the page: without one, the second line of the banner is empty."""
    tabs = {tab.name for area in registry.areas() for tab in area.tabs}
    shown = [page for page in every_page() if page.view and hasattr(page.view, "template")]
    shown = [page for page in shown if issubclass(page.view, Page)]
    assert len(shown) > 20
    names = {page.name: getattr(page.view, "shown_at", page.name.partition(":")[2]) for page in shown}
    assert {page: name for page, name in names.items() if name not in tabs} == {}


def test_the_areas_of_the_product_are_declared_well() -> None:
    assert declarations.faults(registry.areas()) == []
    assert faults(WORKSHOP) == []


def tab(group: Group = Group.CARE, name: str = "workshop", asks: Permission = Permission.READ_NOTES) -> Any:
    return (Tab(group, "Atelier", name, asks),)


BAD: dict[str, dict[str, Any]] = {
    "workshop: permission read_notes is declared twice.": {
        "permissions": (*WORKSHOP.permissions, Permission.READ_NOTES)
    },
    "workshop: 'workshop' asks for read_notes, which the area does not declare.": {
        "permissions": (Permission.LIST_RECORDS,)
    },
    "workshop: module 'balloon' is unknown.": {"module": "balloon"},
    "workshop: its urlpatterns need a prefix.": {"prefix": ""},
    "agenda, workshop: prefix agenda/ is taken twice.": {"prefix": "agenda/"},
    "agenda: name agenda is taken twice.": {"name": "agenda", "room": None},
    "agenda, workshop: rank 40 is taken twice.": {"room": replace(ROOM, rank=40)},
    "workshop: its room leads to workshop:lost, which is none of its URLs.": {
        "room": replace(ROOM, url="workshop:lost")
    },
    "workshop: tab 'lost' is none of its URLs under a record.": {"tabs": tab(name="lost")},
    "workshop: tab 'workshop' and its page ask for two permissions.": {
        "tabs": tab(asks=Permission.READ_PLAN)
    },
    "agenda, workshop: place in a group of the record Quotidien 1 is taken twice.": {
        "tabs": tab(Group.DAILY)
    },
    "workshop: words are given for 'lost', which is none of its URLs under a record.": {
        "seen": {**WORKSHOP.seen, "lost": "Perdu"}
    },
    "workshop: 'workshop-add' needs the words of its trace (`seen`).": {"seen": {}},
}


@pytest.mark.parametrize("sentence", BAD)
def test_a_bad_declaration_is_refused_with_a_sentence_that_names_the_area(sentence: str) -> None:
    assert sentence in faults(replace(WORKSHOP, **BAD[sentence]))


class Mute(ProfessionalView):
    permission = Permission.LIST_RECORDS


class Unguarded(ProfessionalView):
    content = NO_CONTENT


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Bonjour.")


@open_to_all("a brochure")
def brochure(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Bonjour.")


@pytest.mark.parametrize(
    ("view", "lacking"),
    [
        (Mute.as_view(), {"content"}),
        (Unguarded.as_view(), {"permission"}),
        (View.as_view(), {"permission", "content"}),
        (plain, {"permission", "content"}),
        (brochure, set()),
    ],
)
def test_a_view_that_does_not_say_its_permission_and_its_content_does_not_start(
    view: Any, lacking: set[str]
) -> None:
    area = Area(
        name="new", prefix="nouveau/", urls=SimpleNamespace(urlpatterns=[path("", view, name="page")])
    )
    area = replace(area, permissions=(Permission.LIST_RECORDS,))
    told = [fault for fault in faults(area) if fault.startswith("new: 'page' does not say")]
    assert {word for word in ("permission", "content") if any(f"`{word}`" in one for one in told)} == lacking


def test_two_areas_cannot_hold_the_same_page_of_a_record() -> None:
    page = SimpleNamespace(record_urlpatterns=[path("autre/", Seen.as_view(), name="event")])
    twice = Area(name="twice", permissions=(Permission.READ_NOTES,), seen={"event": "Autre"}, urls=page)
    assert faults(twice) == ["agenda, twice: URL name under a record event is taken twice."]


def test_a_menu_of_more_than_eight_is_refused() -> None:
    full = [
        Area(
            name=f"a{rank}", urls=None, room=replace(ROOM, url="a", rank=rank, roles=frozenset({Role.NURSE}))
        )
        for rank in range(MENU + 1)
    ]
    assert f"The menu of nurse has {MENU + 1} entries: {MENU} at most." in declarations.faults(full)


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """What the registry remembers is asked again, before and after."""
    remembered = (registry.areas, registry.area_of, registry.rooms, registry.seen)
    for known in remembered:
        known.cache_clear()
    yield
    for known in remembered:
        known.cache_clear()


@pytest.mark.usefixtures("_forgotten")
def test_the_start_is_refused_and_the_check_says_each_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "faults", lambda areas: ["agenda: one.", "plans: two."])
    with pytest.raises(ImproperlyConfigured, match="agenda: one."):
        registry.areas()
    assert declared_well in checks.registry.registry.registered_checks
    assert [error.msg for error in declared_well(None)] == ["agenda: one.", "plans: two."]


# ── Menus ─────────────────────────────────────────────────────────────────────────────────────────────────

# The table of the information architecture, as far as its rooms exist, between « Ma journée » and « Plus ».
MENUS = {
    "nurse": "Relève, Agenda, Résidents, Messagerie",
    "care_worker": "Relève, Agenda, Résidents",
    "aes": "Relève, Agenda, Résidents",
    "outside_prescriber": "Relève, Résidents",
    "pharmacist": "Relève, Résidents",
    "dietician": "Relève, Agenda, Résidents",
    "educator": "Relève, Agenda, Résidents",
    "psychologist": "Relève, Agenda, Résidents",
    "physician": "Relève, Résidents, Messagerie",
    "secretary": "Agenda, Résidents, Messagerie",
    "team_lead": "Relève, Agenda, Résidents",
    "director": "Résidents, Pilotage",
    "accounts_officer": "Résidents",
    "quality_officer": "Pilotage",
    "dpo": "Droits",
    "identity_officer": "Résidents, Messagerie",
    "administrator": "Transferts, Comptes, Réglages, Exploitation",
}


def words(page: str, container: str) -> list[str]:
    """What a list of links of the shell reads, its hidden words and its counts apart."""
    found = re.search(rf'<(nav|ul) class="{container}".*?</\1>', page, re.S)
    assert found
    links = re.findall(r"<a [^>]*>(.*?)</a>", found[0], re.S)
    bare = [re.sub(r'<span class="(vh|pastille)[^>]*>.*?</span>|<[^>]+>', "", link) for link in links]
    return [word.strip() for word in bare]


def page_of(client: Client, name: str, **arguments: Any) -> str:
    answer = client.get(reverse(name, kwargs=arguments or None))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", MENUS)
def test_each_function_has_its_menu_in_the_one_order(story: Story, role: str) -> None:
    page = page_of(enter(story.staff[role]), "home:day")
    assert words(page, "nav__liste") == ["Ma journée", *MENUS[role].split(", "), "Plus"]


def test_every_function_has_its_menu_in_the_table() -> None:
    assert set(MENUS) == set(Role)


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("educator", ["Ma journée", "Relève", "", "Résidents", "Plus"]),
        ("director", ["Ma journée", "Pilotage", "", "Résidents", "Plus"]),
        ("administrator", ["Ma journée", "Transferts", "Comptes", "Plus"]),
    ],
)
def test_a_telephone_has_five_places(story: Story, role: str, shown: list[str]) -> None:
    page = page_of(enter(story.staff[role]), "home:day")
    assert words(page, "bas") == shown


def test_the_page_the_room_and_plus_are_told_apart(story: Story, lead: Client) -> None:
    current = re.compile(r'href="([^"]+)" aria-current="(\w+)"')
    assert ("/agenda/", "page") in current.findall(page_of(lead, "agenda:week"))
    assert ("/usagers/", "true") in current.findall(page_of(lead, "records:plan", record_id=story.record.pk))
    assert ("/pieces/", "true") in current.findall(page_of(lead, "exchange:inbox"))
    assert ("/pieces/", "page") in current.findall(page_of(lead, "rooms:index"))


def test_plus_shows_every_room_by_family_and_says_why_one_is_closed(educator: Client) -> None:
    page = page_of(educator, "rooms:index")
    families = re.findall(r'<h2 class="piece__fam"[^>]*>(.*?)</h2>', page)
    assert families == ["Au quotidien", "Les personnes", "Échanger", "Piloter"]
    assert all(f"<b>{room.said(RESIDENT)}</b>" in page for _, room in registry.rooms())
    assert page.count("Dans mon menu") == 4
    closed = re.findall(
        r'<a class="piece piece--off" href="([^"]+)">.*?S’ouvre à\u00a0: ([^<]+)<', page, re.S
    )
    assert ("/comptes/", "administrateur") in closed


def test_the_palette_finds_a_room_and_a_gesture_by_three_letters(lead: Client, educator: Client) -> None:
    assert "/messagerie/" in lead.get("/usagers/recherche/", {"q": "mes"}).content.decode()
    assert "/usagers/nouveau/" in lead.get("/usagers/recherche/", {"q": "acc pers"}).content.decode()
    assert "/usagers/nouveau/" not in educator.get("/usagers/recherche/", {"q": "acc pers"}).content.decode()
    assert "/messagerie/" not in educator.get("/usagers/recherche/", {"q": "mes"}).content.decode()


# ── The record ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_has_its_groups_and_the_pages_of_the_one_that_is_open(story: Story, lead: Client) -> None:
    page = page_of(lead, "records:stays", record_id=story.record.pk)
    groups = ["Synthèse", "Projet", "Quotidien", "Documents", "Entourage", "Administratif", "Accès"]
    assert words(page, "onglets") == groups
    assert words(page, "sous") == ["Identité", "Séjours", "Droits"]
    assert "<span>Administratif · Séjours</span>" in page


def test_a_group_that_is_closed_to_a_function_says_the_rule_and_openers(story: Story) -> None:
    client = enter(story.staff["secretary"])
    page = page_of(client, "records:summary", record_id=story.record.pk)
    assert 'Projet<span class="vh">\u00a0: pas pour votre fonction</span>' in page
    answer = client.get(reverse("records:plan", args=[story.record.pk]))
    assert answer.status_code == 403
    assert (
        f"Elle s’ouvre à\u00a0: {', '.join(openers(Permission.READ_PLAN, PERMISSIONS))}."
        in answer.content.decode()
    )


# ── Modules ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _agenda_closed(monkeypatch: pytest.MonkeyPatch, _forgotten: None) -> None:
    """The agenda belongs to a module that the family of the establishment does not open."""
    declared = registry._declared

    def moved(name: str) -> Area:
        return replace(declared(name), module="work" if name == "agenda" else "")

    monkeypatch.setattr(registry, "_declared", moved)


@pytest.mark.usefixtures("_agenda_closed")
def test_a_closed_module_leaves_no_entry_no_tab_no_gesture(story: Story, lead: Client) -> None:
    page = page_of(lead, "records:summary", record_id=story.record.pk)
    assert "Agenda" not in words(page, "nav__liste")
    assert "Quotidien" not in words(page, "onglets")
    assert "/agenda/" not in lead.get("/usagers/recherche/", {"q": "agenda"}).content.decode()
    rooms = page_of(lead, "rooms:index")
    assert "Pas ouverte ici" in rooms
    assert 'href="/agenda/"' not in rooms


@pytest.mark.usefixtures("_agenda_closed")
def test_the_page_of_a_closed_module_says_so_and_the_refusal_is_traced(story: Story, lead: Client) -> None:
    answer = lead.get("/agenda/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert CLOSED in page
    assert "Ses données restent" in page
    (trace,) = story.traces()
    assert (trace.outcome, trace.page, trace.reason) == (Access.Outcome.REFUSED, "agenda:week", CLOSED)

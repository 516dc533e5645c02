"""The main job on screen: somebody arrives by a file, and leaves by one; in between, every step in Chromium.

The national services are the simulated ones, over their real protocols; the worker's jobs run between clicks.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from jalon.core.identity import Ins
from jalon.db.tenant import tenant
from jalon.exchange.inbox import fetching
from jalon.formats.tddui import changes, coverage, read
from jalon.formats.tddui.coverage import LABELS
from jalon.organizations.models import Establishment, ManagingBody
from jalon.records.models import Record
from jalon.staff.models import Account
from jalon.staff.rules import Role
from tests.browser.scene import strike
from tests.exchange import letters
from tests.exchange import world as worlds
from tests.exchange.conftest import sandbox, world
from tests.exchange.transfer.files import NOW, bring, taken_out
from tests.exchange.transfer.test_conformity import is_identity
from tests.exchange.world import World, work
from tests.factories import TEST_OID, EstablishmentFactory, ManagingBodyFactory
from tests.flows.test_seven_steps_by_command import BUNDLE, GOAL, JEAN, MATRICULE, TRAITS
from tests.support import needs_shared
from tests.web.story import enter, hired

__all__ = ["sandbox", "world"]
Picture = Callable[[Page, str], Path]
ROLES = (Role.DIRECTOR, Role.IDENTITY_OFFICER, Role.EDUCATOR, Role.TEAM_LEAD, Role.NURSE)


@dataclass
class Stage:
    """A house with its team, and a window for each of them."""

    address: str
    chromium: Browser
    body: ManagingBody
    house: Establishment
    team: dict[str, Account]
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, role: str) -> Page:
        """A window where somebody of this role is signed in."""
        context = self.chromium.new_context(
            viewport={"width": 1440, "height": 1000}, base_url=self.address, locale="fr-FR",
            timezone_id="Europe/Paris", reduced_motion="reduce",
        )  # fmt: skip
        self.contexts.append(context)
        session = enter(self.team[role]).cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        context.set_default_timeout(15_000)
        return context.new_page()


@pytest.fixture
def stage(database: None, world: World, settings: Settings, chromium: Browser) -> Iterator[Stage]:
    world.insi.citizens += (JEAN,)
    world.dmp.registry.patients[Ins(MATRICULE, TEST_OID)] = "open"
    with ExitStack() as stack:
        stack.enter_context(override_settings(WHITENOISE_AUTOREFRESH=True))
        kept, connection.settings_dict["CONN_MAX_AGE"] = connection.settings_dict["CONN_MAX_AGE"], 0
        stack.callback(connection.settings_dict.__setitem__, "CONN_MAX_AGE", kept)
        server = LiveServer("localhost")
        stack.callback(server.stop)
        stack.callback(strike)
        body = ManagingBodyFactory.create()
        with tenant(body.pk):
            house = worlds.house(world, settings)
            team = {role: hired(body, role, house) for role in ROLES}
        found = Stage(server.url, chromium, body, house, team)
        yield found
        for context in found.contexts:
            context.close()


@needs_shared
def test_the_seven_steps_on_screen(stage: Stage, world: World, picture: Picture) -> None:
    record = receive(stage, picture)
    identify(stage, record, picture)
    write(stage, record, picture)
    publish(stage, record, picture)
    take_mail(stage, world, record, picture)
    count(stage, record, picture)
    give_back(stage, record)


def receive(stage: Stage, picture: Picture) -> str:
    """1. The director brings a file in: first to see, then for good; a second time changes nothing."""
    page = stage.window("director")
    for gesture, title in (("Vérifier seulement", "Fichiers vérifiés"), ("Importer", "Fichiers importés")):
        send_file(page, stage.house, gesture)
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    picture(page, "etape-1-import")
    send_file(page, stage.house, "Importer")
    expect(page.get_by_text("Tout était déjà là")).to_be_visible()
    with tenant(stage.body.pk):
        return str(Record.objects.get().pk)


def send_file(page: Page, house: Establishment, gesture: str) -> None:
    page.goto("/transferts/")
    page.get_by_label("Fichiers TDDUI").set_input_files(BUNDLE)
    page.get_by_label("Établissement qui accueille").select_option(house.finess)
    page.get_by_label(gesture, exact=True).check()
    page.get_by_role("button", name="Envoyer les fichiers").click()


def identify(stage: Stage, record: str, picture: Picture) -> None:
    """The identity officer asks INSi, and sees a card: only then is the identity qualified."""
    page = stage.window("identity_officer")
    page.goto(f"/dossiers/{record}/identite/")
    status = page.get_by_role("region", name="Statut")
    expect(status).to_contain_text("provisoire")
    page.get_by_role("button", name="Chercher l’INS").click()
    expect(page.get_by_text("INS demandée à INSi")).to_be_visible()
    assert work() == 1
    expect(status).to_contain_text("récupérée")  # the page asks by itself
    page.get_by_label("Pièce vue").select_option("cni")
    page.get_by_role("button", name="Noter la pièce vue").click()
    expect(status).to_contain_text("qualifiée")
    picture(page, "etape-1-identite")


def write(stage: Stage, record: str, picture: Picture) -> None:
    """2 and 3. The educator opens the record and writes the plan with Jean."""
    page = stage.window("educator")
    page.goto(f"/dossiers/{record}/")
    picture(page, "etape-2-dossier")
    page.goto(f"/dossiers/{record}/projet/")
    page.get_by_role("button", name="Ouvrir un projet").click()
    page.get_by_role("link", name="Attente", exact=True).click()
    page.get_by_label("Attente", exact=True).fill("« Je veux retourner au marché. »")
    save(page)
    page.get_by_role("link", name="Objectif", exact=True).click()
    page.get_by_label("Objectif", exact=True).fill(GOAL)
    save(page)
    page.get_by_role("link", name="Ajouter une action").click()
    page.get_by_label("Action", exact=True).fill("Apprendre le trajet à pied")
    page.get_by_label(GOAL).check()
    save(page)
    page.get_by_label("en dit, avec ses mots").fill("Oui, c’est ce que je veux.")
    page.get_by_role("button", name="Noter l’accord").click()
    expect(page.get_by_text("L’accord est noté.")).to_be_visible()
    picture(page, "etape-3-projet")


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".avis.ton-ok")).to_be_visible()


def publish(stage: Stage, record: str, picture: Picture) -> None:
    """4. The head of service signs; both deliveries are told, prepared, then arrived."""
    page = stage.window("team_lead")
    page.goto(f"/dossiers/{record}/projet/")
    page.get_by_role("link", name="Préparer la signature").click()
    picture(page, "etape-4-signature")
    page.get_by_role("button", name="Signer le projet").click()
    expect(page.locator(".avis.ton-ok")).to_contain_text("Rien n’est encore parti")
    page.get_by_role("link", name="Publier").click()
    page.get_by_label("DMP").check()
    page.get_by_label("Mon espace santé").check()
    picture(page, "etape-4-publication")
    page.get_by_role("button", name="Publier ce document").click()
    expect(page.locator(".avis.ton-ok")).to_contain_text("C’est demandé")
    page.goto(f"/dossiers/{record}/documents/")
    expect(page.locator("main")).to_contain_text("DMP : préparé")
    assert work() == 2
    page.reload()
    expect(page.locator("main")).to_contain_text("DMP : reçu par le service")
    expect(page.locator("main")).to_contain_text("Mon espace santé (messagerie) : envoyé")
    page.get_by_role("link", name="Projet personnalisé d’accompagnement").click()
    picture(page, "etape-4-envois")


def take_mail(stage: Stage, world: World, record: str, picture: Picture) -> None:
    """5. Of two messages, one is surely Jean's; of the other, the nurse decides."""
    for ins in (Ins(MATRICULE, TEST_OID), None):
        letter = letters.letter(letters.archive(letters.cda(TRAITS, ins)), stage.house.mailbox)
        world.mail.inject(stage.house.mailbox, letter)
    assert fetching.fetch(stage.body.pk, stage.house.pk, NOW) == 2
    page = stage.window("nurse")
    page.goto("/messagerie/")
    page.locator("section", has_text="À rapprocher").get_by_role("link").first.click()
    picture(page, "etape-5-message")
    page.get_by_role("link", name="Comparer").click()
    page.get_by_role("button", name="Classer dans le dossier de").click()
    expect(page.get_by_text("Classé dans le dossier de").first).to_be_visible()
    page.goto(f"/dossiers/{record}/documents/")
    expect(page.get_by_text("Compte rendu de consultation")).to_have_count(2)
    page.goto(f"/dossiers/{record}/")
    expect(page.locator(".fil")).to_contain_text("Compte rendu de consultation")
    line = page.locator(".fil__item", has_text="Compte rendu de consultation").first
    line.get_by_role("link", name="Lire le document").click()
    expect(page.locator("main")).to_contain_text("Compte rendu de consultation")
    picture(page, "etape-5-document")


def count(stage: Stage, record: str, picture: Picture) -> None:
    """6. The director reads the five indicators, and which dossiers they count."""
    page = stage.window("director")
    page.goto("/indicateurs/")
    expect(page.get_by_role("heading", name="Indicateurs", exact=True)).to_be_visible()
    picture(page, "etape-6-indicateurs")
    page.get_by_role("link", name="à compléter").first.click()
    expect(page.locator(f"a[href*='{record}']").first).to_be_visible()


def give_back(stage: Stage, record: str) -> None:
    """7. The director exports the record: in another house, it is the same."""
    page = stage.window("director")
    page.goto(f"/dossiers/{record}/documents/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter le dossier (TDDUI)").click()
    mine = Path(download.value.path()).read_bytes()
    assert GOAL in mine.decode()
    assert all(share.verbatim == 0 for name, share in coverage(read(mine)).items() if name in LABELS)
    other = ManagingBodyFactory.create()
    with tenant(other.pk):
        elsewhere = EstablishmentFactory.create()
        (copy,) = bring(mine, house=elsewhere.finess).records
        theirs = taken_out(Record.objects.get(pk=copy))
    houses = tuple(f"Organization[1{finess}]" for finess in (stage.house.finess, elsewhere.finess))
    lost = [one for one in changes(mine, theirs) if not one.path.startswith(houses)]
    assert all(map(is_identity, lost))

"""The main job without a screen: a person comes in, is identified, has a plan published, and goes out again.

Every step is a command of its own, run as an operator runs it, on a database that starts empty.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from jalon.core.identity import Ins, Traits
from jalon.formats.tddui import changes, coverage, read
from jalon.formats.tddui.coverage import LABELS
from jalon_sandbox.insi.simulator import Citizen
from jalon_sandbox.mssante import simulator as mssante
from tests.exchange import letters
from tests.exchange.transfer.files import EXAMPLES
from tests.exchange.transfer.test_conformity import is_identity
from tests.exchange.world import DOMAIN, SECRET, World
from tests.factories import TEST_OID, matricule
from tests.server import drop
from tests.support import PROJECT, needs_shared, process_environment

BUNDLE = EXAMPLES / "Bundle-tddui-bundle-example.json"
FINESS, BODY = "350000022", "350000006"
OTHER_FINESS, OTHER_BODY = "350000048", "350000030"
BOX = f"foyer@jalon.{DOMAIN}"
MATRICULE = matricule(40)
JEAN = Citizen(MATRICULE, TEST_OID, "DUPONT", "JEAN STEPHANE PATRICK", "M", "1947-04-03", "63220")
TRAITS = Traits("DUPONT", "JEAN", "JEAN STEPHANE PATRICK", "M", dt.date(1947, 4, 3), "63220")
TEAM = {"educator": "Inès", "team_lead": "Claire", "identity_officer": "Samira", "nurse": "Fatou"}
GOAL = "Aller au marché le samedi"
PLAN: dict[str, Any] = {
    "title": "Projet personnalisé 2026",
    "expectations": [{"description": "« Je veux retourner au marché. »"}],
    "needs": [{"category": "1.3.1", "description": "Se déplacer seul"}],
    "goals": [
        {
            "title": GOAL, "due_on": "2027-06-30", "needs": [1],
            "actions": [{"title": "Apprendre le trajet à pied"}],
        }
    ],
    "agreement": {"words": "Oui, c’est ce que je veux."},
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A site of its own: an empty database, the simulated services, the `jalon` command."""

    environment: dict[str, str]
    folder: Path

    def run(self, *words: object, refused: bool = False) -> Any:
        """What the command told, as JSON. With `refused`, what it said when it refused (exit 1)."""
        done = subprocess.run(
            [Path(sys.executable).with_name("jalon"), *map(str, words)],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == int(refused), done.stderr
        if refused:
            return done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout

    def file(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, "utf-8")
        return path


@pytest.fixture
def database(django_db_setup: None) -> Iterator[str]:
    """An empty database, as `jalon migrate` makes it."""
    template = connections["default"].settings_dict["TEST"]["TEMPLATE"]
    name = f"jalon_steps_{uuid.uuid4().hex[:8]}"
    address = urlsplit(os.environ["DATABASE_URL"])
    owner_address = address.geturl().replace("jalon_app@", "jalon_owner@")
    with psycopg.connect(owner_address, autocommit=True) as owner:
        owner.execute(f'create database "{name}" template "{template}"')
        yield address._replace(path=f"/{name}").geturl()
        drop(owner, name)


@pytest.fixture
def site(database: str, sandbox: World, tmp_path: Path) -> Site:
    sandbox.heal()
    sandbox.mail.add_box(mssante.Box(BOX, SECRET))
    sandbox.insi.citizens += (JEAN,)
    sandbox.dmp.registry.patients[Ins(MATRICULE, TEST_OID)] = "open"
    environment = {
        **process_environment(), **sandbox.environment, "JALON_MODE": "test", "DATABASE_URL": database,
        "JALON_VAR": str(tmp_path / "var"), "JALON_MSSANTE_SECRETS": json.dumps({BOX: SECRET}),
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings", "PYTHONPATH": str(PROJECT),
    }  # fmt: skip
    return Site(environment, tmp_path)


def declare(site: Site, body: str, finess: str, name: str, **said: str) -> None:
    """A managing body and its establishment."""
    row = {"body_finess": body, "body_name": f"Association {name}", "finess": finess, "name": name}
    row |= {"category": "437", "unit": "Verger", "sector": "SA16", "city": "Rennes"} | said
    lines = [",".join(row), ",".join(row.values())]
    site.run("establishment", "add", site.file(f"{finess}.csv", "\n".join(lines)))


def open_house(site: Site) -> None:
    """A house with a mailbox and a team."""
    facts = {"address_line": "1 rue de l’Exemple", "postal_code": "35000", "phone": "01 99 00 00 00"}
    declare(site, BODY, FINESS, "Foyer d’Essai", mailbox=BOX, **facts)
    for role, name in TEAM.items():
        site.run(
            "account", "add", f"{role}@jalon.example", "--first-name", name, "--last-name", "FICTIF",
            "--role", role, "--establishment", FINESS, "--profession", "326",
        )  # fmt: skip


def by(role: str) -> tuple[str, str]:
    return "--by", f"{role}@jalon.example"


@needs_shared
def test_the_seven_steps_by_command(site: Site, sandbox: World) -> None:
    open_house(site)
    record = receive(site)
    identify(site, record)
    write_and_publish(site, record)
    take_mail(site, sandbox, record)
    see(site, record)
    count(site, record)
    give_back(site, record)


def receive(site: Site) -> str:
    """1. A person comes in; twice is once; an import qualifies nobody."""
    first = site.run("tddui", "import", BUNDLE, "--establishment", FINESS, "--json")
    assert first["created"]["person"] == 1
    # What has no table yet is kept whole, named and counted; the share is 0 for every class that has one.
    assert {name: share for name, share in first["coverage"].items() if share} == {"Task": 1.0}
    assert first["verbatim"] == {"Task tddui-task-transport-usager": 1}
    again = site.run("tddui", "import", BUNDLE, "--establishment", FINESS, "--json")
    assert (again["created"], again["changed"]) == ({}, {})
    (found,) = site.run("record", "find", "dupont", *by("educator"), "--json")
    assert site.run("record", "show", found["id"], *by("educator"), "--json")["identity"] == "provisoire"
    return str(found["id"])


def identify(site: Site, record: str) -> None:
    """An identity is established by our own question to INSi, and by a document that somebody saw."""
    refusal = site.run("record", "identify", record, *by("educator"), refused=True)
    assert "n’est pas ouvert à ce compte" in refusal
    asked = ("record", "identify", record, *by("identity_officer"), "--json")
    assert site.run(*asked)["identity"] == "récupérée"
    assert site.run(*asked, "--proof", "cni")["identity"] == "qualifiée"


def write_and_publish(site: Site, record: str) -> None:
    """3 and 4. A plan is written whole or not at all, signed, and leaves for both receivers."""
    wrong = json.dumps({**PLAN, "goals": [*PLAN["goals"], {"title": "Sans fin", "due_on": "jamais"}]})
    refusal = site.run("plan", "write", record, site.file("wrong.json", wrong), *by("educator"), refused=True)
    assert "goals[1].due_on" in refusal
    assert site.run("record", "show", record, *by("educator"), "--json")["plan"] is None
    plan = site.file("plan.json", json.dumps(PLAN))
    assert site.run("plan", "write", record, plan, *by("educator"), "--json")["actions"] == 1
    assert site.run("plan", "sign", record, *by("team_lead"), "--json")["version"] == 1
    assert "déjà signée" in site.run("plan", "sign", record, *by("team_lead"), refused=True)
    sent = site.run("plan", "publish", record, *by("team_lead"), "--json")
    assert [one["state"] for one in sent["deliveries"]] == ["préparé", "préparé"]
    site.run("worker", "--once")


def take_mail(site: Site, sandbox: World, record: str) -> None:
    """5. What is surely theirs is filed, the rest waits for somebody."""
    for ins in (Ins(MATRICULE, TEST_OID), None):
        sandbox.mail.inject(BOX, letters.letter(letters.archive(letters.cda(TRAITS, ins)), BOX))
    assert site.run("mail", "fetch", "--json") == {BOX: {"messages": 2, "failure": ""}}
    messages = site.run("mail", "list", *by("nurse"), "--json")
    assert sorted(one["state"] for one in messages) == ["classé", "à rapprocher"]
    (waiting,) = [one["id"] for one in messages if one["state"] == "à rapprocher"]
    site.run("mail", "file", waiting, record, *by("nurse"))


def see(site: Site, record: str) -> None:
    """2. The record holds all of it."""
    told = site.run("record", "show", record, *by("team_lead"), "--json")
    assert told["identity"] == "qualifiée"
    assert told["plan"]["goals"][0]["title"] == GOAL
    sent = {one["to"]: one["state"] for document in told["documents"] for one in document["deliveries"]}
    assert sent == {"DMP": "reçu par le service", "Mon espace santé (messagerie)": "envoyé"}
    assert len(told["documents"]) == 3
    assert GOAL in site.run("record", "show", record, *by("team_lead"))


def count(site: Site, record: str) -> None:
    """6. Five indicators, which name the dossier they count."""
    month = timezone.localdate().isoformat()[:7]
    figures = site.run("indicators", "--month", month, "--json")["figures"]
    assert len({one["code"] for one in figures}) == 5
    assert any(record in json.dumps(one["counted"]) for one in figures)


def give_back(site: Site, record: str) -> None:
    """7. In another house, the same record, less what no import brings: a qualified identity."""
    site.run("tddui", "export", "--record", record, "--body", BODY, "--out", site.folder / "out")
    mine = site.folder / "out" / f"{record}.json"
    declare(site, OTHER_BODY, OTHER_FINESS, "Autre foyer")
    there = ("--body", OTHER_BODY)
    brought = site.run("tddui", "import", mine, *there, "--establishment", OTHER_FINESS, "--json")
    (copy,) = brought["records"]
    site.run("tddui", "export", "--record", copy, *there, "--out", site.folder / "there")
    theirs = (site.folder / "there" / f"{copy}.json").read_bytes()
    houses = tuple(f"Organization[1{finess}]" for finess in (FINESS, OTHER_FINESS))
    lost = [one for one in changes(mine.read_bytes(), theirs) if not one.path.startswith(houses)]
    assert lost
    assert all(map(is_identity, lost))
    shares = coverage(read(mine.read_bytes()))
    assert all(share.verbatim == 0 for name, share in shares.items() if name in LABELS)

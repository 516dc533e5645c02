"""The world of the exchanges' tests: simulated national services on loopback, and a little story.

The services are those of `jalon sandbox`, by their real protocols over mutual TLS. Everybody is fictional;
matricules are under the test OID.
"""

import contextlib
import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.core.identity import Ins
from jalon.db.tenant import SETTING, current_tenant
from jalon.exchange import clients
from jalon.exchange.models import Delivery, DeliveryStep
from jalon.exchange.outbox import publish as outbox
from jalon.exchange.outbox import sending
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.outbox.routes import routes
from jalon.exchange.queries import documents_of
from jalon.exchange.rules import DELIVERY
from jalon.formats import mime
from jalon.organizations.models import Establishment, ManagingBody
from jalon.people.models import Person
from jalon.plans.actions import agree
from jalon.plans.models import PersonalPlan, PlanVersion
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon_sandbox import services
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.dmp import simulator as dmp
from jalon_sandbox.dmp.registry import Stored
from jalon_sandbox.insi import simulator as insi
from jalon_sandbox.insi.simulator import Citizen
from jalon_sandbox.mssante import simulator as mssante
from tests.factories import (
    TEST_OID,
    EstablishmentFactory,
    PersonFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
    matricule,
)

SECRET = "secret-de-la-boite"
DOMAIN = services.MAIL_DOMAIN
DMP_DOWN = "https://localhost:9"
CAMILLE, ZOE, DENISE, CHILD, LUNAR = 1, 2, 3, 4, 5
BORN = dt.date(1951, 5, 17)
_numbers = itertools.count(1)


def citizen(number: int, name: str, first_names: str, **changes: Any) -> Citizen:
    """Somebody of the national register, in its own capitals."""
    said: dict[str, Any] = {
        "matricule": matricule(number),
        "oid": TEST_OID,
        "birth_name": name,
        "birth_first_names": first_names,
        "sex": "F",
        "birth_date": BORN.isoformat(),
        "birthplace": "38185",
    }
    return Citizen(**(said | changes))


CITIZENS = (
    citizen(CAMILLE, "FICTIF", "CAMILLE ANNE"),
    citizen(ZOE, "D'ESSAI-COEUR", "ZOE"),
    citizen(DENISE, "HOMONYME", "DENISE ROSE"),
    citizen(CHILD, "HOMONYME", "DENISE LILAS", birthplace="29019"),
    citizen(LUNAR, "SANSJOUR", "LUNE", birth_date="1951-05-00"),
)


class Destination(StrEnum):
    """The destinations that these tests know, as a database names them."""

    CITIZEN_MAIL = "citizen_mail"
    DMP = "dmp"


@dataclass(frozen=True)
class World:
    """The simulated services, running: what they received can be asked of each."""

    environment: dict[str, str]
    authority: Authority
    dmp: dmp.Simulator
    insi: insi.Simulator
    mail: mssante.Operator

    def heal(self) -> None:
        """Everything works again; what was received stays."""
        self.dmp.heal()
        self.insi.behavior = insi.Behavior()
        self.dmp.registry.patients.update({Ins(one.matricule, one.oid): "open" for one in CITIZENS})
        self.mail.change(
            {"busy": 0, "cut_before_taking": 0, "cut_after_taking": 0, "slow": 0.0}
            | {name: set() for name in ("refused_senders", "refused_recipients", "full", "bouncing")}
        )

    def taken(self, delivery: Delivery) -> int:
        """How many times the receiver took what this delivery sends."""
        if delivery.destination == Destination.CITIZEN_MAIL:
            return self.mail.taken(delivery.message_id)
        return len(self.registered(delivery))

    def registered(self, delivery: Delivery) -> list[Stored]:
        """What the DMP registered of this delivery's document."""
        unique_id = delivery.document.unique_id
        return [one for one in self.dmp.registry.stored if one.entry.unique_id == unique_id]

    def mails_of(self, delivery: Delivery) -> list[bytes]:
        """The copies of this delivery's mail in the citizen's box."""
        box = self.mail.contents(delivery.recipient)
        return [one for one in box if mime.read(one).message_id == delivery.message_id]


@contextlib.contextmanager
def running(folder: Path) -> Iterator[World]:
    """Every simulator, as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "insi.json").write_text(json.dumps([asdict(one) for one in CITIZENS]))
    kept: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, module, kind in (
            ("dmp", dmp, "Simulator"),
            ("insi", insi, "Simulator"),
            ("mail", mssante, "Operator"),
        ):
            patch.setattr(module, kind, _keeping(kept, name, getattr(module, kind)))
        with services.running(folder, "http://testserver") as environment:
            authority = Authority.read(folder, dt.datetime.now(dt.UTC))
            yield World(environment, authority, **kept)


def _keeping(kept: dict[str, Any], name: str, kind: Callable[..., Any]) -> Callable[..., Any]:
    def make(*args: Any, **kwargs: Any) -> Any:
        kept[name] = kind(*args, **kwargs)
        return kept[name]

    return make


def connect(settings: Settings, environment: dict[str, str]) -> None:
    """The settings that `environment` gives, and no client of another configuration."""
    for name, value in environment.items():
        short = name.removeprefix("JALON_")
        setattr(settings, "SOFTWARE_NIL" if short == "NIL" else short, value)
    settings.MSSANTE_SECRETS = {}
    settings.SERVICES_TIMEOUT = 5.0
    forget_clients()


def forget_clients() -> None:
    """Certificates are read again at the next call."""
    for kept in (clients.seal, clients._context, clients._operator):
        kept.cache_clear()


@dataclass(frozen=True)
class Post:
    """The deliveries of one published plan, and the worker that runs them."""

    body: ManagingBody
    deliveries: dict[str, Delivery]

    def run(self, destination: str, *, later: float = 0) -> int | None:
        """One job of this delivery, `later` seconds from now, outside any managing body as in a worker."""
        ahead = dt.timedelta(seconds=later)
        delivery_id = str(self.deliveries[destination].pk)
        with nowhere():
            return sending.run(self.body.pk, delivery_id, clock=lambda: timezone.now() + ahead)

    def seen(self, destination: str) -> Delivery:
        """The delivery as it is now."""
        return Delivery.objects.select_related("document").get(pk=self.deliveries[destination].pk)

    def last(self, destination: str) -> DeliveryStep:
        """Its latest step."""
        return list(self.seen(destination).steps.all())[-1]

    def steps(self, destination: str) -> list[tuple[str, str]]:
        """The states it went through, each with its code."""
        return [(step.state, step.code) for step in self.seen(destination).steps.all()]


# --- the story ----------------------------------------------------------------------------------------------


def house(world: World, settings: Settings, **said: Any) -> Establishment:
    """An establishment with a mailbox of its own at the simulated operator."""
    address = f"maison{next(_numbers)}@jalon.{DOMAIN}"
    world.mail.add_box(mssante.Box(address, SECRET))
    settings.MSSANTE_SECRETS = settings.MSSANTE_SECRETS | {address: SECRET}
    facts = {"name": "Foyer d’Essai", "address_line": "1 rue de l’Exemple", "postal_code": "35000"}
    facts |= {"city": "Rennes", "phone": "01 99 00 00 00", "sector": "SA16", "category": "437"}
    return EstablishmentFactory.create(mailbox=address, **(facts | said))


def person(number: int = CAMILLE, **said: Any) -> Person:
    """Camille FICTIF, of a qualified identity that the simulated services know, unless told."""
    facts: dict[str, Any] = {
        "birth_name": "FICTIF",
        "first_name": "Camille",
        "birth_first_names": "Camille Anne",
    }
    facts |= {"birth_date": BORN, "birth_place": "38185", "with_qualified_identity": True}
    one = PersonFactory.create(number=number, **(facts | said))
    one.refresh_from_db()
    return one


def record(establishment: Establishment, **said: Any) -> Record:
    """The record of `person(**said)` there."""
    return RecordFactory.create(person=person(**said), establishment=establishment)


def professional(**said: Any) -> Professional:
    """An educator whose profession is told."""
    return ProfessionalFactory.create(profession="326", job="éducatrice spécialisée", **said)


def plan(of: Record, **said: Any) -> PersonalPlan:
    """A plan that may be signed."""
    return PlanFactory.create(record=of, ready=True, **said)


def run(body: ManagingBody, delivery: Delivery) -> int | None:
    """One job of a delivery, as a worker runs it."""
    with nowhere():
        return sending.run(body.pk, str(delivery.pk))


def work() -> int:
    """Run the jobs that wait, as a worker does, until none does; how many ran."""
    done = 0
    while todo := list(ProcrastinateJob.objects.filter(status="todo").values_list("pk", "task_name", "args")):
        ProcrastinateJob.objects.filter(pk__in=[pk for pk, _, _ in todo]).update(status="succeeded")
        with nowhere():
            for _, name, args in todo:
                app.tasks[name].func(**args)
        done += len(todo)
    return done


def bring(delivery: Delivery, to: str, **facts: Any) -> Delivery:
    """A delivery in a state, by the shortest way the database admits: no test jumps."""
    for state in _way(delivery.state, to):
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
    Delivery.objects.filter(pk=delivery.pk).update(**facts)
    delivery.refresh_from_db()
    return delivery


def _way(start: str, end: str) -> list[str]:
    ways = [[start]]
    while ways[0][-1] != end:
        way = ways.pop(0)
        ways += [[*way, state] for state in sorted(DELIVERY[way[-1]]) if state not in way]
    return ways[0][1:]


def sign_and_publish(*, plan: PersonalPlan, by: Professional, now: dt.datetime) -> PlanVersion:
    """Signed, then published wherever it may go; where it may not, its delivery is there, refused.

    Of a plan signed before, the person agrees again: an unchanged plan is signed once.
    """
    if plan.versions.exists():
        agree(plan=plan, side="usager", now=now, by=by)
    version = outbox.sign(plan=plan, by=by, now=now)
    document = documents_of(plan.record_id, plan.pk)[version.number]
    refused = [name for name in routes() if check_sending(document, name)]
    for name in refused:
        outbox.request_delivery(document=document, destination=name, by=by, now=now)
    if to := [name for name in routes() if name not in refused]:
        outbox.publish(document=document, to=to, by=by, now=now)
    return version


def publish(of: PersonalPlan, now: dt.datetime) -> dict[str, Delivery]:
    """Signed and published: its deliveries by destination."""
    version = sign_and_publish(plan=of, by=professional(), now=now)
    return {
        one.destination: one
        for one in Delivery.objects.filter(
            document__record=of.record, document__version=version.number
        ).select_related("document")
    }


@contextlib.contextmanager
def nowhere() -> Iterator[None]:
    """In no managing body and, as the product sees it, in no transaction: as in a worker."""
    body, blocks = current_tenant(), list(connection.atomic_blocks)
    marks = [block._from_testcase for block in blocks]
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, '', true)", [SETTING])
        for block in blocks:
            block._from_testcase = True
        try:
            yield
        finally:
            for block, mark in zip(blocks, marks, strict=True):
                block._from_testcase = mark
            cursor.execute("select set_config(%s, %s, true)", [SETTING, str(body or "")])


def elsewhere() -> psycopg.Connection[Any]:
    """Another connection of the application's role."""
    known = connection.get_connection_params()
    named = {key: known[key] for key in ("dbname", "user", "host", "port") if known.get(key)}
    return psycopg.connect(autocommit=True, **named)

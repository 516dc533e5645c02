"""Twenty documents of twenty records, made once by the product's own actions on the demonstration."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from jalon.core.dates import is_adult
from jalon.db.tenant import tenant
from jalon.documents.storage import load
from jalon.exchange.outbox import publish
from jalon.formats.cda import reader
from jalon.people import actions as people
from jalon.people.models import Person
from jalon.plans.actions import agree, sign
from jalon.plans.models import Agreement, PersonalPlan, PlanVersion
from jalon.staff.models import Professional
from jalon_sandbox.demo.build import build
from jalon_sandbox.demo.population import HOUSES, Someone, population
from tests.factories import NOW, TODAY, GoalFactory
from tests.support import SHARED

if TYPE_CHECKING:
    from cda_check import CdaChecker

COUNT, PER_HOUSE = 20, 5
WITHOUT_PLAN = 9  # last figure of the people to whom the demonstration gives no plan
MONTH_ONLY, LONG, PROVISIONAL, UNKNOWN_PLACE = 0, 4, 6, 8  # ranks of the particular cases


@dataclass(frozen=True)
class Made:
    """A document of ours: whose it is, and its bytes."""

    someone: Someone
    version: int
    goals: int
    cda: bytes
    pdf: bytes


@pytest.fixture(scope="session")
def checker() -> "CdaChecker":
    """The national schema and schematrons, compiled once."""
    sys.path.insert(0, str(SHARED / "tools/cda_check"))
    from cda_check import CdaChecker

    return CdaChecker()


@pytest.fixture(scope="session")
def documents(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Made, ...]]:
    """Nothing stays in the database."""
    folder = tmp_path_factory.mktemp("documents")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        made = tuple(_make(_chosen()))
        transaction.set_rollback(True)
    yield made


def _chosen() -> list[Someone]:
    """Five of each house who have a plan, those of uncommon letters first."""
    with_plan = [one for one in population(TODAY) if one.number % 10 != WITHOUT_PLAN]
    ranked = sorted(with_plan, key=lambda one: (not set("'Œ-") & set(one.traits.birth_name), one.number))
    return [one for house in HOUSES for one in [each for each in ranked if each.house == house][:PER_HOUSE]]


def _make(everybody: list[Someone]) -> Iterator[Made]:
    body = build(everybody, NOW, lambda said: None)
    with tenant(body.pk):
        lead = Professional.objects.get(last_name="Bleuet")
        for rank, someone in enumerate(everybody):
            person = Person.objects.get(birth_name=someone.traits.birth_name)
            _identify(person, someone, rank)
            plan = PersonalPlan.objects.get(record__person=person)
            if rank == LONG:
                _lengthen(plan)
            _sign(plan, lead)  # what the demonstration signed dates from before the identity was established
            yield _document_of(plan, someone, replacing=rank == LONG)


def _identify(person: Person, someone: Someone, rank: int) -> None:
    """All qualified but two: somebody provisional, somebody of whom only the month of birth is known."""
    officer = Professional.objects.get(job="référente identitovigilance")
    if rank == MONTH_ONLY:
        month = person.birth_date.replace(day=1) if person.birth_date else None
        people.edit(person=person, by=officer, birth_date=month, birth_date_precision="month")
    elif rank != PROVISIONAL:
        official = someone.official
        if rank == UNKNOWN_PLACE:
            people.edit(person=person, by=officer, birth_place="99999")
            official = replace(official, birth_place="")
        people.prove_identity(person=person, proof="cni", by=officer, today=TODAY)
        people.attach_ins(person=person, ins=someone.ins, official=official, by=officer, now=NOW)


def _lengthen(plan: PersonalPlan) -> None:
    for rank in range(30 - plan.goals.count()):
        GoalFactory.create(plan=plan, title=f"Objectif d’essai n° {rank}", responsible=plan.record.key_worker)


def _sign(plan: PersonalPlan, by: Professional) -> None:
    person = plan.record.person
    minor = person.birth_date and not is_adult(person.birth_date, TODAY)
    parent = person.contacts.first() if minor else None
    agree(plan=plan, side=Agreement.Side.PERSON, now=NOW, by=by, contact=parent, words="Oui.")
    sign(plan=plan, by=by, now=NOW + dt.timedelta(minutes=1))


def _document_of(plan: PersonalPlan, someone: Someone, *, replacing: bool) -> Made:
    """The last document of the plan; `replacing`: its former versions filed before it."""
    versions = list(PlanVersion.objects.filter(plan=plan).order_by("number").select_related("signed_by"))
    for version in versions if replacing else versions[-1:]:
        document = publish.file(source=version, by=version.signed_by)
    cda, pdf = load(document.cda_sha256), load(document.sha256)
    return Made(someone, reader.read(cda).version or 1, plan.goals.count(), cda, pdf)

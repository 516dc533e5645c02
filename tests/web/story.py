"""The little world of the screens' tests: one unit that is ours, and everything that is not.

Built inside tenants and left: each request sets its own, as in production.
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import transaction
from django.test import Client

from jalon.audit.models import Access
from jalon.care.models import Family
from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange.models import Delivery, Reception
from jalon.organizations.models import Establishment, ManagingBody, Unit
from jalon.records.models import Record
from jalon.staff.models import Account, Professional
from jalon.staff.rules import Role
from tests.care.factories import NewsFactory, TaskFactory
from tests.factories import (
    NOW,
    AccessGrantFactory,
    AccountFactory,
    ActionFactory,
    ContactFactory,
    DocumentFactory,
    EstablishmentFactory,
    EventFactory,
    ExpectationFactory,
    FunctionFactory,
    GoalFactory,
    HandoverNoteFactory,
    ManagingBodyFactory,
    MembershipFactory,
    NeedFactory,
    ParentalResponsibilityFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
    SeatFactory,
    StayFactory,
    UnitFactory,
)
from tests.records.factories import AccessRequestFactory

SECRET = "Secret de santé."
BACKEND = "jalon.web.account.sessions.AccountBackend"
NAMES = {"own": "ROSEAU", "other_unit": "SAULE", "other_house": "TREMBLE", "other_body": "ÉRABLE"}


@dataclass(frozen=True)
class Case:
    """A record with a plan, and what the addresses below it name."""

    record: Record
    goal: uuid.UUID
    note: uuid.UUID
    contact: uuid.UUID
    stay: uuid.UUID
    event: uuid.UUID
    agreement: uuid.UUID
    document: uuid.UUID
    delivery: uuid.UUID
    reception: uuid.UUID
    measure: uuid.UUID
    parent: uuid.UUID
    vigilance: uuid.UUID
    task: uuid.UUID
    news: uuid.UUID
    directory: dict[str, uuid.UUID]


@dataclass(frozen=True)
class Story:
    """Two managing bodies; in ours two houses, in our house two units; one record in each place."""

    body: ManagingBody
    house: Establishment
    other_house: Establishment
    unit: Unit
    other_unit: Unit
    cases: dict[str, Case]
    staff: dict[str, Account]
    now: dt.datetime

    @property
    def record(self) -> Record:
        return self.cases["own"].record

    def traces(self, **facts: object) -> list[Access]:
        with tenant(self.body.pk):
            return list(Access.objects.filter(**facts).order_by("at", "pk"))

    def professional(self, role: str) -> Professional:
        with tenant(self.body.pk):
            return Professional.objects.get(account=self.staff[role])

    def hire(self, role: str, house: Establishment | None = None, unit: Unit | None = None) -> Account:
        """Somebody new with one role, in the whole of our house unless told."""
        with tenant(self.body.pk):
            return hired(self.body, role, house or self.house, unit)


def write_story(now: dt.datetime) -> Story:
    body, other_body = ManagingBodyFactory.create(), ManagingBodyFactory.create()
    with tenant(body.pk):
        house, other_house = EstablishmentFactory.create(name="Foyer d’Essai"), EstablishmentFactory.create()
        unit, other_unit = (UnitFactory.create(establishment=house, name=name) for name in ("Bleue", "Rouge"))
        cases = {
            "own": _case("own", house, unit, now),
            "other_unit": _case("other_unit", house, other_unit, now),
            "other_house": _case("other_house", other_house, None, now),
        }
        staff = {role: hired(body, role, house, unit) for role in Role}
    with tenant(other_body.pk):
        cases["other_body"] = _case("other_body", EstablishmentFactory.create(), None, now)
    return Story(body, house, other_house, unit, other_unit, cases, staff, now)


def _case(place: str, house: Establishment, unit: Unit | None, now: dt.datetime) -> Case:
    record = RecordFactory.create(
        establishment=house,
        unit=unit,
        person__birth_name=NAMES[place],
        person__first_name="Fictive",
        person__with_qualified_identity=True,
        person__with_allergy=True,
        person__protected=True,
    )
    contact = ContactFactory.create(person=record.person, trusted_person=True, phone="01 99 00 12 34")
    parent = ParentalResponsibilityFactory.create(contact=contact)
    author = ProfessionalFactory.create(job="éducatrice spécialisée")
    note = HandoverNoteFactory.create(record=record, author=author, written_at=now)
    HandoverNoteFactory.create(
        record=record, author=author, written_at=now, family=Family.HEALTH, text=SECRET
    )
    hours = [now.replace(hour=hour, minute=0) for hour in (9, 11)]
    event = EventFactory.create(record=record, label="Atelier d’essai", starts_at=hours[0], ends_at=hours[1])
    stay = StayFactory.create(record=record)
    plan = PlanFactory.create(record=record, ready=True)
    need = NeedFactory.create(plan=plan)
    goal = GoalFactory.create(plan=plan, status="ACTIF", need_keys=[need.key], responsible=author)
    ActionFactory.create(plan=plan, status="ACTIF", goal_keys=[goal.key])
    ExpectationFactory.create(plan=plan, origin="La personne")
    document = DocumentFactory.create(
        record=record,
        type_code="51851-4",
        sha256=store(f"%PDF-1.4 {NAMES[place]}".encode()),
        media_type="application/pdf",
    )
    delivery = Delivery.objects.create(
        document=document, destination="dmp", state="to_check", requested_at=now, submission_id="2.25.1",
        message_id=f"urn:uuid:{document.pk}",
    )  # fmt: skip
    reception = Reception.objects.create(
        establishment=house, mailbox="accueil@jalon.mssante.test", message_id=str(document.pk),
        raw_sha256=store(b"From: ailleurs\r\n\r\n"), received_at=now, state="to_match", subject="Un avis",
    )  # fmt: skip
    return Case(
        record, goal.pk, note.pk, contact.pk, stay.pk, event.pk, plan.agreements.get().pk, document.pk,
        delivery.pk, reception.pk, record.person.measures.get().pk, parent.pk,
        record.person.vigilances.get().pk, TaskFactory.create(note=note, asked_by=author).pk,
        NewsFactory.create(establishment=house, unit=unit, author=author).pk,
        _directory() | _staff(house, unit) | _asked(record),
    )  # fmt: skip


def _directory() -> dict[str, uuid.UUID]:
    """Somebody of elsewhere, in a structure, as the addresses of the address book name them."""
    function = FunctionFactory.create()
    return {
        "structure_id": function.structure_id,
        "professional_id": function.professional_id,
        "function_id": function.pk,
    }


def _staff(house: Establishment, unit: Unit | None) -> dict[str, uuid.UUID]:
    """A colleague without account, whose last day is known, as the addresses of the staff name them."""
    work = MembershipFactory.create(establishment=house, unit=unit, ends_on=dt.date(2027, 8, 31))
    return {"colleague_id": work.professional_id, "membership_id": work.pk}


def _asked(record: Record) -> dict[str, uuid.UUID]:
    """The record asked for by somebody of elsewhere, who also opened it in an emergency."""
    asked = AccessRequestFactory.create(record_id=record.pk)
    given = AccessGrantFactory.create(record=record, professional=asked.professional, until=NOW)
    return {"request_id": asked.pk, "grant_id": given.pk}


def hired(body: ManagingBody, role: str, house: Establishment, unit: Unit | None = None) -> Account:
    """Somebody new with one role, in the whole house or in a unit."""
    account = AccountFactory.create(password=None)
    professional = ProfessionalFactory.create(account=account, job=Role(role).label)
    MembershipFactory.create(professional=professional, establishment=house, unit=unit, role=role)
    SeatFactory.create(account=account, managing_body=body)
    return account


def enter(account: Account, client: Client | None = None) -> Client:
    """Signed in, with two factors proved in this session."""
    client = client or Client()
    client.force_login(account, backend=BACKEND)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return client


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

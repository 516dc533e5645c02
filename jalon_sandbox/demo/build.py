"""Fill an empty database with the demonstration, by the product's own actions wherever a person would act."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from jalon.agenda.models import Event, EventStatus
from jalon.care.models import HandoverNote
from jalon.core.moment import PARIS, local_day
from jalon.db.keyed import draw_key
from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment, ManagingBody, Unit
from jalon.people import actions as people
from jalon.people.models import Person, ProtectionMeasure
from jalon.plans import actions as plans
from jalon.plans.models import Action, Agreement, AimStatus, Expectation, Goal, Need, PersonalPlan, PlanStatus
from jalon.records import actions as records
from jalon.records.models import Record
from jalon.staff.models import Account, Membership, Professional, Seat
from jalon_sandbox.demo.population import HOUSES, SEED, Someone
from jalon_sandbox.demo.team import TEAM, Worker, rpps
from jalon_sandbox.demo.texts import AIMS, EVENTS, EXPECTATIONS, NOTES

DAYS = 90
Say = Callable[[str], None]


@dataclass
class Story:
    """What is being built, and the chance it is built with."""

    now: dt.datetime
    chance: random.Random
    houses: dict[str, Establishment] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    team: list[tuple[Worker, Professional]] = field(default_factory=list)
    records: list[tuple[Someone, Record]] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        return local_day(self.now, PARIS)

    def workers(self, someone: Someone, *roles: str) -> list[Professional]:
        """Those who work where this person is, of these roles."""
        code = someone.house.code
        return [
            professional
            for worker, professional in self.team
            if code in worker.houses and worker.role in roles and worker.unit in ("", someone.unit)
        ]


def build(everybody: list[Someone], now: dt.datetime, say: Say) -> ManagingBody:
    """Everything, in one transaction: a demonstration cut in the middle leaves an empty database."""
    story = Story(now=now, chance=random.Random(SEED))  # noqa: S311  a fixed story
    with transaction.atomic():
        body = ManagingBody.objects.create(name="Association Les Jalons (démonstration)", finess="990000002")
        with tenant(body.pk):
            _houses(story)
            _team(story, body)
            say("établissements et professionnels")
            for someone in everybody:
                _someone(story, someone)
            say(f"{len(story.records)} personnes accompagnées")
            _notes(story)
            _events(story)
            say(f"{DAYS} jours de transmissions et d’agenda")
            for someone, record in story.records:
                _plan(story, someone, record)
            say("projets personnalisés")
    return body


def _houses(story: Story) -> None:
    for house in HOUSES:
        made = Establishment.objects.create(
            name=house.name, finess=house.finess, category=house.category, sector=house.sector,
            address_line="1 rue de l’Exemple", postal_code="35000", city="Rennes", phone="01 99 00 00 00",
            mailbox=f"{house.code}@jalon.mssante.test",
        )  # fmt: skip
        story.houses[house.code] = made
        for name in house.units:
            story.units[house.code, name] = Unit.objects.create(establishment=made, name=name)


def _team(story: Story, body: ManagingBody) -> None:
    start = story.today - dt.timedelta(days=400)
    for number, worker in enumerate(TEAM, start=1):
        number_rpps = rpps(number) if worker.health else ""
        account = Account.objects.create_user(email=worker.email, password=None, rpps=number_rpps)
        Seat.objects.create(account=account, managing_body=body)
        key = f"8{number_rpps}" if number_rpps else f"3{HOUSES[0].finess}/{number:04}"
        professional = Professional.objects.create(
            key=key, account=account, first_name=worker.first_name, last_name=worker.last_name,
            rpps=number_rpps, profession=worker.profession, job=worker.job,
        )  # fmt: skip
        for code in worker.houses:
            Membership.objects.create(
                professional=professional, establishment=story.houses[code], role=worker.role,
                unit=story.units.get((code, worker.unit)), starts_on=start,
            )  # fmt: skip
        story.team.append((worker, professional))


def _someone(story: Story, someone: Someone) -> None:
    secretary = story.workers(someone, "secretary")[0]
    person = people.register(
        traits=someone.traits, finess=someone.house.finess, by=secretary, despite_twin=True,
        used_name=someone.used_name, used_first_name=someone.traits.first_name, birth_order=1,
        address_line=f"{someone.number + 1} chemin de l’Exemple", postal_code="35000", city="Rennes",
        phone=f"01 99 00 {someone.number:02} 00",
    )  # fmt: skip
    for kind, text in someone.vigilances:
        people.warn(person=person, kind=kind, text=text, by=secretary)
    _entourage(story, someone, person, secretary)
    came = story.today - dt.timedelta(days=someone.came_days_ago)
    keyworkers = story.workers(someone, "educator", "care_worker", "nurse")
    record = records.open_record(
        person=person, establishment=story.houses[someone.house.code], on=came, by=secretary,
        unit=story.units[someone.house.code, someone.unit], room=someone.room,
        key_worker=keyworkers[someone.number % len(keyworkers)],
    )  # fmt: skip
    records.admit(record=record, starts_on=came, by=secretary, admitted_on=came)
    story.records.append((someone, record))


def _entourage(story: Story, someone: Someone, person: Person, by: Professional) -> None:
    name = someone.traits.birth_name
    phone = f"01 99 00 {someone.number:02} 01"
    if someone.minor:
        for rank, (first_name, relation) in enumerate((("Sophie", "MTH"), ("Karl", "FTH")), start=1):
            people.keep_contact(
                person=person, contact=None, by=by, last_name=name, first_name=first_name, relation=relation,
                phone=phone, call_order=rank, role="GUARD",
            )  # fmt: skip
        return
    people.keep_contact(person=person, contact=None, by=by, last_name=name, first_name="Anne", relation="SIS",
                        trusted=someone.number % 2 == 0, phone=phone, call_order=1)  # fmt: skip
    if someone.protected:
        ProtectionMeasure.objects.create(
            person=person,
            kind=ProtectionMeasure.Kind.REINFORCED if someone.house.code == "fam" else "tutelle",
            holder="Julie MANDATAIRE (UDAF de l’Exemple)", starts_on=story.today - dt.timedelta(days=500),
            ends_on=story.today + dt.timedelta(days=900),
        )  # fmt: skip


def _notes(story: Story) -> None:
    rows = []
    for someone, record in story.records:
        texts = NOTES[someone.house.generation]
        for day in range(DAYS + 1):
            for _ in range(story.chance.choice((0, 1, 1, 1, 2))):
                if note := _note(story, someone, record, day, story.chance.choice(texts)):
                    rows.append(note)
    HandoverNote.objects.bulk_create(rows, batch_size=1000)


def _note(
    story: Story, someone: Someone, record: Record, day: int, text: tuple[str, str, str]
) -> HandoverNote | None:
    family, title, words = text
    written = story.now.astimezone(PARIS).replace(
        hour=story.chance.randint(7, 21), minute=story.chance.randint(0, 59)
    )
    written -= dt.timedelta(days=day)
    if written > story.now or (family == "evt" and story.chance.random() > 0.15):
        return None
    roles = ("nurse", "physician") if family == "soin" else ("educator", "care_worker", "psychologist")
    authors = story.workers(someone, *roles) or story.workers(someone, "team_lead")
    words = words.replace("{p}", someone.traits.first_name)
    data, actions, result = (words.split("|") + ["", ""])[:3] if "|" in words else ("", "", "")
    return HandoverNote(
        record=record, author=story.chance.choice(authors), written_at=written, family=family, title=title,
        text="" if data else words, data=data, actions=actions, result=result,
        important=family == "evt" or story.chance.random() < 0.04,
    )  # fmt: skip


def _events(story: Story) -> None:
    rows = []
    for someone, record in story.records:
        for day in range(-7, DAYS + 1):
            if story.chance.random() < 0.45:
                rows.append(_event(story, someone, record, day))
    Event.objects.bulk_create(rows, batch_size=1000)


def _event(story: Story, someone: Someone, record: Record, day: int) -> Event:
    label, code = story.chance.choice(EVENTS[someone.house.generation])
    start = story.now.astimezone(PARIS).replace(
        hour=story.chance.choice((9, 10, 11, 14, 15, 16, 17)), minute=story.chance.choice((0, 30))
    )
    start = start.replace(second=0, microsecond=0) - dt.timedelta(days=day)
    status = EventStatus.PLANNED if start > story.now else EventStatus.DONE
    responsible = story.chance.choice(story.workers(someone, "educator", "care_worker", "nurse"))
    event = Event(
        record=record, label=label, type_code=code, starts_at=start, ends_at=start + dt.timedelta(minutes=60),
        status=status, place=story.chance.choice(("Salle bleue", "Salon", "Atelier", "Extérieur")),
        responsible=responsible, person_present=True if status == EventStatus.DONE else None,
    )  # fmt: skip
    event.key = draw_key(record.person.key, "EVN", event.pk)
    return event


def _plan(story: Story, someone: Someone, record: Record) -> None:
    """Nine in ten have a plan: most signed, some in preparation, a few paused."""
    if someone.number % 10 == 9:
        return
    writer = record.key_worker
    wish = f"Ce que {someone.traits.first_name} souhaite pour l’année, et comment nous l’aidons."
    title = f"Projet personnalisé {story.today.year}"
    plan = plans.open_plan(record=record, title=title, by=writer, type_code="", description=wish)
    for words in EXPECTATIONS[someone.house.generation][: 1 + someone.number % 3]:
        plans.add_part(plan=plan, kind=Expectation, by=writer, description=words, origin="La personne")
    for rank, aim in enumerate(AIMS[someone.house.generation][: 2 + someone.number % 2]):
        _aim(story, plan, writer, aim, rank)
    if someone.number % 10 in (3, 7):
        return
    _sign(story, someone, plan)


def _aim(
    story: Story, plan: PersonalPlan, writer: Professional | None, aim: tuple[str, ...], rank: int
) -> None:
    code, need, title, expected, action = aim
    start = story.today - dt.timedelta(days=60)
    needed = plans.add_part(plan=plan, kind=Need, by=writer, category=code, description=need)
    status = (AimStatus.ACTIVE, AimStatus.ACTIVE, AimStatus.PREPARATION, AimStatus.ENDED)[rank]
    goal = plans.add_part(
        plan=plan, kind=Goal, by=writer, title=title, description=title, expected=expected, status=status,
        responsible=writer, starts_on=start, due_on=story.today + dt.timedelta(days=90 + 60 * rank),
        need_keys=[needed.key],
    )  # fmt: skip
    plans.add_part(
        plan=plan, kind=Action, by=writer, title=action, responsible=writer, status=status, starts_on=start,
        ends_on=story.today + dt.timedelta(days=90), goal_keys=[goal.key],
    )  # fmt: skip


def _sign(story: Story, someone: Someone, plan: PersonalPlan) -> None:
    signed = story.now - dt.timedelta(days=20 + someone.number)
    contact = plan.record.person.contacts.first() if someone.minor else None
    plans.agree(plan=plan, side=Agreement.Side.PERSON, now=signed, by=plan.record.key_worker, contact=contact,
                words="Je suis d’accord. Je veux qu’on en reparle au printemps.")  # fmt: skip
    lead = story.workers(someone, "team_lead", "director")[0]
    plans.sign(plan=plan, by=lead, now=signed)
    if someone.number % 10 == 5:
        plans.move(plan=plan, to=PlanStatus.PAUSED, by=lead)

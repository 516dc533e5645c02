"""Fill an empty database with the demonstration, by the product's own actions wherever a person would act."""

import datetime as dt
import random
from collections.abc import Callable

from django.db import transaction

from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment, ManagingBody, Unit
from jalon.people import actions as people
from jalon.people.changes import ContactChanges
from jalon.people.models import ParentalResponsibility, Person, ProtectionMeasure
from jalon.plans import actions as plans
from jalon.plans.models import Action, Agreement, AimStatus, Expectation, Goal, Need, PersonalPlan, PlanStatus
from jalon.records import actions as records
from jalon.records.models import Record
from jalon.staff.models import Account, Membership, Professional, Seat
from jalon_sandbox.demo.cast import Story
from jalon_sandbox.demo.daily import DAYS, write_events, write_notes
from jalon_sandbox.demo.names import FATHERS, MOTHERS, SISTERS, SONS
from jalon_sandbox.demo.population import HOUSES, SEED, Someone, mailbox
from jalon_sandbox.demo.relay import write_relay
from jalon_sandbox.demo.team import TEAM, rpps
from jalon_sandbox.demo.texts import AIMS, EXPECTATIONS

Say = Callable[[str], None]
EXERCISED = ParentalResponsibility.Exercise.EXERCISED


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
            write_notes(story)
            write_events(story)
            write_relay(story)
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
            mailbox=mailbox(house.code),
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
    keyworkers = story.workers(someone, "educator", "care_worker", "aes", "nurse")
    record = records.open_record(
        person=person, establishment=story.houses[someone.house.code], on=came, by=secretary,
        unit=story.units[someone.house.code, someone.unit], room=someone.room,
        key_worker=keyworkers[someone.number % len(keyworkers)],
    )  # fmt: skip
    records.admit(record=record, starts_on=came, by=secretary, admitted_on=came)
    story.records.append((someone, record))


def _entourage(story: Story, someone: Someone, person: Person, by: Professional) -> None:
    for rank, relative in enumerate(_relatives(someone), start=1):
        contact: ContactChanges = {
            "last_name": someone.traits.birth_name,
            "phone": f"01 99 00 {someone.number % 100:02} {rank:02}",
            "call_order": rank,
            **relative,
        }
        kept = people.keep_contact(person=person, contact=None, by=by, **contact)
        if someone.minor:
            people.keep_parent(person=person, parent=None, by=by, contact=kept, exercise=EXERCISED)
    if someone.protected:
        _measure(story, someone, person, by)


def _measure(story: Story, someone: Someone, person: Person, by: Professional) -> None:
    """A tutelle that represents, or a curatelle renforcée that assists, as its decision says."""
    reinforced = someone.house.code == "fam"
    mode = ProtectionMeasure.Mode.ASSISTANCE if reinforced else ProtectionMeasure.Mode.REPRESENTATION
    holder = people.keep_contact(
        person=person, contact=None, by=by, last_name="MANDATAIRE", first_name="Julie",
        comment="UDAF de l’Exemple", call_order=9,
    )  # fmt: skip
    people.keep_measure(
        person=person, measure=None, by=by, kind="curatelle_renforcee" if reinforced else "tutelle",
        person_mode=mode, goods_mode=mode, holder="Julie MANDATAIRE (UDAF de l’Exemple)", contact=holder,
        starts_on=story.today - dt.timedelta(days=500), ends_on=story.today + dt.timedelta(days=900),
    )  # fmt: skip


def _relatives(someone: Someone) -> list[ContactChanges]:
    """Parents of a child; a daughter or a son of somebody old; a sister otherwise."""
    number = someone.number
    if someone.minor:
        return [
            {"first_name": MOTHERS[number % len(MOTHERS)], "relation": "MTH", "role": "GUARD"},
            {"first_name": FATHERS[number % len(FATHERS)], "relation": "FTH", "role": "GUARD"},
        ]
    trusted = number % 4 < 2  # half of them
    if "son" in someone.facts:
        return [{"first_name": SONS[number % len(SONS)], "relation": "SONC", "trusted": trusted}]
    relation = "DAUC" if "daughter" in someone.facts else "SIS"
    return [{"first_name": SISTERS[number % len(SISTERS)], "relation": relation, "trusted": trusted}]


def _plan(story: Story, someone: Someone, record: Record) -> None:
    """Nine in ten have a plan: most signed, some in preparation, a few paused."""
    if someone.number % 10 == 9:
        return
    writer = record.key_worker
    wish = f"Ce que {someone.traits.first_name} souhaite pour l’année, et comment nous l’aidons."
    signed = story.today - dt.timedelta(days=_signed_days_ago(someone))
    title = f"Projet personnalisé {signed.year}"
    plan = plans.open_plan(record=record, title=title, by=writer, type_code="", description=wish)
    for words in EXPECTATIONS[someone.house.generation][: 1 + someone.number % 3]:
        plans.add_part(plan=plan, kind=Expectation, by=writer, description=words, origin="La personne")
    for rank, aim in enumerate(AIMS[someone.house.generation][: 2 + someone.number % 2]):
        _aim(signed, plan, writer, aim, rank)
    if someone.number % 10 in (3, 7):
        return
    _sign(story, someone, plan)


def _signed_days_ago(someone: Someone) -> int:
    """A project is reviewed within the year: the one of the story comes to its end."""
    return 350 if "review" in someone.facts else 20 + someone.number % 60


def _aim(
    signed: dt.date, plan: PersonalPlan, writer: Professional | None, aim: tuple[str, ...], rank: int
) -> None:
    code, need, title, expected, action = aim
    needed = plans.add_part(plan=plan, kind=Need, by=writer, category=code, description=need)
    status = (AimStatus.ACTIVE, AimStatus.ACTIVE, AimStatus.PREPARATION, AimStatus.ENDED)[rank]
    goal = plans.add_part(
        plan=plan, kind=Goal, by=writer, title=title, description=title, expected=expected, status=status,
        responsible=writer, starts_on=signed, due_on=signed + dt.timedelta(days=150 + 60 * rank),
        need_keys=[needed.key],
    )  # fmt: skip
    plans.add_part(
        plan=plan, kind=Action, by=writer, title=action, responsible=writer, status=status, starts_on=signed,
        ends_on=signed + dt.timedelta(days=150), goal_keys=[goal.key],
    )  # fmt: skip


def _sign(story: Story, someone: Someone, plan: PersonalPlan) -> None:
    signed = story.moment(-_signed_days_ago(someone), 14, 30)
    contact = plan.record.person.contacts.first() if someone.minor else None
    plans.agree(plan=plan, side=Agreement.Side.PERSON, now=signed, by=plan.record.key_worker, contact=contact,
                words="Je suis d’accord. Je veux qu’on en reparle au printemps.")  # fmt: skip
    lead = story.workers(someone, "team_lead", "director")[0]
    plans.sign(plan=plan, by=lead, now=signed)
    if someone.number % 10 == 5:
        plans.move(plan=plan, to=PlanStatus.PAUSED, by=lead)

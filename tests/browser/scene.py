"""What the browser visits: the demonstration's own story, shortened to one house, on a Tuesday afternoon."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.management import call_command

from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange.models import Delivery, DeliveryStep, ImportPart, ImportRun, Reception
from jalon.organizations.models import ManagingBody
from jalon.people.actions import attach_ins, prove_identity
from jalon.people.models import Person
from jalon.plans.models import Agreement, Goal
from jalon.records.models import Record
from jalon.staff.models import Account, Membership, Professional
from jalon_sandbox.demo.build import build
from jalon_sandbox.demo.population import Someone, population
from tests.care.factories import NewsFactory, TaskFactory
from tests.exchange.letters import archive, cda, letter
from tests.factories import (
    TEST_PASSWORD,
    AccessGrantFactory,
    DocumentFactory,
    EventFactory,
    FunctionFactory,
    HandoverNoteFactory,
    ParentalResponsibilityFactory,
    ProfessionalFactory,
    ProtectionMeasureFactory,
)
from tests.records.factories import AccessRequestFactory

NOW = dt.datetime(2026, 11, 24, 15, 5, tzinfo=ZoneInfo("Europe/Paris"))
LEAD, EDUCATOR = "claire.bleuet@jalon.example", "ines.bourrache@jalon.example"
ADMINISTRATOR, OFFICER = "karim.lierre@jalon.example", "nora.camomille@jalon.example"


@dataclass(frozen=True)
class Scene:
    """Where to go: the address of the server, and what its pages name."""

    address: str
    record: str
    others: tuple[str, ...]
    arguments: dict[str, str]

    def dossier(self, rest: str = "") -> str:
        return f"/dossiers/{self.record}/{rest}"


def play(address: str) -> Scene:
    """Write the story in the database of the tests, as the demonstration would."""
    everybody = [one for one in population(NOW.date()) if one.house.code == "fam"][:9]
    body = build(everybody, NOW, lambda _: None)
    for account in Account.objects.filter(email__in=[LEAD, EDUCATOR]):
        account.set_password(TEST_PASSWORD)
        account.save()
    with tenant(body.pk):
        _qualify(everybody)
        records = _records()
        return Scene(
            address, str(records[0].pk), tuple(str(one.pk) for one in records[1:]), _named(records[0])
        )


def _records() -> list[Record]:
    """The one to look at first: a whole dossier, with a plan that runs, in the unit of the educator."""
    rich = Record.objects.filter(unit__name="Verger", plans__versions__isnull=False).order_by("pk")
    first = rich.filter(person__vigilances__isnull=False).first() or rich[0]
    return [first, *Record.objects.exclude(pk=first.pk).order_by("pk")]


def _qualify(everybody: list[Someone]) -> None:
    officer = Professional.objects.get(job="référente identitovigilance")
    for someone in everybody:
        person = Person.objects.get(birth_name=someone.traits.birth_name)
        attach_ins(person=person, ins=someone.ins, official=someone.official, by=officer, now=NOW)
        if someone.seen_paper:
            prove_identity(person=person, proof="cni", by=officer, today=NOW.date())


NOTES = (
    ("Inès", 14, "educ", "Trajet en bus, ligne 7", "Billet validé sans aide, arrêt demandé."),
    ("Thomas", 7, "vie", "Nuit calme", "Endormissement à 22 h 30, lever à 7 h 15. Petit-déjeuner entier."),
    ("Thomas", -6, "lien", "Appel de sa sœur", "Très content. Elle propose une visite samedi."),
    ("Inès", -13, "evt", "Chute sans gravité", "Dans l’escalier, sans choc à la tête. Famille prévenue."),
)
CARE = {
    "family": "soin",
    "title": "Pansement cheville droite",
    "text": "",
    "data": "Plaie propre, deux centimètres, peu douloureuse (1 sur 10).",
    "actions": "Lavage, pansement refait.",
    "result": "Prochain contrôle jeudi matin.",
}
EVENTS = ((9, "Pansement", "2.1.1"), (13, "Trajet en bus", "2.3.4.2"), (16, "Atelier peinture", "2.3.3.5"))


def _fill_the_day(record: Record) -> None:
    """A day that looks like one, whatever the chance of the demonstration."""
    team = {one.first_name: one for one in Professional.objects.filter(account__isnull=False)}
    for who, hour, family, title, text in NOTES:
        HandoverNoteFactory.create(
            record=record, author=team[who], family=family, title=title, text=text, important=family == "evt",
            written_at=_at(hour, 20),
        )  # fmt: skip
    HandoverNoteFactory.create(record=record, author=team["Fatou"], written_at=_at(9, 10), **CARE)
    for hour, label, code in EVENTS:
        EventFactory.create(
            record=record, label=label, type_code=code, place="Salle bleue",
            starts_at=_at(hour, 30), ends_at=_at(hour + 1, 30),
            status="TERMINE" if hour < NOW.hour else "PLANIFIE",
        )  # fmt: skip


def _at(hour: int, minute: int) -> dt.datetime:
    """That hour of the day, of the day before when it is negative."""
    return NOW.replace(hour=0, minute=minute) + dt.timedelta(hours=hour)


def _named(record: Record) -> dict[str, str]:
    """A document on its way, a message that waits: what the addresses of some pages name."""
    document = DocumentFactory.create(
        record=record, title="Projet personnalisé 2026", written_at=NOW, sha256=store(b"%PDF-1.4 essai")
    )
    delivery = Delivery.objects.create(
        document=document, destination="dmp", state="to_check", requested_at=NOW, submission_id="2.25.1",
        message_id=f"urn:uuid:{document.pk}",
    )  # fmt: skip
    for state in ("prepared", "attempted", "to_check"):
        DeliveryStep.objects.create(delivery=delivery, at=NOW, state=state)
    reception = Reception.objects.create(
        establishment=record.establishment, mailbox="fam@jalon.mssante.test", message_id="<essai@jalon>",
        raw_sha256=store(letter(archive(cda()))), received_at=NOW, state="to_match",
        sender="secretariat@chu.mssante.test", subject="Compte rendu de consultation",
    )  # fmt: skip
    note = HandoverNoteFactory.create(
        record=record, author=Professional.objects.get(account__email=LEAD), written_at=_at(-30, 10),
        text="Rendez-vous avec la famille fixé à jeudi.",
    )  # fmt: skip
    parent = ParentalResponsibilityFactory.create(contact=record.person.contacts.all()[0])
    measure = ProtectionMeasureFactory.create(
        person=record.person, starts_on=dt.date(2019, 3, 4), ends_on=dt.date(2024, 3, 3)
    )
    run = ImportRun.objects.create(
        by=Professional.objects.get(account__email=ADMINISTRATOR), asked_at=NOW, house="", into=None
    )
    ImportPart.objects.create(run=run, rank=1, name="dossier-1.json", sha256=store(b"{}"))
    return {
        "run_id": str(run.pk),
        "record_id": str(record.pk),
        "note_id": str(note.pk),
        "task_id": str(TaskFactory.create(note=note, asked_at=_at(-30, 15)).pk),
        "news_id": str(NewsFactory.create(establishment=record.establishment, author=note.author).pk),
        "vigilance_id": str(record.person.vigilances.all()[0].pk),
        "measure_id": str(measure.pk),
        "parent_id": str(parent.pk),
        "part_id": str(Goal.objects.filter(plan__record=record)[0].pk),
        "contact_id": str(record.person.contacts.all()[0].pk),
        "stay_id": str(record.stays.all()[0].pk),
        "event_id": str(record.agenda_events.all()[0].pk),
        "agreement_id": str(Agreement.objects.filter(plan__record=record)[0].pk),
        "document_id": str(document.pk),
        "reception_id": str(reception.pk),
        "rank": "0",
        "kind": "objectif",
        "house_id": str(record.establishment_id),
        "unit_id": str(record.unit_id),
        **_directory() | _colleague(record) | _asked(record),
    }


def _colleague(record: Record) -> dict[str, str]:
    """A nurse of the house, as the pages of the staff name her."""
    work = Membership.objects.filter(establishment=record.establishment, role="nurse").order_by("pk")[0]
    return {"colleague_id": str(work.professional_id), "membership_id": str(work.pk)}


def _asked(record: Record) -> dict[str, str]:
    """The record asked for by an educator of elsewhere, and opened by a nurse in an emergency."""
    elsewhere = Professional.objects.exclude(memberships__establishment=record.establishment)
    who = elsewhere.order_by("pk").first() or ProfessionalFactory.create()
    asked = AccessRequestFactory.create(record_id=record.pk, professional=who, asked_at=_at(9, 12))
    given = AccessGrantFactory.create(
        record=record, professional=who, reason="Malaise dans le couloir.", until=_at(11, 20),
        starts_on=NOW.date(), ends_on=NOW.date(),
    )  # fmt: skip
    return {"request_id": str(asked.pk), "grant_id": str(given.pk)}


def _directory() -> dict[str, str]:
    """A physician of the town, in the address book."""
    function = FunctionFactory.create(
        structure__name="Maison de santé des Deux-Rives", structure__city="Grenoble",
        structure__phone="04 99 00 11 22", professional__last_name="ALISIER",
        professional__first_name="Rose", professional__title="DR", profession="G15_10", role="CORRE",
        professional__email="rose.alisier@exemple.test",
    )  # fmt: skip
    return {
        "structure_id": str(function.structure_id),
        "professional_id": str(function.professional_id),
        "function_id": str(function.pk),
    }


def strike() -> None:
    """Leave the database as it was found."""
    call_command("flush", verbosity=0, interactive=False)
    assert not ManagingBody.objects.exists()

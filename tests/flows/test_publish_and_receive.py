"""Whole stories: from the arrival of a person to the document in other hands, and back."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.utils import timezone
from pytest_django import Settings

from jalon.core.identity import Traits
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.identity import answering, asking
from jalon.exchange.inbox import deciding, fetching
from jalon.exchange.inbox.deciding import confirm_match
from jalon.exchange.models import Delivery, DeliveryState, Reception, ReceptionState, ServiceCall
from jalon.exchange.outbox.publish import request_again
from jalon.exchange.reading import file_of, read_of
from jalon.formats import xds
from jalon.organizations.models import Establishment, ManagingBody
from jalon.people import actions as people
from jalon.people.models import IdentityStatus
from jalon.plans import actions as plans
from jalon.plans.models import Action, Expectation, Goal, PersonalPlan
from jalon.records import actions as records
from jalon.records.models import Record
from jalon.staff.models import Professional
from tests.exchange import letters
from tests.exchange import world as worlds
from tests.exchange.world import Destination, World
from tests.factories import ManagingBodyFactory, matricule

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
TYPED = Traits("Fictif", "Camille", "Camille", "F", worlds.BORN, "38185")


@dataclass(frozen=True)
class House:
    """One of our houses: whose it is, who works there."""

    body: ManagingBody
    establishment: Establishment
    worker: Professional


def open_house(world: World, settings: Settings, name: str) -> House:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        return House(body, worlds.house(world, settings, name=name), worlds.professional())


@pytest.fixture
def home(world: World, settings: Settings, db: None) -> House:
    return open_house(world, settings, "Foyer d’Essai")


@pytest.fixture
def hospital(world: World, settings: Settings, db: None) -> House:
    """Another managing body, on the same software."""
    return open_house(world, settings, "Maison d’accueil d’Exemple")


def fetch(body: ManagingBody, house: Establishment) -> int:
    """One run of a mailbox, as a worker does it."""
    with worlds.nowhere():
        return fetching.fetch(body.pk, house.pk, timezone.now())


def admit(house: House) -> Record:
    """Camille arrives: registered, looked up, her card seen, her record opened."""
    now, by, establishment = timezone.now(), house.worker, house.establishment
    person = people.register(traits=TYPED, finess=establishment.finess, by=by)
    record = records.open_record(person=person, establishment=establishment, on=TODAY, by=by)
    records.admit(record=record, starts_on=TODAY, by=by, admitted_on=TODAY)
    assert person.identity_status == IdentityStatus.PROVISIONAL
    look_up = asking.ask(person=person, by=by, now=now)
    with worlds.nowhere():
        answering.answer(house.body.pk, look_up.pk)
    look_up.refresh_from_db()
    assert look_up.attached
    people.prove_identity(person=person, proof="cni", by=by, today=TODAY)
    record.refresh_from_db()
    assert record.person.is_qualified
    return record


def write_plan(record: Record, by: Professional) -> PersonalPlan:
    plan = plans.open_plan(record=record, title="Projet personnalisé 2026", by=by)
    plans.add_part(plan=plan, kind=Expectation, by=by, description="Retourner au marché le samedi.")
    goal = plans.add_part(plan=plan, kind=Goal, by=by, title="Aller au marché seule")
    plans.add_part(plan=plan, kind=Action, by=by, title="Apprendre le trajet", goal_keys=[goal.key])
    plans.agree(plan=plan, side="usager", now=timezone.now(), by=by, words="Oui, c’est ce que je veux.")
    return plan


def deliveries() -> dict[str, Delivery]:
    """The deliveries of the last version."""
    last = Document.objects.filter(source=Document.Source.OWN).order_by("-version").first()
    found = Delivery.objects.filter(document=last).select_related("document")
    return {one.destination: one for one in found}


@pytest.mark.requirement("RECON.DOC.02", "SC.DMP/ALI/PROG.02", "EX_GEN-1530", "EX_GEN-1255")
def test_from_her_arrival_to_her_own_space(home: House, world: World) -> None:
    """Registered, looked up, qualified; her plan is signed, and in her hands without another gesture."""
    with tenant(home.body.pk):
        record = admit(home)
        plan = write_plan(record, home.worker)
        worlds.sign_and_publish(plan=plan, by=home.worker, now=timezone.now())
    assert worlds.work() == 2
    with tenant(home.body.pk):
        sent = deliveries()
        assert sent[Destination.DMP].state == DeliveryState.ACKNOWLEDGED
        assert sent[Destination.CITIZEN_MAIL].state == DeliveryState.SENT
        (copy,) = world.mails_of(sent[Destination.CITIZEN_MAIL])
        (registered,) = world.registered(sent[Destination.DMP])
        assert registered.data == load(sent[Destination.DMP].document.cda_sha256)
        assert load(sent[Destination.CITIZEN_MAIL].package_sha256) in copy
        assert [call.outcome for call in ServiceCall.objects.all()] == ["found"]


@pytest.mark.requirement("SC.MSS/UX.39", "SC.MSS/UX.07")
def test_what_one_house_sends_another_one_files(home: House, hospital: House, world: World) -> None:
    """The very mail of the first is put into the box of the second, which knows the same person."""
    with tenant(home.body.pk):
        plan = write_plan(admit(home), home.worker)
        worlds.sign_and_publish(plan=plan, by=home.worker, now=timezone.now())
        worlds.work()
        ours = deliveries()[Destination.CITIZEN_MAIL]
        mail, cda, pdf = (load(one) for one in (
            ours.package_sha256, ours.document.cda_sha256, ours.document.sha256
        ))  # fmt: skip
    with tenant(hospital.body.pk):
        theirs = admit(hospital)
    world.mail.inject(hospital.establishment.mailbox, mail)
    assert fetch(hospital.body, hospital.establishment) == 1
    with tenant(hospital.body.pk):
        assert Reception.objects.get().state == ReceptionState.FILED
        document = Document.objects.get()
        assert document.record == theirs
        assert (load(document.cda_sha256), file_of(document)) == (cda, pdf)
        assert (
            document.author_label
            == f"{home.worker.first_name} {home.worker.last_name.upper()}, Foyer d’Essai"
        )
        read = read_of(document)
        assert read and "Projet personnalisé" in read.title
        assert document.type_code == "80788-3"
    with tenant(home.body.pk):
        assert not Reception.objects.exists()


def test_the_new_version_takes_the_place_of_the_former_everywhere(
    home: House, hospital: House, world: World
) -> None:
    with tenant(hospital.body.pk):
        admit(hospital)
    with tenant(home.body.pk):
        plan = write_plan(admit(home), home.worker)
    for _ in range(2):
        with tenant(home.body.pk):
            worlds.sign_and_publish(plan=plan, by=home.worker, now=timezone.now())
        worlds.work()
        with tenant(home.body.pk):
            mail = load(deliveries()[Destination.CITIZEN_MAIL].package_sha256)
        world.mail.inject(hospital.establishment.mailbox, mail)
        fetch(hospital.body, hospital.establishment)
    with tenant(home.body.pk):
        one, two = Document.objects.order_by("version")
        statuses = {
            stored.entry.unique_id: stored.entry.status
            for stored in world.dmp.registry.stored
            if stored.entry.unique_id in (one.unique_id, two.unique_id)
        }
        assert statuses == {one.unique_id: xds.DEPRECATED, two.unique_id: xds.APPROVED}
    with tenant(hospital.body.pk):
        first, second = Document.objects.order_by("version")
        assert (second.set_id, second.replaces) == (first.set_id, first)
        assert [one.state for one in Reception.objects.all()] == [ReceptionState.FILED] * 2


def test_a_bad_day_of_every_service_ends_with_each_document_in_one_copy(
    home: House, world: World, settings: Settings
) -> None:
    """The DMP cuts, the operator asks to wait, the box is full: people and workers put all right."""
    world.dmp.cut("after", times=1)
    world.mail.change({"busy": 1})
    with tenant(home.body.pk):
        record = admit(home)
        worlds.sign_and_publish(plan=write_plan(record, home.worker), by=home.worker, now=timezone.now())
    worlds.work()
    with tenant(home.body.pk):
        sent = deliveries()
        assert (sent[Destination.DMP].state, sent[Destination.DMP].code) == ("acknowledged", "recovered")
        assert sent[Destination.CITIZEN_MAIL].state == "sent"
        assert sent[Destination.CITIZEN_MAIL].attempts == 2
        assert {world.taken(one) for one in sent.values()} == {1}
        recipient = sent[Destination.CITIZEN_MAIL].recipient
        world.mail.change({"full": {recipient}})
        worlds.sign_and_publish(plan=PersonalPlan.objects.get(), by=home.worker, now=timezone.now())
    worlds.work()
    with tenant(home.body.pk):
        refused = deliveries()[Destination.CITIZEN_MAIL]
        assert (refused.state, refused.code) == (DeliveryState.REFUSED, "552")
        world.mail.change({"full": set(), "cut_after_taking": 1})
        request_again(delivery=refused, by=home.worker, now=timezone.now())
    worlds.work()
    with tenant(home.body.pk):
        again = deliveries()[Destination.CITIZEN_MAIL]
        assert (again.state, again.code) == (DeliveryState.SENT, "recovered")
        assert world.taken(again) == 1
        assert [step.state for step in again.steps.all()] == [
            "prepared", "attempted", "refused", "prepared", "attempted", "attempted", "sent",
        ]  # fmt: skip


@pytest.mark.requirement("SC.MSS/UX.09")
def test_a_report_that_is_not_certain_reaches_the_record_by_the_hand_of_a_person(
    home: House, world: World
) -> None:
    with tenant(home.body.pk):
        record = admit(home)
    other_sex = Traits("FICTIF", "CAMILLE", "CAMILLE ANNE", "M", worlds.BORN, "38185")
    raw = letters.letter(letters.archive(letters.cda(other_sex)), to=home.establishment.mailbox)
    world.mail.inject(home.establishment.mailbox, raw)
    fetch(home.body, home.establishment)
    with tenant(home.body.pk):
        reception = Reception.objects.get()
        assert reception.state == ReceptionState.TO_MATCH
        assert "sexe" in reception.reason
        opened = deciding.opened(reception)
        assert opened is not None
        assert opened.ins is not None
        assert opened.ins.matricule == matricule(worlds.CAMILLE)
        assert deciding.lookalikes(opened) == [record.person]
        why = "Sexe mal saisi par l’hôpital."
        confirm_match(reception=reception, record=record, by=home.worker, now=timezone.now(), reason=why)
        assert Document.objects.get(record=record).source == Document.Source.RECEIVED

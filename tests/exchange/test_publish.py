"""Publishing a signed plan: a version, its document, one delivery a destination, all of it or nothing."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.core.identity import Ins, Traits
from jalon.documents.models import Document
from jalon.documents.storage import load, store
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.models import Delivery, DeliveryState
from jalon.exchange.outbox import publish
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.outbox.publish import (
    mark_received,
    request_again,
    request_delivery,
)
from jalon.exchange.queries import deliveries_of, documents_of, to_check
from jalon.formats.cda import reader
from jalon.organizations.models import Establishment, ManagingBody
from jalon.people import actions as identities
from jalon.people.models import Consent
from jalon.plans.models import Goal, PersonalPlan, PlanVersion
from jalon.records.models import Record
from jalon.staff.rules import EVERY_CONTENT
from tests.exchange import world as worlds
from tests.exchange.world import Destination
from tests.factories import (
    TEST_OID,
    GoalFactory,
    NeedFactory,
    ParentalResponsibilityFactory,
    PlanFactory,
    RecordFactory,
    matricule,
)

pytestmark = pytest.mark.django_db
PURPOSES = {Destination.DMP: Consent.Purpose.DMP_FEED, Destination.CITIZEN_MAIL: Consent.Purpose.CITIZEN_MAIL}


def jobs() -> list[dict[str, Any]]:
    """The arguments of the deliveries waiting for a worker."""
    waiting = ProcrastinateJob.objects.filter(task_name="jalon.exchange.tasks.deliver", status="todo")
    return list(waiting.values_list("args", flat=True))


# --- all of it ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.DMP/ALI/PROG.02")
def test_a_signature_gives_a_version_a_document_and_a_delivery_to_each_destination(
    plan: PersonalPlan, body: ManagingBody
) -> None:
    signer, now = worlds.professional(), timezone.now()
    version = worlds.sign_and_publish(plan=plan, by=signer, now=now)
    document = Document.objects.get()
    assert PlanVersion.objects.get() == version
    assert (document.set_id, document.version, document.record) == (oid(plan.pk), 1, plan.record)
    assert (document.type_code, document.author, document.source) == ("80788-3", signer, Document.Source.OWN)
    assert load(document.sha256).startswith(b"%PDF-1.4")
    assert str(reader.read(load(document.cda_sha256)).id) == document.unique_id
    deliveries = Delivery.objects.order_by("destination")
    assert [one.destination for one in deliveries] == ["citizen_mail", "dmp"]
    assert {one.state for one in deliveries} == {DeliveryState.PREPARED}
    assert {one.requested_by for one in deliveries} == {signer}
    assert sorted(job["delivery_id"] for job in jobs()) == sorted(str(one.pk) for one in deliveries)
    assert {job["managing_body"] for job in jobs()} == {str(body.pk)}


def test_a_job_names_nobody(plan: PersonalPlan) -> None:
    worlds.publish(plan, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs")
        told = " ".join(text for (text,) in cursor.fetchall())
    assert "FICTIF" not in told
    assert matricule(worlds.CAMILLE) not in told


def test_identifiers_are_drawn_at_the_request_and_each_is_new(plan: PersonalPlan) -> None:
    deliveries = worlds.publish(plan, timezone.now())
    mail, dmp = deliveries[Destination.CITIZEN_MAIL], deliveries[Destination.DMP]
    assert mail.message_id.endswith("@jalon.mssante.test")
    assert dmp.message_id.startswith("urn:uuid:")
    assert mail.submission_id != dmp.submission_id
    assert mail.submission_id.startswith("2.25.")


@pytest.mark.requirement("ECO.2.2.6", "SC.MSS/va1.19")
def test_the_citizen_is_written_to_at_the_address_of_their_qualified_ins(plan: PersonalPlan) -> None:
    mail = worlds.publish(plan, timezone.now())[Destination.CITIZEN_MAIL]
    assert mail.recipient == f"{matricule(worlds.CAMILLE)}@patient.mssante.test"
    with connection.cursor() as cursor:
        cursor.execute("select recipient from exchange_delivery where id = %s", [mail.pk])
        assert matricule(worlds.CAMILLE) not in str(cursor.fetchone())


@pytest.mark.requirement("ENS-MES §2")
def test_a_minor_is_written_to_at_their_own_address(house: Establishment) -> None:
    child = worlds.record(house, number=worlds.CHILD, birth_date=dt.date(2014, 3, 9))
    parent = ParentalResponsibilityFactory.create(contact__person=child.person).contact
    mail = worlds.publish(worlds.plan(child, accord__contact=parent), timezone.now())[
        Destination.CITIZEN_MAIL
    ]
    assert mail.recipient == f"{matricule(worlds.CHILD)}@patient.mssante.test"


# --- or nothing ---------------------------------------------------------------------------------------------


def test_a_transaction_that_fails_takes_the_document_the_deliveries_and_the_jobs_with_it(
    plan: PersonalPlan,
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        worlds.sign_and_publish(plan=plan, by=worlds.professional(), now=timezone.now())
        assert len(jobs()) == 2
        raise RuntimeError
    assert jobs() == []
    assert not Delivery.objects.exists()
    assert not Document.objects.exists()
    assert not PlanVersion.objects.exists()


def test_a_plan_that_is_not_ready_publishes_nothing(house: Establishment) -> None:
    bare = PlanFactory.create(record=worlds.record(house))
    with pytest.raises(DomainError) as refusal:
        worlds.sign_and_publish(plan=bare, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "plan_not_ready"
    assert not Document.objects.exists()
    assert jobs() == []


def test_words_that_no_font_can_print_stop_the_signature(plan: PersonalPlan) -> None:
    GoalFactory.create(plan=plan, title="Un mot \U00013000 d’ailleurs")
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        worlds.sign_and_publish(plan=plan, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "unprintable"
    assert not PlanVersion.objects.exists()


def test_what_is_filed_leaves_a_trace_with_its_author(plan: PersonalPlan) -> None:
    signer = worlds.professional()
    worlds.sign_and_publish(plan=plan, by=signer, now=timezone.now())
    trace = Entry.objects.get(action="exchange.filed")
    assert (trace.object_id, trace.professional) == (Document.objects.get().pk, signer)


# --- what may not leave -------------------------------------------------------------------------------------


def refused(plan: PersonalPlan) -> dict[str, str]:
    """The reasons of the refused deliveries, by destination; no job was asked for them."""
    deliveries = worlds.publish(plan, timezone.now())
    told = {one.destination: one.label for one in deliveries.values() if one.state == DeliveryState.REFUSED}
    assert {job["delivery_id"] for job in jobs()} == {
        str(one.pk) for one in deliveries.values() if one.destination not in told
    }
    assert all(one.recipient == "" for one in deliveries.values() if one.destination in told)
    assert [step.label for one in deliveries.values() for step in one.steps.all() if step.label] == list(
        told.values()
    )
    return told


@pytest.mark.requirement("SC.INS/va1.53")
@pytest.mark.parametrize("facts", [{}, {"with_ins": True}, {"proven": True}], ids=str)
def test_an_identity_that_is_not_qualified_goes_nowhere(house: Establishment, facts: dict[str, bool]) -> None:
    record = worlds.record(house, with_qualified_identity=False, **facts)
    told = refused(worlds.plan(record))
    assert set(told) == set(Destination)
    assert all("pas qualifiée" in reason for reason in told.values())


@pytest.mark.parametrize("fact", ["doubtful", "fictitious"])
def test_a_doubtful_or_fictitious_identity_goes_nowhere(house: Establishment, fact: str) -> None:
    told = refused(worlds.plan(worlds.record(house, with_qualified_identity=False, **{fact: True})))
    assert set(told) == set(Destination)
    assert all("douteuse" in reason for reason in told.values())


@pytest.mark.requirement("SC.DMP/CONF.09", "RECON.DOC.02")
@pytest.mark.parametrize("destination", list(Destination))
def test_an_opposition_stops_its_own_destination_only(plan: PersonalPlan, destination: Destination) -> None:
    person = plan.record.person
    identities.decide(
        person=person, purpose=PURPOSES[destination], granted=False, on=dt.date(2026, 11, 20), by=None
    )
    told = refused(plan)
    assert set(told) == {destination}
    assert "s’y oppose" in told[destination]


def test_an_opposition_taken_back_lets_the_document_leave(plan: PersonalPlan) -> None:
    for day, granted in ((18, False), (20, True)):
        identities.decide(
            person=plan.record.person, purpose="dmp_feed", granted=granted, on=dt.date(2026, 11, day), by=None
        )
    assert refused(plan) == {}


@pytest.mark.parametrize(
    ("name", "destination"),
    [
        ("DMP_URL", Destination.DMP),
        ("MSSANTE_SMTP", Destination.CITIZEN_MAIL),
        ("MSSANTE_CITIZEN_DOMAIN", Destination.CITIZEN_MAIL),
    ],
)
def test_a_service_without_address_is_not_connected(
    plan: PersonalPlan, settings: Settings, name: str, destination: Destination
) -> None:
    setattr(settings, name, "")
    told = refused(plan)
    assert set(told) == {destination}
    assert "pas connecté" in told[destination]


def test_a_house_without_mailbox_writes_to_nobody(plan: PersonalPlan) -> None:
    Establishment.objects.update(mailbox="")
    told = refused(plan)
    assert set(told) == {Destination.CITIZEN_MAIL}


def test_a_type_of_document_we_do_not_write_is_not_sent(plan: PersonalPlan) -> None:
    worlds.publish(plan, timezone.now())
    document = Document.objects.get()
    document.type_code = "11488-4"
    reason = check_sending(document, Destination.DMP)
    assert reason is not None
    assert "type de document" in reason


def test_a_document_written_before_the_identity_was_qualified_names_nobody_and_stays(
    house: Establishment,
) -> None:
    record = worlds.record(house, with_qualified_identity=False, proven=True)
    worlds.publish(worlds.plan(record), timezone.now())
    official = Traits("FICTIF", "CAMILLE", "CAMILLE ANNE", "F", worlds.BORN, "38185")
    ins = Ins(matricule(worlds.CAMILLE), TEST_OID)
    identities.attach_ins(person=record.person, ins=ins, official=official, by=None, now=timezone.now())
    document = Document.objects.select_related("record__person").get()
    assert document.record.person.is_qualified
    reason = check_sending(document, Destination.DMP)
    assert reason is not None
    assert "ne porte pas l’INS" in reason


# --- a new version ------------------------------------------------------------------------------------------


def test_a_second_version_replaces_the_first_in_the_same_set(plan: PersonalPlan) -> None:
    worlds.publish(plan, timezone.now())
    Goal.objects.update(title="Aller au marché et au cinéma")
    worlds.publish(plan, timezone.now())
    one, two = Document.objects.order_by("version")
    read = reader.read(load(two.cda_sha256))
    assert (two.version, two.set_id, two.replaces) == (2, one.set_id, one)
    assert (read.version, str(read.set_id)) == (2, one.set_id)
    assert read.related is not None
    assert (read.related.kind, str(read.related.id)) == ("RPLC", one.unique_id)
    assert two.unique_id != one.unique_id
    assert documents_of(plan.record_id, plan.pk) == {1: one, 2: two}


def test_a_first_document_replaces_nothing_even_of_a_later_version(plan: PersonalPlan) -> None:
    from jalon.plans.actions import sign

    for _ in range(2):
        NeedFactory.create(plan=plan)
        version = sign(plan=plan, by=worlds.professional(), now=timezone.now())
    document = publish.file(source=version, by=version.signed_by)
    read = reader.read(load(document.cda_sha256))
    assert (document.version, document.replaces) == (2, None)
    assert (read.version, read.related) == (1, None)


def test_two_plans_of_a_person_are_two_sets(house: Establishment) -> None:
    record = worlds.record(house)
    for _ in range(2):
        worlds.publish(worlds.plan(record), timezone.now())
    assert len({one.set_id for one in Document.objects.all()}) == 2


def test_a_document_is_asked_once_to_each_destination(plan: PersonalPlan) -> None:
    from django.db import IntegrityError

    mail = worlds.publish(plan, timezone.now())[Destination.CITIZEN_MAIL]
    with pytest.raises(IntegrityError, match="delivered_once"), transaction.atomic():
        request_delivery(document=mail.document, destination=mail.destination, by=None, now=timezone.now())


# --- a person decides ---------------------------------------------------------------------------------------


def waiting(plan: PersonalPlan, state: str, destination: str = Destination.DMP) -> Delivery:
    """A delivery that waits for a person."""
    delivery = worlds.publish(plan, timezone.now())[destination]
    ProcrastinateJob.objects.filter(status="todo").update(status="succeeded")
    now = timezone.now()
    return worlds.bring(delivery, state, code="XDS", label="refus", content_left_at=now, sent_at=now)


@pytest.mark.parametrize("state", [DeliveryState.REFUSED, DeliveryState.TO_CHECK])
@pytest.mark.parametrize("destination", list(Destination))
def test_a_person_may_ask_again_for_what_was_refused_or_is_unsure(
    plan: PersonalPlan, state: str, destination: str
) -> None:
    delivery, chief = waiting(plan, state, destination), worlds.professional()
    now = timezone.now()
    again = request_again(delivery=delivery, by=chief, now=now)
    again.refresh_from_db()
    assert (again.state, again.code, again.label) == (DeliveryState.PREPARED, "", "")
    assert (again.content_left_at, again.sent_at) == (None, None)
    assert (again.requested_by, again.requested_at) == (chief, now)
    assert again.submission_id != delivery.submission_id
    assert again.message_id != delivery.message_id
    assert [job["delivery_id"] for job in jobs()] == [str(delivery.pk)]
    assert [step.label for step in again.steps.all()][-1] == "demandé de nouveau"
    assert Entry.objects.get(action="exchange.requested_again").professional == chief


@pytest.mark.parametrize(
    "state",
    [
        DeliveryState.PREPARED,
        DeliveryState.ATTEMPTED,
        DeliveryState.SENT,
        DeliveryState.ACKNOWLEDGED,
    ],
)
def test_what_is_sent_or_under_way_is_not_asked_again(plan: PersonalPlan, state: str) -> None:
    delivery = waiting(plan, state)
    for act in (request_again, mark_received):
        with pytest.raises(DomainError) as refusal:
            act(delivery=delivery, by=worlds.professional(), now=timezone.now())
        assert refusal.value.code == "delivery_not_waiting"
    assert jobs() == []


@pytest.mark.parametrize("state", [DeliveryState.REFUSED, DeliveryState.TO_CHECK])
@pytest.mark.parametrize("destination", list(Destination))
def test_a_version_that_another_replaces_is_not_asked_again(
    plan: PersonalPlan, state: str, destination: str
) -> None:
    old = waiting(plan, state, destination)
    newer = worlds.publish(plan, timezone.now())[destination]
    ProcrastinateJob.objects.filter(status="todo").update(status="succeeded")
    with pytest.raises(DomainError) as refusal:
        request_again(delivery=old, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "version_replaced"
    old.refresh_from_db()
    assert old.state == state
    assert jobs() == []
    worlds.bring(newer, state)
    request_again(delivery=newer, by=worlds.professional(), now=timezone.now())
    assert [job["delivery_id"] for job in jobs()] == [str(newer.pk)]


def test_what_was_stopped_is_not_asked_again_before_its_reason_is_lifted(plan: PersonalPlan) -> None:
    delivery = waiting(plan, DeliveryState.REFUSED)
    identities.decide(
        person=plan.record.person, purpose="dmp_feed", granted=False, on=dt.date(2026, 11, 20), by=None
    )
    with pytest.raises(DomainError) as refusal:
        request_again(delivery=delivery, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "sending_refused"
    assert "s’y oppose" in str(refusal.value)
    assert jobs() == []


def test_a_person_who_found_it_at_the_receiver_says_so(plan: PersonalPlan) -> None:
    delivery, chief = waiting(plan, DeliveryState.TO_CHECK), worlds.professional()
    found = mark_received(delivery=delivery, by=chief, now=timezone.now())
    assert (found.state, found.sent_at) == (DeliveryState.SENT, delivery.content_left_at)
    assert [step.label for step in found.steps.all()][-1] == "vérifié par une personne"
    assert Entry.objects.get(action="exchange.checked").professional == chief
    assert jobs() == []


def test_a_refused_delivery_cannot_be_said_received(plan: PersonalPlan) -> None:
    delivery = waiting(plan, DeliveryState.REFUSED)
    with pytest.raises(DomainError) as refusal:
        mark_received(delivery=delivery, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "delivery_not_waiting"


# --- reading ------------------------------------------------------------------------------------------------


def test_each_document_shows_its_deliveries_with_their_steps(plan: PersonalPlan) -> None:
    worlds.publish(plan, timezone.now())
    document = Document.objects.get()
    shown = deliveries_of([document.pk])
    assert [one.destination for one in shown[document.pk]] == ["citizen_mail", "dmp"]
    assert all([step.state for step in one.steps.all()] == ["prepared"] for one in shown[document.pk])


def test_what_only_a_person_can_decide_is_listed_for_its_house(plan: PersonalPlan) -> None:
    delivery = waiting(plan, DeliveryState.TO_CHECK)
    here = Record.objects.filter(establishment=plan.record.establishment_id)
    assert list(to_check(here, EVERY_CONTENT)) == [delivery]
    assert not to_check(Record.objects.filter(pk=RecordFactory.create().pk), EVERY_CONTENT)
    worlds.publish(plan, timezone.now())
    assert not to_check(here, EVERY_CONTENT), "a newer version replaces it"


def test_the_former_file_is_kept_as_it_was(plan: PersonalPlan) -> None:
    worlds.publish(plan, timezone.now())
    before = {name: load(name) for name in (Document.objects.get().sha256, Document.objects.get().cda_sha256)}
    worlds.publish(plan, timezone.now())
    assert all(load(name) == data == load(store(data)) for name, data in before.items())

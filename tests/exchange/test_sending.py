"""Sending for real: what the receivers then hold, and what is said of each attempt."""

import base64
import contextlib
import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from jalon.core.errors import GatewayError
from jalon.core.identity import Ins
from jalon.documents.storage import load
from jalon.exchange.models import Delivery, DeliveryState, Silence
from jalon.exchange.outbox import sending
from jalon.exchange.outbox.publish import request_again
from jalon.formats import mime, xds
from jalon.formats.xdm import package
from jalon.gateways.dmp import messages as dmp
from jalon.organizations.models import Establishment
from jalon.people import actions as identities
from jalon.plans.models import PersonalPlan
from jalon_sandbox.common.pki import Authority
from tests.exchange import world as worlds
from tests.exchange.world import Destination, Post, World
from tests.factories import TEST_OID, ManagingBodyFactory, matricule

pytestmark = pytest.mark.django_db
MAIL, DMP = Destination.CITIZEN_MAIL, Destination.DMP
BOTH = pytest.mark.parametrize("destination", [MAIL, DMP])


def certificate(path: str) -> bytes:
    """The certificate of this file, as a message carries it."""
    return ssl.PEM_cert_to_DER_cert(Path(path).read_text("ascii"))


CAMILLE = Ins(matricule(worlds.CAMILLE), TEST_OID)


# --- it arrives ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/CONF.05", "SC.MSS/CONF.12", "SC.MSS/CONF.23", "RECON.DOC.02")
def test_the_mail_reaches_the_box_of_the_person_byte_for_byte(post: Post, world: World) -> None:
    assert post.run(MAIL) is None
    delivery = post.seen(MAIL)
    (copy,) = world.mails_of(delivery)
    sent = load(delivery.package_sha256)
    assert copy.endswith(sent)
    mail = mime.read(copy)
    assert [one.media_type for one in mail.attachments] == ["application/zip", "application/pdf"]
    (document,) = package.read(mail.attachments[0].data).documents
    assert document.data == load(delivery.document.cda_sha256)
    assert mail.attachments[1].data == load(delivery.document.sha256)
    assert (mail.header("X-MSS-CODECDA"), mail.header("X-MSS-INS")) == ("80788-3", "O")
    assert delivery.sent_at == delivery.content_left_at


@pytest.mark.requirement("EX_2.1-1140", "EX_GEN-1450", "SC.DMP/CONF.05")
def test_the_dmp_registers_the_document_under_the_seal_and_the_identity_of_the_house(
    post: Post, world: World, house: Establishment, settings: Settings
) -> None:
    assert post.run(DMP) is None
    delivery = post.seen(DMP)
    (stored,) = world.registered(delivery)
    entry, author = stored.entry, delivery.document.author
    assert stored.data == load(delivery.document.cda_sha256)
    assert entry.patient_id.ins == CAMILLE
    assert entry.status == xds.APPROVED
    assert entry.type_code is not None
    assert entry.type_code.code == "80788-3"
    assert entry.class_code is not None
    assert entry.authors[0].institutions[0].id == house.idnat == stored.structure_id
    assert entry.authors[0].person is not None
    assert author is not None
    assert entry.authors[0].person.id == author.key
    assert stored.submission_id == delivery.submission_id
    (message,) = [one for one in world.dmp.received if one.submission_id == delivery.submission_id]
    assert (message.outcome, message.message_id) == ("Success", delivery.message_id)
    # Neither before nor after is the right to feed asked for (TD0.3): existence, submission, and no more.
    assert {one.action for one in world.dmp.received} <= {dmp.EXISTS, dmp.SUBMIT, dmp.QUERY, dmp.UPDATE}
    # What signs is not what opens the line, and the line is not opened by what signs.
    sent, seal = load(delivery.steps.last().sent_sha256), certificate(settings.SIGNATURE_CERTIFICATE)
    assert base64.b64encode(seal) in b"".join(sent.split())
    assert base64.b64encode(certificate(settings.SERVICES_CERTIFICATE)) not in b"".join(sent.split())


@pytest.mark.requirement("EX_AIR-080")
def test_the_dmp_is_not_spoken_to_without_the_certificate_of_the_structure(
    post: Post, world: World, settings: Settings, tmp_path: Path
) -> None:
    stranger = Authority.create(timezone.now()).client("JALON").write(tmp_path, "stranger")
    settings.SERVICES_CERTIFICATE, settings.SERVICES_KEY = stranger
    with contextlib.suppress(GatewayError):
        post.run(DMP)
    assert world.taken(post.seen(DMP)) == 0
    assert post.seen(DMP).state != DeliveryState.ACKNOWLEDGED


@BOTH
@pytest.mark.requirement("SC.MSS/CONF.18", "EX_AIR-090")
def test_the_story_of_a_delivery_is_told_step_by_step_with_its_bytes(
    destination: str, post: Post, world: World
) -> None:
    post.run(destination)
    delivery, end = post.seen(destination), "sent" if destination == MAIL else "acknowledged"
    prepared, attempted, last = delivery.steps.all()
    assert [prepared.state, attempted.state, last.state] == ["prepared", "attempted", end]
    assert delivery.state == end
    assert prepared.at <= attempted.at <= last.at
    assert last.sent_sha256 == delivery.package_sha256
    assert load(delivery.document.cda_sha256) in load(last.sent_sha256) or destination == MAIL
    assert load(last.answered_sha256)
    assert delivery.attempts == world.taken(delivery) == 1
    # Who asked, and for which structure: on our side, and in what the service was told.
    record, author = delivery.document.record, delivery.document.author
    assert delivery.requested_by == author
    told = {DMP: (author.key, record.establishment.idnat), MAIL: (record.establishment.mailbox,)}
    assert all(word.encode() in load(last.sent_sha256) for word in told[destination])


@BOTH
def test_what_is_sent_is_not_sent_again_by_a_second_job(destination: str, post: Post, world: World) -> None:
    for _ in range(3):
        assert post.run(destination) is None
    assert world.taken(post.seen(destination)) == 1
    assert post.seen(destination).attempts == 1


def test_nobody_else_runs_our_deliveries(post: Post, world: World) -> None:
    other = ManagingBodyFactory.create()
    assert sending.run(other.pk, str(post.deliveries[DMP].pk)) is None
    assert sending.run(post.body.pk, str(post.body.pk)) is None
    assert post.seen(DMP).state == DeliveryState.PREPARED


# --- it is refused ------------------------------------------------------------------------------------------


@pytest.fixture
def policy(world: World) -> Iterator[Callable[..., None]]:
    """Change what the DMP demands, for one test."""
    registry, before = world.dmp.registry, world.dmp.registry.policy

    def demand(**said: Any) -> None:
        registry.policy = replace(before, **said)

    yield demand
    registry.policy = before


def refusal(post: Post, world: World, destination: str) -> tuple[str, str]:
    """Code and label of a refusal, after which nothing more is tried and nothing was taken."""
    taken = world.taken(post.seen(destination))
    assert post.run(destination) is None
    delivery = post.seen(destination)
    assert (delivery.state, delivery.content_left_at) == (DeliveryState.REFUSED, None)
    last = post.last(destination)
    assert (last.state, last.code, last.label) == (delivery.state, delivery.code, delivery.label)
    assert world.taken(delivery) == taken == 0
    return delivery.code, delivery.label


@pytest.mark.parametrize(
    ("state", "code"), [("closed", "XDSUnknownPatientId"), ("opposed", "XDSRepositoryError")]
)
def test_a_person_whose_dmp_is_closed_or_who_opposes_it_there_is_refused(
    post: Post, world: World, state: Any, code: str
) -> None:
    world.dmp.registry.patients[CAMILLE] = state
    told = refusal(post, world, DMP)
    assert told[0] == code
    assert told[1]


def test_a_person_whom_the_dmp_does_not_know_is_refused(post: Post, world: World) -> None:
    del world.dmp.registry.patients[CAMILLE]
    assert refusal(post, world, DMP)[0] == "XDSUnknownPatientId"
    assert load(post.last(DMP).answered_sha256).count(b"XDSUnknownPatientId") == 1


def test_a_type_the_dmp_does_not_take_is_refused(post: Post, world: World, policy: Any) -> None:
    policy(types=frozenset({"11488-4"}))
    code, label = refusal(post, world, DMP)
    assert code == "XDSRegistryMetadataError"
    assert "80788-3" in label


@pytest.mark.parametrize("case", ["expired", "of another authority"])
def test_a_seal_the_dmp_does_not_trust_is_refused(
    post: Post, world: World, settings: Settings, tmp_path: Path, case: str
) -> None:
    now = dt.datetime.now(dt.UTC)
    authority = world.authority if case == "expired" else Authority.create(now)
    end = now - dt.timedelta(days=1) if case == "expired" else None
    certificate, key = authority.signing("SCEAU", not_after=end).write(tmp_path, "seal")
    settings.SIGNATURE_CERTIFICATE, settings.SIGNATURE_KEY = str(certificate), str(key)
    worlds.forget_clients()
    code, label = refusal(post, world, DMP)
    assert "FailedAuthentication" in code
    assert label


def test_a_certificate_of_ours_that_the_dmp_refuses_waits_for_a_person(
    post: Post, world: World, settings: Settings, tmp_path: Path
) -> None:
    stranger = Authority.create(dt.datetime.now(dt.UTC)).client("JALON")
    certificate, key = stranger.write(tmp_path, "structure")
    settings.SERVICES_CERTIFICATE, settings.SERVICES_KEY = str(certificate), str(key)
    code, label = refusal(post, world, DMP)
    assert code == "TLSV1_ALERT_UNKNOWN_CA"
    assert "refuse le certificat de la structure" in label


@pytest.mark.parametrize(
    ("switch", "code"), [("refused_recipients", "550"), ("full", "552"), ("refused_senders", "550")]
)
def test_a_mail_the_operator_refuses_says_its_code_and_its_words(
    post: Post, world: World, house: Establishment, switch: str, code: str
) -> None:
    address = house.mailbox if switch == "refused_senders" else post.seen(MAIL).recipient
    world.mail.change({switch: {address}})
    told = refusal(post, world, MAIL)
    assert told[0] == code
    assert told[1]


@BOTH
def test_a_doubt_that_came_after_the_request_stops_the_sending(
    destination: str, post: Post, world: World
) -> None:
    identities.doubt(person=post.seen(destination).document.record.person, by=None, doubtful=True)
    assert "douteuse" in refusal(post, world, destination)[1]
    assert post.seen(destination).attempts == 0


def test_an_opposition_that_came_after_the_request_stops_the_sending(post: Post, world: World) -> None:
    person = post.seen(DMP).document.record.person
    identities.decide(person=person, purpose="dmp_feed", granted=False, on=timezone.localdate(), by=None)
    assert "s’y oppose" in refusal(post, world, DMP)[1]


@BOTH
def test_a_service_disconnected_since_the_request_takes_nothing(
    destination: str, post: Post, world: World, settings: Settings
) -> None:
    settings.DMP_URL = settings.MSSANTE_SMTP = ""
    assert "pas connecté" in refusal(post, world, destination)[1]


def test_a_person_who_lifted_the_refusal_sends_it_again(post: Post, world: World) -> None:
    world.dmp.registry.patients[CAMILLE] = "closed"
    post.run(DMP)
    world.heal()
    request_again(delivery=post.seen(DMP), by=worlds.professional(), now=timezone.now())
    assert post.run(DMP) is None
    delivery = post.seen(DMP)
    assert delivery.state == DeliveryState.ACKNOWLEDGED
    assert [state for state, _ in post.steps(DMP)] == [
        "prepared", "attempted", "refused", "prepared", "attempted", "acknowledged",
    ]  # fmt: skip
    assert (world.taken(delivery), delivery.attempts) == (1, 2)


# --- it cannot be reached -----------------------------------------------------------------------------------


@BOTH
@pytest.mark.requirement("SC.DMP/ALI/PROG.06", "SC.DMP/ALI/PROG.07", "SC.MSS/CONF.08")
def test_a_service_that_does_not_answer_is_tried_ever_later_then_by_itself_again(
    destination: str, post: Post, world: World, settings: Settings
) -> None:
    settings.DMP_URL, settings.MSSANTE_SMTP = "https://localhost:9", "localhost:9"
    assert [post.run(destination) for _ in range(2)] == [15, 30]
    delivery = post.seen(destination)
    assert (delivery.state, delivery.code) == (DeliveryState.PREPARED, "unreachable")
    assert delivery.content_left_at is None
    Delivery.objects.update(attempts=900)
    Silence.objects.all().delete()
    assert post.run(destination) == 3600
    worlds.connect(settings, world.environment)
    settings.MSSANTE_SECRETS = {delivery.document.record.establishment.mailbox: worlds.SECRET}
    assert post.run(destination) is None
    assert world.taken(delivery) == 1


@BOTH
@pytest.mark.requirement("SC.DMP/ALI/PROG.06")
def test_a_certificate_of_ours_that_has_expired_makes_the_sending_wait(
    destination: str, post: Post, world: World, settings: Settings, tmp_path: Path
) -> None:
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate, key = world.authority.client("JALON", not_after=yesterday).write(tmp_path, "structure")
    settings.SERVICES_CERTIFICATE, settings.SERVICES_KEY = str(certificate), str(key)
    assert post.run(destination) == 15
    delivery = post.seen(destination)
    assert (delivery.state, delivery.content_left_at) == (DeliveryState.PREPARED, None)
    assert world.taken(delivery) == 0


def test_an_operator_that_asks_to_wait_is_asked_again(post: Post, world: World) -> None:
    world.mail.change({"busy": 1})
    assert post.run(MAIL) == 15
    assert post.run(MAIL) is None
    assert world.taken(post.seen(MAIL)) == 1
    assert post.steps(MAIL) == [
        ("prepared", ""), ("attempted", ""), ("prepared", "unreachable"), ("attempted", ""), ("sent", "250"),
    ]  # fmt: skip


# --- versions -----------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.CDA/DD.02")
def test_a_new_version_replaces_the_former_one_at_both_receivers(post: Post, world: World) -> None:
    first = {one: post.seen(one) for one in (MAIL, DMP)}
    for destination in (MAIL, DMP):
        post.run(destination)
    again = Post(post.body, worlds.publish(PersonalPlan.objects.get(), timezone.now()))
    for destination in (MAIL, DMP):
        assert again.run(destination) is None
    (old,), (new,) = world.registered(first[DMP]), world.registered(again.seen(DMP))
    assert (old.entry.status, new.entry.status) == (xds.DEPRECATED, xds.APPROVED)
    (copy,) = world.mails_of(again.seen(MAIL))
    mail = mime.read(copy)
    assert mail.subject.startswith("[Annule et remplace] XDM/1.0/DDM+")


@BOTH
def test_a_new_version_waits_until_the_former_one_is_settled(
    destination: str, post: Post, world: World, settings: Settings
) -> None:
    again = Post(post.body, worlds.publish(PersonalPlan.objects.get(), timezone.now()))
    assert again.run(destination) == sending.PATIENCE
    assert again.steps(destination) == [("prepared", "")]
    post.run(destination)
    assert again.run(destination) is None
    assert world.taken(post.seen(destination)) == world.taken(again.seen(destination)) == 1


def test_a_new_version_of_what_the_dmp_never_had_replaces_nothing(post: Post, world: World) -> None:
    world.dmp.registry.patients[CAMILLE] = "closed"
    post.run(DMP)
    world.heal()
    again = Post(post.body, worlds.publish(PersonalPlan.objects.get(), timezone.now()))
    assert again.run(DMP) is None
    (new,) = world.registered(again.seen(DMP))
    assert new.entry.status == xds.APPROVED
    assert world.registered(post.seen(DMP)) == []


def test_a_new_version_replaces_the_copy_in_force_when_the_dmp_has_two(post: Post, world: World) -> None:
    post.run(DMP)
    (kept,) = world.registered(post.seen(DMP))
    retired = replace(kept.entry, id="urn:uuid:00000000-0000-4000-8000-000000000001", status=xds.DEPRECATED)
    world.dmp.registry.stored.insert(0, replace(kept, entry=retired))
    again = Post(post.body, worlds.publish(PersonalPlan.objects.get(), timezone.now()))
    assert again.run(DMP) is None
    assert {one.entry.status for one in world.registered(post.seen(DMP))} == {xds.DEPRECATED}

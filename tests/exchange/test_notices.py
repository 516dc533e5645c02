"""What comes back of what we sent: failures told in every form, replies, our own documents."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from jalon.documents.models import Document
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Delivery, DeliveryState, Reception, ReceptionState
from jalon.formats import mime
from tests.exchange import letters
from tests.exchange.world import Destination, Post, World

pytestmark = pytest.mark.django_db
MAIL = Destination.CITIZEN_MAIL
BOTH = [
    "[KO Intégration système !][902]",
    "[Erreur d’intégration !][902]",
    "[Erreur d'intégration !] [902]",
    "[ERREUR D INTEGRATION][902]",
    " [Erreur d’intégration système !][902]",
]


@pytest.fixture
def sent(post: Post) -> Delivery:
    post.run(MAIL)
    return post.seen(MAIL)


def coming_back(world: World, sent: Delivery, subject: str, **said: Any) -> bytes:
    """Our mail brought back by an ordinary one: attached whole, its files attached again, or in a thread."""
    (ours,) = world.mails_of(sent)
    mail, known = EmailMessage(), mime.read(ours)
    mail["From"], mail["Message-ID"] = "Opérateur <robot@ailleurs.test>", "<retour@ailleurs.test>"
    mail["Subject"] = f"{subject} {known.subject}"
    if said.get("thread"):
        mail["In-Reply-To"] = f"<{known.message_id}>"
    mail.set_content("Le système a retourné l’erreur 902 : Identité inconnue\n")
    if said.get("original"):
        mail.add_attachment(_message(ours))
    if said.get("files"):
        for one in known.attachments:
            kind, _, subtype = one.media_type.partition("/")
            mail.add_attachment(one.data, maintype=kind, subtype=subtype, filename=one.name)
    return mail.as_bytes()


def _message(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def received(sent: Delivery, raw: bytes) -> Reception:
    now, house = timezone.now(), sent.document.record.establishment
    return process(reception=keep_raw(establishment=house, raw=raw, now=now), now=now)


@pytest.mark.parametrize("subject", BOTH)
@pytest.mark.parametrize(
    "form",
    [
        {"thread": True, "files": True},
        {"original": True, "files": True},
        {"original": True},
        {"files": True},
    ],
    ids=["in its thread", "original and files", "original alone", "files alone"],
)
def test_a_failure_told_by_an_ordinary_mail_is_put_on_its_delivery(
    subject: str, form: dict[str, bool], world: World, sent: Delivery
) -> None:
    reception = received(sent, coming_back(world, sent, subject, **form))
    assert (reception.state, reception.reason) == (ReceptionState.SET_ASIDE, "Accusé de messagerie.")
    delivery = Delivery.objects.get(pk=sent.pk)
    assert (delivery.state, delivery.code, delivery.label) == (
        DeliveryState.REFUSED,
        "902",
        "Identité inconnue",
    )
    assert not Document.objects.filter(source=Document.Source.RECEIVED).exists()


@pytest.mark.parametrize("form", [{"files": True, "thread": True}, {"original": True}, {"files": True}])
def test_our_own_document_is_never_received_whatever_brings_it_back(
    form: dict[str, bool], world: World, sent: Delivery
) -> None:
    reception = received(sent, coming_back(world, sent, "RE:", **form))
    assert (reception.state, reception.person) == (ReceptionState.REJECTED, None)
    assert "que vous avez envoyé" in reception.reason
    assert Delivery.objects.get(pk=sent.pk).state == DeliveryState.SENT
    assert not Document.objects.filter(source=Document.Source.RECEIVED).exists()


def test_our_document_in_the_archive_of_another_is_not_received_either(world: World, sent: Delivery) -> None:
    cda = letters.cda(id=letters.header.Id(sent.document.unique_id))
    reception = received(sent, letters.letter(letters.archive(cda)))
    assert "que vous avez envoyé" in reception.reason
    assert not Document.objects.filter(source=Document.Source.RECEIVED).exists()


def test_a_failure_that_is_about_nothing_of_ours_is_shown_to_a_person(sent: Delivery) -> None:
    raw = letters.letter(letters.archive(letters.cda()), subject="[Erreur d’intégration !][9] XDM/1.0/DDM+x")
    reception = received(sent, raw)
    assert reception.state == ReceptionState.REJECTED
    assert "ne retrouve pas" in reception.reason

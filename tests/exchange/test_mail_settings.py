"""What a site chooses of its mail: how IMAP is encrypted, who answers, receipts, revocation lists."""

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.utils import timezone
from pytest_django import Settings

from jalon.core.errors import Unreachable
from jalon.exchange.inbox import fetching
from jalon.exchange.models import DeliveryState
from jalon.formats import mime
from jalon.organizations.models import Establishment, ManagingBody
from tests.exchange import world as worlds
from tests.exchange.letters import archive, cda, letter
from tests.exchange.world import Destination, Post, World

pytestmark = pytest.mark.django_db
MAIL = Destination.CITIZEN_MAIL


@pytest.mark.requirement("SC.MSS/CONF.06")
@pytest.mark.parametrize("tls", ["starttls", "direct"])
def test_a_mailbox_is_read_in_each_way_to_encrypt(
    tls: str, world: World, house: Establishment, body: ManagingBody, settings: Settings
) -> None:
    ports = {"starttls": world.mail.ports.imap, "direct": world.mail.ports.imaps}
    settings.MSSANTE_IMAP, settings.MSSANTE_IMAP_TLS = f"localhost:{ports[tls]}", tls
    world.mail.inject(house.mailbox, letter(archive(cda()), to=house.mailbox))
    with worlds.nowhere():
        assert fetching.fetch(body.pk, house.pk, timezone.now()) == 1


def test_the_way_to_encrypt_is_starttls_unless_told(settings: Settings) -> None:
    assert settings.MSSANTE_IMAP_TLS == "starttls"


def mail_of(world: World, post: Post) -> mime.Mail:
    post.run(MAIL)
    (sent,) = world.mails_of(post.seen(MAIL))
    return mime.read(sent)


@pytest.mark.requirement("SC.MSS/va1.09", "SC.MSS/va1.16")
def test_an_application_says_that_it_is_one_and_where_somebody_answers(
    post: Post, world: World, house: Establishment, settings: Settings
) -> None:
    settings.MSSANTE_CONTACTS = {house.mailbox: "accueil@jalon.mssante.test"}
    mail = mail_of(world, post)
    assert (mail.sender.label, mail.sender.address) == (house.name, house.mailbox)
    assert mail.reply_to == "accueil@jalon.mssante.test"
    assert mail.header("Auto-Submitted") == "auto-generated"
    assert "généré automatiquement" in mail.text
    assert "accueil@jalon.mssante.test" in mail.text


def test_a_mailbox_that_somebody_reads_says_nothing_of_it(post: Post, world: World) -> None:
    mail = mail_of(world, post)
    assert (mail.reply_to, mail.header("Auto-Submitted"), mail.return_receipt_to) == ("", "", "")


@pytest.mark.requirement("SC.MSS/va1.15")
def test_a_receipt_is_asked_when_the_site_wants_one(
    post: Post, world: World, house: Establishment, settings: Settings
) -> None:
    settings.MSSANTE_RECEIPT = True
    assert mail_of(world, post).return_receipt_to == house.mailbox


@dataclass(frozen=True)
class Shown:
    """The certificate that a server shows."""

    certificate: x509.Certificate


def operator_s(world: World) -> Any:
    context = ssl.create_default_context(cafile=str(world.environment["JALON_SERVICES_CA"]))
    context.load_cert_chain(
        world.environment["JALON_SERVICES_CERTIFICATE"], world.environment["JALON_SERVICES_KEY"]
    )
    with (
        socket.create_connection(("localhost", world.mail.ports.imaps)) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as wrapped,
    ):
        return Shown(x509.load_der_x509_certificate(wrapped.getpeercert(binary_form=True) or b""))


@pytest.mark.requirement("SC.MSS/va1.05")
def test_a_revoked_operator_receives_and_gives_nothing(
    post: Post, world: World, house: Establishment, settings: Settings, tmp_path: Path
) -> None:
    lists = tmp_path / "listes.pem"
    settings.MSSANTE_CRL = lists
    with worlds.nowhere(), pytest.raises(Unreachable, match="manque"):
        fetching.fetch(post.body.pk, house.pk, timezone.now())
    lists.write_bytes(world.authority.crl([operator_s(world)]))
    with worlds.nowhere(), pytest.raises(Unreachable, match="revoked"):
        fetching.fetch(post.body.pk, house.pk, timezone.now())
    assert post.run(MAIL) is not None, "tried again later"
    assert post.seen(MAIL).state == DeliveryState.PREPARED
    assert world.taken(post.seen(MAIL)) == 0


@pytest.mark.requirement("SC.MSS/va1.05")
def test_an_operator_on_no_list_is_believed(
    post: Post, world: World, settings: Settings, tmp_path: Path
) -> None:
    settings.MSSANTE_CRL = tmp_path / "listes.pem"
    settings.MSSANTE_CRL.write_bytes(world.authority.crl())
    post.run(MAIL)
    assert post.seen(MAIL).state == DeliveryState.SENT

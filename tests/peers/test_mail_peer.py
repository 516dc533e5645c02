"""Debian's postfix and dovecot as an operator: that they serve, and what only they can show."""

import datetime as dt
import ssl
import time
from collections.abc import Iterator

import pytest

from jalon.core.errors import GatewayError
from jalon.formats import mime
from jalon.formats.mime import Address
from jalon.gateways.common import tls
from jalon.gateways.mssante import messages
from jalon.gateways.mssante.client import Mailbox, Password, Sender, operator_context
from jalon.gateways.mssante.messages import Post
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.mssante.simulator import Box
from tests.peers.mail import MailPeer

pytestmark = [pytest.mark.needs_peer("postfix"), pytest.mark.needs_peer("dovecot")]

HOME = Box("tilleuls@ehpad.sante.test", secret="s3cret-home")
NURSE = Box("zoe@cabinet.sante.test", secret="s3cret-nurse")
NOW = dt.datetime.now(dt.UTC)
AUTHORITY = Authority.create(NOW)


@pytest.fixture(scope="module")
def peer() -> Iterator[MailPeer]:
    with MailPeer(AUTHORITY, "sante.test", [HOME, NURSE]) as running:
        yield running


@pytest.fixture(scope="module")
def ours() -> ssl.SSLContext:
    own = AUTHORITY.client("Jalon", rsa=True)
    return operator_context(AUTHORITY.ca_pem, own.cert_pem, own.key_pem)


def letter(name: str) -> mime.Mail:
    post = Post(
        message_id=f"{name}@jalon.sante.test",
        date=NOW,
        sender=Address("EHPAD des Tilleuls fictifs", HOME.address),
        recipients=(Address("", NURSE.address),),
        product="JALON-0001",
        text="Bonjour, une question au sujet de l’été.\n",
    )
    return messages.letter(post, "Question sans réponse")


def send(peer: MailPeer, ours: ssl.SSLContext, mail: mime.Mail) -> None:
    Sender(peer.smtp(ours)).send(mime.write(mail), HOME.address, [NURSE.address])


def sent_copies(peer: MailPeer, ours: ssl.SSLContext, message_id: str) -> tuple[int, ...]:
    with Mailbox.open(peer.imap(ours), Password(HOME.address, HOME.secret)) as mailbox:
        return mailbox.find_sent(message_id)


def filed(peer: MailPeer, ours: ssl.SSLContext, message_id: str) -> tuple[int, ...]:
    """The sent copies once the operator has had the time to file them."""
    end = time.monotonic() + 15
    while not (found := sent_copies(peer, ours, message_id)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def test_a_mail_goes_through_postfix_and_is_fetched_from_dovecot(
    peer: MailPeer, ours: ssl.SSLContext
) -> None:
    mail = letter("aller")
    send(peer, ours, mail)
    assert len(filed(peer, ours, mail.message_id)) == 1, peer.log()
    with Mailbox.open(peer.imap(ours), Password(NURSE.address, NURSE.secret)) as mailbox:
        received = [mime.read(raw.data) for raw in mailbox.fetch_new(0)]
    assert [(each.subject, each.text) for each in received if each.message_id == mail.message_id] == [
        (mail.subject, mail.text)
    ]


def test_no_certificate_no_service(peer: MailPeer) -> None:
    nameless = tls.client_context(AUTHORITY.ca_pem)
    with pytest.raises(GatewayError):
        send(peer, nameless, letter("refus"))
    with pytest.raises(GatewayError):
        sent_copies(peer, nameless, "refus@jalon.sante.test")


def test_no_copy_yet_does_not_mean_that_nothing_was_sent(peer: MailPeer, ours: ssl.SSLContext) -> None:
    mail = letter("attente")
    with peer.delivery_held():
        send(peer, ours, mail)
        assert sent_copies(peer, ours, mail.message_id) == ()
    assert len(filed(peer, ours, mail.message_id)) == 1

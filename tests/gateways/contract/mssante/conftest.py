"""The operators the contract is run against: ours, simulated, and Debian's servers."""

import datetime as dt
import io
import ssl
import time
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from jalon.core.identity import Ins, Traits
from jalon.formats import mime
from jalon.formats.mime import Address, Mail
from jalon.gateways.common import tls
from jalon.gateways.mssante import messages
from jalon.gateways.mssante.client import Mailbox, Password, RawMessage, operator_context
from jalon.gateways.mssante.messages import Document, Post, Shipment
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.mssante.simulator import Box, Operator
from tests.peers.mail import MailPeer

DOMAIN = "sante.test"
HOME = Box("tilleuls@ehpad.sante.test", secret="s3cret-home", token="jeton-home")
NURSE = Box("zoe@cabinet.sante.test", secret="s3cret-nurse", token="jeton-nurse")
ZOE = Traits("EPREUVE", "Zoé", "Zoé", "F", dt.date(1955, 6, 9), "99999")
TEST_INS = Ins("255069999999934", "1.2.250.1.213.1.4.10")
CITIZEN = "255069999999934@patient.sante.test"


@dataclass(frozen=True)
class House:
    """An operator, and the TLS identity we show it."""

    operator: Operator | MailPeer
    authority: Authority
    ours: ssl.SSLContext

    def mailbox(self, box: Box) -> Password:
        return Password(box.address, box.secret)

    def received(
        self, box: Box, message_id: str, *, count: int = 1, folder: str = "INBOX"
    ) -> list[RawMessage]:
        """The copies of a mail in a box, once there are `count` of them; fewer when time is up."""
        end = time.monotonic() + 15
        while True:
            with Mailbox.open(self.operator.imap(self.ours), self.mailbox(box)) as opened:
                raws = list(opened.fetch_new(0, folder=folder))
            found = [raw for raw in raws if mime.read(raw.data).message_id == message_id]
            if len(found) >= count or time.monotonic() > end:
                return found
            time.sleep(0.1)

    def settled(self, message_id: str) -> tuple[int, ...]:
        """What the operator's own copy says of a sending, once it has had the time to file it."""
        end = time.monotonic() + 15
        while True:
            with Mailbox.open(self.operator.imap(self.ours), self.mailbox(HOME)) as opened:
                found = opened.find_sent(message_id)
            if found or time.monotonic() > end:
                return found
            time.sleep(0.1)


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.create(dt.datetime.now(dt.UTC))


@pytest.fixture(
    scope="module",
    params=[
        "simulator",
        pytest.param("debian", marks=[pytest.mark.needs_peer("postfix"), pytest.mark.needs_peer("dovecot")]),
    ],
)
def house(request: pytest.FixtureRequest, authority: Authority) -> Iterator[House]:
    own = authority.client("Jalon", rsa=True)
    ours = operator_context(authority.ca_pem, own.cert_pem, own.key_pem)
    kind = Operator if request.param == "simulator" else MailPeer
    with kind(authority, DOMAIN, [HOME, NURSE]) as running:
        yield House(running, authority, ours)


@pytest.fixture
def nameless(authority: Authority) -> ssl.SSLContext:
    """A client that shows no certificate."""
    return tls.client_context(authority.ca_pem)


@pytest.fixture
def expired(authority: Authority) -> ssl.SSLContext:
    own = authority.client("Jalon", rsa=True, not_after=authority.now - dt.timedelta(days=2))
    return tls.client_context(authority.ca_pem, own.cert_pem, own.key_pem)


def document_mail(*recipients: str, size: int = 1000) -> Mail:
    """A mail with documents of one person, of a fresh identifier."""
    plan = Document("60593-1", "Projet personnalisé", dt.date(2026, 3, 2), b"%PDF-1.4 " + bytes(size))
    post = Post(
        message_id=f"{uuid.uuid4().hex}@jalon.sante.test",
        date=dt.datetime(2026, 3, 4, 15, 30, tzinfo=dt.UTC),
        sender=Address("EHPAD des Tilleuls fictifs", HOME.address),
        recipients=tuple(Address("", each) for each in recipients or (NURSE.address,)),
        product="JALON-0001",
        text="Bonjour,\n.\nVoici le projet de Zoé.\n",
    )
    return messages.documents_mail(post, Shipment(ZOE, TEST_INS, (plan,), archive("255069999999934")))


def archive(*patients: str) -> bytes:
    """An IHE_XDM archive whose metadata names these people."""
    entries = "".join(
        '<rim:ExternalIdentifier xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" '
        'identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" '
        f'value="{each}^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"/>'
        for each in patients
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as opened:
        opened.writestr(
            "IHE_XDM/SUBSET01/METADATA.XML", f"<SubmitObjectsRequest>{entries}</SubmitObjectsRequest>"
        )
    return kept.getvalue()

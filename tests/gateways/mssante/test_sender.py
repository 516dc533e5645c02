"""What a sending tells when the operator says something odd, or when the house fails after the answer."""

import datetime as dt
import smtplib
import socket
import ssl
import threading

import pytest

from jalon.core.errors import DomainError, Rejected, Unreachable
from jalon.gateways.common import tls
from jalon.gateways.mssante.client import Sender, Server
from jalon.gateways.mssante.sender import Accepted
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.mssante.simulator import Operator
from tests.gateways.common.test_pki_and_tls import serve_once, server_of
from tests.gateways.mssante.conftest import HOME, NURSE

LETTER = b"Message-ID: <m1@x.test>\r\nFrom: a@b.test\r\nX-MSS-NIL: 1\r\n\r\n.point\n..\nfin"


@pytest.mark.parametrize(
    ("sender", "recipients"),
    [
        (HOME, []),
        (HOME, ["pas une adresse"]),
        (HOME, ["a@b.test>\r\nRCPT TO:<c@d.test"]),
        ("é@b.test", [NURSE]),
    ],
)
def test_a_malformed_address_never_reaches_the_operator(
    operator: Operator, ours: ssl.SSLContext, sender: str, recipients: list[str]
) -> None:
    with pytest.raises(DomainError):
        Sender(operator.smtp(ours)).send(LETTER, sender, recipients)


def test_dots_and_bare_newlines_arrive_as_they_should(operator: Operator, ours: ssl.SSLContext) -> None:
    Sender(operator.smtp(ours)).send(LETTER, HOME, [NURSE])
    assert operator.contents(NURSE)[0].endswith(b"\r\n\r\n.point\r\n..\r\nfin\r\n")


def test_a_certificate_of_ours_that_the_operator_refuses_is_no_cut(authority: Authority) -> None:
    stranger = Authority.create(dt.datetime.now(dt.UTC)).client("Jalon")
    context = tls.client_context(authority.ca_pem, stranger.cert_pem, stranger.key_pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_once, args=(listener, server_of(authority)))
        thread.start()
        server = Server("localhost", listener.getsockname()[1], context, starttls=False)
        with pytest.raises(Rejected) as refusal:
            Sender(server).send(LETTER, HOME, [NURSE])
        thread.join()
    assert refusal.value.code == "TLSV1_ALERT_UNKNOWN_CA"


def test_a_failure_of_the_house_after_the_answer_is_not_taken_for_a_cut(
    operator: Operator, ours: ssl.SSLContext
) -> None:
    def fault(step: str) -> None:
        if step == "after_250":
            raise ConnectionError("the house falls")

    with pytest.raises(ConnectionError, match="the house falls"):
        Sender(operator.smtp(ours), checkpoint=fault).send(LETTER, HOME, [NURSE])
    assert operator.taken("m1@x.test") == 1


@pytest.mark.parametrize(
    ("answer", "outcome"), [(-1, "unknown"), (354, "unknown"), (421, "not taken"), (252, "taken")]
)
def test_an_odd_last_word_is_read_with_care(
    operator: Operator, ours: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, answer: int, outcome: str
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(smtplib.SMTP, "send", _remembering(sent))
    monkeypatch.setattr(smtplib.SMTP, "getreply", _once_the_dot_left(sent, answer))
    sending = Sender(operator.smtp(ours))
    if outcome == "taken":
        assert sending.send(LETTER, HOME, [NURSE]) == Accepted(252, "dit")
        return
    with pytest.raises(Unreachable) as failure:
        sending.send(LETTER, HOME, [NURSE])
    assert failure.value.maybe_done == (outcome == "unknown")


def _remembering(sent: list[object]) -> object:
    real = smtplib.SMTP.send

    def send(session: smtplib.SMTP, data: bytes | str) -> None:
        sent.append(data)
        real(session, data)

    return send


def _once_the_dot_left(sent: list[object], code: int) -> object:
    real = smtplib.SMTP.getreply

    def getreply(session: smtplib.SMTP) -> tuple[int, bytes]:
        truth = real(session)
        return (code, b"dit") if sent and sent[-1] == b".\r\n" else truth

    return getreply

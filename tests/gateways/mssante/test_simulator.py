"""The simulated operator: what it takes, what it refuses, its switches and its control panel."""

import base64
import datetime as dt
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from jalon.core.errors import Rejected, Unreachable
from jalon.core.identity import Traits
from jalon.formats import mime
from jalon.formats.mime import Address, Attachment, Mail, Report
from jalon.gateways.mssante import messages
from jalon.gateways.mssante.client import Accepted, Account, Mailbox, Password, Sender, Server, Token
from jalon.gateways.mssante.messages import Document, Post, Shipment
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.mssante.simulator import Box, Operator, Ports
from tests.gateways.contract.mssante.conftest import archive
from tests.gateways.mssante.conftest import DOMAIN, HOME, NURSE

CITIZEN = "255069999999934@patient.sante.test"
ZOE = Traits("EPREUVE", "Zoé", "Zoé", "F", dt.date(1955, 6, 9), "99999")
PLAN = Document("60593-1", "Projet personnalisé", dt.date(2026, 3, 2), b"%PDF-1.4")
POST = Post(
    message_id="m1@ehpad.sante.test",
    date=dt.datetime(2026, 3, 4, tzinfo=dt.UTC),
    sender=Address("EHPAD", HOME),
    recipients=(Address("", NURSE),),
    product="JALON-0001",
    text="Bonjour",
)
MAIL = messages.documents_mail(POST, Shipment(ZOE, None, (PLAN,), archive("1")))


def send(
    operator: Operator,
    ours: ssl.SSLContext,
    mail: Mail = MAIL,
    *recipients: str,
    sender: str = HOME,
    account: Account | None = None,
) -> Accepted:
    return Sender(operator.smtp(ours), account).send(mime.write(mail), sender, recipients or (NURSE,))


def refusal(
    operator: Operator, ours: ssl.SSLContext, mail: Mail = MAIL, *recipients: str, sender: str = HOME
) -> str:
    with pytest.raises(Rejected) as caught:
        send(operator, ours, mail, *recipients, sender=sender)
    assert operator.taken() == 0
    return f"{caught.value.code} {caught.value.label}"


# --- taking ------------------------------------------------------------------------------------------


def test_an_accepted_mail_is_delivered_copied_and_counted(operator: Operator, ours: ssl.SSLContext) -> None:
    send(operator, ours)
    (delivered,) = operator.contents(NURSE)
    assert mime.read(delivered).attachments == MAIL.attachments
    assert delivered.startswith(b"Return-Path: <tilleuls@ehpad.sante.test>")
    assert operator.contents(HOME, "Sent") == [delivered]
    assert operator.taken(MAIL.message_id) == 1


def test_no_duplicate_is_removed(operator: Operator, ours: ssl.SSLContext) -> None:
    for _ in range(3):
        send(operator, ours)
    assert operator.taken(MAIL.message_id) == 3
    assert len(operator.contents(NURSE)) == 3
    assert len(operator.contents(HOME, "Sent")) == 3


def test_a_citizen_box_appears_when_written_to(operator: Operator, ours: ssl.SSLContext) -> None:
    send(operator, ours, MAIL, CITIZEN)
    assert len(operator.contents(CITIZEN)) == 1


def test_a_report_leaves_with_an_empty_sender(operator: Operator, ours: ssl.SSLContext) -> None:
    receipt = replace(messages.letter(POST, "Lu"), reports=(Report("disposition", "m0@b.test"),))
    send(operator, ours, receipt, sender="")
    assert mime.read(operator.contents(NURSE)[0]).reports
    assert operator.contents(HOME, "Sent") == []


# --- refusing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["X-MSS-CODECDA", "X-MSS-INS", "X-MSS-NIL"])
def test_documents_without_their_headers_are_refused(
    operator: Operator, ours: ssl.SSLContext, name: str
) -> None:
    headers = {key: value for key, value in MAIL.headers.items() if key != name}
    assert name in refusal(operator, ours, replace(MAIL, headers=headers))


def test_documents_of_several_persons_are_refused(operator: Operator, ours: ssl.SSLContext) -> None:
    mixed = Attachment("IHE_XDM.zip", "application/zip", archive("1", "2"))
    mail = replace(MAIL, attachments=(mixed, MAIL.attachments[1]))
    assert "several persons" in refusal(operator, ours, mail)


def test_an_archive_without_pdf_is_refused(operator: Operator, ours: ssl.SSLContext) -> None:
    assert "PDF" in refusal(operator, ours, replace(MAIL, attachments=MAIL.attachments[:1]))


def test_two_citizens_in_one_mail_are_refused(operator: Operator, ours: ssl.SSLContext) -> None:
    assert "One citizen" in refusal(operator, ours, MAIL, CITIZEN, "155069999999922@patient.sante.test")


@pytest.mark.parametrize("address", ["x@medecin.mssante.fr", "255069999999934@patient.mssante.fr"])
def test_a_real_domain_is_refused(operator: Operator, ours: ssl.SSLContext, address: str) -> None:
    assert "Real domains" in refusal(operator, ours, MAIL, address)
    assert "Real domains" in refusal(operator, ours, sender=address)


def test_another_operator_is_not_relayed_to(operator: Operator, ours: ssl.SSLContext) -> None:
    assert "Relay" in refusal(operator, ours, MAIL, "x@ailleurs.test")


def test_a_real_domain_cannot_be_simulated(authority: Authority) -> None:
    with pytest.raises(ValueError, match="réel"):
        Operator(authority, "operateur.mssante.fr")


def test_nothing_is_said_before_starttls(operator: Operator) -> None:
    with smtplib.SMTP("localhost", operator.ports.smtp, timeout=5) as session:
        session.ehlo("jalon")
        assert session.mail(HOME)[0] == 530


def test_no_one_logs_in_to_imap_before_starttls(operator: Operator) -> None:
    with socket.create_connection(("localhost", operator.ports.imap), timeout=5) as raw:
        raw.recv(1000)
        raw.sendall(f'a LOGIN "{NURSE}" "s3cret"\r\n'.encode())
        assert b"a OK" not in raw.recv(1000)


# --- logging in --------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/CONF.07")
@pytest.mark.parametrize("account", [Password(HOME, "s3cret"), Token(HOME, "jeton")])
def test_a_sender_may_log_in(operator: Operator, ours: ssl.SSLContext, account: Account) -> None:
    assert send(operator, ours, account=account).code == 250


@pytest.mark.parametrize("account", [Password(HOME, "faux"), Token(HOME, "faux"), Token(HOME, "")])
def test_a_wrong_login_is_refused(operator: Operator, ours: ssl.SSLContext, account: Account) -> None:
    with pytest.raises(Rejected) as caught:
        send(operator, ours, account=account)
    assert caught.value.code == "535"


def test_one_does_not_send_from_the_box_of_another(operator: Operator, ours: ssl.SSLContext) -> None:
    with pytest.raises(Rejected) as caught:
        send(operator, ours, account=Password(NURSE, "s3cret"))
    assert caught.value.code == "553"


def test_an_operator_may_demand_a_login(authority: Authority, ours: ssl.SSLContext) -> None:
    with Operator(authority, DOMAIN, [Box(HOME, "s3cret"), Box(NURSE)], auth_required=True) as strict:
        with pytest.raises(Rejected) as caught:
            send(strict, ours)
        assert caught.value.code == "530"
        assert send(strict, ours, account=Password(HOME, "s3cret")).code == 250


def test_tokens_may_be_checked_elsewhere(authority: Authority, ours: ssl.SSLContext) -> None:
    def asked(address: str, token: str) -> bool:
        return (address, token) == (HOME, "du PSC")

    with Operator(authority, DOMAIN, [Box(HOME), Box(NURSE)], check_token=asked) as operator:
        assert send(operator, ours, account=Token(HOME, "du PSC")).code == 250
        with Mailbox.open(operator.imap(ours), Token(HOME, "du PSC")) as mailbox:
            assert len(mailbox.find_sent(MAIL.message_id)) == 1


# --- switches ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "reply"),
    [("refused_senders", "550 5.7.1"), ("refused_recipients", "550 5.1.1"), ("full", "552 5.2.2")],
)
def test_a_box_can_be_made_to_refuse(
    operator: Operator, ours: ssl.SSLContext, switch: str, reply: str
) -> None:
    operator.change({switch: [HOME if switch == "refused_senders" else NURSE]})
    assert reply.partition(" ")[2] in refusal(operator, ours)
    operator.change({switch: []})
    send(operator, ours)


def test_a_busy_operator_takes_nothing_and_says_so(operator: Operator, ours: ssl.SSLContext) -> None:
    operator.change({"busy": 1})
    with pytest.raises(Unreachable, match="451") as caught:
        send(operator, ours)
    assert not caught.value.maybe_done
    assert operator.taken() == 0
    assert send(operator, ours).code == 250


@pytest.mark.parametrize(("switch", "taken"), [("cut_before_taking", 0), ("cut_after_taking", 1)])
def test_a_cut_before_the_answer_looks_the_same_whether_the_mail_was_taken_or_not(
    operator: Operator, ours: ssl.SSLContext, switch: str, taken: int
) -> None:
    operator.change({switch: 1})
    with pytest.raises(Unreachable) as caught:
        send(operator, ours)
    assert caught.value.maybe_done
    assert operator.taken(MAIL.message_id) == taken
    with Mailbox.open(operator.imap(ours), Password(HOME, "s3cret")) as mailbox:
        assert len(mailbox.find_sent(MAIL.message_id)) == taken
    assert send(operator, ours).code == 250


def test_a_slow_operator_is_given_up(operator: Operator, ours: ssl.SSLContext) -> None:
    operator.change({"slow": 5})
    hurried: Server = replace(operator.smtp(ours), timeout=0.5)
    with pytest.raises(Unreachable) as caught:
        Sender(hurried).send(mime.write(MAIL), HOME, [NURSE])
    assert caught.value.maybe_done


def test_a_bounce_comes_back_to_the_sender(operator: Operator, ours: ssl.SSLContext) -> None:
    operator.change({"bouncing": [CITIZEN]})
    send(operator, ours, MAIL, CITIZEN)
    (report,) = mime.read(operator.contents(HOME)[0]).reports
    assert (report.kind, report.status, report.failed) == ("delivery", "5.1.1", True)
    assert report.original_message_id == MAIL.message_id
    assert report.final_recipient == CITIZEN
    assert operator.contents(CITIZEN) == []


# --- control -----------------------------------------------------------------------------------------


@pytest.fixture
def panel(operator: Operator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{operator.ports.control}", trust_env=False) as client:
        yield client


def test_the_panel_counts_what_was_taken(
    operator: Operator, ours: ssl.SSLContext, panel: httpx.Client
) -> None:
    send(operator, ours)
    send(operator, ours)
    status = panel.get("/_sandbox").json()
    assert status["domain"] == DOMAIN
    assert status["taken"] == 2
    assert status["deliveries"] == {NURSE: {MAIL.message_id: 2}}
    assert status["ports"]["imap"] == operator.ports.imap


def test_the_panel_puts_a_mail_into_a_box(
    ours: ssl.SSLContext, operator: Operator, panel: httpx.Client
) -> None:
    answer = panel.post(
        "/_sandbox/messages",
        params={"address": HOME},
        content=mime.write(MAIL),
        headers={"Content-Type": "message/rfc822"},
    )
    assert answer.status_code == 200
    with Mailbox.open(operator.imap(ours), Password(HOME, "s3cret")) as mailbox:
        (raw,) = mailbox.fetch_new(0)
    assert raw.data == mime.write(MAIL)
    listed = panel.get("/_sandbox/messages", params={"address": HOME}).json()
    assert [base64.b64decode(each) for each in listed] == [raw.data]


def test_the_panel_changes_switches_and_adds_boxes(
    operator: Operator, ours: ssl.SSLContext, panel: httpx.Client
) -> None:
    assert panel.post("/_sandbox/switches", json={"full": [NURSE], "busy": 2}).json()["switches"]["busy"] == 2
    assert panel.post("/_sandbox/boxes", json={"address": "neuf@ehpad.sante.test"}).status_code == 200
    operator.change({"busy": 0})
    assert send(operator, ours, MAIL, "neuf@ehpad.sante.test").code == 250


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_sandbox/switches", {"inconnu": 1}),
        ("/_sandbox/switches", {"slow": "vite"}),
        ("/_sandbox/switches", ["full"]),
        ("/_sandbox/boxes", {"address": "x@ailleurs.test"}),
        ("/_sandbox/boxes", {"nom": "x"}),
    ],
)
def test_the_panel_refuses_what_it_does_not_know(panel: httpx.Client, path: str, body: object) -> None:
    assert panel.post(path, json=body).status_code == 400


def test_the_panel_answers_no_page_of_elsewhere(panel: httpx.Client) -> None:
    assert panel.get("/_sandbox", headers={"Host": "ailleurs.test"}).status_code == 403
    assert (
        panel.post("/_sandbox/switches", content=b"{}", headers={"Content-Type": "text/plain"}).status_code
        == 415
    )
    assert panel.get("/autre").status_code == 404
    assert panel.get("/_sandbox/messages").status_code == 400


# --- life --------------------------------------------------------------------------------------------


def test_a_port_already_taken_is_an_error_at_once(operator: Operator, authority: Authority) -> None:
    with pytest.raises(OSError, match="in use"):
        Operator(authority, DOMAIN, ports=Ports(imap=operator.ports.imap)).start()


def test_a_stopped_operator_listens_no_more(authority: Authority) -> None:
    with Operator(authority, DOMAIN) as short_lived:
        port = short_lived.ports.smtp
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)

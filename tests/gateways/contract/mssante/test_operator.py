"""What the client and any operator agree on: run on the simulator, and on Debian's postfix and dovecot."""

import contextlib
import datetime as dt
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jalon.core.errors import GatewayError, Rejected, Unreachable
from jalon.formats import mime
from jalon.gateways.mssante.client import Mailbox, Password, Sender, Token
from jalon_sandbox.mssante.simulator import Box
from tests.gateways.contract.mssante.conftest import CITIZEN, HOME, NURSE, House, document_mail
from tests.gateways.contract.mssante.proxy import Cable


def send(house: House, mail: mime.Mail, *, starttls: bool = True) -> None:
    sender = Sender(house.operator.smtp(house.ours, starttls=starttls))
    sender.send(mime.write(mail), HOME.address, [each.address for each in mail.recipients])


@contextlib.contextmanager
def opened(house: House, box: Box = NURSE) -> Iterator[Mailbox]:
    with Mailbox.open(house.operator.imap(house.ours), house.mailbox(box)) as mailbox:
        yield mailbox


# --- sending and receiving ---------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/CONF.05", "SC.MSS/CONF.06")
@pytest.mark.parametrize("starttls", [True, False])
def test_a_mail_arrives_whole(house: House, starttls: bool) -> None:
    mail = document_mail(size=300_000)
    send(house, mail, starttls=starttls)
    (raw,) = house.received(NURSE, mail.message_id)
    received = mime.read(raw.data)
    assert received.attachments == mail.attachments
    assert (received.subject, received.text, received.headers) == (mail.subject, mail.text, mail.headers)


def test_the_answer_of_the_operator_is_kept(house: House) -> None:
    accepted = Sender(house.operator.smtp(house.ours)).send(
        mime.write(document_mail()), HOME.address, [NURSE.address]
    )
    assert accepted.code == 250
    assert "queued" in accepted.reply


def test_a_citizen_has_a_box_without_being_registered(house: House) -> None:
    mail = document_mail(CITIZEN)
    send(house, mail)
    assert house.settled(mail.message_id)


def test_what_is_sent_twice_is_received_twice_and_seen_twice(house: House) -> None:
    mail = document_mail()
    send(house, mail)
    send(house, mail)
    assert len(house.received(NURSE, mail.message_id, count=2)) == 2


# --- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("starttls", [True, False])
@pytest.mark.parametrize("identity", ["nameless", "expired"])
def test_without_a_valid_certificate_nothing_is_taken(
    house: House, request: pytest.FixtureRequest, identity: str, starttls: bool
) -> None:
    context: ssl.SSLContext = request.getfixturevalue(identity)
    mail = document_mail()
    with pytest.raises(GatewayError) as refusal:
        Sender(house.operator.smtp(context, starttls=starttls)).send(
            mime.write(mail), HOME.address, [NURSE.address]
        )
    assert not getattr(refusal.value, "maybe_done", False)


@pytest.mark.parametrize("starttls", [True, False])
@pytest.mark.parametrize("identity", ["nameless", "expired"])
def test_without_a_valid_certificate_no_mailbox_opens(
    house: House, request: pytest.FixtureRequest, identity: str, starttls: bool
) -> None:
    context: ssl.SSLContext = request.getfixturevalue(identity)
    server = house.operator.imap(context, starttls=starttls)
    with pytest.raises(GatewayError), Mailbox.open(server, house.mailbox(NURSE)):
        pytest.fail("the mailbox opened")


def test_an_unknown_recipient_is_refused_by_name_and_nothing_is_sent(house: House) -> None:
    mail = document_mail(NURSE.address, "personne@cabinet.sante.test")
    with pytest.raises(Rejected) as refusal:
        send(house, mail)
    assert refusal.value.code == "550"
    assert "personne@cabinet.sante.test" in refusal.value.label
    with opened(house, HOME) as mailbox:
        assert mailbox.find_sent(mail.message_id) == ()


def test_an_unknown_sender_is_refused(house: House) -> None:
    with pytest.raises(Rejected) as refusal:
        Sender(house.operator.smtp(house.ours)).send(
            mime.write(document_mail()), "inconnu@ehpad.sante.test", [NURSE.address]
        )
    assert refusal.value.code == "550"


@pytest.mark.parametrize("starttls", [True, False])
def test_a_wrong_password_is_refused(house: House, starttls: bool) -> None:
    server = house.operator.imap(house.ours, starttls=starttls)
    with pytest.raises(Rejected, match="identité"), Mailbox.open(server, Password(NURSE.address, "faux")):
        pytest.fail("the mailbox opened")


@pytest.mark.requirement("SC.MSS/CONF.07")
def test_an_access_token_opens_its_own_mailbox_only(house: House) -> None:
    server = house.operator.imap(house.ours)
    with Mailbox.open(server, Token(NURSE.address, NURSE.token)) as mailbox:
        list(mailbox.fetch_new(0))
    for stolen in (Token(HOME.address, NURSE.token), Token(NURSE.address, "faux")):
        with pytest.raises(Rejected, match="identité"), Mailbox.open(server, stolen):
            pytest.fail("the mailbox opened")


def test_an_operator_that_is_not_there_is_unreachable(house: House) -> None:
    with Cable(house.operator.ports.smtp) as cable:
        gone = replace(house.operator.smtp(house.ours), port=cable.port)
    with pytest.raises(Unreachable) as failure:
        Sender(gone).send(mime.write(document_mail()), HOME.address, [NURSE.address])
    assert not failure.value.maybe_done
    with pytest.raises(Unreachable), Mailbox.open(gone, house.mailbox(NURSE)):
        pytest.fail("the mailbox opened")


# --- cuts --------------------------------------------------------------------------------------------


def test_a_cut_before_the_final_dot_means_that_nothing_was_taken(house: House) -> None:
    mail = document_mail(size=12_000_000)
    server = house.operator.smtp(house.ours)
    with Cable(server.port) as cable:
        through = replace(server, port=cable.port)
        sender = Sender(through, checkpoint=lambda step: cable.cut_after_sending(10**6))
        with pytest.raises(Unreachable) as failure:
            sender.send(mime.write(mail), HOME.address, [NURSE.address])
    assert not failure.value.maybe_done
    with opened(house, HOME) as mailbox:
        assert mailbox.find_sent(mail.message_id) == ()


def test_an_answer_lost_after_the_final_dot_leaves_us_not_knowing_and_the_sent_copy_settles_it(
    house: House,
) -> None:
    mail = document_mail()
    server = house.operator.smtp(house.ours)
    with Cable(server.port) as cable:
        sender = Sender(replace(server, port=cable.port), checkpoint=lambda step: cable.cut_after_answers(1))
        with pytest.raises(Unreachable) as failure:
            sender.send(mime.write(mail), HOME.address, [NURSE.address])
    assert failure.value.maybe_done
    assert len(house.settled(mail.message_id)) == 1
    assert len(house.received(NURSE, mail.message_id)) == 1


def test_the_checkpoints_are_called_in_order(house: House) -> None:
    steps: list[str] = []
    sender = Sender(house.operator.smtp(house.ours), checkpoint=steps.append)
    sender.send(mime.write(document_mail()), HOME.address, [NURSE.address])
    assert steps == ["before_data", "after_250"]


# --- the mailbox -------------------------------------------------------------------------------------


def test_only_what_came_since_is_fetched(house: House) -> None:
    first, second = document_mail(), document_mail()
    send(house, first)
    (before,) = house.received(NURSE, first.message_id)
    send(house, second)
    house.received(NURSE, second.message_id)
    with opened(house) as mailbox:
        since = list(mailbox.fetch_new(before.uid, uidvalidity=before.uidvalidity))
        again = list(mailbox.fetch_new(since[-1].uid, uidvalidity=before.uidvalidity))
        everything = list(mailbox.fetch_new(before.uid, uidvalidity=before.uidvalidity + 1))
    assert [mime.read(raw.data).message_id for raw in since] == [second.message_id]
    assert again == []
    assert {first.message_id, second.message_id} <= {mime.read(raw.data).message_id for raw in everything}
    assert [raw.uid for raw in everything] == sorted(raw.uid for raw in everything)


def test_fetching_twice_gives_the_same_mail_twice(house: House) -> None:
    mail = document_mail()
    send(house, mail)
    assert house.received(NURSE, mail.message_id) == house.received(NURSE, mail.message_id)


def test_a_mail_too_large_is_announced_and_left_there(house: House) -> None:
    mail = document_mail(size=400_000)
    send(house, mail)
    (whole,) = house.received(NURSE, mail.message_id)
    with opened(house) as mailbox:
        (announced,) = mailbox.fetch_new(whole.uid - 1, limit=100_000)
    assert announced.data == b""
    assert announced.size > 400_000


def test_a_mail_is_moved_to_a_folder_made_for_it(house: House) -> None:
    mail = document_mail()
    send(house, mail)
    (raw,) = house.received(NURSE, mail.message_id)
    with opened(house) as mailbox:
        mailbox.move(raw.uid, "Intégrés")
        mailbox.move(raw.uid, "Intégrés")  # gone already: a second run must not fail
        left = [each.uid for each in mailbox.fetch_new(0)]
    assert raw.uid not in left
    assert len(house.received(NURSE, mail.message_id, folder="Intégrés")) == 1


def test_a_copy_can_be_kept_by_the_client(house: House) -> None:
    mail = document_mail()
    with opened(house) as mailbox:
        assert mailbox.find_sent(mail.message_id) == ()
        mailbox.append_sent(mime.write(mail), date=dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
        assert len(mailbox.find_sent(mail.message_id)) == 1


def test_a_missing_sent_folder_does_not_pass_for_an_absent_mail(house: House) -> None:
    with opened(house) as mailbox, pytest.raises(Rejected):
        mailbox.find_sent("x@jalon.sante.test", folder="Inexistant")

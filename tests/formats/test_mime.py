"""Mails written and read back, the official report sample, and what hostile mails get."""

import datetime as dt
import email
import email.policy
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.formats.mime import Address, Attachment, Mail, Report, read, write
from tests.support import SHARED, needs_shared

WHEN = dt.datetime(2026, 3, 4, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
HOME = Address("EHPAD des Tilleuls fictifs", "tilleuls@ehpad.sante.test")
NURSE = Address("Dr_Zoé_ÉPREUVE_Cabinet", "zoe.epreuve@cabinet.sante.test")
ZIP = Attachment("IHE_XDM.zip", "application/zip", bytes(range(256)) * 40)
PDF = Attachment("20260304_Projet personnalisé_ÉPREUVE_Zoé.pdf", "application/pdf", b"%PDF-1.4 \r\n.\r\n")

MAIL = Mail(
    message_id="6f1d.2026@jalon.sante.test",
    sender=HOME,
    recipients=(NURSE,),
    subject="XDM/1.0/DDM+Projet personnalisé EPREUVE Zoé 01/02/1960",
    date=WHEN,
    text="Bonjour,\n.\nFrom ici, le projet de Zoé.\nBien à vous",
    headers={"X-MSS-NIL": "JALON-0001", "X-MSS-INS": "O"},
    attachments=(ZIP, PDF),
    in_reply_to="first@cabinet.sante.test",
    references=("zero@cabinet.sante.test", "first@cabinet.sante.test"),
    reply_to="accueil@ehpad.sante.test",
    disposition_notification_to="tilleuls@ehpad.sante.test",
    return_receipt_to="tilleuls@ehpad.sante.test",
)

# --- what is written ---------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/va1.08", "SC.MSS/va1.11", "SC.MSS/va1.12")
def test_a_mail_reads_back_as_it_was_written() -> None:
    assert read(write(MAIL)) == MAIL


def test_the_same_mail_gives_the_same_bytes_twice() -> None:
    assert write(MAIL) == write(replace(MAIL))


def test_what_is_written_is_ascii_in_lines_of_the_right_length() -> None:
    lines = write(MAIL).split(b"\r\n")
    assert all(line.isascii() and b"\n" not in line and b"\r" not in line for line in lines)
    assert max(len(line) for line in lines) <= 78 + len("%XX") * 40  # only file names go beyond 78


def test_the_standard_library_reads_what_we_write() -> None:
    parsed = email.message_from_bytes(write(MAIL), policy=email.policy.default)
    assert parsed["Subject"] == MAIL.subject
    assert parsed["From"].addresses[0].display_name == HOME.label
    assert parsed["To"].addresses[0].display_name == NURSE.label
    body = parsed.get_body()
    assert body is not None
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    files = {part.get_filename(): part.get_content() for part in parsed.iter_attachments()}
    assert files == {ZIP.name: ZIP.data, PDF.name: PDF.data}


def test_a_long_plain_subject_is_folded_and_not_encoded() -> None:
    subject = " ".join(["mot"] * 60)
    written = write(replace(MAIL, subject=subject))
    assert b"=?utf-8?" not in written.split(b"Subject:")[1].split(b"Message-ID")[0]
    assert read(written).subject == subject


def test_a_boundary_never_occurs_in_what_it_separates() -> None:
    inner = write(MAIL)
    outer = replace(MAIL, reports=(Report("disposition", MAIL.message_id),), returned=inner)
    assert read(write(outer)).returned == inner


@pytest.mark.parametrize(
    "broken",
    [
        replace(MAIL, subject="Objet\r\nBcc: espion@ailleurs.test"),
        replace(MAIL, subject="Objet\x00"),
        replace(MAIL, subject="Objet \ud800"),
        replace(MAIL, text="\ud800"),
        replace(MAIL, sender=Address("Accueil\nBcc: x@y.test", "a@b.test")),
        replace(MAIL, sender=Address("Accueil", "a@b.test>\r\nBcc: <x@y.test")),
        replace(MAIL, recipients=(Address("", "a b@c.test"),)),
        replace(MAIL, recipients=()),
        replace(MAIL, message_id="a@b.test>\r\nX: <c"),
        replace(MAIL, message_id=""),
        replace(MAIL, references=("a b",)),
        replace(MAIL, reply_to="pas une adresse"),
        replace(MAIL, date=None),
        replace(MAIL, date=WHEN.replace(tzinfo=None)),
        replace(MAIL, headers={"X-MSS-NIL": "1\r\nBcc: x@y.test"}),
        replace(MAIL, headers={"X-MSS-NIL: 1\r\nBcc": "x@y.test"}),
        replace(MAIL, headers={"Bcc": "x@y.test"}),
        replace(MAIL, attachments=(replace(PDF, name='a"\r\nX: b.pdf'),)),
        replace(MAIL, attachments=(replace(PDF, name="é" * 151),)),
        replace(MAIL, attachments=(replace(PDF, media_type="application/pdf\r\nX: y"),)),
        replace(MAIL, attachments=(replace(PDF, media_type="multipart/mixed"),)),
    ],
)
def test_what_would_break_out_of_its_header_is_refused(broken: Mail) -> None:
    with pytest.raises(DomainError) as refusal:
        write(broken)
    assert refusal.value.code == "mail_header"


# --- round trip --------------------------------------------------------------------------------------

printable = st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"])
line = st.text(printable, max_size=120).map(str.strip)
identifier = st.from_regex(r"[a-z0-9.]{1,20}@[a-z]{1,8}\.test", fullmatch=True)
address = st.builds(Address, line, identifier)
name = (
    st.text(printable, min_size=1, max_size=40).map(str.strip).filter(lambda n: n and not set(n) & set("/\\"))
)
attachment = st.builds(
    Attachment,
    name,
    st.sampled_from(["application/zip", "application/pdf", "text/plain", "text/xml", "image/png"]),
    st.binary(max_size=500),
)
text = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400)
mails = st.builds(
    Mail,
    message_id=identifier,
    sender=address,
    recipients=st.lists(address, min_size=1, max_size=3).map(tuple),
    subject=line,
    date=st.integers(0, 10**9).map(lambda seconds: WHEN + dt.timedelta(seconds=seconds)),
    text=text,
    copies=st.lists(address, max_size=2).map(tuple),
    headers=st.dictionaries(st.sampled_from(["X-MSS-NIL", "X-MSS-INS", "X-MSS-CODECDA"]), line, max_size=3),
    attachments=st.lists(attachment, max_size=3).map(tuple),
    in_reply_to=st.one_of(st.just(""), identifier),
    references=st.lists(identifier, max_size=4).map(tuple),
)


@settings(deadline=None, max_examples=120)
@given(mails)
def test_any_mail_survives_the_road(mail: Mail) -> None:
    written = write(mail)
    assert written.isascii()
    assert read(written) == mail
    assert read(written.replace(b"\r\n", b"\n")) == mail  # some stores keep bare newlines


@settings(deadline=None, max_examples=120)
@given(st.data())
def test_a_mutated_mail_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    raw = bytearray(write(replace(MAIL, attachments=(PDF,))))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(raw)))
        width = data.draw(st.integers(0, 30))
        raw[place : place + width] = data.draw(st.sampled_from(MORSELS))
    read_or_refuse(bytes(raw))


@settings(deadline=None, max_examples=120)
@given(
    st.lists(st.sampled_from(["Date", "From", "Content-Type", "Subject"]), max_size=4),
    st.binary(max_size=300),
)
def test_any_bytes_are_read_or_refused(names: list[str], junk: bytes) -> None:
    read_or_refuse(b"".join(f"{each}: ".encode() + junk + b"\r\n" for each in names) + b"\r\n" + junk)


MORSELS = [
    *(b"", b"\n", b"\r\n\r\n", b"\x00", b"\xff\xfe", b"((((((((((((((", b'"', b";", b"--", b"<"),
    *(b">", b",", b":", b"=?utf-8?b?", b"=?punycode?q?=FF=00?=", b"?=", b"=?utf-8?q?=0D=0ABcc:=20x?="),
    *(b"\r\n--a\r\n", b"message/rfc822", b"message/delivery-status", b"Final-Recipient: rfc822;a"),
    *(b"charset=unicode_escape", b"filename*0*=idna''%FF", b"filename*99999999999=x"),
    *(b"Content-Type: multipart/mixed; boundary=a\r\n", b"Date: 99 Feb 99999999999"),
]


def read_or_refuse(raw: bytes) -> None:
    try:
        mail = read(raw)
    except DomainError as refusal:
        assert refusal.code in {"mail_too_large", "mail_too_many_parts", "mail_too_deep"}
    else:
        shown = [mail.subject, mail.sender.label, *mail.headers.values(), *(a.name for a in mail.attachments)]
        assert not any(set(value) & set("\r\n\x00") for value in shown)


# --- what real mailers do ----------------------------------------------------------------------------


def test_an_injection_hidden_in_an_encoded_word_becomes_a_space() -> None:
    raw = write(MAIL).replace(b"Subject: ", b"Subject: =?utf-8?q?Objet=0D=0ABcc:_x=40y.test?=\r\n ")
    assert "\n" not in read(raw).subject
    assert read(raw).subject.startswith("Objet Bcc: x@y.test")


def test_a_character_cut_between_two_encoded_words_is_whole_again() -> None:
    raw = b"From: a@b.test\nSubject: =?UTF-8?B?w4k=?=\n =?UTF-8?Q?t=C3?= =?utf-8?q?=A9_?= 2026\n\n"
    assert read(raw).subject == "Été  2026"


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "inconnu", "utf-8"])
def test_a_wrong_charset_still_gives_readable_text(charset: str) -> None:
    head = f"From: a@b.test\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert read(head + "Dîner".encode("latin-1")).text == "Dîner"


def test_raw_utf8_headers_are_read() -> None:
    mail = read("From: Zoé ÉPREUVE <zoe@b.test>\nSubject: Été\n\nà".encode())
    assert (mail.sender, mail.subject, mail.text) == (Address("Zoé ÉPREUVE", "zoe@b.test"), "Été", "à")


def test_the_plain_twin_is_preferred_and_the_html_one_is_no_attachment() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="m"\n\n--m\n'
        b'Content-Type: multipart/alternative; boundary="a"\n\n'
        b"--a\nContent-Type: text/html\n\n<b>Bonjour</b>\n--a\nContent-Type: text/plain\n\nBonjour\n--a--\n"
        b"--m\nContent-Type: application/octet-stream; name=IHE_XDM.ZIP\n"
        b"Content-Disposition: attachment\nContent-Transfer-Encoding: BASE64\n\nYWJj\n--m--\n"
    )
    mail = read(raw)
    assert mail.text == "Bonjour"
    assert mail.attachments == (Attachment("IHE_XDM.ZIP", "application/octet-stream", b"abc"),)


def test_html_alone_is_read_without_its_tags_nor_its_styles() -> None:
    page = b"<html><style>p{}</style><script>alert(1)</script><p>L&rsquo;\xc3\xa9t\xc3\xa9</p></html>"
    assert read(b"Content-Type: text/html\n\n" + page).text == "L’été"


def test_a_file_name_loses_its_folders() -> None:
    head = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename="
    for given_name in (
        b'"../../etc/bilan.pdf"',
        b'"C:\\\\temp\\\\bilan.pdf"',
        b'"=?utf-8?q?a/bilan=2Epdf?="',
    ):
        assert read(head + given_name + b"\n\nx").attachments[0].name == "bilan.pdf"


def test_a_forwarded_mail_is_an_attachment() -> None:
    raw = b"Content-Type: message/rfc822\n\nSubject: dedans\n\nContenu"
    assert read(raw).attachments == (Attachment("", "message/rfc822", b"Subject: dedans\n\nContenu"),)


# --- reports -----------------------------------------------------------------------------------------


@needs_shared
def test_the_official_integration_failure_is_recognized() -> None:
    mail = read((SHARED / "standards/mssante/mdn_erreur_902.eml.txt").read_bytes())
    (report,) = mail.reports
    assert mail.subject.startswith("[KO Intégration système !][902] XDM/1.0/DDM+")
    assert report.kind == "disposition"
    assert report.original_message_id == "199509192301.23456"
    assert report.final_recipient == "serviceY_auto@chb.mssante.fr"
    assert report.failed
    assert report.error == ("902", "Identifiant de patient inconnu")
    assert "n’a pas pu être intégré" in mail.text


def test_a_read_receipt_is_not_a_failure() -> None:
    report = Report(
        "disposition", "m@a.test", "b@c.test", "b@c.test", "manual-action/MDN-sent-manually; displayed"
    )
    mail = replace(MAIL, attachments=(), reports=(report,), returned=b"Subject: x\r\n\r\n")
    assert read(write(mail)) == mail
    assert not report.failed
    assert report.error == ("", "")


def test_a_bounce_names_the_mail_and_the_recipient() -> None:
    raw = (
        b"From: MAILER-DAEMON@operateur.test\nContent-Type: multipart/report; report-type=delivery-status;"
        b' boundary="r"\n\n--r\n\nVotre message...\n--r\nContent-Type: message/delivery-status\n\n'
        b"Reporting-MTA: dns; operateur.test\nX-Postfix-Queue-ID: ABC\n\n"
        b"Final-Recipient: rfc822; absent@patient.sante.test\nAction: failed\nStatus: 5.1.1\n"
        b"Diagnostic-Code: smtp; 550 5.1.1\n unknown\n\n--r\nContent-Type: message/rfc822\n\n"
        b"Message-ID: <m1@jalon.test>\nSubject: x\n\ncorps\n--r--\n"
    )
    (report,) = read(raw).reports
    assert report == Report(
        "delivery",
        "m1@jalon.test",
        final_recipient="absent@patient.sante.test",
        action="failed",
        status="5.1.1",
        diagnostic="smtp; 550 5.1.1 unknown",
    )
    assert report.failed


def test_a_bounce_for_two_recipients_is_two_reports() -> None:
    reports = tuple(
        Report("delivery", "m@a.test", f"{who}@c.test", action="failed", status="5.2.2") for who in ("a", "b")
    )
    mail = replace(MAIL, attachments=(), reports=reports)
    assert read(write(mail)).reports == reports


# --- bounds ------------------------------------------------------------------------------------------


def test_a_mail_beyond_the_limit_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        read(b"a" * 2**20, limit=2**20 - 1)
    assert refusal.value.code == "mail_too_large"


def test_endless_headers_are_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        read(b"X: a\n" * 100_000)
    assert refusal.value.code == "mail_too_large"


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        read(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200)
    assert refusal.value.code == "mail_too_many_parts"


def test_parts_nested_too_deep_are_refused() -> None:
    nested = b"".join(
        f"Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n".encode() for depth in range(500)
    )
    with pytest.raises(DomainError) as refusal:
        read(nested)
    assert refusal.value.code == "mail_too_deep"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\n\n" + b"<" * 10**7,
        b"Content-Type: text/html\n\n" + b"<style" * 10**6,
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"\n--" * 3 * 10**6,
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"x--a\n" * 2 * 10**6,
        b"Content-Transfer-Encoding: base64\n\n" + b"=" * 10**7,
        b"Subject: " + b"=?a?q?" * 40_000 + b"\n\n",
        b"To: " + b"(" * 200_000 + b"\n\n",
        b"To: " + b"<" * 200_000 + b"\n\n",
        b"To: " + b'"' * 200_000 + b"\n\n",
        b"To: " + b"a," * 100_000 + b"\n\n",
        b"Content-Type: multipart/mixed; boundary" + b";x=" * 80_000 + b"\n\n",
        b"References: " + b"<a" * 120_000 + b"\n\n",
        b"Date: " + b"1" * 200_000 + b"\n\n",
    ],
)
def test_hostile_mails_take_no_time(raw: bytes) -> None:
    start = time.monotonic()
    read_or_refuse(raw)
    assert time.monotonic() - start < 5  # each takes well under one second

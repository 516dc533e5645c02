"""What real software sends and readers had stumbled on: each case of the reviews, and a sister beside it."""

import base64
import struct
import time
from email.message import EmailMessage

import pytest

from jalon.core.errors import DomainError
from jalon.formats import mime, xml
from jalon.formats.cda import reader, render
from jalon.formats.cda.writer import write
from jalon.formats.mime import tnef
from jalon.formats.xdm import package
from tests.formats.cda import samples
from tests.support import SHARED, needs_shared

CASES = SHARED / "cases"
LETTER = "From: a@b.test\nMessage-ID: <m@b.test>\n"


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


def names(mail: mime.Mail) -> list[str]:
    return [one.name for one in mail.attachments]


# --- mails --------------------------------------------------------------------------------------------------


@needs_shared
@pytest.mark.parametrize(
    ("name", "documents"),
    [("mail_cte_semicolon.eml", 1), ("mail_forwarded.eml", 1), ("mail_two_archives.eml", 2)],
)
def test_every_archive_of_a_mail_is_found_and_opens(name: str, documents: int) -> None:
    mail = mime.read(case(name))
    archives = [one.data for one in mail.attachments if one.name == "IHE_XDM.zip"]
    assert [len(package.read(one).documents) for one in archives] == [1] * documents


@needs_shared
def test_a_name_told_in_two_forms_is_a_name() -> None:
    (attachment,) = mime.read(case("mail_name_two_forms.eml")).attachments
    assert (attachment.name, attachment.data[:4]) == ("IHE_XDM.zip", b"PK\x05\x06")


@pytest.mark.parametrize(
    "parameters",
    [
        "boundary*=us-ascii''BO; boundary*0=\"BO\"",
        'boundary*0="B"; boundary*1="O"',
        "boundary*=us-ascii''BO",
        "boundary=\"BO\"; charset*=utf-8''x; charset*0=y",
    ],
)
def test_a_boundary_is_read_in_each_form(parameters: str) -> None:
    part = "Content-Type: text/plain; charset*=utf-8''utf-8; charset*0=\"utf-8\""
    mail = mime.read(
        f"{LETTER}Content-Type: multipart/mixed; {parameters}\n\n--BO\n{part}\n\nété\n--BO--\n".encode()
    )
    assert mail.text == "été"


@pytest.mark.parametrize("encoding", ["base64;", '"base64"', "base64 (x)", " BASE64 ,", "base64\t;;"])
def test_signs_around_a_transfer_encoding_change_nothing(encoding: str) -> None:
    raw = f"{LETTER}Content-Type: text/plain\nContent-Transfer-Encoding: {encoding}\n\nQm9uam91cg==\n"
    assert mime.read(raw.encode()).text == "Bonjour"


def forwarding(inner: bytes, times: int) -> bytes:
    for level in range(times):
        head = f'{LETTER}Content-Type: multipart/mixed; boundary="F{level}"\n\n--F{level}\n'
        inner = f"{head}Content-Type: message/rfc822\n\n".encode() + inner + f"\n--F{level}--\n".encode()
    return inner


@pytest.mark.parametrize(("times", "opened"), [(1, True), (3, True), (4, False)])
def test_a_forwarded_mail_is_opened_to_a_depth(times: int, opened: bool) -> None:
    file = "Content-Type: application/zip; name=x.zip\nContent-Transfer-Encoding: base64\n\nUEs=\n"
    mail = mime.read(forwarding((LETTER + file).encode(), times))
    assert ("x.zip" in names(mail)) is opened
    assert mime.read(mail.returned).message_id == "m@b.test"


def test_the_words_and_the_receipts_of_a_forwarded_mail_are_not_those_of_the_mail() -> None:
    receipt = 'Content-Type: multipart/report; boundary="R"\n\n--R\nContent-Type: text/plain\n\nOuvert\n--R\n'
    receipt += "Content-Type: message/disposition-notification\n\nDisposition: x; displayed\n--R--\n"
    mail = mime.read(forwarding((LETTER + receipt).encode(), 1))
    assert (mail.text, mail.reports) == ("", ())


def attribute(tag: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, tag, len(value)) + value + b"\0\0"


WINMAIL = b"".join(
    [
        tnef.SIGNATURE,
        b"\1\0",
        attribute(0x00069002, b"\0" * 14),
        attribute(0x00018010, b"IHE_XDM.zip\0"),
        attribute(0x0006800F, b"PK\x03\x04"),
        attribute(0x00069002, b"\0" * 14),
        attribute(0x00018010, "Compte rendu été.pdf\0".encode("cp1252")),
        attribute(0x0006800F, b"%PDF-1.4"),
    ]
)


def test_the_files_shut_up_by_outlook_are_taken_out() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.test"
    mail.set_content("Bonjour")
    mail.add_attachment(WINMAIL, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    read = mime.read(mail.as_bytes())
    assert names(read) == ["winmail.dat", "IHE_XDM.zip", "Compte rendu été.pdf"]
    assert [one.data for one in read.attachments[1:]] == [b"PK\x03\x04", b"%PDF-1.4"]


def test_an_envelope_of_outlook_cut_anywhere_gives_what_came() -> None:
    for end in range(len(WINMAIL)):
        assert len(tnef.files(WINMAIL[:end])) <= 2
    assert tnef.files(b"autre chose") == []


# --- archives -----------------------------------------------------------------------------------------------


@needs_shared
def test_an_archive_written_with_backslashes_is_read() -> None:
    (document,) = package.read(case("xdm_backslash.zip")).documents
    assert reader.read(document.data).title == "Compte rendu de consultation"


# --- documents ----------------------------------------------------------------------------------------------


@needs_shared
def test_a_pdf_whose_encoding_is_not_told_is_a_pdf() -> None:
    pdf = render.pdf_of(reader.read(case("cda_pdf_without_representation.xml")))
    assert pdf is not None
    assert pdf.startswith(b"%PDF-")


@needs_shared
def test_a_birth_of_which_the_year_is_known_gains_no_day_on_paper() -> None:
    shown = render.fragment(reader.read(case("cda_birth_year_only.xml")))
    assert "née en 1951," in shown
    assert "31" not in shown.partition("née en")[2].partition("</dd>")[0]


def test_a_birth_of_which_the_month_is_known_gains_no_day_either() -> None:
    data = write(samples.embedded()).decode()
    start = data.index("<birthTime")
    cut = data[:start] + '<birthTime value="195105"/>' + data[data.index(">", start) + 1 :]
    assert "née en mai 1951," in render.fragment(reader.read(cut.encode()))


def embedding(media_type: str, content: str, representation: str = ' representation="B64"') -> bytes:
    data = write(samples.embedded()).decode()
    start, end = data.index("<nonXMLBody>"), data.index("</nonXMLBody>")
    text = f'<text mediaType="{media_type}"{representation}>{content}</text>'
    return (data[:start] + "<nonXMLBody>" + text + data[end:]).encode()


@pytest.mark.parametrize(
    ("media_type", "content", "representation"),
    [
        ("application/pdf", "TVo=", ' representation="B64"'),
        ("application/pdf", "Bonjour.", ""),
        ("image/jpeg", base64.b64encode(b"%PDF-1.4").decode(), ' representation="B64"'),
        ("text/rtf", "Bonjour", ""),
        ("image/tiff", "SUkrAA==", ' representation="B64"'),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    media_type: str, content: str, representation: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        reader.read(embedding(media_type, content, representation))
    assert refusal.value.code == "body_unreadable"


@pytest.mark.parametrize("digits", ["JVBERi0xLjQ=", "JVBERi0xLjQ", "JVBE\nRi0x LjQ==="])
def test_base64_without_its_last_signs_is_read(digits: str) -> None:
    document = reader.read(embedding("application/pdf", digits))
    assert render.pdf_of(document) == b"%PDF-1.4"


# --- what a document may cost -------------------------------------------------------------------------------

DEEP = "<content>" * 160 + "x" + "</content>" * 160
DENSE = "<br/><sub/>" * 150_000
SIBLINGS = "<a" + "".join(f' b{number}=""' for number in range(500_000)) + "/>"


def narrated(inside: str) -> bytes:
    data = write(samples.structured()).decode()
    start, end = data.index("<text>"), data.index("</text>")
    return (data[:start] + f"<text>{inside}" + data[end:]).encode()


@pytest.mark.parametrize("inside", [DEEP, DENSE, SIBLINGS], ids=["deep", "dense", "attributes"])
def test_a_document_that_would_cost_too_much_is_refused_at_once(inside: str) -> None:
    data, started = narrated(inside), time.process_time()
    with pytest.raises(DomainError) as refusal:
        reader.read(data)
    assert refusal.value.code == "xml_refused"
    assert time.process_time() - started < 1


def test_the_costliest_document_that_is_read_is_shown_soon() -> None:
    data = narrated("<br/>" * (xml.TAGS - 10_000))
    started = time.process_time()
    assert render.fragment(reader.read(data)).count("<br>") > 100_000
    assert time.process_time() - started < 5


def test_the_deepest_document_that_is_read_is_shown() -> None:
    levels = 64 - 6
    shown = render.fragment(reader.read(narrated("<content>" * levels + "x" + "</content>" * levels)))
    assert "x" in shown


def test_ten_million_small_elements_are_refused_before_a_tree_is_made() -> None:
    with pytest.raises(DomainError, match="trop d’éléments"):
        xml.parse(b"<t>" + b"<b/>" * 10_500_000 + b"</t>")

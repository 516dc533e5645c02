"""SOAP envelopes, faults and MTOM parts."""

from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import soap
from tests.support import SHARED, needs_shared

EXAMPLES = SHARED / "standards/xds/dmp_gie_sv_exemples_messages_v02.05.00"
ASKED = soap.Addressing("urn:test:ask", "urn:uuid:1")
ANSWERED = soap.Addressing("urn:test:answer", "urn:uuid:2", relates_to="urn:uuid:1")


def payload() -> etree._Element:
    return etree.fromstring(b"<a xmlns='urn:a'>\xc3\xa9</a>")


def test_an_envelope_is_read_as_it_was_written() -> None:
    message = soap.read(soap.envelope(ASKED, payload()))
    assert message.version == "1.2"
    assert message.addressing == soap.Addressing("urn:test:ask", "urn:uuid:1", soap.ANONYMOUS)
    assert message.payload is not None
    assert message.payload.text == "é"
    assert message.fault is None


def test_only_a_request_asks_for_an_answer_somewhere() -> None:
    asked = soap.read(soap.envelope(ASKED, payload()))
    answered = soap.read(soap.envelope(ANSWERED, payload()))
    assert asked.header is not None
    assert answered.header is not None
    assert asked.header.find(f"{{{soap.WSA}}}ReplyTo") is not None
    assert answered.header.find(f"{{{soap.WSA}}}ReplyTo") is None
    assert answered.addressing.relates_to == "urn:uuid:1"


def test_an_assertion_goes_in_the_security_header_without_a_change() -> None:
    assertion = b'<s:Assertion xmlns:s="urn:s" xmlns:xs="urn:xs" ID="_1" t="xs:string"> x </s:Assertion>'
    message = soap.read(soap.envelope(ASKED, payload(), security=[assertion]))
    assert message.header is not None
    found = message.header.find(f"{{{soap.WSSE}}}Security/{{urn:s}}Assertion")
    assert found is not None
    assert etree.tostring(found, method="c14n", exclusive=True) == etree.tostring(
        etree.fromstring(assertion), method="c14n", exclusive=True
    )


def test_a_fault_of_soap_12_gives_its_most_precise_code() -> None:
    written = soap.fault(ANSWERED, "Jeton refusé", subcode="FailedAuthentication")
    assert soap.read(written).fault == soap.Fault("FailedAuthentication", "Jeton refusé")


def test_a_fault_of_soap_11_is_read_too() -> None:
    body = (
        f'<s:Envelope xmlns:s="{soap.SOAP11}"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
        "<faultstring> non </faultstring><detail><code>x</code></detail></s:Fault></s:Body></s:Envelope>"
    )
    message = soap.read(body.encode())
    assert message.version == "1.1"
    assert message.fault is not None
    assert (message.fault.code, message.fault.reason) == ("Client", "non")
    assert b"<code>x</code>" in message.fault.detail


@pytest.mark.parametrize(
    "body",
    [
        b"<a/>",
        f'<s:Envelope xmlns:s="{soap.SOAP12}"/>'.encode(),
        b'<Envelope xmlns="urn:x"><Body/></Envelope>',
    ],
)
def test_what_is_not_an_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        soap.read(body)
    assert refusal.value.code == "soap_refused"


def test_a_doctype_in_an_envelope_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        soap.read(b"<!DOCTYPE a><a/>")
    assert refusal.value.code == "xml_refused"


# --- MTOM ------------------------------------------------------------------------------------------


def packed(*blobs: bytes) -> tuple[str, bytes]:
    parts = [soap.Part(f"doc{rank}@jalon", blob) for rank, blob in enumerate(blobs)]
    return soap.pack(soap.envelope(ASKED, payload()), parts, action=ASKED.action)


NASTY = st.binary(max_size=200) | st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"--", b"\r\n--jalon-", b"--jalon-0--\r\n", b"\x00", b"x"])
).map(b"".join)


@given(st.lists(NASTY, max_size=5))
@settings(deadline=None)
def test_every_byte_of_every_part_comes_back(blobs: list[bytes]) -> None:
    unpacked = soap.unpack(*packed(*blobs))
    assert [part.data for part in unpacked.parts.values()] == blobs
    assert soap.read(unpacked.soap).addressing.action == "urn:test:ask"


def test_the_same_message_has_the_same_bytes() -> None:
    assert packed(b"a", b"b") == packed(b"a", b"b")


def test_a_part_that_holds_the_boundary_makes_another_one() -> None:
    kind, _ = packed(b"")
    mark = kind.partition('boundary="')[2].partition('"')[0]
    blob = f"\r\n--{mark}--\r\n".encode()
    other, body = packed(blob)
    assert mark not in other
    assert [part.data for part in soap.unpack(other, body).parts.values()] == [blob]


def test_parts_survive_a_real_http_exchange() -> None:
    blob = bytes(range(256)) * 40
    received: list[bytes] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        received.append(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", environ["CONTENT_TYPE"])])
        return [received[0]]

    kind, body = packed(blob)
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="https://x.test") as http:
        response = http.post("/", content=body, headers={"Content-Type": kind})
    unpacked = soap.unpack(response.headers["content-type"], response.content)
    assert unpacked.parts["doc0@jalon"].data == blob


def test_a_percent_encoded_reference_finds_its_part() -> None:
    holder = etree.fromstring(
        f'<d><x:Include xmlns:x="{soap.XOP}" href="cid:b857-2@urn%3Aihe%3Axds%c3%a9"/></d>'
    )
    assert soap.included(holder) == "b857-2@urn:ihe:xdsé"


def test_parts_are_put_in_line_for_a_schema() -> None:
    root = etree.Element("d")
    holder = etree.SubElement(root, "e")
    holder.append(soap.include("doc0@jalon"))
    soap.inline(root, {"doc0@jalon": soap.Part("doc0@jalon", b"abc")})
    assert etree.tostring(root) == b"<d><e>YWJj</e></d>"


def test_a_part_that_is_announced_and_missing_is_refused() -> None:
    root = etree.Element("d")
    etree.SubElement(root, "e").append(soap.include("absent@jalon"))
    with pytest.raises(DomainError, match="cid:absent@jalon"):
        soap.inline(root, {})


def test_a_base64_part_is_decoded() -> None:
    body = (
        b"--m\r\nContent-ID: <r>\r\n\r\n<a/>\r\n--m\r\nContent-ID: <d>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--m--"
    )
    assert soap.unpack("multipart/related; boundary=m", body).parts["d"].data == b"abc"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/related", b"--m\r\n\r\n<a/>\r\n--m--"),
        ("multipart/related; boundary=m", b"--m\r\nContent-ID: <r>\r\n\r\n<a/>\r\n"),
        ("multipart/related; boundary=m", b"--m\r\nContent-ID: <r>\r\n\r\n<a/>\r\n--m\r\n"),
        ("multipart/related; boundary=m", b"nothing here"),
        ("multipart/related; boundary=m", b"--m\r\n\r\na\r\n--m\r\n\r\nb\r\n--m--"),
        ('multipart/related; boundary=m; start="<z>"', b"--m\r\nContent-ID: <r>\r\n\r\na\r\n--m--"),
        (
            "multipart/related; boundary=m",
            b"--m\r\nContent-ID: <r>\r\nContent-Transfer-Encoding: x\r\n\r\na\r\n--m--",
        ),
        ("multipart/related; boundary=m", b"--m\r\n" + b"x" * 20_000 + b"\r\n\r\na\r\n--m--"),
    ],
    ids=["no boundary", "open", "cut", "no part", "same name", "no root", "odd encoding", "huge headers"],
)
def test_a_broken_multipart_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        soap.unpack(kind, body)
    assert refusal.value.code == "soap_refused"


def test_sizes_are_bounded() -> None:
    kind, body = packed(b"x" * 1000)
    with pytest.raises(DomainError, match="dépasse"):
        soap.unpack(kind, body, limit=500)
    with pytest.raises(DomainError, match="plus de 3 parties"):
        soap.unpack(*packed(*[b""] * 10), max_parts=3)


@given(st.text(max_size=80), st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_unpacked_or_refused(kind: str, body: bytes) -> None:
    codes = set()
    for content_type in (kind, f"multipart/related; boundary=m{kind}"):
        try:
            soap.read(soap.unpack(content_type, body).soap)
        except DomainError as refusal:
            codes.add(refusal.code)
    assert codes <= {"soap_refused", "xml_refused"}


@pytest.mark.parametrize("envelope", [soap.SOAP11, soap.SOAP12])
@pytest.mark.parametrize("own", ["", ' xmlns="http://ailleurs.test/"'], ids=["bare", "qualified"])
def test_the_words_of_an_old_fault_are_read_in_any_envelope(envelope: str, own: str) -> None:
    message = soap.read(
        f'<s:Envelope xmlns:s="{envelope}"><s:Body><s:Fault><faultcode{own}>s:Client</faultcode>'
        f"<faultstring{own}>Lot invalide</faultstring><detail{own}>x</detail></s:Fault>"
        "</s:Body></s:Envelope>".encode()
    )
    assert message.fault is not None
    assert (message.fault.code, message.fault.reason) == ("Client", "Lot invalide")
    assert b"x" in message.fault.detail


@needs_shared
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*_re[qp]*.xml")), ids=lambda path: path.stem)
def test_every_published_message_is_read(path: Path) -> None:
    data = path.read_bytes()
    boundary = "----=_Part_9_20030738.1554380517598"
    kind = f'multipart/related; boundary="{boundary}"' if data.startswith(b"--") else "application/soap+xml"
    message = soap.read(soap.unpack(kind, data).soap)
    assert message.payload is not None
    assert message.fault is None
    if not path.stem.startswith("WS_INS2"):
        assert message.addressing.message_id

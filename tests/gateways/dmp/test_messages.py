"""The bytes of each transaction against the published messages and schemas; every answer understood."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.formats import soap, xds
from jalon.formats.xades import verify_manifest
from jalon.formats.xdsig import Trust
from jalon.gateways.dmp import messages
from jalon.gateways.dmp.messages import Existence, Lot, Request
from tests.formats.xds_samples import NOW, PATIENT, cda, entry, submission
from tests.gateways.dmp.samples import APPLICATION, AUTHORITY, House
from tests.support import SHARED, needs_shared

XDS = SHARED / "standards/xds"
EXAMPLES = XDS / "dmp_gie_sv_exemples_messages_v02.05.00"
SCHEMAS = XDS / "dmp_wsdl_schema_v2.01.04/schema"
HOUSE = House.of()
ASSERTION = HOUSE.assertion()
KIND = "application/soap+xml; charset=UTF-8"
RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"


def feed(lot: Lot | None = None) -> Request:
    return messages.submit(lot or HOUSE.lot(), assertion=ASSERTION, message_id="urn:uuid:1")


def opened(request: Request) -> tuple[soap.Message, dict[str, soap.Part]]:
    unpacked = soap.unpack(request.content_type, request.body)
    return soap.read(unpacked.soap), dict(unpacked.parts)


def payload_of(request: Request) -> etree._Element:
    message, parts = opened(request)
    assert message.payload is not None
    soap.inline(message.payload, parts)
    return message.payload


# --- feeding ---------------------------------------------------------------------------------------


@needs_shared
@pytest.mark.requirement("EX_2.1-1260")
def test_a_feed_follows_the_schema_of_the_repository() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "IHE/XDS.b_DocumentRepository.xsd"))
    payload = payload_of(feed(HOUSE.lot(replaces="urn:uuid:fe5287a2-ae6a-11eb-8f5d-0050569e422e")))
    assert schema.validate(payload), schema.error_log


@needs_shared
def test_a_feed_has_the_headers_of_the_published_one() -> None:
    boundary = "----=_Part_9_20030738.1554380517598"
    body = (EXAMPLES / "TD2.1-Alimentation_requete.xml").read_bytes()
    theirs = soap.read(soap.unpack(f'multipart/related; boundary="{boundary}"', body).soap)
    ours, _ = opened(feed())
    assert ours.addressing.action == theirs.addressing.action
    assert _names(ours.header) == _names(theirs.header)
    assert _names(ours.payload) == _names(theirs.payload)


def _names(element: etree._Element | None) -> set[str]:
    assert element is not None
    return {child.tag for child in element if isinstance(child.tag, str)}


def test_documents_travel_as_parts_bytes_untouched() -> None:
    lot = HOUSE.lot()
    _, parts = opened(feed(lot))
    assert [part.data for part in parts.values()] == [data for _, data in lot.documents]


def test_hash_size_and_file_name_are_left_to_the_registry() -> None:
    document = replace(entry(), uri="DOC00001.XML")
    assert document.hash
    sent = xds.decode(payload_of(feed(Lot.of(submission(), [(document, cda())]))))
    assert (sent.entries[0].hash, sent.entries[0].size, sent.entries[0].uri) == ("", None, "")


def test_the_same_feed_has_the_same_bytes() -> None:
    lot = HOUSE.lot()
    assert feed(lot) == feed(lot)


def test_a_signed_lot_carries_a_signature_of_the_set_and_of_each_document() -> None:
    lot = HOUSE.lot()
    (document, _), (signature, data) = lot.documents
    digests = verify_manifest(data, Trust(AUTHORITY.ca_pem), NOW)
    assert list(digests) == [lot.submission.unique_id, document.unique_id]
    assert xds.is_signature(signature)
    assert lot.associations == (xds.Association.signs("Signature01", "SubmissionSet01"),)


def test_a_replacement_names_the_entry_it_cancels() -> None:
    lot = HOUSE.lot(replaces="urn:uuid:old")
    assert lot.associations[0] == xds.Association.replaces("Document01", "urn:uuid:old")
    assert xds.decode(payload_of(feed(lot))).associations[0] == xds.Association.has_member(
        "SubmissionSet01", "Document01"
    )


def test_an_incomplete_description_does_not_leave() -> None:
    with pytest.raises(DomainError, match="classCode"):
        feed(Lot.of(submission(), [(replace(entry(), class_code=None), cda())]))


# --- the other requests ----------------------------------------------------------------------------


@needs_shared
def test_a_look_up_follows_the_schema_and_quotes_its_values() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "ebRS/query.xsd"))
    request = messages.get_documents(["1.2.3", "1'2"], assertion=ASSERTION, message_id="urn:uuid:1")
    payload = payload_of(request)
    assert schema.validate(payload), schema.error_log
    assert [value.text for value in payload.iter("{*}Value")] == ["('1.2.3')", "('1''2')"]


@needs_shared
def test_a_deletion_follows_the_schema_and_says_what_the_published_one_says() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "ebRS/lcm.xsd"))
    request = messages.change_status(
        submission(), "urn:uuid:old", assertion=ASSERTION, message_id="urn:uuid:1", old=xds.ARCHIVED
    )
    payload = payload_of(request)
    assert schema.validate(payload), schema.error_log
    theirs = soap.read((EXAMPLES / "TD3.3c-Supprimer_un_document_requete.xml").read_bytes())
    assert theirs.payload is not None
    assert request.action == theirs.addressing.action
    assert xds.decode(payload).associations[0].slots == xds.decode(theirs.payload).associations[0].slots


def existence_request() -> Request:
    return messages.exists(
        PATIENT, APPLICATION, assertion=ASSERTION, message_id="urn:uuid:1", query_id="q", at=NOW
    )


@needs_shared
def test_the_existence_test_follows_the_hl7_schema() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "HL7V3/NE2009/multicacheschemas/PRPA_IN201307UV02.xsd"))
    payload = payload_of(existence_request())
    assert schema.validate(payload), schema.error_log


@needs_shared
def test_the_existence_test_has_the_elements_of_the_published_one() -> None:
    theirs = soap.read((EXAMPLES / "TD0.2-Test_d_existence_requete.xml").read_bytes()).payload
    assert theirs is not None
    ours = payload_of(existence_request())
    optional = {"{urn:hl7-org:v3}attentionLine"}
    assert {one.tag for one in ours.iter("*")} == {one.tag for one in theirs.iter("*")} - optional


# --- answers ---------------------------------------------------------------------------------------


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


@needs_shared
@pytest.mark.parametrize(
    "name", ["TD2.1-Alimentation_reponse.xml", "TD3.3c-Supprimer_un_document_reponse.xml"]
)
def test_the_published_successes_are_successes(name: str) -> None:
    assert messages.parse_response(KIND, example(name)) == messages.Accepted()


@needs_shared
def test_the_published_list_gives_its_21_documents() -> None:
    found = messages.parse_documents(KIND, example("TD3.1-Recherche_de_document_reponse.xml"))
    assert len(found) == 21
    assert all(one.entry_uuid for one in found)


@needs_shared
def test_the_published_existence_is_understood() -> None:
    answer = messages.parse_existence(KIND, example("TD0.2-Test_d_existence_reponse.xml"))
    assert answer == Existence(
        exists=True, status="active", authorization="VALIDE", linked_to_mon_espace_sante=False
    )


def answer(payload: str) -> bytes:
    root = etree.fromstring(payload)
    return soap.envelope(soap.Addressing("urn:a", "urn:uuid:2", relates_to="urn:uuid:1"), root)


def registry(status: str, errors: str = "", name: str = "RegistryResponse") -> bytes:
    held = f"<r:RegistryErrorList>{errors}</r:RegistryErrorList>" if errors else ""
    prefix = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
    return answer(f'<r:{name} xmlns:r="{RS}" status="{prefix}{status}">{held}</r:{name}>')


def error(code: str, context: str = "", severity: str = "Error") -> str:
    level = f"urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:{severity}"
    return f'<r:RegistryError errorCode="{code}" codeContext="{context}" severity="{level}"/>'


def test_a_refusal_keeps_the_code_and_the_words_of_the_dmp() -> None:
    body = registry("Failure", error("XDSUnknownPatientId", "inconnu"))
    with pytest.raises(Rejected) as refusal:
        messages.parse_response(KIND, body)
    assert (refusal.value.code, refusal.value.label) == ("XDSUnknownPatientId", "inconnu")


def test_a_refusal_without_words_still_has_some() -> None:
    with pytest.raises(Rejected, match="Le DMP a refusé"):
        messages.parse_response(KIND, registry("Failure"))


def test_a_partial_success_is_not_a_success() -> None:
    body = registry("PartialSuccess", error("XDSRegistryMetadataError", "x"))
    with pytest.raises(Rejected):
        messages.parse_response(KIND, body)


def test_warnings_of_a_success_are_kept() -> None:
    body = registry("Success", error("XDSExtraMetadataNotSaved", "y", "Warning"))
    assert messages.parse_response(KIND, body).warnings == ("XDSExtraMetadataNotSaved : y",)


def test_a_fault_is_a_refusal() -> None:
    body = soap.fault(soap.Addressing("urn:a", "urn:uuid:2"), "Jeton refusé", subcode="FailedAuthentication")
    for parse in (messages.parse_response, messages.parse_documents, messages.parse_existence):
        with pytest.raises(Rejected) as refusal:
            parse(KIND, body)
        assert refusal.value.code == "FailedAuthentication"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>maintenance</html>",
        registry("Success")[:-30],
        answer("<a/>"),
        answer(f'<r:RegistryResponse xmlns:r="{RS}"/>'),
        soap.envelope(soap.Addressing("urn:a", "urn:uuid:2"), None),
    ],
    ids=["empty", "a page", "truncated", "another answer", "no status", "empty body"],
)
def test_an_answer_out_of_the_protocol_is_kept_as_it_came(body: bytes) -> None:
    for parse in (messages.parse_response, messages.parse_documents, messages.parse_existence):
        with pytest.raises(Malformed) as failure:
            parse(KIND, body)
        assert failure.value.raw == body


def test_entries_without_identifiers_are_out_of_the_protocol() -> None:
    query = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
    body = answer(
        f'<q:AdhocQueryResponse xmlns:q="{query}" status="{messages.SUCCESS}">'
        "<RegistryObjectList><ExtrinsicObject/></RegistryObjectList></q:AdhocQueryResponse>"
    )
    with pytest.raises(Malformed):
        messages.parse_documents(KIND, body)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<acknowledgement typeCode="AA"/>', Existence(exists=False)),
        (
            '<acknowledgement typeCode="AA"/><patient><statusCode code="terminated"/></patient>',
            Existence(exists=False, status="terminated"),
        ),
    ],
)
def test_a_dmp_absent_or_closed_does_not_exist(inside: str, expected: Existence) -> None:
    body = answer(f'<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3">{inside}</PRPA_IN201308UV02>')
    assert messages.parse_existence(KIND, body) == expected


def test_an_existence_refused_keeps_its_reason() -> None:
    detail = '<acknowledgementDetail><code code="42"/><text>non</text></acknowledgementDetail>'
    body = answer(
        '<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3">'
        f'<acknowledgement typeCode="AE">{detail}</acknowledgement></PRPA_IN201308UV02>'
    )
    with pytest.raises(Rejected) as refusal:
        messages.parse_existence(KIND, body)
    assert (refusal.value.code, refusal.value.label) == ("42", "non")


def test_times_are_written_in_utc() -> None:
    local = NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))
    arguments: dict[str, Any] = {"assertion": ASSERTION, "message_id": "urn:uuid:1", "query_id": "q"}
    request = messages.exists(PATIENT, APPLICATION, at=local, **arguments)
    creation = payload_of(request).find("{urn:hl7-org:v3}creationTime")
    assert creation is not None
    assert creation.get("value") == "20261122093000"

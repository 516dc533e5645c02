"""The sandbox fails on demand, counts everything, and checks who is asking."""

import datetime as dt
import json
import ssl
import time
from collections.abc import Iterator

import httpx
import pytest

from jalon.core.errors import Rejected, Unreachable
from jalon.gateways.common import tls
from jalon.gateways.common.vihf import build
from jalon.gateways.dmp import messages
from jalon.gateways.dmp.client import Client
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import server_context
from jalon_sandbox.dmp.simulator import Policy, Simulator, serve
from tests.formats.xds_samples import NOW, PATIENT, submission
from tests.gateways.dmp.samples import APPLICATION, PATIENTS, House, client, message_id, oid, simulator

HOUSE = House.of()


def feed(service: Simulator, assertion: bytes = b"") -> None:
    client(service).submit(HOUSE.lot(), assertion=assertion or HOUSE.assertion(), message_id=message_id())


def post(service: Simulator, body: bytes, kind: str = "application/soap+xml") -> httpx.Response:
    return client(service).http.post("/repository", content=body, headers={"Content-Type": kind})


# --- who is asking ---------------------------------------------------------------------------------


def fault_of(service: Simulator, assertion: bytes) -> str:
    with pytest.raises(Rejected) as refusal:
        feed(service, assertion)
    assert service.registry.stored == []
    assert len(service.received) == 1
    return refusal.value.code


def test_an_assertion_of_another_authority_is_a_fault() -> None:
    stranger = House.of(Authority.create(NOW))
    assert fault_of(simulator(), stranger.assertion()) == "FailedAuthentication"


def test_an_assertion_whose_seal_expired_is_a_fault() -> None:
    old = HOUSE.authority.signing("Ancien", not_after=NOW - dt.timedelta(days=1))
    assertion = build(HOUSE.vihf(), old.key_pem, old.cert_pem, NOW, "_1")
    assert fault_of(simulator(), assertion) == "FailedAuthentication"


def test_an_assertion_that_was_changed_is_a_fault() -> None:
    forged = HOUSE.assertion().replace(b"801234567897", b"801234567898")
    assert fault_of(simulator(), forged) == "FailedAuthentication"


def test_a_message_without_an_assertion_is_a_fault() -> None:
    service = simulator()
    request = messages.get_documents(["1.2"], assertion=HOUSE.assertion(), message_id="urn:uuid:1")
    bare = request.body.replace(b"saml2:Assertion", b"saml2:Other")
    response = post(service, bare, request.content_type)
    assert response.status_code == 400
    with pytest.raises(Rejected, match="un seul"):
        messages.parse_documents(response.headers["content-type"], response.content)


@pytest.mark.parametrize("body", [b"", b"hello", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_what_is_not_soap_is_a_fault_and_is_counted(body: bytes) -> None:
    service = simulator()
    assert post(service, body).status_code == 400
    assert [one.outcome for one in service.received] == ["soap_refused" if body == b"<a/>" else "xml_refused"]


def test_other_methods_and_huge_messages_are_turned_away() -> None:
    http = client(simulator()).http
    assert http.get("/repository").status_code == 405
    too_large = {"Content-Length": str(10**9), "Content-Type": "text/xml"}
    assert http.post("/repository", content=b"x", headers=too_large).status_code == 413


def test_an_unknown_action_and_an_unknown_query_are_refused() -> None:
    request = messages.get_documents(["1.2"], assertion=HOUSE.assertion(), message_id="urn:uuid:1")
    wrong = request.body.replace(messages.QUERY.encode(), b"urn:other")
    assert post(simulator(), wrong, request.content_type).status_code == 400
    other = request.body.replace(
        messages.GET_DOCUMENTS.encode(), b"urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
    )
    response = post(simulator(), other, request.content_type)
    with pytest.raises(Rejected, match="XDSUnknownStoredQuery"):
        messages.parse_documents(response.headers["content-type"], response.content)


# --- what goes wrong on demand ---------------------------------------------------------------------


def test_a_refusal_asked_for_is_given_as_many_times_as_asked() -> None:
    service = simulator()
    service.refuse("XDSRegistryBusy", times=2)
    for _ in range(2):
        with pytest.raises(Rejected) as refusal:
            feed(service)
        assert refusal.value.code == "XDSRegistryBusy"
    feed(service)
    assert [one.outcome for one in service.received] == ["XDSRegistryBusy", "XDSRegistryBusy", "Success"]


def test_a_cut_before_anything_leaves_nothing_stored() -> None:
    service = simulator()
    service.cut("before")
    with pytest.raises(Unreachable) as failure:
        feed(service)
    assert failure.value.maybe_done
    assert (service.registry.stored, len(service.received)) == ([], 1)


@pytest.mark.parametrize("moment", ["after", "middle"])
def test_a_cut_after_the_work_leaves_the_document_stored(moment: str) -> None:
    service = simulator()
    service.cut("after" if moment == "after" else "middle")
    with pytest.raises(Unreachable) as failure:
        feed(service)
    assert failure.value.maybe_done
    assert len(service.registry.stored) == 2
    service.heal()
    feed(service)


def test_slowness_is_felt() -> None:
    service = simulator()
    service.slow(0.2, times=1)
    start = time.monotonic()
    feed(service)
    assert time.monotonic() - start >= 0.2


# --- the control address ---------------------------------------------------------------------------


def test_the_control_address_shows_what_was_received_and_stored() -> None:
    service = simulator()
    lot = HOUSE.lot()
    client(service).submit(lot, assertion=HOUSE.assertion(), message_id="urn:uuid:7")
    report = client(service).http.get("/_sandbox").json()
    assert report["messages"] == 1
    assert report["received"][0]["message_id"] == "urn:uuid:7"
    assert report["received"][0]["unique_ids"] == [entry.unique_id for entry, _ in lot.documents]
    assert [one["unique_id"] for one in report["stored"]] == report["received"][0]["unique_ids"]


def test_the_control_address_turns_the_switches() -> None:
    service = simulator()
    http = client(service).http
    switches = {"refuse": "XDSRegistryBusy", "times": 1}
    assert (
        http.post("/_sandbox", content=json.dumps(switches)).json()["switches"]["refuse"] == "XDSRegistryBusy"
    )
    with pytest.raises(Rejected, match="XDSRegistryBusy"):
        feed(service)
    feed(service)
    assert http.post("/_sandbox", content=b'{"other": 1}').status_code == 400
    assert http.post("/_sandbox", content=b"not json").status_code == 400


def test_the_control_address_answers_the_loopback_only() -> None:
    transport = httpx.WSGITransport(simulator(), remote_addr="192.0.2.7")
    with httpx.Client(transport=transport, base_url="https://dmp.test") as http:
        assert http.get("/_sandbox").status_code == 403


def test_the_report_holds_no_personal_data() -> None:
    service = simulator()
    feed(service)
    report = client(service).http.get("/_sandbox").text
    assert PATIENT.matricule not in report
    assert "PAT-TROIS" not in report


# --- over TLS --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def today() -> Authority:
    return Authority.create(dt.datetime.now(dt.UTC))


@pytest.fixture
def served(today: Authority) -> Iterator[tuple[Simulator, str]]:
    service = Simulator(Policy(today.ca_pem), PATIENTS)
    server = today.server(["localhost"])
    with serve(service, server_context(today.ca_pem, server.cert_pem, server.key_pem)) as url:
        yield service, url


VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


def shown(today: Authority, case: str) -> ssl.SSLContext:
    """A client's context that shows no certificate, one of another authority, or one whose time is over."""
    if case == "none":
        return tls.client_context(today.ca_pem)
    authority = Authority.create(dt.datetime.now(dt.UTC)) if case == "another authority" else today
    end = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if case == "expired" else None
    own = authority.client("Jalon", not_after=end)
    return tls.client_context(today.ca_pem, own.cert_pem, own.key_pem)


def ask(url: str, context: ssl.SSLContext) -> None:
    with httpx.Client(verify=context, base_url=url) as http:
        Client(http).exists(
            PATIENT, APPLICATION, assertion=HOUSE.assertion(), message_id="urn:uuid:1", query_id="1", at=NOW
        )


@VERSIONS
@pytest.mark.parametrize("case", ["none", "another authority"])
def test_a_certificate_that_is_refused_waits_for_a_person_and_gets_nothing(
    today: Authority, served: tuple[Simulator, str], case: str, version: ssl.TLSVersion
) -> None:
    service, url = served
    context = shown(today, case)
    context.minimum_version = context.maximum_version = version
    with pytest.raises(Rejected, match="refuse le certificat de la structure") as refusal:
        ask(url, context)
    assert refusal.value.code in {
        "SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLSV1_ALERT_UNKNOWN_CA",
    }  # fmt: skip
    assert service.received == []


@VERSIONS
def test_a_certificate_that_is_over_for_the_dmp_alone_waits_for_the_next_one(
    today: Authority, served: tuple[Simulator, str], version: ssl.TLSVersion
) -> None:
    """SC.DMP/ALI/PROG.06: nothing left, and it leaves by itself once the certificate is renewed."""
    service, url = served
    context = shown(today, "expired")
    context.minimum_version = context.maximum_version = version
    with pytest.raises(Unreachable) as failure:
        ask(url, context)
    assert not failure.value.maybe_done
    assert service.received == []


def test_the_seal_must_not_be_the_tls_certificate(today: Authority, served: tuple[Simulator, str]) -> None:
    service, url = served
    house = House.of(today, dt.datetime.now(dt.UTC))
    context = tls.client_context(today.ca_pem, house.seal.cert_pem, house.seal.key_pem)
    with (
        httpx.Client(verify=context, base_url=url) as http,
        pytest.raises(Rejected, match="certificat TLS"),
    ):
        Client(http).find_by_unique_id([oid()], assertion=house.assertion(), message_id=message_id())
    assert len(service.received) == 1


def test_an_update_of_an_unknown_entry_or_with_no_change_is_refused() -> None:
    service = simulator()
    with pytest.raises(Rejected, match="XDSMetadataUpdateError"):
        client(service).delete(
            submission(oid()), "urn:uuid:none", assertion=HOUSE.assertion(), message_id=message_id()
        )

"""What a failure means: nothing left, perhaps done, refused, or out of the protocol."""

import httpx
import pytest

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.formats import soap, xds
from jalon.gateways.dmp.client import Addresses, Client
from jalon.gateways.dmp.messages import SUCCESS
from tests.gateways.dmp.samples import House, message_id, oid

HOUSE = House.of()
RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"


def find(answer: httpx.Response | Exception) -> tuple[xds.DocumentEntry, ...]:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with httpx.Client(transport=httpx.MockTransport(respond), base_url="https://dmp.test") as http:
        return Client(http).find_by_unique_id([oid()], assertion=HOUSE.assertion(), message_id=message_id())


@pytest.mark.parametrize(
    ("error", "maybe_done"),
    [
        (httpx.ConnectError("x"), False),
        (httpx.ConnectTimeout("x"), False),
        (httpx.PoolTimeout("x"), False),
        (httpx.ProxyError("x"), False),
        (httpx.ReadError("x"), True),
        (httpx.ReadTimeout("x"), True),
        (httpx.WriteError("x"), True),
        (httpx.WriteTimeout("x"), True),
        (httpx.RemoteProtocolError("x"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_of_the_network_says_whether_the_work_may_be_done(
    error: httpx.TransportError, maybe_done: bool
) -> None:
    with pytest.raises(Unreachable) as failure:
        find(error)
    assert failure.value.maybe_done is maybe_done
    assert failure.value.service == "DMP"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_page_of_a_proxy_is_an_outage_after_which_the_work_may_be_done(status: int) -> None:
    with pytest.raises(Unreachable) as failure:
        find(httpx.Response(status, text="Bad gateway", headers={"Content-Type": "text/html"}))
    assert failure.value.maybe_done


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_is_a_refusal(status: int) -> None:
    with pytest.raises(Rejected) as refusal:
        find(httpx.Response(status, text="Forbidden", headers={"Content-Type": "text/html"}))
    assert refusal.value.code == str(status)


def test_a_page_in_place_of_an_answer_is_out_of_the_protocol() -> None:
    with pytest.raises(Malformed) as failure:
        find(httpx.Response(200, text="<p>Bienvenue", headers={"Content-Type": "text/html"}))
    assert failure.value.raw == b"<p>Bienvenue"


def test_a_truncated_answer_is_kept_as_it_came() -> None:
    whole = soap.fault(soap.Addressing("urn:a", "urn:uuid:1"), "x")
    with pytest.raises(Malformed) as failure:
        find(httpx.Response(200, content=whole[:60], headers={"Content-Type": "application/soap+xml"}))
    assert failure.value.raw == whole[:60]


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_fault_is_a_refusal_whatever_its_status(status: int) -> None:
    body = soap.fault(soap.Addressing("urn:a", "urn:uuid:1"), "Refusé", code="Receiver")
    with pytest.raises(Rejected) as refusal:
        find(httpx.Response(status, content=body, headers={"Content-Type": "application/soap+xml"}))
    assert (refusal.value.code, refusal.value.label) == ("Receiver", "Refusé")


def enveloped(payload: str) -> bytes:
    return f'<e:Envelope xmlns:e="{soap.SOAP12}"><e:Body>{payload}</e:Body></e:Envelope>'.encode()


def test_an_answer_in_several_parts_is_read() -> None:
    query = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
    content = enveloped(f'<q:AdhocQueryResponse xmlns:q="{query}" status="{SUCCESS}"/>')
    kind, body = soap.pack(content, [], action="urn:a")
    assert find(httpx.Response(200, content=body, headers={"Content-Type": kind})) == ()


def test_addresses_may_be_changed() -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        content = enveloped(f'<r:RegistryResponse xmlns:r="{RS}" status="{SUCCESS}"/>')
        return httpx.Response(200, content=content, headers={"Content-Type": "application/soap+xml"})

    with httpx.Client(transport=httpx.MockTransport(respond), base_url="https://dmp.test") as http:
        client = Client(http, Addresses(repository="/elsewhere"))
        client.submit(HOUSE.lot(), assertion=HOUSE.assertion(), message_id=message_id())
    assert asked == ["/elsewhere"]

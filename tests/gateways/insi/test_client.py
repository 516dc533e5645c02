"""The client against whatever may happen on the wire."""

from collections.abc import Callable

import httpx
import pytest

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.gateways.insi import messages
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import Found, first_attempt
from jalon_sandbox.insi.simulator import Simulator
from tests.gateways.insi.people import MESSAGE_ID, NOW, SOFTWARE, invented, traits_of

CAMILLE = traits_of(invented())
Handler = Callable[[httpx.Request], httpx.Response]


def ask(handler: Handler) -> messages.Answer:
    with httpx.Client(transport=httpx.MockTransport(handler), base_url="https://insi.test") as http:
        return Client(http, SOFTWARE).search(
            first_attempt(CAMILLE), message_id=MESSAGE_ID, now=NOW, sender="agent@ehpad.test"
        )


def answering(status: int, content: bytes = b"<html/>") -> Handler:
    return lambda request: httpx.Response(status, content=content)


def test_one_call_is_one_request_at_the_address_of_the_service() -> None:
    simulator = Simulator([invented()], idams=[SOFTWARE.idam])
    with httpx.Client(transport=httpx.WSGITransport(app=simulator), base_url="https://insi.test") as http:
        answer = Client(http, SOFTWARE).search(
            first_attempt(CAMILLE), message_id=MESSAGE_ID, now=NOW, sender="agent@ehpad.test"
        )
    assert isinstance(answer, Found)
    assert len(simulator.received) == 1


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_a_cut_cable_is_unreachable(error: type[httpx.TransportError]) -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise error("coupure")

    with pytest.raises(Unreachable):
        ask(cut)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_service_that_fails_without_a_fault_is_unreachable(status: int) -> None:
    with pytest.raises(Unreachable):
        ask(answering(status))


def test_a_refusal_of_the_network_is_rejected_with_its_status() -> None:
    with pytest.raises(Rejected) as refusal:
        ask(answering(403))
    assert refusal.value.code == "HTTP 403"


def test_a_page_instead_of_an_answer_is_malformed() -> None:
    with pytest.raises(Malformed) as broken:
        ask(answering(200, b"<html>Bonjour</html>"))
    assert broken.value.raw == b"<html>Bonjour</html>"


def test_a_fault_is_read_whatever_its_status() -> None:
    fault = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Detail>'
        '<e:Erreur xmlns:e="urn:siram" code="desir_550" severite="erreur">Inconnu.</e:Erreur>'
        "</s:Detail></s:Fault></s:Body></s:Envelope>"
    )
    for status in (200, 400, 500):
        with pytest.raises(Rejected) as refusal:
            ask(answering(status, fault.encode()))
        assert refusal.value.code == "desir_550"

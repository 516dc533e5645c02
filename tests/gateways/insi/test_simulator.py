"""The sandbox is as strict as the service: over mutual TLS, on the envelope, on the names."""

import dataclasses
import datetime as dt
import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.formats import xml
from jalon.gateways.common import tls
from jalon.gateways.insi import messages
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import Answer, Found, NotFound, Unusable, first_attempt
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import serve, server_context
from jalon_sandbox.insi import simulator
from tests.gateways.insi.people import (
    MESSAGE_ID,
    NOW,
    SAMPLES,
    SOFTWARE,
    XSD,
    invented,
    official,
    traits_of,
)
from tests.support import needs_shared

CAMILLE = traits_of(invented())
REQUEST = messages.search(
    first_attempt(CAMILLE), software=SOFTWARE, message_id=MESSAGE_ID, now=NOW, sender="agent@ehpad.test"
)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create(dt.datetime.now(dt.UTC))


@pytest.fixture
def sandbox() -> simulator.Simulator:
    return simulator.Simulator([invented()], idams=[SOFTWARE.idam])


@pytest.fixture
def url(sandbox: simulator.Simulator, authority: Authority) -> Iterator[str]:
    own = authority.server(["localhost"])
    context = server_context(authority.ca_pem, own.cert_pem, own.key_pem)
    with serve(sandbox, context) as address:
        yield address


def presenting(authority: Authority, common_name: str) -> ssl.SSLContext:
    own = authority.client(common_name)
    return tls.client_context(authority.ca_pem, own.cert_pem, own.key_pem)


def ask(url: str, context: ssl.SSLContext) -> Answer:
    with httpx.Client(base_url=url, verify=context, timeout=5) as http:
        return Client(http, SOFTWARE).search(
            first_attempt(CAMILLE), message_id=MESSAGE_ID, now=NOW, sender="agent@ehpad.test"
        )


# --- mutual TLS


@pytest.mark.requirement("SC.INS/va1.65")
@pytest.mark.parametrize("name", ["INSI-MANU", "INSI-AUTO"])
def test_the_two_names_of_a_software_certificate_are_let_in(
    url: str, authority: Authority, name: str
) -> None:
    assert isinstance(ask(url, presenting(authority, name)), Found)


def test_another_name_is_refused_by_the_service(url: str, authority: Authority) -> None:
    with pytest.raises(Rejected) as refusal:
        ask(url, presenting(authority, "Jalon"))
    assert refusal.value.code == "desir_560"


def test_no_certificate_or_another_authority_is_refused_by_tls(url: str, authority: Authority) -> None:
    stranger = Authority.create(authority.now).client("INSI-MANU")
    for context in (
        tls.client_context(authority.ca_pem),
        tls.client_context(authority.ca_pem, stranger.cert_pem, stranger.key_pem),
    ):
        with pytest.raises(Rejected, match="certificat"):
            ask(url, context)


# --- switches


def switch(url: str, context: ssl.SSLContext, **behavior: object) -> None:
    with httpx.Client(base_url=url, verify=context) as http:
        assert http.post("/_sandbox", json=behavior).json()["mode"] == behavior["mode"]


def test_a_refusal_is_the_one_that_was_asked_for(url: str, authority: Authority) -> None:
    context = presenting(authority, "INSI-MANU")
    switch(url, context, mode="refuse", code="desir_999", label="Refus d’essai.")
    with pytest.raises(Rejected) as refusal:
        ask(url, context)
    assert refusal.value.code == "desir_999"
    assert refusal.value.label.startswith("Refus d’essai.")
    switch(url, context, mode="normal")
    assert isinstance(ask(url, context), Found)


def test_a_cut_in_the_middle_of_the_answer_is_unreachable(url: str, authority: Authority) -> None:
    context = presenting(authority, "INSI-MANU")
    switch(url, context, mode="cut")
    with pytest.raises(Unreachable):
        ask(url, context)


def test_slowness_is_waited_for(url: str, authority: Authority) -> None:
    context = presenting(authority, "INSI-MANU")
    switch(url, context, mode="slow", seconds=0.2)
    start = time.monotonic()
    assert isinstance(ask(url, context), Found)
    assert time.monotonic() - start >= 0.2


def test_a_broken_answer_is_malformed(url: str, authority: Authority) -> None:
    context = presenting(authority, "INSI-MANU")
    switch(url, context, mode="broken")
    with pytest.raises(Malformed):
        ask(url, context)


# --- strictness


def send(sandbox: simulator.Simulator, request: bytes, kind: str = "application/soap+xml") -> httpx.Response:
    with httpx.Client(transport=httpx.WSGITransport(app=sandbox), base_url="https://insi.test") as http:
        return http.post("/lps", content=request, headers={"Content-Type": kind})


def refusal_of(sandbox: simulator.Simulator, request: bytes) -> str:
    with pytest.raises(Rejected) as refusal:
        messages.parse_answer(send(sandbox, request).content)
    return refusal.value.code


def test_the_request_of_the_client_is_accepted(sandbox: simulator.Simulator) -> None:
    assert send(sandbox, REQUEST).status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"rechercherInsAvecTraitsIdentite", b"rechercherAutreChose", "ActionNotSupported"),
        (b"wsa:MessageID", b"wsa:RelatesTo", "MessageAddressingHeaderRequired"),
        (b"uuid:b3549edd", b"b3549edd", "InvalidAddressingHeader"),
        (b"ctxlps:ContexteLPS", b"ctxlps:Contexte", "MessageAddressingHeaderRequired"),
        (SOFTWARE.idam.encode(), b"INCONNU", "desir_550"),
        (b"2003/05/soap-envelope", b"2001/12/soap-envelope", "VersionMismatch"),
        (b"RECSANSVITALE", b"RECVITALE", "Sender"),
        (b"insi_recsans_ins:Sexe", b"insi_recsans_ins:Genre", "Sender"),
        (b"FICTIVE", b"Fictive", "Sender"),
        (b"FICTIVE", "FICTIVÉ".encode(), "Sender"),
        (b"CAMILLE", b"CAMILLE-", "Sender"),
        (b"</soap:Body>", b"", "Sender"),
        (b"<insi_recsans_ins:Sexe>F</insi_recsans_ins:Sexe>", b"", "Sender"),
    ],
)
def test_a_request_that_breaks_the_interface_is_a_fault(
    sandbox: simulator.Simulator, old: bytes, new: bytes, code: str
) -> None:
    assert old in REQUEST
    assert refusal_of(sandbox, REQUEST.replace(old, new)) == code


def test_traits_out_of_order_are_a_fault(sandbox: simulator.Simulator) -> None:
    sex = b"<insi_recsans_ins:Sexe>F</insi_recsans_ins:Sexe>"
    moved = REQUEST.replace(sex, b"").replace(
        b"</insi_recsans_ins:RECSANSVITALE>", sex + b"</insi_recsans_ins:RECSANSVITALE>"
    )
    assert refusal_of(sandbox, moved) == "Sender"


def test_a_soap_1_1_content_type_is_a_fault(sandbox: simulator.Simulator) -> None:
    with pytest.raises(Rejected):
        messages.parse_answer(send(sandbox, REQUEST, kind="text/xml").content)


def test_elsewhere_there_is_nothing(sandbox: simulator.Simulator) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=sandbox), base_url="https://insi.test") as http:
        assert http.get("/lps").status_code == 404
        assert http.get("/_sandbox").json()["mode"] == "normal"


@needs_shared
def test_a_fault_follows_the_official_schema_and_names_the_message(sandbox: simulator.Simulator) -> None:
    answer = xml.parse(send(sandbox, REQUEST.replace(SOFTWARE.idam.encode(), b"INCONNU")).content)
    error = answer.find(".//{urn:siram}Erreur")
    published = xml.parse((SAMPLES / "fault_siram100_desir550.xml").read_bytes()).find(".//{urn:siram}Erreur")
    assert error is not None
    assert published is not None
    assert (error.text, sorted(error.items())) == (published.text, sorted(published.items()))
    etree.XMLSchema(etree.parse(XSD / "schema_faultSOAP_V01_01.xsd")).assertValid(error)


# --- the register


@needs_shared
@pytest.mark.parametrize("name", ["ECETINSI", "PROVISOIRE", "CORSE"])
def test_an_answer_follows_the_official_schema(name: str) -> None:
    citizen = official()[name]
    answer = xml.parse(ask_register(citizen, traits_of(citizen)))
    result = answer.find(".//{http://www.cnamts.fr/INSiResultat}RESULTAT")
    assert result is not None
    etree.XMLSchema(etree.parse(XSD / "ServiceIdentiteCertifiee/INSi_RESULTAT_INS.xsd")).assertValid(result)


def ask_register(citizen: simulator.Citizen, traits: messages.Traits) -> bytes:
    sandbox = simulator.Simulator([citizen], idams=[SOFTWARE.idam])
    request = messages.search(
        first_attempt(traits), software=SOFTWARE, message_id=MESSAGE_ID, now=NOW, sender="agent@ehpad.test"
    )
    return send(sandbox, request).content


@needs_shared
def test_the_register_answers_as_the_published_answer_does() -> None:
    citizen = official()["ECETINSI"]
    published = messages.parse_answer((SAMPLES / "TEST_2.04_cas2.xml").read_bytes())
    ours = messages.parse_answer(ask_register(citizen, traits_of(citizen)))
    assert isinstance(published, Found)
    assert isinstance(ours, Found)
    assert (ours.ins, ours.traits) == (published.ins, published.traits)
    assert [past.ins for past in ours.history] == [past.ins for past in published.history]


def test_someone_whose_date_is_lunar_is_found_by_the_completed_date_and_not_importable() -> None:
    citizen = invented(birth_date="1951-00-00")
    asked = dataclasses.replace(CAMILLE, birth_date=dt.date(1951, 12, 31))
    assert messages.parse_answer(ask_register(citizen, asked)) == Unusable("lunar_date")


def test_a_hyphen_counts() -> None:
    citizen = invented(birth_first_names="MARIE-ANNE LOUISE")
    assert (
        messages.parse_answer(ask_register(citizen, dataclasses.replace(CAMILLE, first_name="MARIE ANNE")))
        == NotFound()
    )


def test_the_beginning_of_a_first_name_is_not_the_first_name() -> None:
    citizen = invented(birth_first_names="CAMILLETTE")
    assert messages.parse_answer(ask_register(citizen, CAMILLE)) == NotFound()


def test_a_register_is_read_from_a_file(tmp_path: Path) -> None:
    past = {"matricule": "109076322083489", "oid": "1.2.250.1.213.1.4.8", "starts_on": "2019-03-01"}
    entry = dataclasses.asdict(invented()) | {"history": [past]}
    path = tmp_path / "register.json"
    path.write_text(json.dumps([entry]))
    (citizen,) = simulator.load(path)
    assert dataclasses.replace(citizen, history=()) == invented()
    assert citizen.history == (simulator.PastNumber(**past),)


def test_a_register_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    path.write_text(json.dumps([{"nom": "FICTIVE"}]))
    with pytest.raises(TypeError, match="nom"):
        simulator.load(path)

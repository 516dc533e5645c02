"""A signed assertion, or a certificate, in place of a secret: the way to userinfo, and what is refused."""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from jalon.core.errors import Malformed, Rejected
from jalon.gateways.common import tls
from jalon.gateways.psc.client import Client, discover
from jalon.gateways.psc.messages import Tokens
from jalon.gateways.psc.proof import Assertion, Certificate, Proof, thumbprint
from jalon_sandbox.common.pki import Authority, Credential
from jalon_sandbox.common.server import serve, server_context
from jalon_sandbox.psc.parties import Party
from jalon_sandbox.psc.simulator import DISCOVERY, Simulator
from tests.gateways.psc.browser import SignIn, browse
from tests.gateways.psc.people import NURSE, NURSE_SAMPLE, SOFTWARE, party
from tests.peers.oidc.oidc import running

NOW = dt.datetime.now(dt.UTC)
KEY = RSAKey.generate_key(2048).as_pem(private=True)
OTHER_KEY = RSAKey.generate_key(2048).as_pem(private=True)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create(NOW)


@pytest.fixture(scope="module")
def ours(authority: Authority) -> Credential:
    return authority.client("JALON-PSC")


def signed_in(psc: Client) -> Tokens:
    """Through the pages of the provider, then for the code."""
    request = SignIn(SOFTWARE)
    back = browse(psc.http, request.url(psc.endpoints), until=SOFTWARE.redirect_uri)
    return psc.redeem(back["code"], redirect_uri=SOFTWARE.redirect_uri, verifier=request.verifier)


def registered(**proof: object) -> Party:
    return dataclasses.replace(party(), secret="", **proof)  # type: ignore[arg-type]  # one of its fields


# --- an assertion


@pytest.fixture(
    scope="module",
    params=[
        "sandbox",
        pytest.param("oidc-provider", marks=[pytest.mark.needs_peer("node"), pytest.mark.needs_shared]),
    ],
)
def where(request: pytest.FixtureRequest) -> Iterator[str]:
    """The discovery address of a provider that knows the public half of our key."""
    if request.param == "sandbox":
        app = Simulator("", [NURSE], [registered(key=RSAKey.import_key(KEY).as_pem(private=False))])
        with serve(app, None) as url:
            app.settle(url)
            yield url + DISCOVERY
        return
    key = RSAKey.import_key(KEY)
    client = {
        "client_id": SOFTWARE.client_id,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS256",
        "jwks": {"keys": [key.as_dict(private=False, kid=key.thumbprint(), use="sig")]},
        "redirect_uris": [SOFTWARE.redirect_uri],
    }
    with running(NURSE_SAMPLE, client) as issuer:
        yield f"{issuer}/.well-known/openid-configuration"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as client:
        yield client


def by(http: httpx.Client, where: str, proof: Proof) -> Client:
    return Client(http, discover(http, where), SOFTWARE.client_id, proof)


def test_a_software_that_signs_its_requests_gets_to_the_identity(http: httpx.Client, where: str) -> None:
    psc = by(http, where, Assertion(KEY, dt.datetime.now(dt.UTC)))
    assert psc.userinfo(signed_in(psc).access_token).national_id == NURSE.national_id


@pytest.mark.parametrize(
    "proof",
    [Assertion(OTHER_KEY, NOW), Assertion(KEY, NOW - dt.timedelta(minutes=10))],
    ids=["another key", "too old"],
)
def test_an_assertion_of_another_key_or_too_old_is_refused(
    http: httpx.Client, where: str, proof: Assertion
) -> None:
    with pytest.raises(Rejected) as refusal:
        signed_in(by(http, where, proof))
    assert refusal.value.code == "invalid_client"


def test_an_assertion_serves_once(http: httpx.Client, where: str) -> None:
    psc = by(http, where, Assertion(KEY, dt.datetime.now(dt.UTC)))
    form = {"token": "x"} | psc.proof.form(psc.client_id, psc.endpoints.issuer)
    said = [http.post(psc.endpoints.introspection_endpoint, data=form).status_code for _ in range(2)]
    assert said == [200, 401]


def test_an_assertion_says_for_whom_it_is_and_ends_in_a_minute() -> None:
    form = Assertion(KEY, NOW).form("nous", "https://psc.test")
    claims = jwt.decode(form["client_assertion"], RSAKey.import_key(KEY), algorithms=["RS256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("nous", "nous", "https://psc.test")
    assert claims["exp"] - claims["iat"] == 60
    assert "KEY" not in repr(Assertion(b"KEY", NOW))


# --- a certificate


@dataclasses.dataclass(frozen=True)
class Behind:
    """A provider whose addresses for softwares ask for a certificate."""

    app: Simulator
    discovery: str
    authority: Authority

    @contextlib.contextmanager
    def meet(self, credential: Credential) -> Iterator[Client]:
        """A client that shows this certificate."""
        context = tls.client_context(self.authority.ca_pem, credential.cert_pem, credential.key_pem)
        with httpx.Client(verify=context, timeout=10) as http:
            endpoints = discover(http, self.discovery, mutual=True)
            yield Client(http, endpoints, SOFTWARE.client_id, Certificate(credential.cert_pem))


@pytest.fixture
def behind(authority: Authority, ours: Credential) -> Iterator[Behind]:
    app = Simulator("", [NURSE], [registered(certificate=thumbprint(ours.cert_pem))])
    server = authority.server(["localhost"])
    context = server_context(authority.ca_pem, server.cert_pem, server.key_pem)
    with serve(app, None) as url, serve(app, context) as mutual:
        app.settle(url, mutual)
        yield Behind(app, url + DISCOVERY, authority)


def test_a_software_known_by_its_certificate_gets_to_the_identity(behind: Behind, ours: Credential) -> None:
    with behind.meet(ours) as psc:
        assert psc.endpoints.token_endpoint.startswith("https:")
        assert psc.endpoints.authorization_endpoint.startswith("http:")
        assert psc.userinfo(signed_in(psc).access_token).national_id == NURSE.national_id


def test_another_certificate_of_the_same_authority_is_refused(behind: Behind) -> None:
    with behind.meet(behind.authority.client("UN-AUTRE")) as psc, pytest.raises(Rejected) as refusal:
        signed_in(psc)
    assert refusal.value.code == "invalid_client"


def test_a_token_bound_to_our_certificate_is_worth_nothing_to_a_thief(
    behind: Behind, ours: Credential
) -> None:
    with behind.meet(ours) as psc:
        token = signed_in(psc).access_token
    with behind.meet(behind.authority.client("VOLEUR")) as thief:
        with pytest.raises(Rejected) as refusal:
            thief.userinfo(token)
        assert refusal.value.code == "invalid_token"
        plain = dataclasses.replace(thief, endpoints=discover(thief.http, behind.discovery))
        with pytest.raises(Rejected):
            plain.userinfo(token)


def test_a_token_that_is_not_bound_to_our_certificate_is_not_used(behind: Behind, ours: Credential) -> None:
    another = Certificate(behind.authority.client("UN-AUTRE").cert_pem)
    with behind.meet(ours) as psc, pytest.raises(Malformed, match="lié au certificat"):
        signed_in(dataclasses.replace(psc, proof=another))

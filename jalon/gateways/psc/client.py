"""Move the messages of Pro Santé Connect on our side of the sign-in: code, userinfo, refresh, CIBA."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.gateways.psc import messages
from jalon.gateways.psc.claims import SERVICE, PscIdentity, parse_userinfo
from jalon.gateways.psc.messages import (
    DeviceLogin,
    DeviceRequest,
    Endpoints,
    Form,
    Introspection,
    Pending,
    Tokens,
)
from jalon.gateways.psc.proof import Proof


def discover(http: httpx.Client, url: str, *, mutual: bool = False) -> Endpoints:
    """Read the discovery document at `url`, whose name PSC chose freely: always given whole.

    `mutual`: the addresses where a certificate of ours is asked for, when they are others.
    """
    return messages.parse_discovery(_content(_send(http, "GET", url)), mutual=mutual)


@dataclass(frozen=True)
class Client:
    """PSC for one registered client, which says by `proof` that it is the one; `http` shows its certificate.

    Each method raises Unreachable, Rejected (with the OAuth error as its code) or Malformed.
    """

    http: httpx.Client
    endpoints: Endpoints
    client_id: str
    proof: Proof

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> Tokens:
        """The tokens of a code a browser brought back. `invalid_grant`: unknown, used, or another's.

        Raises Malformed when the provider binds tokens to certificates, and did not bind this one to ours.
        """
        form = messages.code_form(code, redirect_uri=redirect_uri, verifier=verifier)
        return self._bound(messages.parse_tokens(self._post(self.endpoints.token_endpoint, form)))

    def claims(self, access_token: str) -> dict[str, Any]:
        """What the provider says of who signed in, as it came."""
        headers = {"Authorization": f"Bearer {access_token}"}
        response = _send(self.http, "GET", self.endpoints.userinfo_endpoint, headers=headers)
        return messages.parse_object(_content(response))

    def userinfo(self, access_token: str) -> PscIdentity:
        return parse_userinfo(self.claims(access_token))

    def keys(self) -> dict[str, Any]:
        """The published keys (JWKS), for `messages.verify_id_token`."""
        return messages.parse_object(_content(_send(self.http, "GET", self.endpoints.jwks_uri)))

    def introspect(self, token: str) -> Introspection:
        form = messages.introspection_form(token)
        return messages.parse_introspection(self._post(self.endpoints.introspection_endpoint, form))

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens; the former refresh token no longer serves. `invalid_grant`: the PSC session is over."""
        form = messages.refresh_form(refresh_token)
        return self._bound(messages.parse_tokens(self._post(self.endpoints.token_endpoint, form)))

    def ask_device(self, request: DeviceRequest) -> DeviceLogin:
        return messages.parse_device_login(
            self._post(self.endpoints.backchannel_authentication_endpoint, messages.device_form(request))
        )

    def poll(self, auth_req_id: str) -> Tokens | Pending:
        """`access_denied`: refused on the telephone; `expired_token`: nobody answered in time."""
        form = messages.poll_form(auth_req_id)
        answer = messages.parse_poll(self._post(self.endpoints.token_endpoint, form))
        return answer if isinstance(answer, Pending) else self._bound(answer)

    def _bound(self, tokens: Tokens) -> Tokens:
        if self.endpoints.binds_tokens and self.proof.certificate:
            messages.require_bound(self.introspect(tokens.access_token), self.proof.certificate)
        return tokens

    def _post(self, url: str, form: Form) -> bytes:
        proved = {**form, **self.proof.form(self.client_id, self.endpoints.issuer)}
        auth = self.proof.password(self.client_id)
        return _content(_send(self.http, "POST", url, data=proved, auth=auth))


def _send(http: httpx.Client, method: str, url: str, **arguments: Any) -> httpx.Response:
    try:
        return http.request(method, url, **arguments)
    except httpx.TransportError as error:
        raise Unreachable(SERVICE, "le service ne répond pas. Réessayez plus tard.") from error


def _content(response: httpx.Response) -> bytes:
    """The bytes to parse: an OAuth error travels in JSON with a status of failure; all else is told here."""
    if response.status_code >= 500:
        raise Unreachable(SERVICE, f"le service est en panne (HTTP {response.status_code}).")
    if response.is_success or _is_oauth_error(response):
        return response.content
    if response.status_code in (401, 403):
        raise Rejected(SERVICE, f"HTTP {response.status_code}", "l’accès est refusé ou n’est plus ouvert")
    raise Malformed(SERVICE, f"réponse inattendue (HTTP {response.status_code})", response.content)


def _is_oauth_error(response: httpx.Response) -> bool:
    try:
        return "error" in json.loads(response.content)
    except (ValueError, TypeError):
        return False

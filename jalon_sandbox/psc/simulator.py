"""A sandbox of Pro Santé Connect: an OpenID provider as a WSGI application, all in memory, all fictional.

As strict as the service where a software may go wrong: PKCE S256, `acr_values=eidas1`, exact addresses of
return, codes once and for 60 s. `POST /_sandbox` takes `{"fault": …}` (an id_token to refuse: see
`sandbox.tokens.FAULTS`, `alg_none`, `wrong_key`), `{"rotate": true}` (new signing key, `"forget": true` to
withdraw the former), `{"mode": "down" | "slow" | "cut" | "normal", "seconds": …}`.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlsplit

import orjson

from jalon.gateways.psc.messages import ACR, CIBA_GRANT
from jalon_sandbox.psc import pages
from jalon_sandbox.psc.devices import Devices
from jalon_sandbox.psc.discovery import AUTHORIZE, DISCOVERY, PROTOCOL, REALM, discovery
from jalon_sandbox.psc.parties import Parties, Party
from jalon_sandbox.psc.people import Professional, Site, load
from jalon_sandbox.psc.tokens import CODE_LIFE, Fault, Grant, Session, Tokens
from jalon_sandbox.psc.wire import (
    Environ,
    OAuthError,
    Request,
    Response,
    StartResponse,
    as_json,
    redirect,
)

__all__ = ["DISCOVERY", "Party", "Professional", "Simulator", "Site", "load"]

CHOICE = "/wallet/auth/choix"
DEVICE = "/wallet/appareil"
COOKIE = "psc_sandbox_session"


@dataclass(frozen=True)
class _Asked:
    """An authorization request found right."""

    party: Party
    redirect_uri: str
    state: str
    scope: str
    nonce: str
    challenge: str


class _RefusedError(Exception):
    """An authorization request refused to the software itself, at its address of return."""

    def __init__(self, redirect_uri: str, state: str, code: str, description: str) -> None:
        super().__init__(code)
        self.redirect_uri = redirect_uri
        self.parameters = {"error": code, "error_description": description, "state": state}


class Simulator:
    """The provider. `base` is the address it is served at, without a final slash; see `settle`."""

    def __init__(
        self,
        base: str,
        professionals: Iterable[Professional],
        parties: Iterable[Party],
        *,
        clock: Callable[[], float] = time.time,
        ciba_interval: int = 5,
    ) -> None:
        self.base = base
        self.clock = clock
        self.professionals = {person.national_id: person for person in professionals}
        self.parties = {party.client_id: party for party in parties}
        self.tokens = Tokens(base + REALM, clock)
        self.registered = Parties(self.parties, lambda: self.tokens.issuer, clock)
        self.mutual = ""
        self.devices = Devices(clock, ciba_interval)
        self.mode, self.seconds = "normal", 5.0
        self._sessions: dict[str, Session] = {}
        self._asked: dict[str, _Asked] = {}
        self._routes: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", DISCOVERY): self._discovery,
            ("GET", AUTHORIZE): self._authorize,
            ("POST", CHOICE): self._choose,
            ("GET", f"{PROTOCOL}/certs"): lambda request: as_json(self.tokens.keys.published()),
            ("POST", f"{PROTOCOL}/token"): self._token,
            ("GET", f"{PROTOCOL}/userinfo"): self._userinfo,
            ("POST", f"{PROTOCOL}/userinfo"): self._userinfo,
            ("POST", f"{PROTOCOL}/token/introspect"): self._introspect,
            ("GET", f"{PROTOCOL}/logout"): self._logout,
            ("POST", f"{PROTOCOL}/logout"): self._logout,
            ("POST", f"{PROTOCOL}/ext/ciba/auth"): self._ask_device,
            ("GET", DEVICE): self._device,
            ("POST", DEVICE): self._answer_device,
            ("GET", "/wallet/style.css"): lambda request: pages.style(),
            ("POST", "/_sandbox"): self._sandbox,
        }

    def settle(self, base: str, mutual: str = "") -> None:
        """Take the address it is served at, when it is known only once the server listens.

        `mutual`: where it is served too, to softwares that show a certificate.
        """
        self.base, self.mutual = base, mutual
        self.tokens.issuer = base + REALM

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request.read(environ)
        if request.path != "/_sandbox":
            if self.mode == "slow":
                time.sleep(self.seconds)
            if self.mode == "cut":
                # More is announced than sent: the client sees the connection end inside the answer.
                start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "4096")])
                return [b"<"]
        return self._respond(request).send(start_response)

    def _respond(self, request: Request) -> Response:
        if self.mode == "down" and request.path != "/_sandbox":
            return pages.message("Service indisponible", "Revenez plus tard.", 503)
        route = self._routes.get((request.method, request.path))
        if route is None:
            return pages.message("Page inconnue", "Cette adresse n’existe pas ici.", 404)
        try:
            return route(request)
        except OAuthError as error:
            if request.path in (AUTHORIZE, f"{PROTOCOL}/logout"):
                return pages.message("Demande refusée", error.description, 400)
            return error.response()
        except _RefusedError as refusal:
            return redirect(refusal.redirect_uri, refusal.parameters)

    # --- discovery

    def _discovery(self, request: Request) -> Response:
        return as_json(discovery(self.base, self.tokens.issuer, self.mutual))

    # --- sign-in in the browser

    def _authorize(self, request: Request) -> Response:
        asked = self._check_authorization(request.query)
        prompt = request.query.get("prompt", "").split()
        session = self._session(request)
        if session and "login" not in prompt and request.query.get("max_age") != "0":
            return self._grant(asked, session)
        if "none" in prompt:
            raise _RefusedError(asked.redirect_uri, asked.state, "login_required", "aucune session ouverte")
        transaction = secrets.token_urlsafe(24)
        self._asked[transaction] = asked
        target = urlsplit(asked.redirect_uri)
        return pages.choose(
            self.professionals.values(),
            action=CHOICE,
            transaction=transaction,
            party=asked.party.client_id,
            form_targets=f"{target.scheme}://{target.netloc}",
        )

    def _check_authorization(self, query: dict[str, str]) -> _Asked:
        party = self.parties.get(query.get("client_id", ""))
        redirect_uri, state = query.get("redirect_uri", ""), query.get("state", "")
        if party is None or redirect_uri not in party.redirect_uris:
            # Never send anyone to an address that was not registered.
            raise OAuthError("invalid_request", "logiciel inconnu, ou adresse de retour non enregistrée")
        refusals = {
            ("unsupported_response_type", "response_type=code"): query.get("response_type") == "code",
            ("invalid_request", "state"): bool(state),
            ("invalid_scope", "scope=openid scope_all"): {"openid", "scope_all"}
            <= set(query.get("scope", "").split()),
            ("invalid_request", "acr_values=eidas1"): ACR in query.get("acr_values", "").split(),
            ("invalid_request", "code_challenge_method=S256"): query.get("code_challenge_method") == "S256",
            ("invalid_request", "code_challenge"): len(query.get("code_challenge", "")) == 43,
        }
        for (code, wanted), right in refusals.items():
            if not right:
                raise _RefusedError(redirect_uri, state, code, f"attendu\u00a0: {wanted}")
        return _Asked(
            party, redirect_uri, state, query["scope"], query.get("nonce", ""), query["code_challenge"]
        )

    def _choose(self, request: Request) -> Response:
        asked = self._asked.pop(request.form.get("transaction", ""), None)
        if asked is None:
            return pages.message("Demande inconnue", "Recommencez depuis votre logiciel.", 400)
        who = self.professionals.get(request.form.get("professional", ""))
        if who is None:
            raise _RefusedError(asked.redirect_uri, asked.state, "access_denied", "abandon")
        session = self._open_session(who)
        secure = "; Secure" if self.base.startswith("https:") else ""
        cookie = f"{COOKIE}={session.sid}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return self._grant(asked, session, ("Set-Cookie", cookie))

    def _grant(self, asked: _Asked, session: Session, *headers: tuple[str, str]) -> Response:
        session.seen = self.clock()
        code = self.tokens.code(
            Grant(
                session,
                asked.party.client_id,
                asked.scope,
                asked.nonce,
                self.clock() + CODE_LIFE,
                asked.redirect_uri,
                asked.challenge,
            )
        )
        given = {"code": code, "state": asked.state, "session_state": session.sid, "iss": self.tokens.issuer}
        return redirect(asked.redirect_uri, given, *headers)

    def _open_session(self, who: Professional) -> Session:
        now = self.clock()
        session = Session(secrets.token_urlsafe(24), who, now, now)
        self._sessions[session.sid] = session
        return session

    def _session(self, request: Request) -> Session | None:
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        return session if session and session.alive(self.clock()) else None

    # --- tokens

    def _token(self, request: Request) -> Response:
        party = self.registered.authenticated(request)
        form = request.form
        grants = {
            "authorization_code": self._redeem,
            "refresh_token": self._renew,
            CIBA_GRANT: self._poll_device,
        }
        kind = form.get("grant_type", "")
        if kind not in grants:
            raise OAuthError("unsupported_grant_type", kind)
        return as_json(self.tokens.issue(grants[kind](party, form)))

    def _redeem(self, party: Party, form: dict[str, str]) -> Grant:
        return self.tokens.redeem(
            form.get("code", ""),
            client_id=party.client_id,
            redirect_uri=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
        )

    def _renew(self, party: Party, form: dict[str, str]) -> Grant:
        return self.tokens.renew(form.get("refresh_token", ""), client_id=party.client_id)

    def _userinfo(self, request: Request) -> Response:
        scheme, _, token = request.authorization.partition(" ")
        grant = self.tokens.bearer(token) if scheme.lower() == "bearer" else None
        if grant is None or self._bound_elsewhere(grant, request):
            raise OAuthError("invalid_token", "Token verification failed", 401)
        return as_json(grant.session.who.userinfo())

    def _bound_elsewhere(self, grant: Grant, request: Request) -> bool:
        """Was the token given to a certificate that is not the one of this connection?"""
        certificate = self.parties[grant.client_id].certificate
        return bool(certificate) and certificate != request.certificate

    def _introspect(self, request: Request) -> Response:
        self.registered.authenticated(request)
        said = self.tokens.introspect(request.form.get("token", ""))
        bound = self.parties[said["client_id"]].certificate if said["active"] else ""
        return as_json(said | ({"cnf": {"x5t#S256": bound}} if bound else {}))

    # --- sign-in on a telephone

    def _ask_device(self, request: Request) -> Response:
        party, form = self.registered.authenticated(request), request.form
        if ACR not in form.get("acr_values", "").split():
            raise OAuthError("invalid_request", "attendu\u00a0: acr_values=eidas1")
        if "openid" not in form.get("scope", "").split():
            raise OAuthError("invalid_scope", "attendu\u00a0: openid")
        who = self.professionals.get(form.get("login_hint", ""))
        if who is None:
            raise OAuthError("unknown_user_id", "login_hint inconnu")
        return as_json(self.devices.ask(party.client_id, who, form))

    def _poll_device(self, party: Party, form: dict[str, str]) -> Grant:
        demand = self.devices.poll(form.get("auth_req_id", ""), party.client_id)
        return Grant(self._open_session(demand.who), party.client_id, demand.scope, "", self.clock())

    def _device(self, request: Request) -> Response:
        return pages.device(self.devices.waiting(), action=DEVICE)

    def _answer_device(self, request: Request) -> Response:
        self.devices.answer(request.form.get("auth_req_id", ""), request.form.get("answer", ""))
        return self._device(request)

    # --- logout

    def _logout(self, request: Request) -> Response:
        given = request.form if request.method == "POST" else request.query
        hint = given.get("id_token_hint", "")
        claims = self.tokens.keys.read(hint) if hint else {}
        return_to = given.get("post_logout_redirect_uri", "")
        party = self.parties.get(str(claims.get("aud", "")))
        if return_to and (party is None or return_to not in party.logout_uris):
            raise OAuthError("invalid_request", "Invalid redirect uri")
        for sid in {str(claims.get("sid", "")), request.cookies.get(COOKIE, "")}:
            self._sessions.pop(sid, None)
            self.tokens.revoke(sid)
        forget = ("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0")
        if return_to:
            return redirect(return_to, {"state": given.get("state", "")}, forget)
        return pages.message("Vous êtes déconnecté", "Votre session est fermée.")

    # --- switches

    def _sandbox(self, request: Request) -> Response:
        asked = orjson.loads(request.body or b"{}")
        fault = asked.get("fault", self.tokens.fault)
        if fault not in get_args(Fault):
            raise OAuthError("invalid_request", "fault inconnu")
        self.tokens.fault = fault
        self.mode = asked.get("mode", self.mode)
        self.seconds = float(asked.get("seconds", self.seconds))
        if asked.get("rotate"):
            self.tokens.keys.rotate()
        if asked.get("forget"):
            self.tokens.keys.forget()
        return as_json({"fault": fault, "mode": self.mode, "seconds": self.seconds})

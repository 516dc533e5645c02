"""The simulated operator's SMTP side: aiosmtpd under mutual TLS, asking the post office at each step."""

import asyncio
import base64
import binascii
import logging
import re
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from jalon_sandbox.mssante.office import SIZE_LIMIT, Office

NOBODY = "<>"  # the empty sender of reports
XOAUTH2 = re.compile(rb"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01")
FAILED = "535 5.7.8 Authentication failed"

# The library logs every address, and a trace for every client refused or gone: the life of a sandbox.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

CheckLogin = Callable[[str, str], bool]


class Handler:
    """One answer for each SMTP command that the post office has a say in."""

    def __init__(self, office: Office, check_token: CheckLogin) -> None:
        self.office = office
        self.check_token = check_token

    async def handle_MAIL(  # noqa: N802  the library finds its hooks by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = "" if address == NOBODY else self.office.sender_refusal(address, _logged_in(session))
        if refusal:
            return refusal
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  the library finds its hooks by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.office.recipient_refusal(address, envelope.rcpt_tos)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  the library finds its hooks by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        switches = self.office.switches
        await asyncio.sleep(switches.slow)
        if switches.spend("busy"):
            return "451 4.3.2 Try again later"
        if switches.spend("cut_before_taking"):
            await _hang_up(server)
        data = bytes(envelope.content or b"") if not isinstance(envelope.content, str) else b""
        mail = self.office.read(data)
        if isinstance(mail, str):
            return mail
        sender = "" if envelope.mail_from == NOBODY else str(envelope.mail_from)
        await self.office.take(sender, envelope.rcpt_tos, data, mail)
        if switches.spend("cut_after_taking"):
            await _hang_up(server)
        return f"250 2.0.0 OK queued as {sum(self.office.taken.values())}"

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802  same
        """`AUTH XOAUTH2 <initial response>` (SC.MSS/CONF.07)."""
        try:
            found = XOAUTH2.fullmatch(base64.b64decode(arguments[1], validate=True))
        except (IndexError, binascii.Error):
            found = None
        address, token = (each.decode("utf-8", "replace") for each in found.groups()) if found else ("", "")
        if not self.check_token(address, token):
            return AuthResult(success=False, handled=False, message=FAILED)
        return AuthResult(success=True, handled=False, auth_data=LoginPassword(address.encode(), b""))


def _logged_in(session: Session) -> str:
    """The mailbox that logged in, when one did."""
    known = session.auth_data
    return known.login.decode("utf-8", "replace") if isinstance(known, LoginPassword) else ""


async def _hang_up(server: SMTP) -> None:
    """Cut the cable and wait: losing the connection cancels the task that serves it."""
    if server.transport is not None:
        server.transport.abort()  # type: ignore[attr-defined]  # declared as the base of all transports
    await asyncio.Event().wait()


def protocol(office: Office, check_password: CheckLogin, check_token: CheckLogin, **options: Any) -> SMTP:
    """One connection. `options` say how TLS is reached (`tls_context`, `require_starttls`…)."""

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        address = login.login.decode("utf-8", "replace")
        if not check_password(address, login.password.decode("utf-8", "replace")):
            return AuthResult(success=False, handled=False, message=FAILED)
        return AuthResult(success=True, handled=False, auth_data=LoginPassword(address.encode(), b""))

    return SMTP(
        Handler(office, check_token),
        hostname=f"smtp.{office.domain}",
        ident="Jalon sandbox",
        data_size_limit=SIZE_LIMIT,
        authenticator=authenticate,
        auth_exclude_mechanism=["LOGIN"],
        **options,
    )

"""SMTP out: one mail, one answer, and the truth about what is known when the answer does not come."""

import contextlib
import re
import smtplib
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jalon.core.errors import DomainError, GatewayError, Malformed, Unreachable
from jalon.formats.mime import ADDRESS
from jalon.gateways.mssante.access import (
    Account,
    Password,
    Server,
    answered_no,
    plain,
    unreachable,
    xoauth2,
)
from jalon.gateways.mssante.messages import NBSP, SERVICE

GO_AHEAD = 354


@dataclass(frozen=True)
class Accepted:
    """The operator has taken the mail: its own words, often with its queue's number, for the proof."""

    code: int
    reply: str


def no_checkpoint(step: str) -> None:
    """Called at each step of a sending; tests put faults here."""


@dataclass(frozen=True)
class Sender:
    """Sends mails through one operator. Each sending opens its own session, under mutual TLS."""

    server: Server
    account: Account | None = None
    checkpoint: Callable[[str], None] = no_checkpoint

    def send(self, mail: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        """Hand `mail` over. All recipients are accepted or nothing is sent. `sender` may be empty (a report).

        Raises Rejected when the operator refuses the identity, the sender, a recipient or the content (5xx);
        Unreachable when it cannot be reached, hangs up or asks to wait (4xx): `maybe_done` is true only if
        the whole mail had left and its answer was lost, which `Mailbox.find_sent` can settle. Malformed when
        the operator does not speak the protocol.
        """
        _check(sender, recipients)
        with self._session() as session:
            _ask(session.mail(sender, _size(session, mail)))
            for recipient in recipients:
                _ask(session.rcpt(recipient), f"{recipient}{NBSP}: ")
            self.checkpoint("before_data")
            _hand_over(session, mail)
            accepted = _last_word(session)
        # Outside the session: whatever fails from here on must not pass for a mail that was not taken.
        self.checkpoint("after_250")
        return accepted

    @contextlib.contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        with _translated():
            session = self._connected()
        try:
            with _translated():
                self._introduce(session)
                yield session
        finally:
            # What the operator says of our leaving changes nothing to what it has answered before.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                session.quit()
            session.close()

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        session: smtplib.SMTP
        if server.starttls:
            session = smtplib.SMTP(server.host, server.port, server.hello, server.timeout)
        else:
            session = smtplib.SMTP_SSL(
                server.host, server.port, server.hello, timeout=server.timeout, context=server.context
            )
        if session.sock is not None:
            # The final dot leaves alone: without this it would wait 40 ms for the acknowledgment of the mail.
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return session

    def _introduce(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        if self.server.starttls:
            _ask(session.starttls(context=self.server.context))
            session.ehlo()
        match self.account:
            case None:
                return
            case Password() as account:
                session.auth("PLAIN", lambda challenge=None: plain(account))
            case account:
                # A refused token is told in a challenge, to which the client answers with nothing.
                session.auth("XOAUTH2", lambda challenge=None: "" if challenge else xoauth2(account))


def _check(sender: str, recipients: Sequence[str]) -> None:
    addresses = [*recipients, *([sender] if sender else [])]
    if not recipients or not all(ADDRESS.fullmatch(address) for address in addresses):
        raise DomainError("Une adresse de messagerie est mal formée.", code="mssante_mailbox")


def _size(session: smtplib.SMTP, mail: bytes) -> list[str]:
    return [f"size={len(mail)}"] if session.has_extn("size") else []


def _ask(answer: tuple[int, bytes], about: str = "") -> None:
    code, label = answer
    if not 200 <= code < 300:
        raise answered_no(code, about + _text(label))


def _hand_over(session: smtplib.SMTP, mail: bytes) -> None:
    """DATA and the whole mail, its final dot excepted: a cut until here means that nothing was taken."""
    code, label = session.docmd("DATA")
    if code != GO_AHEAD:
        raise answered_no(code, _text(label))
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mail)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    session.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")


def _last_word(session: smtplib.SMTP) -> Accepted:
    """The final dot and its answer: a cut from here on leaves us not knowing."""
    try:
        session.send(b".\r\n")
        code, label = session.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise unreachable(error, maybe_done=True) from error
    if 400 <= code < 600:
        raise answered_no(code, _text(label))
    if not 200 <= code < 300:
        raise Unreachable(SERVICE, f"réponse illisible après l’envoi ({_text(label)})", maybe_done=True)
    return Accepted(code, _text(label))


def _text(label: bytes | str) -> str:
    return label.decode("utf-8", "replace") if isinstance(label, bytes) else label


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The library's errors in the house's words; ours pass."""
    try:
        yield
    except GatewayError:
        raise
    except smtplib.SMTPResponseException as error:
        raise answered_no(error.smtp_code, _text(error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Malformed(SERVICE, f"l’opérateur n’offre pas ce que la norme exige ({error})") from error
    except (smtplib.SMTPException, OSError) as error:
        raise unreachable(error) from error

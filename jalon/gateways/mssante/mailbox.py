"""IMAP: what came in, what was sent. Mails stay at the operator's until the house has committed."""

import contextlib
import datetime as dt
import imaplib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import imap_tools
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.formats.mime import IDENTIFIER
from jalon.formats.mime.reader import SIZE_LIMIT
from jalon.gateways.mssante.access import Account, Password, Server, plain, unreachable, xoauth2
from jalon.gateways.mssante.messages import SERVICE

INBOX = "INBOX"
SENT = "Sent"


@dataclass(frozen=True)
class RawMessage:
    """One received mail. (`uidvalidity`, `uid`) names it for ever in its folder.

    `data` is empty when `size` (bytes) exceeds the limit asked for: the mail was left at the operator's. So
    it is when the operator lists it and does not give it (`refused`).
    """

    uid: int
    uidvalidity: int
    size: int
    data: bytes
    refused: bool = False


@dataclass(frozen=True)
class Mailbox:
    """One mailbox, open. Use it through `open`; one thread at a time."""

    box: imap_tools.BaseMailBox

    @classmethod
    @contextlib.contextmanager
    def open(cls, server: Server, account: Account) -> Iterator["Mailbox"]:
        """Connect, log in, and log out at the end.

        Raises Rejected when the operator refuses the identity, Unreachable when it cannot be reached.
        """
        with _translated():
            box = _connected(server)
        try:
            with _translated(refused="identité refusée"):
                _log_in(box.client, account)
            yield cls(box)
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                box.logout()
            _close(box.client)

    def fetch_new(
        self, after_uid: int, *, uidvalidity: int | None = None, folder: str = INBOX, limit: int = SIZE_LIMIT
    ) -> Iterator[RawMessage]:
        """The mails that came after `after_uid`, oldest first; none is marked as read.

        One marked as deleted was moved already, at an operator that removes none itself.
        Where the folder is no longer the one of `uidvalidity`, every mail is new again: the caller knows the
        ones it holds by their Message-ID and bytes. A mail above `limit` bytes comes without its data.
        """
        with _translated():
            current = self._select(folder)
            start = after_uid + 1 if uidvalidity in {None, current} else 1
            uids = sorted(int(uid) for uid in self.box.uids(f"UID {start}:* UNDELETED", charset=None))
        # `n:*` names the last mail even when it is older than n.
        for uid in (uid for uid in uids if uid >= start):
            with _translated():
                raw = self._given(uid, current, limit)
            if raw is not None:
                yield raw

    def move(self, uid: int, folder: str, *, source: str = INBOX) -> None:
        """Put one mail into `folder`, which is created when missing (RFC 6851). A mail gone is no error."""
        with _translated():
            self._select(source)
            if not self.box.folder.exists(folder):
                self.box.folder.create(folder)
            if "MOVE" in self._capabilities():
                self._command("MOVE", str(uid), encode_folder(folder).decode("ascii"))
                return
            self._command("COPY", str(uid), encode_folder(folder).decode("ascii"))
            self._command("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._capabilities():  # a bare EXPUNGE would also remove others' deleted mails
                self._command("EXPUNGE", str(uid))

    def append_sent(self, data: bytes, *, date: dt.datetime, folder: str = SENT) -> None:
        """Keep a copy of a mail sent, at an operator that keeps none itself."""
        with _translated(maybe_done=True):
            if not self.box.folder.exists(folder):
                self.box.folder.create(folder)
            self.box.append(data, folder, dt=date, flag_set=[r"\Seen"])

    def find_sent(self, message_id: str, *, folder: str = SENT) -> tuple[int, ...]:
        """The UIDs of the copies the operator holds of a mail we sent: what settles a sending cut short.

        A copy proves that the mail was taken. No copy proves nothing before the time the operator needs to
        file one. Raises Rejected when there is no such folder: that must not pass for an absent mail.
        """
        if not IDENTIFIER.fullmatch(message_id) or '"' in message_id or "\\" in message_id:
            raise DomainError("Un identifiant de courriel est mal formé.", code="mssante_message_id")
        with _translated():
            self._select(folder, readonly=True)
            found = self.box.uids(f'HEADER Message-ID "<{message_id}>"', charset=None)
        return tuple(int(uid) for uid in found)

    def _select(self, folder: str, *, readonly: bool = False) -> int:
        """Open a folder and return its UIDVALIDITY."""
        self.box.folder.set(folder, readonly)
        _, values = self.box.client.response("UIDVALIDITY")
        if not values or not values[-1]:
            raise Malformed(SERVICE, "le dossier n’a pas d’UIDVALIDITY")
        return int(values[-1])

    def _given(self, uid: int, uidvalidity: int, limit: int) -> RawMessage | None:
        """One mail; what the operator answers about it alone stops none of the others."""
        try:
            return self._fetch(uid, uidvalidity, limit)
        except UnexpectedCommandStatusError:
            return RawMessage(uid, uidvalidity, 0, b"", refused=True)

    def _fetch(self, uid: int, uidvalidity: int, limit: int) -> RawMessage | None:
        """One mail, or None when it has just gone. Never more than `limit` bytes are asked for."""
        head = self._command("FETCH", str(uid), "(RFC822.SIZE)")
        found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(each for each in head if isinstance(each, bytes)))
        if not found:
            return None
        size = int(found[1])
        if size > limit:
            return RawMessage(uid, uidvalidity, size, b"")
        answer = self._command("FETCH", str(uid), f"(BODY.PEEK[]<0.{limit}>)")
        data = next((each[1] for each in answer if isinstance(each, tuple)), None)
        return None if data is None else RawMessage(uid, uidvalidity, len(data), data)

    def _command(self, name: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        status, answer = self.box.client.uid(name, *arguments)
        if status != "OK":
            raise UnexpectedCommandStatusError((status, answer), "OK")
        return answer

    def _capabilities(self) -> list[str]:
        # Asked again: MOVE and UIDPLUS are announced only once logged in.
        _, answer = self.box.client.capability()
        return bytes(answer[-1] or b"").decode("ascii", "replace").upper().split()


class _StartTls(imap_tools.MailBoxStartTls):
    """The library's, which forgets to close the connection when the operator refuses our certificate."""

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        with contextlib.ExitStack() as stack:
            client = imaplib.IMAP4(self._host, self._port, self._timeout)
            stack.callback(_close, client)
            client.starttls(self._ssl_context)
            stack.pop_all()
        return client


def _close(client: imaplib.IMAP4) -> None:
    with contextlib.suppress(OSError):  # closed already, by the other end or by a logout
        client.shutdown()


def _connected(server: Server) -> imap_tools.BaseMailBox:
    if server.starttls:
        return _StartTls(server.host, server.port, timeout=server.timeout, ssl_context=server.context)
    return imap_tools.MailBox(server.host, server.port, timeout=server.timeout, ssl_context=server.context)


def _log_in(client: imaplib.IMAP4, account: Account) -> None:
    match account:
        case Password():
            client.authenticate("PLAIN", lambda challenge: plain(account).encode())
        case token:
            # A refused token is told in a challenge, to which the client answers with nothing.
            client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else xoauth2(token).encode())


@contextlib.contextmanager
def _translated(*, refused: str = "", maybe_done: bool = False) -> Iterator[None]:
    """The library's errors in the house's words; ours pass."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as error:
        raise unreachable(error, maybe_done=maybe_done) from error
    except UnexpectedCommandStatusError as error:
        raise _answered(error) from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        if refused:
            raise Rejected(SERVICE, "", f"{refused} ({error})") from error
        raise Malformed(SERVICE, str(error)) from error


def _answered(error: UnexpectedCommandStatusError) -> Rejected | Malformed:
    status, data = error.command_result[:2]
    text = bytes(data[-1] or b"").decode("utf-8", "replace") if data else ""
    if status == "NO":
        return Rejected(SERVICE, "NO", text)
    return Malformed(SERVICE, f"réponse IMAP inattendue ({status} {text})")

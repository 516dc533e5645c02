"""The simulated operator's IMAP side: pymap, embedded, under mutual TLS, its mailboxes in memory."""

import argparse
import asyncio
import datetime as dt
import ssl
from collections.abc import Callable

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials, ExternalVerificationRequired
from pysasl.creds.server import ServerCredentials
from pysasl.identity import ClearIdentity
from pysasl.mechanism.oauth import OAuth2Mechanism
from pysasl.mechanism.plain import PlainMechanism

FOLDERS = ("Sent",)

SecretOf = Callable[[str], str | None]
CheckToken = Callable[[str, str], bool]


class _FromAfar(SocketInfoLocal):
    """A loopback client is given no privilege: pymap would let it log in before STARTTLS."""

    @property
    def from_localhost(self) -> bool:
        return False


class _House(Config):
    """pymap's settings: the mechanisms offered under TLS, and a greeting that does not name the machine."""

    @property
    def tls_auth(self) -> SASLAuth:
        return SASLAuth([PlainMechanism(), OAuth2Mechanism()])

    @property
    def greeting(self) -> bytes:
        return b"Jalon sandbox"


class _Door(Login):
    """Who may log in: the secrets and tokens are asked of the post office at each attempt."""

    def __init__(self, config: Config, secret_of: SecretOf, check_token: CheckToken) -> None:
        super().__init__(config)
        self.secret_of = secret_of
        self.check_token = check_token

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        address = credentials.authzid.lower()
        if not self._proved(address, credentials):
            raise InvalidAuth()
        self.users_dict.setdefault(address, UserMetadata(self.config, address))
        return Identity(address, self, None, frozenset())

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        return Identity(authenticated.name, self, None, frozenset())

    def _proved(self, address: str, credentials: ServerCredentials) -> bool:
        if isinstance(credentials, ExternalCredentials):
            try:
                credentials.verify(None)
            except ExternalVerificationRequired as required:
                return self.check_token(address, required.token or "")
        secret = self.secret_of(address)
        return secret is not None and bool(credentials.verify(ClearIdentity(credentials.authcid, secret)))


class Boxes:
    """Every mailbox of the operator. To be made and used in the loop that serves it."""

    def __init__(self, context: ssl.SSLContext, secret_of: SecretOf, check_token: CheckToken) -> None:
        self.context = context
        self.login = _door(context, secret_of, check_token)

    async def deliver(self, address: str, folder: str, data: bytes) -> None:
        """Put `data` in a folder; the mailbox and the folder are created when missing."""
        target = await self._folder(address, folder)
        await target.append(AppendMessage(data, dt.datetime.now(dt.UTC)), recent=True)

    async def contents(self, address: str, folder: str) -> list[bytes]:
        """The mails of a folder, oldest first."""
        source = await self._folder(address, folder)
        messages = [message async for message in source.messages()]
        return [bytes(await each.load_content(FetchRequirement.CONTENT)) for each in messages]

    async def serve(self, host: str, port: int, *, starttls: bool) -> asyncio.Server:
        config = _config(self.context, starttls=starttls)
        config.set_cache = self.login.config.set_cache
        server = IMAPServer(self.login, config)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await server(reader, writer, _FromAfar(writer))
            except (OSError, EOFError):
                writer.close()  # a client gone or refused is the ordinary life of a server

        return await asyncio.start_server(answer, host, port, ssl=None if starttls else self.context)

    async def _folder(self, address: str, folder: str) -> MailboxData:
        boxes: dict[str, tuple[MailboxSet, FilterSet]] = self.login.config.set_cache
        if address not in boxes:
            boxes[address] = (MailboxSet(), FilterSet())
            for name in FOLDERS:
                await boxes[address][0].add_mailbox(name)
        return await boxes[address][0].get_mailbox(folder)

    async def open_box(self, address: str) -> None:
        """Create a mailbox with its usual folders, so that a client finds them before any mail."""
        await self._folder(address, "INBOX")


def _config(context: ssl.SSLContext, *, starttls: bool) -> _House:
    arguments = argparse.Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None, debug=False)
    return _House(
        arguments,
        host=None,
        port=0,
        demo_data=False,
        demo_user="-",
        demo_password="-",  # noqa: S106  pymap wants one; no user of that name exists
        tls_enabled=starttls,
        ssl_context=context,
        reject_dnsbl=False,
        invalid_user_sleep=0,
    )


def _door(context: ssl.SSLContext, secret_of: SecretOf, check_token: CheckToken) -> _Door:
    config = _config(context, starttls=False)
    config.apply_context()
    return _Door(config, secret_of, check_token)

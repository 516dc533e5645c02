"""The simulated operator's post office: mailboxes, switches, rules, and the count of what it took.

Nothing is removed as a duplicate: a mail taken twice is counted twice and delivered twice.
"""

import datetime as dt
import email.utils
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, fields

from jalon.core.errors import DomainError
from jalon.formats import mime
from jalon.formats.mime import Address, Mail, Report
from jalon.gateways.mssante.messages import archives_of, citizen_matricule, is_real
from jalon_sandbox.mssante.archive import patients

SIZE_LIMIT = 36 * 10**6  # 25 MB of content once in base64, with its headers

Deliver = Callable[[str, str, bytes], Awaitable[None]]
"""Puts bytes into a folder of a mailbox."""


@dataclass(frozen=True)
class Box:
    """A PER, ORG or APP mailbox. Each of `secret` (PLAIN) and `token` (XOAUTH2) may be empty."""

    address: str
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass
class Switches:
    """What the operator is told to do wrong. Addresses are in lower case; counters count mails to come."""

    refused_senders: set[str] = field(default_factory=set)
    refused_recipients: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)
    bouncing: set[str] = field(default_factory=set)
    slow: float = 0.0
    busy: int = 0
    cut_before_taking: int = 0
    cut_after_taking: int = 0

    def change(self, values: dict[str, object]) -> None:
        """Set switches by name. Raises KeyError on an unknown one, TypeError or ValueError on a wrong one."""
        kinds = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        new = {name: kinds[name](value) for name, value in values.items()}
        for name, value in new.items():
            setattr(self, name, value)

    def spend(self, name: str) -> bool:
        """Use one of a counter's mails; false when none is left."""
        left: int = getattr(self, name)
        setattr(self, name, max(left - 1, 0))
        return left > 0


@dataclass
class Office:
    """One operator, serving `domain` and its sub-domains. Used from one asyncio loop."""

    domain: str
    deliver: Deliver
    boxes: dict[str, Box] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, box: Box) -> None:
        self.boxes[box.address.lower()] = box

    # --- rules: each answers with the SMTP reply of a refusal, or nothing ---------------------------

    def sender_refusal(self, address: str, logged_in_as: str = "") -> str:
        address = address.lower()
        if is_real(address):
            return "550 5.7.1 Real domains are refused by this sandbox"
        if address not in self.boxes or address in self.switches.refused_senders:
            return "550 5.7.1 Sender is not a mailbox of this operator"
        if logged_in_as and logged_in_as.lower() != address:
            return "553 5.7.1 Sender is not the mailbox logged in"
        return ""

    def recipient_refusal(self, address: str, already: Iterable[str]) -> str:
        address = address.lower()
        if is_real(address):
            return "550 5.7.1 Real domains are refused by this sandbox"
        if not self.is_ours(address):
            return "550 5.7.1 Relay access denied"
        if address in self.switches.full:
            return "552 5.2.2 Mailbox is full"
        if not self.exists(address) or address in self.switches.refused_recipients:
            return "550 5.1.1 User unknown"
        matricule = citizen_matricule(address)
        others = {citizen_matricule(each) for each in already} - {"", matricule}
        if matricule and others:
            return "550 5.7.1 One citizen only in a message"
        return ""

    def content_refusal(self, mail: Mail) -> str:
        """What ECO.2.1.x forbids in a mail that carries documents, and X-MSS-NIL in any mail."""
        if not mail.header("X-MSS-NIL"):
            return "554 5.6.0 Header X-MSS-NIL is missing"
        archives = archives_of(mail)
        if not archives:
            return ""
        if not mail.header("X-MSS-CODECDA") and not mail.reports:
            return "554 5.6.0 Header X-MSS-CODECDA is missing"
        if mail.header("X-MSS-INS") not in {"O", "N"} and not mail.reports:
            return "554 5.6.0 Header X-MSS-INS is missing"
        if not any(each.media_type == "application/pdf" for each in mail.attachments):
            return "554 5.6.0 The PDF twin of the documents is missing"
        if any(len(patients(each.data)) > 1 for each in archives):
            return "554 5.6.0 Documents of several persons in one message"
        return ""

    def is_ours(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return domain == self.domain or domain.endswith(f".{self.domain}")

    def exists(self, address: str) -> bool:
        """A citizen's box exists as soon as someone writes to it."""
        return address in self.boxes or bool(citizen_matricule(address))

    # --- taking -------------------------------------------------------------------------------------

    def read(self, data: bytes) -> Mail | str:
        """The mail, or the reply that refuses it."""
        try:
            mail = mime.read(data)
        except DomainError as refusal:
            return f"554 5.6.0 Unreadable message ({refusal.code})"
        return self.content_refusal(mail) or mail

    async def take(self, sender: str, recipients: Iterable[str], data: bytes, mail: Mail) -> None:
        """Count and deliver one accepted mail, and file the operator's copy in the sender's Sent folder."""
        stamped = self._stamped(sender, data)
        for recipient in map(str.lower, recipients):
            self.taken[recipient, mail.message_id] += 1
            if recipient in self.switches.bouncing:
                await self.deliver(sender.lower(), "INBOX", mime.write(self._bounce(sender, recipient, mail)))
            else:
                await self.deliver(recipient, "INBOX", stamped)
        if sender.lower() in self.boxes:
            await self.deliver(sender.lower(), "Sent", stamped)

    def _stamped(self, sender: str, data: bytes) -> bytes:
        now = email.utils.format_datetime(dt.datetime.now(dt.UTC))
        trace = f"Return-Path: <{sender}>\r\nReceived: by {self.domain} with ESMTPS; {now}\r\n"
        return trace.encode("ascii") + data

    def _bounce(self, sender: str, recipient: str, mail: Mail) -> Mail:
        report = Report(
            "delivery",
            mail.message_id,
            final_recipient=recipient,
            action="failed",
            status="5.1.1",
            diagnostic="smtp; 550 5.1.1 User unknown",
        )
        return Mail(
            message_id=f"{uuid.uuid4().hex}@{self.domain}",
            sender=Address("Mail Delivery System", f"mailer-daemon@{self.domain}"),
            recipients=(Address("", sender),),
            subject="Undelivered Mail Returned to Sender",
            date=dt.datetime.now(dt.UTC),
            text=f"<{recipient}>: User unknown",
            reports=(report,),
        )

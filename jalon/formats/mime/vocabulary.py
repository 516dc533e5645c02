"""What a mail is made of."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

KEPT_HEADERS = ("x-mss-", "auto-submitted")
IDENTIFIER = re.compile(r"[!-;=?-~]{1,250}", re.ASCII)
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.ASCII)
NAME_LIMIT = 300  # bytes of a file's name: 900 once percent-encoded, under the 998 of a line


@dataclass(frozen=True)
class Address:
    """A mailbox and the label shown beside it."""

    label: str
    address: str


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Report:
    """What became of an earlier mail: a disposition (MDN, RFC 8098) or a delivery (DSN, RFC 3464).

    `disposition` is the MDN's whole field; `action` (failed, delayed, delivered, relayed, expanded), `status`
    (as 5.1.1) and `diagnostic` are the DSN's.
    """

    kind: Literal["disposition", "delivery"]
    original_message_id: str
    final_recipient: str = ""
    original_recipient: str = ""
    disposition: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def failed(self) -> bool:
        """The mail was not delivered, or the receiving system could not integrate it."""
        return self.action == "failed" or "/error" in self.disposition.lower().replace(" ", "")

    @property
    def error(self) -> tuple[str, str]:
        """Code and label of an integration failure (`processed/Error: code^label^…`), or two empty texts."""
        found = re.search(r"/\s*error\s*:\s*([^^]*)\^?([^^|]*)", self.disposition, re.IGNORECASE)
        return (found[1].strip(), found[2].strip()) if found else ("", "")


@dataclass(frozen=True)
class Mail:
    """One mail. Identifiers are without angle brackets; `date` is aware; `text` has bare newlines.

    `headers` holds the X-MSS-* ones (and Auto-Submitted). `returned` is the mail, or its headers, that this
    one brings back or forwards; `attachments` also holds the files inside a mail that is forwarded. What a
    received mail does not say is empty.
    """

    message_id: str
    sender: Address
    recipients: tuple[Address, ...]
    subject: str
    date: dt.datetime | None
    text: str = ""
    copies: tuple[Address, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    disposition_notification_to: str = ""
    return_receipt_to: str = ""
    reports: tuple[Report, ...] = ()
    returned: bytes = b""

    def header(self, name: str) -> str:
        """The value of one of `headers`, whatever the case of its name; empty when absent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

"""The two halves of the client, under one name: `Sender` (SMTP) and `Mailbox` (IMAP), and how they get in."""

from jalon.gateways.mssante.access import SUITES, Account, Password, Server, Token, operator_context
from jalon.gateways.mssante.mailbox import INBOX, SENT, Mailbox, RawMessage
from jalon.gateways.mssante.sender import Accepted, Sender

__all__ = [
    "INBOX",
    "SENT",
    "SUITES",
    "Accepted",
    "Account",
    "Mailbox",
    "Password",
    "RawMessage",
    "Sender",
    "Server",
    "Token",
    "operator_context",
]

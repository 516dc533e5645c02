"""A mail ⇄ bytes (RFC 5322, 2045 to 2047, 2231), with the reports of RFC 8098 (MDN) and RFC 3464 (DSN)."""

from jalon.formats.mime.reader import read
from jalon.formats.mime.vocabulary import IDENTIFIER, Address, Attachment, Mail, Report
from jalon.formats.mime.writer import ADDRESS, write

__all__ = ["ADDRESS", "IDENTIFIER", "Address", "Attachment", "Mail", "Report", "read", "write"]

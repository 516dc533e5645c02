"""What is answered to a received mail, and what answers to ours say (MDN RFC 8098, DSN RFC 3464). Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from jalon.core.errors import DomainError
from jalon.formats import mime
from jalon.formats.mime import Address, Attachment, Mail, Report
from jalon.gateways.mssante.messages import FAILURE, NBSP, Post, answering, archives_of, letter, parse_subject

NOTICE = re.compile(r"erreur(?:\s+[^\s:]+)?\s*:\s*(.+)", re.IGNORECASE)


def reading_receipt(received: Mail, post: Post) -> Mail:
    """The read receipt that `received` asked for (SC.MSS/UX.34): a person decided to send it.

    Its recipient is the one the request names, whatever `post` says.
    Raises DomainError `mssante_receipt` when none was asked, or when `received` is itself a report.
    """
    if not received.disposition_notification_to or received.reports:
        raise DomainError("Ce message ne demande pas d’accusé de lecture.", code="mssante_receipt")
    about = parse_subject(received.subject).shown
    text = f"Votre message «{NBSP}{about}{NBSP}» a été ouvert par son destinataire."
    return _receipt(received, post, f"Lu{NBSP}: {about}", text, "manual-action/MDN-sent-manually; displayed")


def integration_failure(received: Mail, post: Post, *, code: str, label: str) -> Mail:
    """The notice that the documents of `received` could not be integrated: `code` and `label` say why.

    A disposition report when the sender asked for one, an ordinary mail of the same content otherwise; the
    zip and the PDF are attached again. Raises DomainError `mssante_receipt` when `received` is itself a
    report (answering one would loop) or has no sender.
    """
    if received.reports or not received.sender.address:
        raise DomainError("On ne répond pas à un accusé de réception.", code="mssante_receipt")
    subject = f"{FAILURE}[{code}] {received.subject}"
    text = f"Le document n’a pas pu être intégré.\nLe système a retourné l’erreur {code}{NBSP}: {label}\n"
    disposition = f"automatic-action/MDN-sent-automatically; processed/Error: {code}^{plain(label)}"
    if received.disposition_notification_to:
        mail = _receipt(received, post, subject, text, disposition)
    else:
        mail = letter(_reply(post, received, received.sender.address, text), subject)
    headers = {**mail.headers, "Auto-Submitted": "auto-replied"}
    return replace(mail, headers=headers, attachments=_files_again(received))


def reports_of(mail: Mail) -> tuple[Report, ...]:
    """What a mail says of an earlier one: its reports, or the notice of an integration failure.

    A sender who asked for no receipt gets that notice as an ordinary mail, files attached again: nothing but
    its subject tells it from a new document, and it does not always say which mail it is about.
    """
    said = parse_subject(mail.subject)
    if mail.reports or not said.fails:
        return mail.reports
    told = NOTICE.search(mail.text)
    label = told[1].strip() if told else "le destinataire n’a pas pu intégrer le document"
    return (Report("disposition", "", disposition=f"processed/Error: {said.failure_code}^{label}"),)


def failure_of(reports: Iterable[Report]) -> tuple[str, str] | None:
    """Code and words of the first failure in these reports (integration or delivery); None without."""
    for report in reports:
        if report.failed:
            code, label = report.error
            return code or report.status, label or report.diagnostic
    return None


def plain(label: str) -> str:
    """A label fit for a field of plain ASCII where `^` and `|` separate."""
    letters = unicodedata.normalize("NFKD", label.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[\^|\x00-\x1f\x7f]", " ", letters).split())


def _receipt(received: Mail, post: Post, subject: str, text: str, disposition: str) -> Mail:
    mailbox = post.sender.address
    report = Report("disposition", received.message_id, mailbox, mailbox, disposition)
    reply = _reply(post, received, received.disposition_notification_to, text)
    return replace(letter(reply, subject), reports=(report,), returned=_returned(received))


def _reply(post: Post, received: Mail, recipient: str, text: str) -> Post:
    aimed = replace(post, recipients=(Address("", recipient),), text=text, reading_receipt=False)
    return answering(aimed, received)


def _returned(received: Mail) -> bytes:
    """The received mail without its files; nothing when its own headers break the rules we write by."""
    try:
        return mime.write(replace(received, attachments=(), returned=b""))
    except DomainError:
        return b""


def _files_again(received: Mail) -> tuple[Attachment, ...]:
    return (*archives_of(received), *(each for each in received.attachments if _is_pdf(each)))


def _is_pdf(attachment: Attachment) -> bool:
    return attachment.media_type == "application/pdf" or attachment.name.lower().endswith(".pdf")

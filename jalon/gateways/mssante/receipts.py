"""What others answer to our mails (MDN RFC 8098, DSN RFC 3464, notices of failure). Pure."""

import re
from collections.abc import Iterable

from jalon.formats.mime import Mail, Report
from jalon.gateways.mssante.messages import parse_subject

NOTICE = re.compile(r"erreur(?:\s+[^\s:]+)?\s*:\s*(.+)", re.IGNORECASE)


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

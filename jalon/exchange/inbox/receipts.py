"""What a receipt or a bounce says, put on the delivery it speaks of."""

import datetime as dt

from jalon.core.errors import DomainError
from jalon.documents.models import Document
from jalon.exchange.inbox.reading import Received
from jalon.exchange.models import Delivery, DeliveryState, Reception
from jalon.exchange.outbox import state
from jalon.exchange.outbox.routes import routes
from jalon.formats import mime
from jalon.formats.xdm import package
from jalon.gateways.mssante.messages import archives_of
from jalon.gateways.mssante.receipts import failure_of, reports_of

NOT_THE_END = {"delayed", "relayed"}  # RFC 3464 §2.3.3: something else will be said later


def put_reports(reception: Reception, mail: mime.Mail, now: dt.datetime) -> None:
    """Put receipts, bounces and notices each on the delivery it speaks of.

    Raises DomainError `failure_of_nothing` when one announces a failure that no delivery is found for: a
    person reads it.
    """
    for report in reports_of(mail):
        delivery = _spoken_of(report, mail)
        if delivery is not None:
            _put(delivery, report, reception, now)
        elif report.failed:
            raise DomainError(
                "Ce message annonce l’échec d’un envoi que l’on ne retrouve pas ici. "
                "Lisez-le dans votre messagerie.",
                code="failure_of_nothing",
            )


def check_not_ours(received: Received) -> None:
    """What we wrote is never a document received, whatever the subject.

    Raises DomainError `our_own_document`.
    """
    written = [str(document.id) for _, document in received.documents]
    ours = Document.objects.filter(source=Document.Source.OWN, unique_id__in=written).exists()
    if ours or Delivery.objects.filter(submission_id__in=received.sets).exists():
        raise DomainError(
            "Ce message rend un document que vous avez envoyé. Lisez-le dans votre messagerie.",
            code="our_own_document",
        )


def _spoken_of(report: mime.Report, mail: mime.Mail) -> Delivery | None:
    """Among those whose receivers answer by mail: nobody else's state is changed by a message.

    By the Message-ID that the report names, the mail that is brought back, the thread; at last by what the
    archive that comes back holds.
    """
    by_mail = [name for name, route in routes().items() if not route.synchronous]
    locked = Delivery.objects.select_for_update(of=("self",)).filter(destination__in=by_mail)
    brought = _brought_back(mail)
    thread = (mail.in_reply_to, *reversed(mail.references)) if not mail.reports else ()
    for message_id in filter(
        None, (report.original_message_id, brought.message_id if brought else "", *thread)
    ):
        if found := locked.filter(message_id=message_id).first():
            return found
    archives = [*archives_of(mail), *(archives_of(brought) if brought else ())]
    return locked.filter(submission_id__in=[one for each in archives for one in _sets(each.data)]).first()


def _brought_back(mail: mime.Mail) -> mime.Mail | None:
    try:
        return mime.read(mail.returned) if mail.returned else None
    except DomainError:
        return None


def _sets(archive: bytes) -> list[str]:
    try:
        return [subset.metadata.submission.unique_id for subset in package.read(archive).subsets]
    except DomainError:
        return []


def _put(delivery: Delivery, report: mime.Report, reception: Reception, now: dt.datetime) -> None:
    code, label = failure_of([report]) or ("", "reçu par la messagerie")
    if report.action in NOT_THE_END:
        words = "pas encore remis, la messagerie essaie toujours"
        seen, proof = delivery.state, reception.raw_sha256
        state.note(delivery, seen=seen, at=now, code=code, label=words, answered=proof)
        return
    to = DeliveryState.REFUSED if report.failed else DeliveryState.ACKNOWLEDGED
    delivery.sent_at = delivery.sent_at or delivery.content_left_at or now
    state.move(delivery, to=to, at=now, code=code, label=label, answered=reception.raw_sha256)

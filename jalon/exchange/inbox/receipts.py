"""What a receipt or a bounce says, put on the delivery it speaks of."""

import datetime as dt
from collections.abc import Iterable

from jalon.exchange.models import Delivery, DeliveryState, Reception
from jalon.exchange.outbox import state
from jalon.exchange.outbox.routes import routes
from jalon.formats import mime
from jalon.gateways.mssante.receipts import failure_of

NOT_THE_END = {"delayed", "relayed"}  # RFC 3464 §2.3.3: something else will be said later


def put_reports(reception: Reception, reports: Iterable[mime.Report], now: dt.datetime) -> str:
    """Put receipts, bounces and notices each on the delivery it speaks of; why the message is set aside."""
    reason = "Accusé de messagerie."
    for report in reports:
        delivery = _spoken_of(report)
        if delivery is not None:
            _put(delivery, report, reception, now)
        elif report.failed:
            reason = "Échec annoncé d’un envoi que l’on ne retrouve pas ici."
    return reason


def _spoken_of(report: mime.Report) -> Delivery | None:
    """Among those whose receivers answer by mail: nobody else's state is changed by a message."""
    by_mail = [name for name, route in routes().items() if not route.synchronous]
    locked = Delivery.objects.select_for_update(of=("self",))
    return locked.filter(message_id=report.original_message_id, destination__in=by_mail).first()


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

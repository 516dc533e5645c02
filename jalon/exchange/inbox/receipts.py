"""What a receipt or a bounce says, put on the delivery it speaks of."""

import datetime as dt
from collections.abc import Iterable

from jalon.exchange.models import (
    Delivery,
    DeliveryState,
    DeliveryStep,
    Destination,
    Reception,
    ReceptionState,
)
from jalon.formats import mime
from jalon.gateways.mssante.receipts import failure_of

NOT_THE_END = {"delayed", "relayed"}  # RFC 3464 §2.3.3: something else will be said later


def put_reports(reception: Reception, reports: Iterable[mime.Report], now: dt.datetime) -> None:
    """Receipts, bounces and notices, each put on the delivery it speaks of."""
    reception.state, reception.reason = ReceptionState.SET_ASIDE, "Accusé de messagerie."
    for report in reports:
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .filter(message_id=report.original_message_id, destination=Destination.CITIZEN_MAIL)
            .first()
        )
        if delivery is not None:
            _put(delivery, report, reception, now)
        elif report.failed:
            reception.reason = "Échec annoncé d’un envoi que l’on ne retrouve pas ici."


def _put(delivery: Delivery, report: mime.Report, reception: Reception, now: dt.datetime) -> None:
    code, label = failure_of([report]) or ("", "reçu par la messagerie")
    if report.action in NOT_THE_END:
        label = "pas encore remis, la messagerie essaie toujours"
    else:
        delivery.state = DeliveryState.REFUSED if report.failed else DeliveryState.ACKNOWLEDGED
        delivery.code, delivery.label = code[:60], label[:400]
        delivery.sent_at = delivery.sent_at or delivery.content_left_at or now
        delivery.save()
    DeliveryStep.objects.create(
        delivery=delivery, at=now, state=delivery.state, code=code[:60], label=label[:400],
        answered_sha256=reception.raw_sha256,
    )  # fmt: skip

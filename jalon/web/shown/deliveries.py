"""How a delivery is shown: destination, state, and each step."""

from typing import Any

from jalon.exchange.models import Delivery, DeliveryState, DeliveryStep
from jalon.exchange.outbox.routes import label
from jalon.exchange.words import told

LOOKS = {
    DeliveryState.PREPARED: ("info", "clock"),
    DeliveryState.ATTEMPTED: ("info", "send"),
    DeliveryState.SENT: ("lagune", "send"),
    DeliveryState.ACKNOWLEDGED: ("ok", "check-check"),
    DeliveryState.REFUSED: ("danger", "ban"),
    DeliveryState.TO_CHECK: ("alerte", "circle-alert"),
}


def shown(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    """View-models for `ui.deliveries`."""
    return [
        {
            "id": delivery.pk,
            "waits": delivery.state in (DeliveryState.REFUSED, DeliveryState.TO_CHECK),
            "unsure": delivery.state == DeliveryState.TO_CHECK,
            "destination": label(delivery.destination),
            "state": delivery.get_state_display(),
            "tone": LOOKS[DeliveryState(delivery.state)][0],
            "icon": LOOKS[DeliveryState(delivery.state)][1],
            "steps": [_step(step) for step in delivery.steps.all()],
        }
        for delivery in deliveries
    ]


def _step(step: DeliveryStep) -> dict[str, Any]:
    said = told(step.code, step.label)
    return {
        "at": step.at,
        "label": step.get_state_display(),
        "detail": said.sentence,
        "technical": said.technical,
    }

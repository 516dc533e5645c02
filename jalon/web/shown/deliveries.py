"""How a delivery is shown: destination, state, and each step."""

from typing import Any

from jalon.exchange.breaker import silent
from jalon.exchange.models import UNDER_WAY, Delivery, DeliveryState, DeliveryStep
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


# Asked, on its way, arrived: how far each state has come, and what stopped it.
WAY = ("Demandé", "Parti", "Reçu")
FAR = {
    DeliveryState.PREPARED: 1,
    DeliveryState.ATTEMPTED: 1,
    DeliveryState.SENT: 2,
    DeliveryState.ACKNOWLEDGED: 3,
    DeliveryState.REFUSED: 1,
    DeliveryState.TO_CHECK: 1,
}
STOPPED = {DeliveryState.REFUSED: "refusé", DeliveryState.TO_CHECK: "à vérifier"}


def way(state: str) -> list[dict[str, str]]:
    """The three steps of a delivery, for `ui.steps`."""
    far, stopped = FAR[DeliveryState(state)], STOPPED.get(DeliveryState(state), "")
    return [
        {
            "label": label,
            "state": "fait" if rank < far else "encours" if rank == far else "",
            "small": "fait" if rank < far else stopped or "en cours" if rank == far else "ensuite",
        }
        for rank, label in enumerate(WAY)
    ]


def shown(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    """View-models for `ui.deliveries`."""
    waiting = any(delivery.state in UNDER_WAY for delivery in deliveries)
    quiet = silent() if waiting else {}
    return [
        {
            "id": delivery.pk,
            "waits": delivery.state in (DeliveryState.REFUSED, DeliveryState.TO_CHECK),
            "unsure": delivery.state == DeliveryState.TO_CHECK,
            "destination": label(delivery.destination),
            "state": delivery.get_state_display(),
            "tone": LOOKS[DeliveryState(delivery.state)][0],
            "icon": LOOKS[DeliveryState(delivery.state)][1],
            "way": way(delivery.state),
            "silent": quiet.get(delivery.destination) if delivery.state in UNDER_WAY else None,
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

"""Profile rules of what no class can read yet: it is kept as it came, but it is not let in unread.

Each of them leaves for its own file in `classes`.
"""

from typing import NamedTuple

from jalon.formats.tddui.checks import (
    Check,
    bind,
    need,
    refers,
    where,
)
from jalon.formats.tddui.rules_common import (
    INPUT,
    inputs,
    own,
)
from jalon.formats.tddui.urls import medicosocial

_TRANSPORT: tuple[Check, ...] = (
    bind("code", "jdv-mode-de-transport-cisis"),
    refers("owner", "Organization"),
    need("executionPeriod"),
    need("executionPeriod.start"),
    need("executionPeriod.end"),
    need("encounter"),
    refers("encounter", "Encounter"),
    *inputs(
        (
            "typeMotorisation",
            "adresseDepart",
            "adresseDestination",
            "budgetPrevisionnel",
            "budgetReel",
            "distance",
        ),
        {
            "typeMotorisation": "valueCodeableConcept",
            "adresseDepart": "valueAddress",
            "adresseDestination": "valueAddress",
            "budgetPrevisionnel": "valueMoney",
            "budgetReel": "valueMoney",
            "distance": "valueDistance",
            "dureeTheorique": "valueDuration",
        },
    ),
    where("input", INPUT, "typeMotorisation", bind("valueCodeableConcept", "jdv-type-motorisation-cisis")),
)
_RULES: dict[str, tuple[Check, ...]] = {
    "task-transport-professionnel": (
        *own(medicosocial("transportprofessionnel")),
        *_TRANSPORT,
        need("for"),
        refers("for", "Practitioner"),
    ),
    "task-transport-usager": (
        *own(medicosocial("transportusager")),
        *_TRANSPORT,
        where("input", INPUT, "natureTransport", bind("valueCodeableConcept", "JDV_J282")),
        *inputs(("accompagnement", "asepsie", "natureTransport"), {"accompagnement": "valueBoolean"}),
    ),
}
OTHER: dict[str, tuple[str, tuple[Check, ...]]] = {name: ("Task", checks) for name, checks in _RULES.items()}
OTHER["task-transport"] = ("Task", ())


class Number(NamedTuple):
    """What `Kind` says of the business identifier of a class."""

    profile: str
    code: str
    spellings: tuple[str, ...] = ()
    exact: bool = False


SYSTEMS = {
    # The official example writes TPU where the page says TPPat.
    medicosocial("transportprofessionnel"): Number("task-transport-professionnel", "TPPro", ("TPP",)),
    medicosocial("transportusager"): Number("task-transport-usager", "TPPat", ("TPU",)),
}
"""Identifier system → what its values look like."""

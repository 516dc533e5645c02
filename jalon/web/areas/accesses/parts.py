"""The table of what is open in a record, as « Pourquoi je vois » and the simulator show it."""

from collections.abc import Mapping
from typing import Any

from jalon.staff.rules import Functions, Permission, who_may
from jalon.staff.why import PARTS, Decision, Part

WRITES, SEES, NOT = (
    ("Voit et écrit", "lagune", "square-pen"),
    ("Voit", "ok", "eye"),
    ("Ne voit pas", "neutre", "lock"),
)


def table(decided: Mapping[Permission, Decision], functions: Functions) -> list[dict[str, Any]]:
    """One row a part of a record: how it is open, and from where; of what is closed, the rule and to whom.

    `functions`: those of the house of the record.
    """
    return [_row(part, decided, functions) for part in PARTS]


def _row(part: Part, decided: Mapping[Permission, Decision], functions: Functions) -> dict[str, Any]:
    reads = decided[part.read]
    writes = reads.allowed and part.write is not None and decided[part.write].allowed
    word, tone, icon = WRITES if writes else SEES if reads.allowed else NOT
    row = {"part": part.words, "access": word, "tone": tone, "icon": icon, "found": reads.found}
    if reads.allowed:
        return row | {"rule": "", "source": "", "openers": ""}
    openers = ", ".join(str(role.label) for role in who_may(part.read, functions))
    return row | {"rule": reads.rule.label, "source": reads.source, "openers": openers}


def count(rows: list[dict[str, Any]]) -> int:
    """How many parts are open."""
    return sum(row["access"] != NOT[0] for row in rows)

"""How much of a transfer the model holds, and how much it only keeps: counted, never guessed."""

from dataclasses import dataclass
from typing import Any

import orjson

from jalon.formats.tddui.catalog import KINDS, kind_of_item
from jalon.formats.tddui.model import Transfer

LABELS = {kind.name: kind.label for kind in KINDS}
_FRAME = ("resourceType", "id", "meta")


@dataclass(frozen=True)
class Share:
    """For one class: resources, elements (leaves) the model holds, elements kept verbatim and where."""

    label: str
    resources: int = 0
    modelled: int = 0
    verbatim: int = 0
    paths: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        """The share kept verbatim, 0 to 1."""
        total = self.modelled + self.verbatim
        return self.verbatim / total if total else 0.0


def coverage(transfer: Transfer) -> dict[str, Share]:
    """For each class of the model, then for each type kept whole (`Observation`…), what is held and what is
    kept.

    Only residues of kind `element` count as kept; the order of a list and the label of a code are not
    elements.
    """
    shares = {name: Share(label) for name, label in LABELS.items()}
    for item in transfer.items():
        kind = kind_of_item(item)
        kept = [residue for residue in item.extra if residue.kind == "element"]
        share = shares[kind.name]
        shares[kind.name] = Share(
            share.label,
            share.resources + 1,
            share.modelled + _leaves(kind.shape.write(item)),
            share.verbatim + sum(_leaves(orjson.loads(residue.json)) for residue in kept),
            share.paths + tuple(residue.path for residue in kept),
        )
    for each in transfer.verbatim:
        share = shares.get(each.type, Share(each.type))
        count = share.verbatim + _leaves(orjson.loads(each.json))
        shares[each.type] = Share(each.type, share.resources + 1, 0, count, (*share.paths, each.key))
    return shares


def _leaves(node: Any, *, top: bool = True) -> int:
    if isinstance(node, dict):
        return sum(_leaves(below, top=False) for name, below in node.items() if not (top and name in _FRAME))
    if isinstance(node, list):
        return sum(_leaves(below, top=False) for below in node)
    return 1

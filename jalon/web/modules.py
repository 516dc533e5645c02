"""Which modules are open where. An area of a closed one leaves no entry, tab or gesture; its data stay."""

import uuid
from collections.abc import Iterable

from jalon.web.area import Area
from jalon.web.declarations import MODULES


def open_modules(establishment_ids: Iterable[uuid.UUID]) -> frozenset[str]:
    """Codes of the modules that are open in one of these establishments."""
    return MODULES


def is_open(area: Area, establishment_ids: Iterable[uuid.UUID]) -> bool:
    """Is this area open in one of these establishments? Asks nothing for what is always open."""
    return not area.module or area.module in open_modules(establishment_ids)

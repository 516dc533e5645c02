"""Which modules are open where. An area of a closed one leaves no entry, tab or gesture; its data stay."""

import uuid
from collections.abc import Iterable

from jalon.faces.http import Request
from jalon.organizations import queries, rules
from jalon.web.area import Area


def open_modules(
    request: Request, establishment_ids: Iterable[uuid.UUID], unit_id: uuid.UUID | None = None
) -> frozenset[str]:
    """Codes of the modules open in one of these: known since the request began, else one query."""
    ids, known = set(establishment_ids), request.actor.houses if request.actor else {}
    if ids <= known.keys():
        return rules.opened((known[house_id] for house_id in ids), unit_id)
    return queries.open_modules(ids, unit_id)


def is_open(
    request: Request,
    area: Area,
    establishment_ids: Iterable[uuid.UUID],
    unit_id: uuid.UUID | None = None,
) -> bool:
    """Is this area open in one of these establishments? Asks nothing for what is always open."""
    return not area.module or area.module in open_modules(request, establishment_ids, unit_id)

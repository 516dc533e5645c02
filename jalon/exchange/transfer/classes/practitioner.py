"""Professionals, of the house or named by a record."""

from typing import Any

from jalon.exchange.transfer.bind import telecom
from jalon.exchange.transfer.names import first_name
from jalon.exchange.transfer.native import typed
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.practitioner import KIND, PractitionerData
from jalon.formats.tddui.urls import FR_0203, RPPS
from jalon.formats.tddui.values import Identifier, PersonName
from jalon.staff.models import Professional


def professional(row: Any) -> PractitionerData:
    """A professional by their PS_IdNat, and RPPS when they have one."""
    numbers = (Identifier(system=RPPS, value=row.rpps, type=typed("RPPS", FR_0203)),) if row.rpps else ()
    name = PersonName(use="usual")
    return PractitionerData(key=row.key, rpps=numbers, names=(name,))


TABLE = Table(
    kind=KIND,
    model=Professional,
    binds=(
        first_name("last_name", "family"),
        first_name("first_name", "given"),
        first_name("title", "prefix"),
        telecom("phone", "phone"),
        telecom("email", "email"),
    ),
    make=professional,
    not_told={
        "account": "how one of ours signs in",
        "rpps": "an identifier: told by `make`, and never changed by a file",
        "profession": "told by the role of one of ours (`role`), which has a class of its own",
        "job": "words of the house, for the house",
        "active": "whether one of ours still works here",
    },
)

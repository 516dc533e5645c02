"""The people around the person."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import Bind, Codes, coded, first_coded, first_place, swapped, telecom, text
from jalon.exchange.transfer.names import first_name
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.contact import KIND, ContactData
from jalon.formats.tddui.urls import LOCAL_ID, PROTECTION, ROLE_CLASS, ROLE_CODE
from jalon.formats.tddui.values import Coded, Identifier, Link, Telecom
from jalon.people.models import Contact

ROLES = Codes(ROLE_CLASS, ("JDV_J384",))
TRUSTED = "NOK"
"""« Personne de confiance » in JDV_J384: a contact has one role of that list."""


_ALSO_TRUSTED = Coded(text="Personne de confiance")


def _trusted_get(data: Any) -> bool:
    return bool(data.role and data.role.code == TRUSTED) or _ALSO_TRUSTED in data.other_relationships


def _trusted_change(data: Any, value: bool) -> Any:
    """The role of a trusted person; in words beside another role."""
    if value and not data.role:
        return replace(data, role=ROLES.write(TRUSTED, None))
    others = tuple(held for held in data.other_relationships if held != _ALSO_TRUSTED)
    if value:
        return replace(data, other_relationships=(*others, _ALSO_TRUSTED))
    kept = None if data.role and data.role.code == TRUSTED else data.role
    return replace(data, role=kept, other_relationships=others)


def _call_order_get(data: Any) -> int | None:
    return next((held.rank for held in data.telecoms if held.rank), None)


def _call_order_change(data: Any, value: int | None) -> Any:
    """The rank goes on the telecom that had it, or on the first."""
    if value is None:
        return replace(data, telecoms=tuple(replace(held, rank=None) for held in data.telecoms))
    place = first_place(data.telecoms, lambda held: bool(held.rank))
    if place is None:
        place = 0 if data.telecoms else None
    held = Telecom() if place is None else data.telecoms[place]
    return replace(data, telecoms=swapped(data.telecoms, place, replace(held, rank=value)))


def contact(row: Any, owner: Link) -> ContactData:
    """A contact."""
    identifiers = (Identifier(system=LOCAL_ID, value=row.key),)
    return ContactData(key=row.key, person=owner, identifiers=identifiers)


TABLE = Table(
    kind=KIND,
    model=Contact,
    owner="person",
    binds=(
        first_name("last_name", "family"),
        first_name("first_name", "given"),
        coded("role", "role", ROLES),
        first_coded(
            "relation",
            "relations",
            Codes(ROLE_CODE, ("JDV_J11", "JDV_HL7_PersonalRelationshipRoleType_CISIS")),
        ),
        coded("protection", "legal_protection", Codes(PROTECTION, ("TRE_R217",))),
        Bind("trusted", _trusted_get, _trusted_change),
        telecom("phone", "phone"),
        telecom("email", "email"),
        Bind("call_order", _call_order_get, _call_order_change),
        text("comment"),
    ),
    make=contact,
)

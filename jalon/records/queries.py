"""Reading a record: as a page of it opens, and whole, for what is signed in it."""

import datetime as dt
import uuid
from typing import Any

from jalon.core.moment import Moment
from jalon.db.compiled import compiled, param
from jalon.db.frozen import frozen
from jalon.people.models import Person
from jalon.people.queries import representatives, vigilances_told
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.models import Professional
from jalon.staff.queries import Actor, Place
from jalon.staff.rules import Permission, Role

# A paper is of the person whole: a column more is kept by itself, but these, which no paper shows.
NOT_SIGNED = {
    "id", "managing_body", "received", "name_key", "ins_digest", "ins_retrieved_at", "proven_on", "proof",
    "doubtful", "fictitious", "email", "comment", "photo_sha256", "photo_agreed_by", "photo_agreed_on",
}  # fmt: skip
PERSON = tuple(field.name for field in Person._meta.concrete_fields if field.name not in NOT_SIGNED)
HOUSE = ("name", "finess", "category", "sector", "address_line", "postal_code", "city", "phone")
SIGNER = ("key", "title", "first_name", "last_name", "profession", "job")
CONTACT = ("last_name", "first_name", "phone")
MEASURE = ("kind", "holder")


Shape = tuple[tuple[Role, frozenset[Permission], bool], ...]
"""Each place of an actor: as what, what that allows, and whether in one unit or in the whole house."""


def open_to(actor: Actor, record_id: uuid.UUID, *, permission: Permission, today: dt.date) -> Record | None:
    """The record as its pages show it, with what the actor may do there and the vigilances of the person;
    None when it is not theirs."""
    values: dict[str, Any] = {"record": record_id, "today": today, "professional": actor.professional.pk}
    values["now"] = actor.now
    for rank, place in enumerate(actor.places):
        values |= {f"house_{rank}": place.establishment_id, f"unit_{rank}": place.unit_id}
    shape = tuple((place.role, place.permissions, place.unit_id is not None) for place in actor.places)
    return _open_to(permission, shape).first(**values)


@compiled
def _open_to(permission: Permission, shape: Shape) -> RecordQuerySet:
    """One text for everybody who has the same functions: their rights are those of `visible_to`."""
    actor, today = _somebody(shape), param("today")
    visible = Record.objects.visible_to(actor, permission=permission, today=today)
    opened = visible.with_identity().with_rights_of(actor, today).filter(pk=param("record"))
    return opened.annotate(vigilances=vigilances_told("person"))


def _somebody(shape: Shape) -> Actor:
    places = (
        Place(param(f"house_{rank}"), param(f"unit_{rank}") if of_a_unit else None, role, permissions)
        for rank, (role, permissions, of_a_unit) in enumerate(shape)
    )
    return Actor(Professional(pk=param("professional")), tuple(places), now=param("now"))


def portrait(record: Record, *, by: Professional, moment: Moment) -> dict[str, Any]:
    """Who a document signed then is of, where, by whom, and who represents the person, as JSON values.

    It holds the matricule: whoever keeps it encrypts it.
    """
    contacts, measures = representatives(record.person, moment.today)
    return {
        "person": frozen(record.person, PERSON),
        "establishment": frozen(record.establishment, HOUSE),
        "zone": str(moment.zone),
        "signer": frozen(by, SIGNER),
        "contacts": [frozen(one, CONTACT) for one in contacts],
        "measures": [frozen(one, MEASURE) for one in measures],
    }

"""From where somebody stands, and what opens a record to them: what `staff.why` decides from."""

import datetime as dt

from django.db.models import F

from jalon.core.dates import clock, full_date
from jalon.records.models import AccessGrant, Record
from jalon.staff.queries import Actor, Place
from jalon.staff.rules import Permission
from jalon.staff.why import NOTHING_GIVEN, Decision, Given, Standing, Step, decide


def standings(actor: Actor, record: Record) -> tuple[Standing, ...]:
    """Each place of this professional, seen from this record."""
    return tuple(_standing(actor, place, record) for place in actor.places)


def _standing(actor: Actor, place: Place, record: Record) -> Standing:
    return Standing(
        place.role,
        place.permissions,
        _words(actor, place),
        house=place.establishment_id == record.establishment_id,
        unit=place.unit_id in (None, record.unit_id),
    )


def _words(actor: Actor, place: Place) -> str:
    house = actor.houses.get(place.establishment_id)
    if house is None:
        return str(place.role.label)
    unit = f", unité {house.unit_names[place.unit_id]}" if place.unit_id else ""
    return f"{place.role.label}, {house.place}{unit}"


def given_to(actor: Actor, record: Record, today: dt.date) -> Given:
    """What opens this record to them by name: a grant before an emergency, which opens less."""
    held = AccessGrant.objects.in_force(actor.professional.pk, today, actor.now).filter(record=record)
    first = held.order_by(F("until").asc(nulls_first=True), "-ends_on", "pk").first()
    if first is None:
        return NOTHING_GIVEN
    if first.until is None:
        return Given(f"ouvert jusqu’au {full_date(first.ends_on)} : {first.reason}")
    until = actor.moment(first.until, record.establishment_id).local
    return Given(f"ouvert en urgence jusqu’à {clock(until)} : {first.reason}", urgent=True)


class Explained(dict[Permission, Decision]):
    """Why each act is open in a record or not; `chain`: the steps to the record itself."""

    @property
    def chain(self) -> tuple[Step, ...]:
        return self[Permission.OPEN_RECORD].steps


def explained(actor: Actor, record: Record, today: dt.date) -> Explained:
    """Why they may do each thing in this record, or may not."""
    places, given = standings(actor, record), given_to(actor, record, today)
    return Explained((one, decide(one, places, given)) for one in Permission)


def places_of(actor: Actor) -> list[str]:
    """From where somebody sees: each function, in its place."""
    return [_words(actor, place) for place in actor.places]

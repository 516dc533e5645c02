"""Events of the agenda."""

from dataclasses import replace
from typing import Any

from jalon.agenda.models import Event
from jalon.exchange.transfer.bind import (
    Bind,
    Codes,
    first_coded,
    first_place,
    moment,
    plain,
    status,
    swapped,
    text,
)
from jalon.exchange.transfer.native import ACT, with_status
from jalon.exchange.transfer.table import PROFESSIONALS, Ref, Table
from jalon.formats.tddui.classes.event import KIND, EventData
from jalon.formats.tddui.encounters import Participant, Place
from jalon.formats.tddui.urls import CISIS, SERAFIN
from jalon.formats.tddui.values import Coded, Coding, Link

EVENT_TYPES = Codes(SERAFIN, ("JDV_J284", "JDV_J283", "jdv-type-evenement-ssiad-cisis"))


def _is_type(held: Coded) -> bool:
    return held.system in (SERAFIN, CISIS)


def _place_get(data: Any) -> str:
    held = data.places[0].where if data.places else None
    return held.display if held else ""


def _place_change(data: Any, value: str) -> Any:
    place = first_place(data.places, lambda held: True)
    held = Place() if place is None else data.places[place]
    new = replace(held, where=Link(display=value)) if value else None
    return replace(data, places=swapped(data.places, place, new))


def _is_professional(participant: Participant) -> bool:
    return participant.who is not None and participant.who.to in PROFESSIONALS


def _participant(data: Any) -> Link | None:
    return next((held.who for held in data.participants if _is_professional(held)), None)


def _change_participant(data: Any, link: Link | None) -> Any:
    place = first_place(data.participants, _is_professional)
    new = Participant(who=link) if link else None
    return replace(data, participants=swapped(data.participants, place, new))


def event(row: Any, owner: Link) -> EventData:
    """An event."""
    return EventData(
        key=row.key,
        person=owner,
        setting=Coding(system=ACT, code="AMB"),
        provider=Link(to="Organization", key=row.record.establishment.idnat),
    )


TABLE = Table(
    kind=KIND,
    model=Event,
    owner="record",
    binds=(
        text("label"),
        first_coded("type_code", "types", EVENT_TYPES, _is_type),
        status(),
        moment("starts_at", "start"),
        moment("ends_at", "end", last=True),
        Bind("place", _place_get, _place_change),
        text("reason"),
        text("report"),
        plain("person_present"),
    ),
    refs=(Ref("responsible", "Practitioner", _participant, _change_participant),),
    make=event,
    fill=with_status,
)

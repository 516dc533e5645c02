"""The columns of stays and events."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import (
    Bind,
    Codes,
    coded,
    day,
    first_coded,
    first_place,
    first_text,
    moment,
    plain,
    swapped,
    text,
)
from jalon.exchange.transfer.columns_people import NOS
from jalon.exchange.transfer.native import file_number
from jalon.formats.tddui.encounters import Place
from jalon.formats.tddui.urls import CISIS, SERAFIN
from jalon.formats.tddui.values import Coded, Link, Status

# --- stays --------------------------------------------------------------------------------------------------


def _file_number_get(data: Any) -> str:
    return data.file_number.value if data.file_number else ""


def _file_number_change(data: Any, value: str) -> Any:
    held = data.file_number
    return replace(data, file_number=replace(held, value=value) if held and value else file_number(value))


def _end() -> Bind:
    """The exit. A stay going on is finished by its exit, and goes on again without."""
    period = day("ends_on", "end", last=True)

    def change(data: Any, value: Any) -> Any:
        status = data.status
        if value and not data.end and status.fhir == "in-progress":
            status = replace(status, fhir="finished")
        if not value and status.fhir == "finished":
            status = replace(status, fhir="in-progress")
        return replace(period.change(data, value), status=status)

    return Bind("ends_on", period.get, change)


STAY = (
    Bind("file_number", _file_number_get, _file_number_change),
    day("admitted_on", "admission_date"),
    day("starts_on", "start"),
    _end(),
    day("planned_start", "planned_start"),
    day("planned_end", "planned_end", last=True),
    coded("mode", "service_type", Codes(NOS + "TRE_R338-ModaliteAccueil/FHIR/TRE-R338-ModaliteAccueil")),
    coded("entry_mode", "entry_mode", Codes(CISIS, ("JDV_ModaliteEntree_CISIS",))),
    coded("exit_mode", "exit_mode", Codes(CISIS, ("JDV_ModaliteSortie_CISIS",))),
    first_text("comment", "comments"),
)

# --- events -------------------------------------------------------------------------------------------------

CANCELLED = "ANNULE"
EVENT_TYPES = Codes(SERAFIN, ("JDV_J284", "JDV_J283", "jdv-type-evenement-ssiad-cisis"))


def status(column: str = "status") -> Bind:
    """The business status (JDV_J281). Where only FHIR's is known, the column stays empty and says nothing.

    Who set the former status, and when, says nothing of the new one; nor does the reason of a cancellation.
    """

    def change(data: Any, value: str) -> Any:
        held = data.status
        reason = held.reason if value == CANCELLED else None
        # Without a business code, the FHIR status that was received is all that is known.
        return replace(data, status=Status(code=value, fhir="" if value else held.fhir, reason=reason))

    return Bind(column, lambda data: data.status.code, change)


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


EVENT = (
    text("label"),
    first_coded("type_code", "types", EVENT_TYPES, _is_type),
    status(),
    moment("starts_at", "start"),
    moment("ends_at", "end", last=True),
    Bind("place", _place_get, _place_change),
    text("reason"),
    text("report"),
    plain("person_present"),
)

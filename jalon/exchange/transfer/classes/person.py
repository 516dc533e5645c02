"""The person accompanied. A matricule received is set aside: no file qualifies an identity."""

from dataclasses import replace
from typing import Any

from jalon.core.identity import UNKNOWN_PLACE, Ins
from jalon.exchange.transfer.bind import NOS, Bind, day, first_address, plain, swapped, telecom, text
from jalon.exchange.transfer.native import typed
from jalon.exchange.transfer.table import Table
from jalon.exchange.transfer.times import parse_day
from jalon.formats.tddui import ins_identifier
from jalon.formats.tddui.classes.person import KIND, PersonData
from jalon.formats.tddui.urls import LOCAL_ID, V2_0203
from jalon.formats.tddui.values import Address, Coding, Identifier, PersonName
from jalon.people.models import Person
from jalon.terminology import place_label

COG = NOS + "TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
COG_ABROAD = NOS + "TRE_R20-Pays/FHIR/TRE-R20-Pays"
PRECISION = {4: "year", 7: "month", 10: "day"}
LENGTH = {precision: length for length, precision in PRECISION.items()}


def _name(column: str, element: str, part: str) -> Bind:
    """A part of the official or of the usual name of a person."""

    def get(data: Any) -> str:
        held = getattr(data, element) or PersonName()
        return (held.given[0] if held.given else "") if part == "given" else str(getattr(held, part))

    def change(data: Any, value: str) -> Any:
        held = getattr(data, element) or PersonName(use="official" if element == "birth" else "usual")
        new: Any = value
        if part == "given":
            new = swapped(held.given, 0 if held.given else None, value or None)
        # The whole name in one text said the former one.
        changed = replace(held, **{part: new}, text="")
        empty = not (changed.family or changed.given or changed.birth_first_names)
        return replace(data, **{element: None if empty else changed})

    return Bind(column, get, change)


def _sex_change(data: Any, value: str) -> Any:
    return replace(data, sex=value)


def _birth_date_change(data: Any, value: Any) -> Any:
    return replace(data, birth_date=value.isoformat() if value else "")


def _precision_change(data: Any, value: str) -> Any:
    whole = _completed_birth_date(data)
    return replace(data, birth_date=whole.isoformat()[: LENGTH[value]] if whole else "")


def _birth_place_get(data: Any) -> str:
    held = data.birth_place.insee if data.birth_place else None
    return held.code if held else UNKNOWN_PLACE


def birth_place(code: str) -> Address:
    """A birth place by its COG code, of a commune or of a country."""
    label = place_label(code)
    system = COG_ABROAD if code.startswith("99") else COG
    return Address(insee=Coding(system=system, code=code, display=label), city=label)


def _birth_place_change(data: Any, value: str) -> Any:
    return replace(data, birth_place=None if value == UNKNOWN_PLACE else birth_place(value))


def _completed_birth_date(data: Any) -> Any:
    """RNIV: a year alone is 31 December, a year and month the first of the month."""
    return parse_day(data.birth_date, last=len(data.birth_date) == LENGTH["year"])


def _death(column: str) -> Bind:
    """The day of death; FHIR says either a date or a boolean."""
    date = day(column, "death_date")
    return Bind(column, date.get, lambda data, value: date.change(replace(data, deceased=None), value))


def _death_precision_change(data: Any, value: str) -> Any:
    whole = parse_day(data.death_date)
    return replace(data, death_date=whole.isoformat()[: LENGTH[value]] if whole else "")


def _reported_change(data: Any, value: bool) -> Any:
    """A day that turned out to be unknown leaves; a day that is known says the death."""
    if not value:
        return data if data.death_date else replace(data, deceased=None)
    return replace(data, deceased=True, death_date="")


def local_id(key: str) -> Identifier:
    """The local identifier (PI)."""
    return Identifier(system=LOCAL_ID, value=key, type=typed("PI", V2_0203), use="usual")


def person(row: Any) -> PersonData:
    """A person: the local identifier and an official name, filled by the columns."""
    return PersonData(key=row.key, local_id=local_id(row.key), birth=PersonName(use="official"))


def with_ins(data: PersonData, ins: Ins) -> PersonData:
    """The person with our qualified INS, which is the only official identifier (fr-core-2)."""
    return replace(
        data,
        received_ins=(ins_identifier(ins),),
        received_reliability=(),
        qualified_ins=True,
        nss=_not_official(data.nss),
        other_identifiers=tuple(map(_not_official, data.other_identifiers)),
        birth_place=data.birth_place or Address(insee=Coding(system=COG, code=UNKNOWN_PLACE)),
    )


def _not_official(identifier: Any) -> Any:
    if identifier is None or identifier.use != "official":
        return identifier
    return replace(identifier, use="secondary")


def _named_person(data: PersonData) -> PersonData:
    """An official name has a first name: the first of the list when it stands alone."""
    birth = data.birth
    if birth is None or birth.given or not birth.birth_first_names:
        return data
    return replace(data, birth=replace(birth, given=(birth.birth_first_names.split()[0],)))


_QUALIFIED = "the INS leaves with a qualified identity only (`with_ins`), and no file brings it in"
_SHOWN_HERE = "the agreement to show a photo is given to one house, for its own team"
_PROVEN = "our own procedure (RNIV): another house proves again"

TABLE = Table(
    kind=KIND,
    model=Person,
    binds=(
        _name("birth_name", "birth", "family"),
        _name("birth_first_names", "birth", "birth_first_names"),
        _name("first_name", "birth", "given"),
        _name("used_name", "used", "family"),
        _name("used_first_name", "used", "given"),
        Bind("sex", lambda data: data.sex or "U", _sex_change),
        Bind("birth_date", _completed_birth_date, _birth_date_change),
        Bind(
            "birth_date_precision", lambda data: PRECISION.get(len(data.birth_date), "day"), _precision_change
        ),
        Bind("birth_place", _birth_place_get, _birth_place_change),
        plain("birth_order"),
        _death("died_on"),
        Bind(
            "died_on_precision",
            lambda data: PRECISION.get(len(data.death_date), "day"),
            _death_precision_change,
        ),
        Bind("death_reported", lambda data: bool(data.deceased and not data.death_date), _reported_change),
        first_address("address_line", "line"),
        first_address("postal_code", "postal_code"),
        first_address("city", "city"),
        telecom("phone", "phone"),
        telecom("email", "email"),
        text("comment"),
    ),
    make=person,
    fill=_named_person,
    not_told={
        "name_key": "drawn from the names",
        "ins": _QUALIFIED,
        "ins_oid": _QUALIFIED,
        "ins_digest": _QUALIFIED,
        "ins_retrieved_at": _QUALIFIED,
        "proven_on": _PROVEN,
        "proof": _PROVEN,
        "doubtful": _PROVEN,
        "fictitious": _PROVEN,
        "photo_sha256": _SHOWN_HERE,
        "photo_agreed_by": _SHOWN_HERE,
        "photo_agreed_on": _SHOWN_HERE,
        "identity_status": "drawn from the INS and the proof",
    },
)

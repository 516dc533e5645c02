"""The columns of people, contacts, structures and professionals."""

from dataclasses import replace
from typing import Any

from jalon.core.identity import UNKNOWN_PLACE
from jalon.exchange.transfer.bind import (
    Bind,
    Codes,
    coded,
    day,
    first_address,
    first_coded,
    first_place,
    plain,
    swapped,
    telecom,
    text,
)
from jalon.exchange.transfer.times import parse_day
from jalon.formats.tddui.model_people import RoleCode
from jalon.formats.tddui.urls import PROTECTION, ROLE_CLASS, ROLE_CODE
from jalon.formats.tddui.values import Address, Coded, Coding, PersonName, Telecom
from jalon.terminology import place_label

NOS = "https://mos.esante.gouv.fr/NOS/"
COG = NOS + "TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
COG_ABROAD = NOS + "TRE_R20-Pays/FHIR/TRE-R20-Pays"
PRECISION = {4: "year", 7: "month", 10: "day"}
LENGTH = {precision: length for length, precision in PRECISION.items()}

# --- names --------------------------------------------------------------------------------------------------


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


def _first_name(column: str, part: str) -> Bind:
    """A part of the first name of somebody who has a list of them (contact, professional)."""

    def get(data: Any) -> str:
        held = data.names[0] if data.names else PersonName()
        if part == "family":
            return held.family or held.text
        return " ".join(held.given if part == "given" else held.prefix)

    def change(data: Any, value: str) -> Any:
        held = data.names[0] if data.names else PersonName()
        new: Any = value if part == "family" else _as_many(value, getattr(held, part))
        changed = replace(held, **{part: new}, text="")
        if changed == PersonName(use=held.use):
            changed = PersonName()
        return replace(data, names=swapped(data.names, 0 if data.names else None, changed))

    return Bind(column, get, change)


def _as_many(value: str, held: tuple[str, ...]) -> tuple[str, ...]:
    """As many given names as were told, when the words allow it: « Anne Lise » may be one name or two."""
    found = tuple(value.split(" "))
    if len(found) == len(held) and all(found):
        return found
    return (value,) if value else ()


# --- the person ---------------------------------------------------------------------------------------------


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


PERSON = (
    _name("birth_name", "birth", "family"),
    _name("birth_first_names", "birth", "birth_first_names"),
    _name("first_name", "birth", "given"),
    _name("used_name", "used", "family"),
    _name("used_first_name", "used", "given"),
    Bind("sex", lambda data: data.sex or "U", _sex_change),
    Bind("birth_date", _completed_birth_date, _birth_date_change),
    Bind("birth_date_precision", lambda data: PRECISION.get(len(data.birth_date), "day"), _precision_change),
    Bind("birth_place", _birth_place_get, _birth_place_change),
    plain("birth_order"),
    _death("died_on"),
    first_address("address_line", "line"),
    first_address("postal_code", "postal_code"),
    first_address("city", "city"),
    telecom("phone", "phone"),
    telecom("email", "email"),
    text("comment"),
)

# --- contacts -----------------------------------------------------------------------------------------------

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


CONTACT = (
    _first_name("last_name", "family"),
    _first_name("first_name", "given"),
    coded("role", "role", ROLES),
    first_coded(
        "relation", "relations", Codes(ROLE_CODE, ("JDV_J11", "JDV_HL7_PersonalRelationshipRoleType_CISIS"))
    ),
    coded("protection", "legal_protection", Codes(PROTECTION, ("TRE_R217",))),
    Bind("trusted", _trusted_get, _trusted_change),
    telecom("phone", "phone"),
    telecom("email", "email"),
    Bind("call_order", _call_order_get, _call_order_change),
    text("comment"),
)

# --- structures and professionals ---------------------------------------------------------------------------

CATEGORIES = Codes(NOS + "TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement", ("TRE_R66",))

STRUCTURE = (
    text("name"),
    first_coded("kind", "types", CATEGORIES),
    telecom("phone", "phone"),
    telecom("email", "email"),
    first_address("city", "city"),
)

PROFESSIONAL = (
    _first_name("last_name", "family"),
    _first_name("first_name", "given"),
    _first_name("title", "prefix"),
    telecom("phone", "phone"),
    telecom("email", "email"),
)

FUNCTIONS = Codes(NOS + "TRE_R258-RelationPriseCharge/FHIR/TRE-R258-RelationPriseCharge", ("JDV_J47",))
PROFESSIONS = Codes(
    NOS + "TRE_A02-ProfessionSavFaire-CISIS/FHIR/TRE-A02-ProfessionSavFaire-CISIS", ("JDV_J01",)
)


def _role_code(column: str, element: str, codes: Codes) -> Bind:
    """The function or the profession of the first code of a role."""

    def get(data: Any) -> str:
        held = getattr(data.codes[0], element) if data.codes else None
        return held.code if held else ""

    def change(data: Any, value: str) -> Any:
        held = data.codes[0] if data.codes else RoleCode()
        new = replace(held, **{element: codes.write(value, getattr(held, element))})
        return replace(data, codes=swapped(data.codes, 0 if data.codes else None, new))

    return Bind(column, get, change)


FUNCTION = (
    _role_code("role", "function", FUNCTIONS),
    _role_code("profession", "profession", PROFESSIONS),
    coded("exercise_mode", "exercise_mode", Codes(NOS + "TRE_R23-ModeExercice/FHIR/TRE-R23-ModeExercice")),
    telecom("phone", "phone"),
)

"""Each class of a transfer and its table: the columns a screen edits, the rows it points at.

Read it as a table. What has no column here stays in the row's `received`, typed, and goes out again.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model

from jalon.agenda.models import Event
from jalon.exchange.transfer.bind import (
    Bind,
    coded,
    day,
    described,
    first_address,
    first_coded,
    first_note,
    first_text,
    flag,
    links,
    moment,
    note,
    parse_day,
    telecom,
    text,
)
from jalon.exchange.transfer.native import file_number
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.model_people import RoleCode
from jalon.formats.tddui.model_plans import Target
from jalon.formats.tddui.urls import CISIS, PROTECTION, ROLE_CLASS, ROLE_CODE, SERAFIN
from jalon.formats.tddui.values import Address, Coded, Coding, Link, Period, PersonName, Status
from jalon.organizations.models import Structure
from jalon.people.models import Contact, Person
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan
from jalon.records.models import Stay
from jalon.staff.models import Function, Professional
from jalon.terminology import place_label
from jalon.terminology.serafin import nomenclature

COG = "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
JDV = "https://mos.esante.gouv.fr/NOS/"
PRECISION = {4: "year", 7: "month", 10: "day"}
LENGTH = {precision: length for length, precision in PRECISION.items()}


@dataclass(frozen=True)
class Ref:
    """A column pointing at a professional or a structure, and the link it stands for."""

    column: str
    element: str
    to: str


@dataclass(frozen=True)
class Kind:
    """A class of a transfer: its dataclass, its table, its columns."""

    name: str
    data: type[Any]
    model: type[Model]
    binds: tuple[Bind, ...]
    refs: tuple[Ref, ...] = ()


# --- names --------------------------------------------------------------------------------------------------


def _name(column: str, element: str, part: str) -> Bind:
    """A part of the official or of the usual name of a person."""

    def get(data: Any) -> str:
        held = getattr(data, element) or PersonName()
        return (held.given[0] if held.given else "") if part == "given" else str(getattr(held, part))

    def put(data: Any, value: str) -> Any:
        held = getattr(data, element) or PersonName(use="official" if element == "birth" else "usual")
        new: Any = ((value,) if value else ()) + held.given[1:] if part == "given" else value
        changed = replace(held, **{part: new})
        empty = not (changed.family or changed.given)
        return replace(data, **{element: None if empty else changed})

    return Bind(column, get, put)


def _first_name(column: str, part: str) -> Bind:
    """A part of the first name of somebody who has a list of them (contact, professional)."""

    def get(data: Any) -> str:
        held = data.names[0] if data.names else PersonName()
        if part == "family":
            return held.family or held.text
        return " ".join(held.given if part == "given" else held.prefix)

    def put(data: Any, value: str) -> Any:
        held = data.names[0] if data.names else PersonName()
        new: Any = value if part == "family" else (value,) if value else ()
        return replace(data, names=(replace(held, **{part: new}), *data.names[1:]))

    return Bind(column, get, put)


# --- the person ---------------------------------------------------------------------------------------------


def _birth_date_put(data: Any, value: Any) -> Any:
    return replace(data, birth_date=value.isoformat() if value else "")


def _precision_put(data: Any, value: str) -> Any:
    return replace(data, birth_date=data.birth_date[: LENGTH[value]])


def _birth_place_get(data: Any) -> str:
    held = data.birth_place.insee if data.birth_place else None
    return held.code if held else "99999"


def _birth_place_put(data: Any, value: str) -> Any:
    if value == "99999":
        return replace(data, birth_place=None)
    held = data.birth_place or Address()
    label = place_label(value)
    return replace(
        data, birth_place=replace(held, insee=Coding(system=COG, code=value, display=label), city=label)
    )


def _completed_birth_date(data: Any) -> Any:
    """RNIV: a year alone is 31 December, a year and month the first of the month."""
    if len(data.birth_date) == LENGTH["year"]:
        return parse_day(f"{data.birth_date}-12-31")
    return parse_day(data.birth_date)


PERSON = Kind("person", transfer.PersonData, Person, (
    _name("birth_name", "birth", "family"),
    _name("birth_first_names", "birth", "birth_first_names"),
    _name("first_name", "birth", "given"),
    _name("used_name", "used", "family"),
    _name("used_first_name", "used", "given"),
    Bind("sex", lambda data: data.sex or "U", lambda data, value: replace(data, sex=value)),
    Bind("birth_date", _completed_birth_date, _birth_date_put),
    Bind("birth_date_precision", lambda data: PRECISION.get(len(data.birth_date), "day"), _precision_put),
    Bind("birth_place", _birth_place_get, _birth_place_put),
    flag("birth_order"),
    day("died_on", "death_date"),
    first_address("address_line", "line"),
    first_address("postal_code", "postal_code"),
    first_address("city", "city"),
    telecom("phone", "phone"),
    telecom("email", "email"),
    text("comment"),
))  # fmt: skip


def _call_order_get(data: Any) -> int | None:
    return next((held.rank for held in data.telecoms if held.rank), None)


def _call_order_put(data: Any, value: int | None) -> Any:
    first = tuple(replace(held, rank=value) for held in data.telecoms[:1])
    return replace(data, telecoms=first + data.telecoms[1:])


def _trusted_put(data: Any, value: bool) -> Any:
    trusted = Coded(system=CISIS, code="PERSCONF", display="Personne de confiance")
    others = tuple(held for held in data.other_relationships if held.code != "PERSCONF")
    return replace(data, other_relationships=((trusted,) if value else ()) + others)


CONTACT = Kind("contacts", transfer.ContactData, Contact, (
    _first_name("last_name", "family"),
    _first_name("first_name", "given"),
    coded("role", "role", ROLE_CLASS),
    first_coded("relation", "relations", lambda code: ROLE_CODE, lambda code: ""),
    coded("protection", "legal_protection", PROTECTION),
    Bind(
        "trusted",
        lambda data: any(held.code == "PERSCONF" for held in data.other_relationships),
        _trusted_put,
    ),
    telecom("phone", "phone"),
    telecom("email", "email"),
    Bind("call_order", _call_order_get, _call_order_put),
    text("comment"),
))  # fmt: skip

# --- structures and professionals ---------------------------------------------------------------------------

STRUCTURE = Kind("organizations", transfer.OrganizationData, Structure, (
    text("name"),
    first_coded(
        "kind",
        "types",
        lambda code: JDV + "TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement",
        lambda code: "",
    ),
    telecom("phone", "phone"),
    telecom("email", "email"),
    first_address("city", "city"),
))  # fmt: skip

PROFESSIONAL = Kind("practitioners", transfer.PractitionerData, Professional, (
    _first_name("last_name", "family"),
    _first_name("first_name", "given"),
    _first_name("title", "prefix"),
    telecom("phone", "phone"),
    telecom("email", "email"),
))  # fmt: skip


def _role_code(column: str, element: str, system: str) -> Bind:
    """The function or the profession of the first code of a role."""

    def get(data: Any) -> str:
        held = getattr(data.codes[0], element) if data.codes else None
        return held.code if held else ""

    def put(data: Any, value: str) -> Any:
        held = data.codes[0] if data.codes else RoleCode()
        new = replace(held, **{element: Coded(system=system, code=value) if value else None})
        return replace(data, codes=(new, *data.codes[1:]))

    return Bind(column, get, put)


FUNCTION = Kind("roles", transfer.RoleData, Function, (
    _role_code("role", "function", JDV + "TRE_R85-RolePriseCharge/FHIR/TRE-R85-RolePriseCharge"),
    _role_code("profession", "profession", JDV + "TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante"),
    coded("exercise_mode", "exercise_mode", JDV + "TRE_R23-ModeExercice/FHIR/TRE-R23-ModeExercice"),
    telecom("phone", "phone"),
), (
    Ref("professional", "practitioner", "Practitioner"),
    Ref("structure", "organization", "Organization"),
))  # fmt: skip

# --- stays and events ---------------------------------------------------------------------------------------


def _file_number_put(data: Any, value: str) -> Any:
    return replace(
        data, file_number=replace(data.file_number, value=value) if data.file_number else file_number(value)
    )


STAY = Kind("stays", transfer.StayData, Stay, (
    Bind("file_number", lambda data: data.file_number.value if data.file_number else "", _file_number_put),
    day("admitted_on", "admission_date"),
    day("starts_on", "start"),
    day("ends_on", "end"),
    day("planned_start", "planned_start"),
    day("planned_end", "planned_end"),
    coded("mode", "service_type", JDV + "JDV_J226-ModaliteAccueil-MS/FHIR/JDV-J226-ModaliteAccueil-MS"),
    coded("entry_mode", "entry_mode", CISIS),
    coded("exit_mode", "exit_mode", CISIS),
    first_text("comment", "comments"),
))  # fmt: skip


def _status(column: str = "status") -> Bind:
    """The business status (JDV_J281). Where only FHIR's is known, the column stays empty and says nothing."""
    return Bind(
        column,
        lambda data: data.status.code,
        lambda data, value: replace(
            data, status=replace(data.status, code=value, fhir="") if value else Status()
        ),
    )


def _serafin_label(code: str) -> str:
    return next((held.label for held in nomenclature() if held.code == code), "")


EVENT = Kind("events", transfer.EventData, Event, (
    text("label"),
    first_coded("type_code", "types", lambda code: SERAFIN if code[:1].isdigit() else CISIS, _serafin_label),
    _status(),
    moment("starts_at", "start"),
    moment("ends_at", "end"),
    text("reason"),
    text("report"),
    flag("person_present"),
))  # fmt: skip

# --- the personalised project -------------------------------------------------------------------------------

PLAN = Kind("plans", transfer.PlanData, PersonalPlan, (
    text("title"),
    text("description"),
    first_coded("type_code", "types", lambda code: CISIS, lambda code: ""),
    _status(),
    day("starts_on", "start"),
    day("ends_on", "end"),
    first_note("communication", "communication"),
))  # fmt: skip

EXPECTATION = Kind("expectations", transfer.ExpectationData, Expectation, (
    note("origin", "origin"),
    described("description"),
    first_note("comment", "comments"),
))  # fmt: skip


def _analysis_get(data: Any) -> str:
    return data.analyses[0].text if data.analyses else ""


def _analysis_put(data: Any, value: str) -> Any:
    first = (replace(data.analyses[0] if data.analyses else Coded(), text=value),) if value else ()
    return replace(data, analyses=first + data.analyses[1:])


NEED = Kind("needs", transfer.NeedData, Need, (
    first_coded("category", "categories", lambda code: SERAFIN, _serafin_label),
    described("description"),
    Bind("analysis", _analysis_get, _analysis_put),
    first_note("comment", "comments"),
))  # fmt: skip


def _target(column: str, element: str, convert: Any, write: Any) -> Bind:
    """The expected result or the due date of the first target of a goal."""

    def get(data: Any) -> Any:
        return convert(getattr(data.targets[0], element) if data.targets else "")

    def put(data: Any, value: Any) -> Any:
        # R4: a target with a detail needs a measure, or why there is none.
        held = data.targets[0] if data.targets else Target(measure_absent="not-applicable")
        changed = replace(held, **{element: write(value)})
        kept = (changed,) if changed.detail or changed.due else ()
        return replace(data, targets=kept + data.targets[1:])

    return Bind(column, get, put)


GOAL = Kind("goals", transfer.GoalData, Goal, (
    note("title", "title"),
    described("description"),
    _status(),
    note("opinion", "opinion"),
    note("strategy", "strategy"),
    day("starts_on", "start"),
    _target("expected", "detail", lambda held: held, lambda value: value),
    _target("due_on", "due", parse_day, lambda value: value.isoformat() if value else ""),
    links("need_keys", "needs", "ServiceRequest"),
), (Ref("responsible", "expressed_by", "Practitioner"),))  # fmt: skip

ACTION = Kind("actions", transfer.ActionData, Action, (
    text("title"),
    text("description"),
    _status(),
    text("opinion"),
    text("expected"),
    day("starts_on", "start"),
    day("ends_on", "end"),
    links("goal_keys", "goals", "Goal"),
), (Ref("responsible", "owner", "Practitioner"),))  # fmt: skip


def _validity(column: str, bound: str) -> Bind:
    def get(data: Any) -> Any:
        return parse_day(getattr(data.validity, bound) if data.validity else "")

    def put(data: Any, value: Any) -> Any:
        held = replace(data.validity or Period(), **{bound: value.isoformat() if value else ""})
        return replace(data, validity=None if held == Period() else held)

    return Bind(column, get, put)


def signer(data: Any, to: str) -> Link | None:
    """Who signed, when it is of this type."""
    return next((held for held in data.signers if held.to == to), None)


AGREEMENT = Kind("agreements", transfer.AgreementData, Agreement, (
    moment("signed_at", "signed_on"),
    _validity("valid_from", "start"),
    _validity("valid_until", "end"),
))  # fmt: skip

SHARED = (STRUCTURE, PROFESSIONAL, FUNCTION)
"""What belongs to nobody, in the order they point at one another."""
OWNED = (CONTACT, STAY, EVENT, PLAN, EXPECTATION, NEED, GOAL, ACTION, AGREEMENT)
"""What belongs to a person, in the order they point at one another."""
PARTS = {"expectations", "needs", "goals", "actions"}
"""What belongs to a plan."""

"""Each class of a transfer and its table: the columns a screen edits, the rows it points at.

Read it as a table. What has no column here stays in the row's `received`, typed, and goes out again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model

from jalon.agenda.models import Event
from jalon.exchange.transfer import columns_people as people
from jalon.exchange.transfer import columns_plans as plans
from jalon.exchange.transfer import columns_stays as stays
from jalon.exchange.transfer.bind import Bind, first_place, swapped
from jalon.formats.tddui import catalog
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.action import ActionData
from jalon.formats.tddui.classes.agreement import AgreementData
from jalon.formats.tddui.classes.contact import ContactData
from jalon.formats.tddui.classes.event import EventData
from jalon.formats.tddui.classes.expectation import ExpectationData
from jalon.formats.tddui.classes.goal import GoalData
from jalon.formats.tddui.classes.need import NeedData
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.classes.plan import PlanData
from jalon.formats.tddui.classes.practitioner import PractitionerData
from jalon.formats.tddui.classes.role import RoleData
from jalon.formats.tddui.classes.stay import StayData
from jalon.formats.tddui.encounters import Participant
from jalon.formats.tddui.values import Link
from jalon.organizations.models import Structure
from jalon.people.models import Contact, Person
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan
from jalon.records.models import Stay
from jalon.staff.models import Function, Professional

PROFESSIONALS = ("Practitioner", "PractitionerRole")
PLANNED = "plan__record"
"""The path to the record of what belongs to a plan."""


@dataclass(frozen=True)
class Ref:
    """A column pointing at a row of FHIR type `to`, and the link it stands for."""

    column: str
    to: str
    get: Callable[[Any], Link | None]
    change: Callable[[Any, Link | None], Any]


@dataclass(frozen=True)
class Kind:
    """A class of a transfer: its dataclass, its table, its columns, the rows it points at.

    `owner`: the path from a row to the record it belongs to (to the person, for a contact).
    """

    name: str
    data: type[Any]
    model: type[Model]
    binds: tuple[Bind, ...]
    refs: tuple[Ref, ...] = ()
    owner: str = ""

    @property
    def type(self) -> str:
        """The FHIR type."""
        return catalog.BY_CLASS[self.data].fhir


def _ref(column: str, element: str, to: str) -> Ref:
    return Ref(
        column,
        to,
        lambda data: getattr(data, element),
        lambda data, link: replace(data, **{element: link}),
    )


def _is_professional(participant: Participant) -> bool:
    return participant.who is not None and participant.who.to in PROFESSIONALS


def _participant(data: Any) -> Link | None:
    return next((held.who for held in data.participants if _is_professional(held)), None)


def _change_participant(data: Any, link: Link | None) -> Any:
    place = first_place(data.participants, _is_professional)
    new = Participant(who=link) if link else None
    return replace(data, participants=swapped(data.participants, place, new))


def _signer(column: str, to: str, *types: str) -> Ref:
    """Who signed, when it is of these types; an agreement has exactly one signer."""
    return Ref(
        column,
        to,
        lambda data: next((held for held in data.signers if held.to in types), None),
        lambda data, link: replace(data, signers=(link,)) if link else data,
    )


# --- what belongs to nobody ---------------------------------------------------------------------------------

STRUCTURE = Kind("organizations", OrganizationData, Structure, people.STRUCTURE)
PROFESSIONAL = Kind("practitioners", PractitionerData, Professional, people.PROFESSIONAL)
FUNCTION = Kind("roles", RoleData, Function, people.FUNCTION, (
    _ref("professional", "practitioner", "Practitioner"),
    _ref("structure", "organization", "Organization"),
))  # fmt: skip

# --- what belongs to a person -------------------------------------------------------------------------------

PERSON = Kind("person", PersonData, Person, people.PERSON)
CONTACT = Kind("contacts", ContactData, Contact, people.CONTACT, owner="person")
STAY = Kind("stays", StayData, Stay, stays.STAY, owner="record")
EVENT = Kind("events", EventData, Event, stays.EVENT, (
    Ref("responsible", "Practitioner", _participant, _change_participant),
), owner="record")  # fmt: skip
PLAN = Kind("plans", PlanData, PersonalPlan, plans.PLAN, owner="record")
EXPECTATION = Kind("expectations", ExpectationData, Expectation, plans.EXPECTATION, owner=PLANNED)
NEED = Kind("needs", NeedData, Need, plans.NEED, owner=PLANNED)
GOAL = Kind("goals", GoalData, Goal, plans.GOAL, (
    _ref("responsible", "expressed_by", "Practitioner"),
), owner=PLANNED)  # fmt: skip
ACTION = Kind("actions", ActionData, Action, plans.ACTION, (
    _ref("responsible", "owner", "Practitioner"),
), owner=PLANNED)  # fmt: skip
AGREEMENT = Kind("agreements", AgreementData, Agreement, plans.AGREEMENT, (
    _signer("professional", "Practitioner", *PROFESSIONALS),
    _signer("contact", "RelatedPerson", "RelatedPerson"),
), owner=PLANNED)  # fmt: skip

SHARED = (STRUCTURE, PROFESSIONAL, FUNCTION)
"""What belongs to nobody, in the order they point at one another."""
OWNED = (CONTACT, STAY, EVENT, PLAN, EXPECTATION, NEED, GOAL, ACTION, AGREEMENT)
"""What belongs to a person, in the order they point at one another."""
PARTS = (EXPECTATION, NEED, GOAL, ACTION)
"""What belongs to a plan and names it."""
ALL = (*SHARED, PERSON, *OWNED)


def items_of(kind: Kind, data: transfer.Transfer) -> Iterable[Any]:
    """Every object of this class in a transfer."""
    if kind in SHARED:
        return data.of(kind.data)
    if kind is PERSON:
        return (record.person for record in data.people)
    return (item for record in data.people for item in record.of(kind.data))

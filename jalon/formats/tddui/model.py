"""A transfer of social-care records between two systems (TDDUI 2.4.0), in our words. No FHIR type leaves this
package.

| class | FHIR resource, profile `tddui-…` | business object |
|---|---|---|
| PersonData | Patient, `patient` / `patient-ins` | Usager |
| ContactData | RelatedPerson, `related-person-contact` | ContactPersonnePhysique / Morale |
| StayData | Encounter, `encounter-sejour` | Sejour |
| EventData | Encounter, `encounter-evenement` | Evenement |
| OrganizationData | Organization, `organization` | EntiteJuridique, EntiteGeographique |
| PractitionerData | Practitioner, `practitioner` | Professionnel |
| RoleData | PractitionerRole, `practitioner-role` | rôle, profession, mode d’exercice |
| PlanData | CarePlan, `careplan-projet-personnalise` | ProjetPersonnalise |
| ExpectationData | Goal, `goal-attente` | Attente |
| GoalData | Goal, `goal-objectif` | Objectif |
| NeedData | ServiceRequest, `service-request-besoin` | Besoin |
| ActionData | Task, `task-action` | Action |
| AgreementData | Consent, `consent-accord` | Accord |
| VerbatimResource | any other | kept as it came, named and counted |

Everything is linked by business key (`Link.to`, `Link.key`), never by technical id. `extra` holds what a
class does not model of its own resource; a resource of a modelled class that cannot be attached to anybody of
the file is kept verbatim too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jalon.formats.fhir import Problem
from jalon.formats.tddui.model_people import (
    ContactData,
    OrganizationData,
    PersonData,
    PractitionerData,
    RoleData,
)
from jalon.formats.tddui.model_plans import (
    ActionData,
    AgreementData,
    ExpectationData,
    GoalData,
    NeedData,
    PlanData,
)
from jalon.formats.tddui.model_stays import EventData, StayData

Item = (
    PersonData
    | ContactData
    | StayData
    | EventData
    | OrganizationData
    | PractitionerData
    | RoleData
    | PlanData
    | ExpectationData
    | GoalData
    | NeedData
    | ActionData
    | AgreementData
)


@dataclass(frozen=True)
class VerbatimResource:
    """A resource kept as received (JSON text, references as tokens `Type?identifier=<key>`), to be sent out
    again.

    `type`: FHIR type; `profile`: first `meta.profile`; `key`: value of its first identifier (`system|value`
    outside our systems) or a UUID of its content; `owner`: key of the person it speaks of, `""` if it speaks
    of nobody of the file.
    """

    type: str
    profile: str
    key: str
    json: str
    owner: str = ""
    full_url: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRecord:
    """One person and everything the file says of them.

    `known`: the person is not in the file, only referred to by a key known before: `person` is then that key
    and nothing else, and must not overwrite what is known.
    """

    person: PersonData
    contacts: tuple[ContactData, ...] = ()
    stays: tuple[StayData, ...] = ()
    events: tuple[EventData, ...] = ()
    plans: tuple[PlanData, ...] = ()
    expectations: tuple[ExpectationData, ...] = ()
    needs: tuple[NeedData, ...] = ()
    goals: tuple[GoalData, ...] = ()
    actions: tuple[ActionData, ...] = ()
    agreements: tuple[AgreementData, ...] = ()
    known: bool = False

    def items(self) -> Iterator[Item]:
        """The person (unless only `known`), then everything else, in the order of the fields."""
        groups: tuple[Sequence[Item], ...] = (
            () if self.known else (self.person,),
            self.contacts,
            self.stays,
            self.events,
            self.plans,
            self.expectations,
            self.needs,
            self.goals,
            self.actions,
            self.agreements,
        )
        for group in groups:
            yield from group


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A whole file: people and what is said of them, the structures and professionals named, the rest
    verbatim.

    `warnings`: what a reading noticed and let through.
    """

    people: tuple[PersonRecord, ...] = ()
    organizations: tuple[OrganizationData, ...] = ()
    practitioners: tuple[PractitionerData, ...] = ()
    roles: tuple[RoleData, ...] = ()
    verbatim: tuple[VerbatimResource, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every modelled object: structures, professionals, roles, then people with theirs."""
        groups: tuple[Sequence[Item], ...] = (self.organizations, self.practitioners, self.roles)
        for group in groups:
            yield from group
        for record in self.people:
            yield from record.items()

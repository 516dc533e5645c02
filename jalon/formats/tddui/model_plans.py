"""What is aimed at: personal plan, expectations, needs, goals, actions, agreements. See `model` for the
whole."""

from dataclasses import dataclass
from typing import Literal

from jalon.formats.tddui.values import (
    Coded,
    Envelope,
    Identifier,
    Link,
    Moment,
    Note,
    Period,
    Residue,
    Status,
)


@dataclass(frozen=True)
class PlanAgreement:
    """CarePlan.supportingInfo: `side` says whose agreement it is; `agreement` links to the AgreementData."""

    side: Literal["usager", "structure"]
    agreement: Link


@dataclass(frozen=True)
class Activity:
    """CarePlan.activity: what is planned (`reference`: an action…), what it gave, how it goes on."""

    reference: Link | None = None
    outcomes: tuple[Coded, ...] = ()
    outcome_links: tuple[Link, ...] = ()
    progress: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanData:
    """Projet personnalisé: CarePlan, profile tddui-careplan-projet-personnalise. `key`: `…-PPER-<n>`.

    `types`: JDV_J367 (category). `start`/`end`: dateDebut/FinMiseEnOeuvre. `communication`:
    modaliteCommunication (note).
    `status`: ENPREPARATION (draft), ENCOURS (active), ENPAUSE (on-hold), TERMINE (completed). `attachments`:
    entrants.
    `agreements`: at least one of side `structure`.
    """

    key: str
    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    intent: str = ""
    types: tuple[Coded, ...] = ()
    title: str = ""
    description: str = ""
    start: Moment = ""
    end: Moment = ""
    created: Moment = ""
    encounter: Link | None = None
    author: Link | None = None
    contributors: tuple[Link, ...] = ()
    care_teams: tuple[Link, ...] = ()
    addresses: tuple[Link, ...] = ()
    agreements: tuple[PlanAgreement, ...] = ()
    supporting: tuple[Link, ...] = ()
    goals: tuple[Link, ...] = ()
    activities: tuple[Activity, ...] = ()
    communication: tuple[Note, ...] = ()
    attachments: tuple[Link, ...] = ()
    based_on: tuple[Link, ...] = ()
    replaces: tuple[Link, ...] = ()
    part_of: tuple[Link, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True)
class Target:
    """Goal.target: `measure`, expected `detail` in words or coded, `due` date; `measure_absent`:
    data-absent-reason code."""

    measure: Coded | None = None
    measure_absent: str = ""
    detail: str = ""
    detail_code: Coded | None = None
    due: str = ""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What expectations and goals share: every element of a FHIR Goal.

    `plan`: tddui-careplan-reference. `description`: description.text holds the words. `needs`: addresses.
    `start`: startDate.
    `expressed_by`: the professional in charge (référent).
    """

    key: str
    person: Link | None = None
    plan: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    status_date: str = ""
    status_reason: str = ""
    achievement: Coded | None = None
    categories: tuple[Coded, ...] = ()
    priority: Coded | None = None
    description: Coded | None = None
    start: str = ""
    start_code: Coded | None = None
    targets: tuple[Target, ...] = ()
    expressed_by: Link | None = None
    needs: tuple[Link, ...] = ()
    other_notes: tuple[Note, ...] = ()
    outcomes: tuple[Coded, ...] = ()
    outcome_links: tuple[Link, ...] = ()
    evaluations: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExpectationData(Aim):
    """Attente: Goal, profile tddui-goal-attente. `key`: `…-ATTE-<n>`. `origin`: whose it is, in words (note
    origineAttente, required); `comments`: notes commentaireAttente."""

    origin: Note | None = None
    comments: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GoalData(Aim):
    """Objectif: Goal, profile tddui-goal-objectif. `key`: `…-OBJE-<n>`. `title` (note titreObjectif,
    required),
    `opinion`: avisUsagerObjectif, `strategy`: strategieMiseEnOeuvreObjectif; `targets`: resultatAttendu and
    dateFin.
    `status`: ENPREPARATION, ACTIF, TERMINE, ANNULE."""

    title: Note | None = None
    opinion: Note | None = None
    strategy: Note | None = None


@dataclass(frozen=True, kw_only=True)
class NeedData:
    """Besoin: ServiceRequest, profile tddui-service-request-besoin. `key`: `…-BESO-<n>`.

    `plan`: basedOn. `categories`: JDV_J285. `description`: code.text (required). `analyses`:
    analyseProfessionnel (orderDetail.text). `comments`: notes. `attachments`: pieceJointeBesoin.
    """

    key: str
    person: Link | None = None
    plan: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    intent: str = ""
    priority: str = ""
    categories: tuple[Coded, ...] = ()
    description: Coded | None = None
    analyses: tuple[Coded, ...] = ()
    comments: tuple[Note, ...] = ()
    attachments: tuple[Link, ...] = ()
    encounter: Link | None = None
    occurrence: Moment = ""
    occurrence_period: Period | None = None
    authored_on: Moment = ""
    requester: Link | None = None
    performer_type: Coded | None = None
    performers: tuple[Link, ...] = ()
    reasons: tuple[Coded, ...] = ()
    reason_links: tuple[Link, ...] = ()
    supporting: tuple[Link, ...] = ()
    person_instruction: str = ""
    replaces: tuple[Link, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActionData:
    """Action: Task, profile tddui-task-action. `key`: `…-ACTI-<n>`.

    `plan`: basedOn. `title`, `opinion` (avisUsager), `expected` (resultatAttendu), `evaluations`,
    `attachments`, `goals`: typed inputs. `owner`: référent. `start`/`end`: executionPeriod. `status`:
    ENPREPARATION, ACTIF, TERMINE, ANNULE.
    """

    key: str
    person: Link | None = None
    plan: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    part_of: tuple[Link, ...] = ()
    group: Identifier | None = None
    status: Status = Status()
    business_status: Coded | None = None
    intent: str = ""
    priority: str = ""
    code: Coded | None = None
    title: str = ""
    description: str = ""
    opinion: str = ""
    expected: str = ""
    start: Moment = ""
    end: Moment = ""
    owner: Link | None = None
    requester: Link | None = None
    focus: Link | None = None
    encounter: Link | None = None
    location: Link | None = None
    performer_types: tuple[Coded, ...] = ()
    authored_on: Moment = ""
    last_modified: Moment = ""
    reason: Coded | None = None
    reason_link: Link | None = None
    notes: tuple[Note, ...] = ()
    goals: tuple[Link, ...] = ()
    evaluations: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    history: tuple[Link, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True)
class AgreementPolicy:
    """Consent.policy."""

    authority: str = ""
    uri: str = ""


@dataclass(frozen=True)
class AgreementCheck:
    """Consent.verification."""

    verified: bool | None = None
    by: Link | None = None
    date: Moment = ""


@dataclass(frozen=True, kw_only=True)
class AgreementData:
    """Accord: Consent, profile tddui-consent-accord.

    `key`: its identifier if it has one, otherwise `accord:` and a UUID of who signed and when. `signed_on`:
    dateTime (required).
    `signers`: performer (exactly one). `validity`: R5 Consent.period. `status`: FHIR status in `status.fhir`.
    """

    key: str
    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    scope: Coded | None = None
    categories: tuple[Coded, ...] = ()
    signed_on: Moment = ""
    signers: tuple[Link, ...] = ()
    organizations: tuple[Link, ...] = ()
    validity: Period | None = None
    policies: tuple[AgreementPolicy, ...] = ()
    policy_rule: Coded | None = None
    source: Link | None = None
    checks: tuple[AgreementCheck, ...] = ()
    provision_type: str = ""
    provision_period: Period | None = None
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()

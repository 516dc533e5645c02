"""Personalised projects (ProjetPersonnalise): CarePlan, profile tddui-careplan-projet-personnalise."""

from dataclasses import dataclass
from typing import Any, Literal

from jalon.formats.tddui.checks import Check, bind, need, refers, refers_to, slices, where
from jalon.formats.tddui.datatypes import (
    ATTACHMENTS,
    CODED,
    IDENTIFIER,
    LINK,
    NOTE,
    Discriminated,
    discriminator_of,
)
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.frame import PLAN_STATUS, Frame, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Json, Many, One, Slice, Sliced, at, extensions, shape
from jalon.formats.tddui.rules_common import discriminated, discriminator, own
from jalon.formats.tddui.urls import PLAN_ID
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Note, Status


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
class PlanData(Item):
    """Projet personnalisé: CarePlan, profile tddui-careplan-projet-personnalise. `key`: `…-PPER-<n>`.

    `types`: JDV_J367 (category). `start`/`end`: dateDebut/FinMiseEnOeuvre. `communication`:
    modaliteCommunication (note).
    `status`: ENPREPARATION (draft), ENCOURS (active), ENPAUSE (on-hold), TERMINE (completed). `attachments`:
    entrants.
    `agreements`: at least one of side `structure`.
    """

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


class Side:
    """CarePlan.supportingInfo of an agreement ↔ PlanAgreement: the discriminator says whose it is."""

    def read(self, raw: Any) -> PlanAgreement:
        """The agreement and its side."""
        return PlanAgreement(
            "usager" if discriminator_of(raw) == "accordUsager" else "structure", LINK.read(raw)
        )

    def write(self, value: PlanAgreement) -> Json:
        """The reference with its discriminator."""
        code = "accordUsager" if value.side == "usager" else "accordStructure"
        written: Json = Discriminated(code, LINK).write(value.agreement)
        return written


def _side(item: Json) -> str:
    return "accord" if discriminator_of(item) in ("accordUsager", "accordStructure") else ""


ACTIVITY = shape(
    Activity,
    Many("outcomes", "outcomeCodeableConcept", CODED),
    Many("outcome_links", "outcomeReference", LINK),
    Many("progress", "progress", NOTE),
    One("reference", "reference", LINK),
)

SHAPE = shape(
    PlanData,
    Frame(dated=True),
    extensions(ATTACHMENTS),
    Many("identifiers", "identifier", IDENTIFIER),
    Many("based_on", "basedOn", LINK),
    Many("replaces", "replaces", LINK),
    Many("part_of", "partOf", LINK),
    Stand("status", PLAN_STATUS, dated=True),
    One("intent", "intent"),
    Many("types", "category", CODED),
    One("title", "title"),
    One("description", "description"),
    One("person", "subject", LINK),
    One("encounter", "encounter", LINK),
    at("period", One("start", "start"), One("end", "end")),
    One("created", "created"),
    One("author", "author", LINK),
    Many("contributors", "contributor", LINK),
    Many("care_teams", "careTeam", LINK),
    Many("addresses", "addresses", LINK),
    Sliced(
        "supportingInfo",
        _side,
        {"accord": Slice("agreements", Side(), many=True)},
        Slice("supporting", LINK, many=True),
    ),
    Many("goals", "goal", LINK),
    Many("activities", "activity", ACTIVITY),
    Many("communication", "note", NOTE),
)

RULES: tuple[Check, ...] = (
    *own(PLAN_ID),
    need("category", 0, 1),
    bind("category", "jdv-j367-type-projet-personnalise-ms"),
    need("title"),
    refers("subject", "Patient"),
    slices("supportingInfo", discriminator, {"accordStructure": (1, None)}),
    discriminated("supportingInfo"),
    *(
        where("supportingInfo", discriminator, code, refers_to("Consent"))
        for code in ("accordUsager", "accordStructure")
    ),
    need("note", 0, 1),
)

KIND = Kind(
    name="plans",
    label="projets personnalisés",
    fhir="CarePlan",
    profile="careplan-projet-personnalise",
    rank=80,
    shape=SHAPE,
    rules=RULES,
    sole=True,
    system=PLAN_ID,
    code="PPER",
    fill=by_key(PLAN_ID, status=Status(fhir="unknown"), intent="plan"),
)

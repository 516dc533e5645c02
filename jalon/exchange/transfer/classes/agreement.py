"""Agreements, of the person or of the house."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import Bind, moment
from jalon.exchange.transfer.table import PROFESSIONALS, Parents, Ref, Table, the_only
from jalon.exchange.transfer.times import parse_day
from jalon.formats.tddui import PersonRecord
from jalon.formats.tddui.classes.agreement import KIND, AgreementData
from jalon.formats.tddui.classes.plan import PlanAgreement, PlanData
from jalon.formats.tddui.urls import LOCAL_ID
from jalon.formats.tddui.values import Identifier, Link, Period
from jalon.plans.models import Agreement


def _validity(column: str, bound: str) -> Bind:
    def get(data: Any) -> Any:
        return parse_day(getattr(data.validity, bound) if data.validity else "", last=bound == "end")

    def change(data: Any, value: Any) -> Any:
        held = replace(data.validity or Period(), **{bound: value.isoformat() if value else ""})
        return replace(data, validity=None if held == Period() else held)

    return Bind(column, get, change)


def _signer(column: str, to: str, *types: str) -> Ref:
    """Who signed, when it is of these types; an agreement has exactly one signer."""
    return Ref(
        column,
        to,
        lambda data: next((held for held in data.signers if held.to in types), None),
        lambda data, link: replace(data, signers=(link,)) if link else data,
    )


def agreement(row: Any, owner: Link) -> AgreementData:
    """An agreement, the person's own unless a column names another signer."""
    identifiers = (Identifier(system=LOCAL_ID, value=row.key),)
    return AgreementData(key=row.key, person=owner, identifiers=identifiers, signers=(owner,))


def _belongs(item: AgreementData, record: PersonRecord, plans: Parents) -> dict[str, Any] | None:
    """An agreement belongs to the plan that names it, which says whose it is; else, its signer does."""
    named = ((plan.key, held) for plan in record.of(PlanData) for held in plan.agreements)
    naming = ((key, held.side) for key, held in named if held.agreement.key == item.key)
    key, side = next(naming, ("", ""))
    plan = plans.get(key) or the_only(plans)
    professional = any(held.to in PROFESSIONALS for held in item.signers)
    guess = Agreement.Side.HOUSE if professional else Agreement.Side.PERSON
    return {"plan": plan, "side": side or guess} if plan else None


def _agreed(plan: PlanData, row: Any) -> PlanData:
    link = Link(to="Consent", key=row.key)
    return replace(plan, agreements=(*plan.agreements, PlanAgreement(row.side, link)))


TABLE = Table(
    kind=KIND,
    model=Agreement,
    owner="plan",
    belongs=_belongs,
    binds=(
        moment("signed_at", "signed_on"),
        _validity("valid_from", "start"),
        _validity("valid_until", "end"),
    ),
    refs=(
        _signer("professional", "Practitioner", *PROFESSIONALS),
        _signer("contact", "RelatedPerson", "RelatedPerson"),
    ),
    make=agreement,
    named=_agreed,
    not_told={
        "side": "told by the plan, which names the agreement on one side or the other",
        "words": "the profile has no element for them",
    },
)

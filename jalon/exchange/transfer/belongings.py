"""What belongs to a person: which row it hangs on."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from jalon.core.errors import DomainError
from jalon.exchange.transfer.keeping import Keeping
from jalon.exchange.transfer.kinds import AGREEMENT, CONTACT, OWNED, PARTS, PLAN, Kind
from jalon.exchange.transfer.rows import place_of
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui import to_resource
from jalon.formats.tddui.classes.agreement import AgreementData
from jalon.formats.tddui.classes.plan import PlanData
from jalon.plans.models import Agreement, PersonalPlan
from jalon.records.models import Record


@dataclass
class Belongings:
    """One person of the file, and the record their things go into.

    `loose`: what could not enter its table, to be kept whole.
    """

    keeping: Keeping
    record: transfer.PersonRecord
    folder: Record
    plans: dict[str, PersonalPlan] = field(default_factory=dict)
    loose: list[transfer.VerbatimResource] = field(default_factory=list)

    def keep(self) -> None:
        """Everything the file says of this person. Raises DomainError `part_without_plan`, and as rows do."""
        for kind in OWNED:
            for item in self.record.of(kind.data):
                self._keep(kind, item)

    def _keep(self, kind: Kind, item: Any) -> None:
        owner = self._owner(kind, item)
        if owner is None:
            self.loose.append(self._whole(kind, item))
            return
        row = self.keeping.keep(kind, item, owner, self.folder)
        if kind is PLAN:
            self.plans[item.key] = row

    def _owner(self, kind: Kind, item: Any) -> dict[str, Any] | None:
        """The columns that say whose the row is; None when nothing in the file says it."""
        if kind is CONTACT:
            return {"person": self.folder.person}
        if kind in PARTS:
            return {"plan": self._plan(kind, item)}
        return self._side(item) if kind is AGREEMENT else {"record": self.folder}

    def _plan(self, kind: Kind, item: Any) -> PersonalPlan:
        plan = self.plans.get(item.plan.key if item.plan else "") or self._only_plan()
        if plan is None:
            raise DomainError(
                "Cet élément ne dit pas à quel projet personnalisé de la personne il appartient. "
                "Joignez le projet au fichier.",
                code="part_without_plan",
                place=place_of(kind, item),
            )
        return plan

    def _only_plan(self) -> PersonalPlan | None:
        return next(iter(self.plans.values())) if len(self.plans) == 1 else None

    def _side(self, item: AgreementData) -> dict[str, Any] | None:
        """An agreement belongs to the plan that names it, which says whose it is; else, its signer does."""
        named = ((plan.key, held) for plan in self.record.of(PlanData) for held in plan.agreements)
        naming = ((key, held.side) for key, held in named if held.agreement.key == item.key)
        key, side = next(naming, ("", ""))
        plan = self.plans.get(key) or self._only_plan()
        professional = any(held.to in ("Practitioner", "PractitionerRole") for held in item.signers)
        guess = Agreement.Side.HOUSE if professional else Agreement.Side.PERSON
        return {"plan": plan, "side": side or guess} if plan else None

    def _whole(self, kind: Kind, item: Any) -> transfer.VerbatimResource:
        resource = to_resource(item)
        return transfer.VerbatimResource(
            type=kind.type,
            profile=resource["meta"]["profile"][0].rpartition("/")[2],
            key=item.key,
            json=orjson.dumps(resource).decode(),
            owner=self.record.person.key,
        )

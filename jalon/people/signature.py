"""Who signs what, for a person protected or a minor. Pure; the table is data, each line with its source.

Code civil: 372-2 (usual acts of a minor), 435 (sauvegarde), 459 and 459-2 (acts about the person, where they
live), 467 and 472 (curatelle), 473 and 496 (tutelle), 494-6 (habilitation familiale), 217 and 219 (spouses),
477 (mandat de protection future). Where no line answers, the house asks: never a yes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from jalon.core.dates import MAJORITY

Signer = Literal["person", "holder", "parent", "parents"]


class Act(StrEnum):
    """What is signed or decided."""

    PLAN = "plan"  # the personalised project, an agreement, a picture, an outing
    HOME = "home"  # where the person lives
    STAY_CONTRACT = "stay_contract"
    MONEY = "money"  # a deposit, a direct debit
    INVOICE = "invoice"  # to whom it is addressed
    AID = "aid"  # ASH, APA
    POCKET_MONEY = "pocket_money"
    HEALTH_RECORD = "health_record"


ABOUT_GOODS = {Act.MONEY, Act.INVOICE, Act.AID, Act.POCKET_MONEY}
SERIOUS = {Act.HOME, Act.STAY_CONTRACT}  # of a minor: both parents, or the judge


@dataclass(frozen=True)
class Protection:
    """A measure in force. A mode is "", to be verified, or `none`, `assistance`, `representation`."""

    kind: str
    person_mode: str
    goods_mode: str

    def mode(self, act: Act) -> str:
        return self.goods_mode if act in ABOUT_GOODS else self.person_mode


@dataclass(frozen=True)
class Signature:
    """Who signs, who is told, what is needed first; `why`: the measure and the article. No signer: ask."""

    signers: tuple[Signer, ...]
    informed: tuple[Signer, ...] = ()
    needs: str = ""
    why: str = ""


_PERSON = Signature(("person",), why="code civil, article 414 : la personne majeure signe")
_TOLD = Signature(("person",), ("holder",), why="curatelle, article 459-2 : le curateur est informé")
_BOTH = Signature(("person", "holder"), why="curatelle, article 467 : la personne et le curateur signent")
_CURATOR = Signature(("holder",), ("person",), why="curatelle renforcée, article 472 : le curateur règle")
_OWN = Signature(("person",), why="article 459-2 : la personne choisit son lieu de vie")
_HEALTH = Signature(("person",), why="curatelle : le curateur seulement par mandat exprès")

CURATELLE = {
    Act.PLAN: Signature(("person",), why="curatelle, article 459 : la personne décide seule"),
    Act.HOME: _OWN,
    Act.STAY_CONTRACT: _TOLD,
    Act.MONEY: _BOTH,
    Act.INVOICE: Signature(("person",), why="curatelle : la facture va à la personne"),
    Act.AID: Signature(("person",), ("holder",), why="curatelle : la personne demande, avec son curateur"),
    Act.POCKET_MONEY: Signature(("person",), why="curatelle : la personne dispose de ses revenus"),
    Act.HEALTH_RECORD: _HEALTH,
}
REINFORCED = {
    **CURATELLE,
    Act.STAY_CONTRACT: Signature(
        ("person",),
        ("holder",),
        why="curatelle renforcée, article 472 alinéa 2 : le curateur peut aussi conclure seul",
    ),
    **dict.fromkeys((Act.MONEY, Act.INVOICE, Act.AID, Act.POCKET_MONEY), _CURATOR),
}
BY_KIND = {"curatelle": CURATELLE, "curatelle_renforcee": REINFORCED}
WITHOUT_EFFECT = {"maj", "masp", "sauvegarde"}  # article 435: whoever is under sauvegarde keeps their rights
BY_EXTENT = {"tutelle", "habilitation_familiale", "mandat_futur", "habilitation_conjoint"}


def signature_rule(
    act: Act,
    measures: Iterable[Protection],
    parents: int,
    age: int | None,
    *,
    able: bool = True,
) -> Signature:
    """Who signs this act: measures in force, number of holders of the parental authority, age that day.

    `able`: may the person express a will on it? Signers may be none: ask whoever `needs` names.
    """
    if age is None:
        return Signature((), needs="La date de naissance est inconnue : complétez l’identité.")
    if age < MAJORITY:
        return _minor(act, parents)
    found = [one for one in measures if one.kind not in WITHOUT_EFFECT]
    if any(not (one.person_mode and one.goods_mode) for one in found):
        return Signature((), needs="L’étendue de la mesure de protection est à vérifier, page Entourage.")
    answers = [_adult(act, one, able=able) for one in found]
    said = [one for one in answers if one is not None]
    if not said:
        return _nobody(act, found)
    return next((one for one in said if one.signers != ("person",)), said[0])


def _minor(act: Act, parents: int) -> Signature:
    if not parents:
        return Signature((), needs="Aucun titulaire de l’autorité parentale n’est noté, page Entourage.")
    if act in SERIOUS:
        return Signature(
            ("parents",), ("person",), why="article 372-2 : acte grave, les deux parents ou le juge"
        )
    return Signature(("parent",), ("person",), why="article 372-2 : acte usuel, un parent suffit")


def _adult(act: Act, measure: Protection, *, able: bool) -> Signature | None:
    """What one measure says of this act; nothing when it does not reach it."""
    if act is Act.HOME:
        return _OWN
    if measure.kind in BY_KIND:
        return BY_KIND[measure.kind][act]
    if measure.kind not in BY_EXTENT or measure.mode(act) == "none":
        return None
    if measure.mode(act) == "assistance":
        return Signature(("person", "holder"), why=_why(measure, "assistance : la personne et le mandataire"))
    if act is Act.PLAN and able:
        return Signature(("person",), ("holder",), why="article 459 : la personne apte décide seule")
    return Signature(("holder",), ("person",), why=_why(measure, "le représentant, la personne entendue"))


ARTICLES = {
    "tutelle": "tutelle, articles 459, 473 et 496",
    "habilitation_familiale": "habilitation familiale, article 494-6",
    "habilitation_conjoint": "habilitation entre époux, articles 217 et 219",
    "mandat_futur": "mandat de protection future, article 477",
}


def _why(measure: Protection, said: str) -> str:
    return f"{ARTICLES[measure.kind]} : {said}"


def _nobody(act: Act, measures: Sequence[Protection]) -> Signature:
    """No measure reaches this act: the person signs, but for a tutelle, which leaves no act unsigned for."""
    if any(one.kind == "tutelle" for one in measures) and act is not Act.PLAN:
        return Signature((), needs="La tutelle ne dit rien de cet acte : demandez au juge ou au responsable.")
    return _PERSON

"""Decisions of a CDAPH and the right each opens (Decision, DroitPrestation): Basic, profile
tddui-basic-decision. No table of the house holds them yet."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jalon.formats.fhir import Problem
from jalon.formats.tddui.checks import Check, has_code, refers, rule, slices
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK, type_codes
from jalon.formats.tddui.fills import keyed_identifier, lacking
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, extensions, shape
from jalon.formats.tddui.measures import MONEY, QUANTITY, Money, Quantity
from jalon.formats.tddui.rules_common import coded, identified, url
from jalon.formats.tddui.urls import CS, SD
from jalon.formats.tddui.values import Coded, Identifier, Link, PartialDate

_MAIN = "IDDECISION"
_URL = SD + "tddui-decision"


@dataclass(frozen=True)
class CareQuantity:
    """quantification: `value` of `unit`, each `frequency` (JDV_J37)."""

    value: int | None = None
    unit: Quantity | None = None
    frequency: Coded | None = None


@dataclass(frozen=True)
class Care:
    """priseCharge: how the person is taken in (`mode`: JDV_J264), and how much."""

    mode: Coded | None = None
    quantity: CareQuantity | None = None


@dataclass(frozen=True)
class BenefitDetail:
    """detailPrestation.

    `temporality`: JDV_J30. `precision`: JDV_J408. `sequential`: accueilSequentiel. `training`: formation.
    `amount`: montantAttribue. `qualification`: JDV_J404. `structures`: where the person may be welcomed.
    """

    temporality: Coded | None = None
    precision: Coded | None = None
    sequential: bool | None = None
    training: str = ""
    amount: Money | None = None
    frequency: Quantity | None = None
    qualification: Coded | None = None
    structures: tuple[Link, ...] = ()
    cares: tuple[Care, ...] = ()


@dataclass(frozen=True)
class Benefit:
    """droitPrestation: a right, from `opens` to `ends`.

    `category`: JDV_J401. `type`: JDV_J402. `nature`: JDV_J400. `has_plan`: whether there is a plan
    d’accompagnement global; `plan_end`: why it ended (JDV_J403). `creton`: amendement Creton.
    `compensation`: JDV_J394.
    """

    category: Coded | None = None
    type: Coded | None = None
    nature: Coded | None = None
    opens: PartialDate = ""
    ends: PartialDate = ""
    has_plan: bool | None = None
    plan_end: Coded | None = None
    creton: bool | None = None
    rate: Quantity | None = None
    compensation: Coded | None = None
    comment: str = ""
    detail: BenefitDetail | None = None


@dataclass(frozen=True)
class Decision:
    """tddui-decision: what was decided.

    `type`: JDV_J398. `closes`: when a closed right ends. `decided`: the day of the decision. `reasons`:
    JDV_J399; `local_reasons`: those of the MDPH, in words.
    """

    type: Coded | None = None
    closes: PartialDate = ""
    decided: PartialDate = ""
    reasons: tuple[Coded, ...] = ()
    local_reasons: tuple[str, ...] = ()
    comment: str = ""
    benefit: Benefit | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionData(Item):
    """A decision of a CDAPH. `key`: its identifier IDDECISION, `<OID of the MDPH>|<number>`.

    `identifiers`: IDDECISION (required), IDDECISIONMAJ (what it revises), NUMENREG, IDNATDECISION, NUMALLOC.
    `request`: the demande d’orientation it answers.
    """

    identifiers: tuple[Identifier, ...] = ()
    code: Coded | None = None
    request: Link | None = None
    created: PartialDate = ""
    author: Link | None = None
    decision: Decision | None = None


CARE_QUANTITY = shape(
    CareQuantity,
    extensions(
        Ext("value", "valeurPriseCharge", "valueInteger"),
        Ext("unit", "unitePriseCharge", "valueQuantity", QUANTITY),
        Ext("frequency", "frequencePriseCharge", "valueCodeableConcept", CODED),
    ),
)
CARE = shape(
    Care,
    extensions(
        Ext("mode", "modePriseCharge", "valueCodeableConcept", CODED),
        Ext("quantity", "quantification", "", CARE_QUANTITY),
    ),
)
DETAIL = shape(
    BenefitDetail,
    extensions(
        Ext("temporality", "temporaliteAccueil", "valueCodeableConcept", CODED),
        Ext("precision", "precisionOrientation", "valueCodeableConcept", CODED),
        Ext("sequential", "accueilSequentiel", "valueBoolean"),
        Ext("training", "formation", "valueString"),
        Ext("amount", "montantAttribue", "valueMoney", MONEY),
        Ext("frequency", "frequence", "valueQuantity", QUANTITY),
        Ext("qualification", "qualificationOrientation", "valueCodeableConcept", CODED),
        Ext("structures", "structureAccueil", "valueReference", LINK, many=True),
        Ext("cares", "priseCharge", "", CARE, many=True),
    ),
)
BENEFIT = shape(
    Benefit,
    extensions(
        Ext("category", "categorieDroitPrestation", "valueCodeableConcept", CODED),
        Ext("type", "typeDroitPrestation", "valueCodeableConcept", CODED),
        Ext("nature", "natureDroitPrestation", "valueCodeableConcept", CODED),
        Ext("opens", "dateOuverture", "valueDate"),
        Ext("ends", "dateEcheance", "valueDate"),
        Ext("has_plan", "existencePAG", "valueBoolean"),
        Ext("plan_end", "motifFinPAG", "valueCodeableConcept", CODED),
        Ext("creton", "creton", "valueBoolean"),
        Ext("rate", "taux", "valueQuantity", QUANTITY),
        Ext("compensation", "typeCompensation", "valueCodeableConcept", CODED),
        Ext("comment", "commentaire", "valueString"),
        Ext("detail", "detailPrestation", "", DETAIL),
    ),
)
DECISION = shape(
    Decision,
    extensions(
        Ext("type", "typeDecision", "valueCodeableConcept", CODED),
        Ext("closes", "dateEffetCloture", "valueDate"),
        Ext("decided", "dateDecision", "valueDate"),
        Ext("reasons", "motivation", "valueCodeableConcept", CODED, many=True),
        Ext("local_reasons", "motivationLocale", "valueString", many=True),
        Ext("comment", "commentaire", "valueString"),
        Ext("benefit", "droitPrestation", "", BENEFIT),
    ),
)
SHAPE = shape(
    DecisionData,
    Frame(),
    extensions(Ext("decision", _URL, "", DECISION)),
    Many("identifiers", "identifier", IDENTIFIER),
    One("code", "code", CODED),
    One("request", "subject", LINK),
    One("created", "created"),
    One("author", "author", LINK),
)

_TEMPORALITY_TYPES = ("8.6", "8.7", "8.8", "8.10")
_PRECISIONS = {
    "7.8": ("1", "2", "3", "4", "5", "6"),
    "7.9": ("7", "8"),
    "8.3": ("9", "10"),
    "8.6": ("UEA", "UEM"),
}
_CHILD_TYPE = re.compile(r"7\.[0-9]+")


def _parts(node: Json, name: str) -> list[Json]:
    return [each for each in node.get("extension", ()) if url(each) == name]


def _is(node: Json, name: str, *wanted: str) -> bool:
    return any(has_code(each.get("valueCodeableConcept"), *wanted) for each in _parts(node, name))


def _in_decision(holds: Callable[[Json], bool], reason: str) -> Check:
    def check(resource: Json, path: str) -> Iterator[Problem]:
        for index, extension in enumerate(resource.get("extension", ())):
            if url(extension) == _URL and not holds(extension):
                yield Problem(f"{path}.extension[{index}]", reason)

    return Check(check)


def _in_benefit(holds: Callable[[Json, Json], bool], reason: str) -> Check:
    """`holds(droitPrestation, detailPrestation)`."""

    def all_hold(decision: Json) -> bool:
        benefits = _parts(decision, "droitPrestation")
        return all(holds(each, (_parts(each, "detailPrestation") or [{}])[0]) for each in benefits)

    return _in_decision(all_hold, reason)


def _precision_fits(benefit: Json, detail: Json) -> bool:
    given = _parts(detail, "precisionOrientation")
    for code, wanted in _PRECISIONS.items():
        if (
            given
            and _is(benefit, "typeDroitPrestation", code)
            and not _is(detail, "precisionOrientation", *wanted)
        ):
            return False
    return not (given and _is(benefit, "typeDroitPrestation", "13.1", "13.2"))


def _is_child(benefit: Json) -> bool:
    concepts = [each.get("valueCodeableConcept", {}) for each in _parts(benefit, "typeDroitPrestation")]
    codes = [coding.get("code", "") for concept in concepts for coding in concept.get("coding", ())]
    return _is(benefit, "categorieDroitPrestation", "7") or any(map(_CHILD_TYPE.fullmatch, codes))


def _needs_temporality(benefit: Json) -> bool:
    by_category = _is(benefit, "categorieDroitPrestation", "7", "13")
    return by_category or _is(benefit, "typeDroitPrestation", *_TEMPORALITY_TYPES)


def _decision(resource: Json) -> Json:
    return next((each for each in resource.get("extension", ()) if url(each) == _URL), {})


def _updates(resource: Json) -> bool:
    return any(has_code(each.get("type"), "IDDECISIONMAJ") for each in resource.get("identifier", ()))


def _nature(resource: Json, *wanted: str) -> bool:
    decision = _decision(resource)
    named = any(_is(each, "natureDroitPrestation", *wanted) for each in _parts(decision, "droitPrestation"))
    return _is(decision, "typeDecision", "1") and named


RULES: tuple[Check, ...] = (
    refers("subject", "ServiceRequest"),
    coded("DECISION"),
    *identified(_MAIN),
    slices("extension", url, {_URL: (1, 1)}),
    _in_decision(
        lambda it: not _is(it, "motivation", "9999") or bool(_parts(it, "motivationLocale")),
        "La motivation « autre » (9999) demande une motivation locale.",
    ),
    _in_decision(
        lambda it: not _is(it, "typeDecision", "5") or bool(_parts(it, "dateEffetCloture")),
        "Une clôture de droit demande sa date d’effet.",
    ),
    _in_benefit(
        lambda it, detail: not _is(it, "typeDroitPrestation", "11.1") or bool(_parts(detail, "formation")),
        "Le type 11.1 demande la formation.",
    ),
    _in_benefit(_precision_fits, "La précision de l’orientation ne convient pas à ce type de droit."),
    _in_benefit(
        lambda it, detail: not _needs_temporality(it) or bool(_parts(detail, "temporaliteAccueil")),
        "Ce droit demande la temporalité d’accueil.",
    ),
    _in_benefit(
        lambda it, detail: not _is_child(it) or bool(_parts(it, "creton")),
        "Un droit en établissement pour enfants dit s’il relève de l’amendement Creton.",
    ),
    rule(
        lambda it: not (_is(_decision(it), "typeDecision", "5") or _nature(it, "6", "7")) or _updates(it),
        "identifier",
        "Une clôture, un renouvellement ou une révision cite la décision qu’elle modifie (IDDECISIONMAJ).",
    ),
    rule(
        lambda it: not (_nature(it, "1") and _updates(it)),
        "identifier",
        "Une première attribution ne cite pas de décision antérieure (IDDECISIONMAJ).",
    ),
)


def _preference(identifier: Json) -> int:
    return int(_MAIN not in type_codes(identifier))


def _filled(decision: DecisionData) -> DecisionData:
    """With its key as its main identifier."""
    named = keyed_identifier(decision.key, Coded(CS + "tddui-basic-decision-identifier", _MAIN))
    return lacking(decision, identifiers=(named,), code=Coded(CS + "tddui-basic-type", "DECISION"))


KIND = Kind(
    name="decisions",
    label="décisions de la CDAPH",
    fhir="Basic",
    profile="basic-decision",
    rank=210,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    preference=_preference,
    fill=_filled,
)

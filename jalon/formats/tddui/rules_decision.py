"""The invariants of a CDAPH decision (tddui-basic-decision, tddui-decision)."""

import re
from collections.abc import Callable, Iterator

from jalon.formats.fhir import Problem
from jalon.formats.tddui.checks import Check, has_code, rule
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.rules_common import url
from jalon.formats.tddui.urls import SD

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
            if url(extension) == f"{SD}tddui-decision" and not holds(extension):
                yield Problem(f"{path}.extension[{index}]", reason)

    return check


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
    return next((each for each in resource.get("extension", ()) if url(each) == f"{SD}tddui-decision"), {})


def _updates(resource: Json) -> bool:
    return any(has_code(each.get("type"), "IDDECISIONMAJ") for each in resource.get("identifier", ()))


def _nature(resource: Json, *wanted: str) -> bool:
    decision = _decision(resource)
    named = any(_is(each, "natureDroitPrestation", *wanted) for each in _parts(decision, "droitPrestation"))
    return _is(decision, "typeDecision", "1") and named


DECISION: tuple[Check, ...] = (
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

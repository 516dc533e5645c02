"""The invariants of FHIR R4 itself that a JSON schema cannot say, for what TDDUI carries."""

from collections.abc import Iterator, Sequence
from typing import Any

from jalon.formats.fhir import Json, Node, Problem
from jalon.formats.tddui.asked import any_of
from jalon.formats.tddui.checks import Check, each, rule
from jalon.formats.tddui.periods import reversed_period

_ELSEWHERE = {"properties": {"use": {"not": {"const": "home"}}}}
_NOT_HOME = "Une structure n’a pas de coordonnées « home » (org-2, org-3)."


def _not_home(node: Json) -> bool:
    return node.get("use") != "home"


def _one_outcome(node: Json) -> bool:
    return "dataAbsentReason" not in node or not any(name.startswith("value") for name in node)


def _own_components(node: Json) -> bool:
    """A component may not bear the code of the observation when that one has a value."""
    if not any(name.startswith("value") for name in node):
        return True
    own = _codings(node)
    return not any(own & _codings(each) for each in node.get("component", ()))


def _codings(node: Json) -> set[tuple[str, str]]:
    return {(each.get("system", ""), each.get("code", "")) for each in node.get("code", {}).get("coding", ())}


def _no_item_beside_answer(node: Json) -> bool:
    items = node.get("item", ())
    return not any("answer" in it and "item" in it for it in items) and all(
        _no_item_beside_answer(below) for it in items for below in (it, *it.get("answer", ()))
    )


def _before(one: Any, other: Any) -> bool:
    """Whether a moment comes before another, as far as both are told."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    return reversed_period(other, one)


INVARIANTS: dict[str, tuple[Check, ...]] = {
    "Patient": (
        each(
            "contact",
            lambda it: any(name in it for name in ("name", "telecom", "address", "organization")),
            "Un contact a un nom, un moyen de le joindre, une adresse ou une structure (pat-1).",
            any_of("name", "telecom", "address", "organization"),
        ),
    ),
    "Organization": (
        rule(
            lambda it: "identifier" in it or "name" in it,
            "identifier",
            "Une structure a un identifiant ou un nom (org-1).",
            any_of("identifier", "name"),
        ),
        each("telecom", _not_home, _NOT_HOME, _ELSEWHERE),
        each("address", _not_home, _NOT_HOME, _ELSEWHERE),
    ),
    "CarePlan": (
        each(
            "activity",
            lambda it: not ("detail" in it and "reference" in it),
            "Une activité se décrit ou se réfère à une autre ressource, pas les deux (cpl-3).",
            {"not": {"required": ["detail", "reference"]}},
        ),
    ),
    "Goal": (
        each(
            "target",
            lambda it: "measure" in it or not any(name.lstrip("_").startswith("detail") for name in it),
            "Une cible qui a une valeur dit ce qu’elle mesure (gol-1).",
            {"required": ["measure"]},
        ),
    ),
    "Observation": (
        rule(_one_outcome, "dataAbsentReason", "Une observation a une valeur ou dit pourquoi non (obs-6)."),
        rule(_own_components, "component", "Une valeur et une composante portent le même code (obs-7)."),
        each(
            "referenceRange",
            lambda it: any(name in it for name in ("low", "high", "text")),
            "Un intervalle de référence a une borne ou un texte (obs-3).",
            any_of("low", "high", "text"),
        ),
    ),
    "QuestionnaireResponse": (
        rule(_no_item_beside_answer, "item", "Une question a des réponses ou des sous-questions (qrs-1)."),
    ),
    "ServiceRequest": (
        rule(
            lambda it: "orderDetail" not in it or "code" in it,
            "orderDetail",
            "Une demande détaillée dit son code (prr-1).",
            {"dependentRequired": {"orderDetail": ["code"]}},
        ),
    ),
    "Task": (
        rule(
            lambda it: not _before(it.get("lastModified"), it.get("authoredOn")),
            "lastModified",
            "La tâche est modifiée avant d’être écrite (inv-1).",
        ),
    ),
    "Consent": (
        rule(
            lambda it: "policy" in it or "policyRule" in it,
            "policy",
            "Un accord cite une politique ou une règle (ppc-1).",
            any_of("policy", "policyRule"),
        ),
    ),
}


def check_base(resource: Json, found: Sequence[Node], path: str) -> Iterator[Problem]:
    """What FHIR R4 asks of a resource beyond its schema and its tree; `found`: its nodes."""
    for invariant in INVARIANTS.get(resource["resourceType"], ()):
        yield from invariant(resource, path)
    yield from _contained(resource, path)
    yield from _check_meaning(resource, path)
    for node in found:
        for element in MODIFIERS & node.json.keys():
            reason = "Cet élément change le sens de la ressource d’une façon que Jalon ne connaît pas."
            yield Problem(f"{node.path}.{element}", reason)


_STATUSES = ("status", "lifecycleStatus")


def _check_meaning(resource: Json, path: str) -> Iterator[Problem]:
    """What says the contrary of a resource: it was written by mistake, or asks not to do."""
    for name in _STATUSES:
        if resource.get(name) == "entered-in-error":
            reason = "La ressource est dite « saisie par erreur » : elle n’a pas à être transmise."
            yield Problem(f"{path}.{name}", reason)
    if resource.get("doNotPerform") is True:
        yield Problem(f"{path}.doNotPerform", "Une demande de ne pas faire n’existe pas dans TDDUI.")


MODIFIERS = frozenset({"modifierExtension", "implicitRules", "_implicitRules"})
"""What a reader that does not know it must not pass over (R4, isModifier)."""


def _contained(resource: Json, path: str) -> Iterator[Problem]:
    for index, inside in enumerate(resource.get("contained", ())):
        place = f"{path}.contained[{index}]"
        if "contained" in inside:
            yield Problem(f"{place}.contained", "Une ressource contenue n’en contient pas d’autre (dom-2).")
        for element in ("versionId", "lastUpdated", "security"):
            if element in inside.get("meta", {}):
                reason = "Une ressource contenue n’a ni version, ni date, ni sécurité (dom-4, dom-5)."
                yield Problem(f"{place}.meta.{element}", reason)

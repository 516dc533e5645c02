"""The invariants of FHIR R4 that neither a schema nor a tree of elements says, for what TDDUI carries.

And the elements that change the meaning of a resource: what is not understood must be refused (R4,
isModifier).
"""

from collections.abc import Iterator, Sequence

from jalon.formats.fhir import Json, Node, Problem
from jalon.formats.fhir_rules import check_r4
from jalon.formats.tddui.checks import Check, each, rule

_NOT_HOME = "Une structure n’a pas de coordonnées « home » (org-2, org-3)."


def _not_home(node: Json) -> bool:
    return node.get("use") != "home"


def _codes(node: Json) -> set[tuple[str, str]]:
    return {(each.get("system", ""), each.get("code", "")) for each in node.get("code", {}).get("coding", ())}


def _has_value(node: Json) -> bool:
    return any(name.lstrip("_").startswith("value") for name in node)


def _value_apart(node: Json) -> bool:
    own = _codes(node)
    return not (_has_value(node) and any(own & _codes(part) for part in node.get("component", ())))


INVARIANTS: dict[str, tuple[Check, ...]] = {
    "CarePlan": (
        each(
            "activity",
            lambda it: not {"detail", "reference"} <= it.keys(),
            "Une activité est citée ou décrite, pas les deux (cpl-3).",
        ),
    ),
    "Goal": (
        each(
            "target",
            lambda it: "measure" in it or not any(name.lstrip("_").startswith("detail") for name in it),
            "Une cible décrite dit sa mesure (gol-1).",
        ),
    ),
    "Observation": (
        rule(
            lambda it: "dataAbsentReason" not in it or not _has_value(it),
            "dataAbsentReason",
            "Une valeur est donnée ou absente, pas les deux (obs-6).",
        ),
        rule(
            _value_apart, "component", "Un composant redit le code de l’observation qui a une valeur (obs-7)."
        ),
        each(
            "referenceRange",
            lambda it: bool({"low", "high", "text"} & it.keys()),
            "Un intervalle de référence a une borne ou un texte (obs-3).",
        ),
    ),
    "ServiceRequest": (
        rule(
            lambda it: "orderDetail" not in it or "code" in it,
            "orderDetail",
            "Une précision sans code n’est pas admise (prr-1).",
        ),
    ),
    "Task": (
        rule(
            lambda it: (
                it.get("lastModified", "9") >= it.get("authoredOn", "")[: len(it.get("lastModified", ""))]
            ),
            "lastModified",
            "La tâche est modifiée avant d’être écrite (inv-1).",
        ),
    ),
    "Patient": (
        each(
            "contact",
            lambda it: any(name in it for name in ("name", "telecom", "address", "organization")),
            "Un contact a un nom, un moyen de le joindre, une adresse ou une structure (pat-1).",
        ),
    ),
    "Organization": (
        rule(
            lambda it: "identifier" in it or "name" in it,
            "identifier",
            "Une structure a un identifiant ou un nom (org-1).",
        ),
        each("telecom", _not_home, _NOT_HOME),
        each("address", _not_home, _NOT_HOME),
    ),
    "Consent": (
        rule(
            lambda it: "policy" in it or "policyRule" in it,
            "policy",
            "Un accord cite une politique ou une règle (ppc-1).",
        ),
    ),
}
_STATUSES = ("status", "lifecycleStatus")


def check_base(resource: Json, found: Sequence[Node], path: str) -> Iterator[Problem]:
    """What FHIR R4 asks of a resource beyond its schema; `found`: its nodes."""
    yield from check_r4(resource, path)
    for invariant in INVARIANTS.get(resource["resourceType"], ()):
        yield from invariant(resource, path)
    yield from _check_modifiers(resource, found, path)


def _check_modifiers(resource: Json, found: Sequence[Node], path: str) -> Iterator[Problem]:
    if "implicitRules" in resource:
        reason = (
            "La ressource suit des règles implicites que Jalon ne connaît pas : elle ne peut pas être lue."
        )
        yield Problem(f"{path}.implicitRules", reason)
    if any(resource.get(name) == "entered-in-error" for name in _STATUSES):
        reason = "La ressource est dite « saisie par erreur » : elle n’a pas à être transmise."
        yield Problem(f"{path}.status", reason)
    if resource.get("doNotPerform") is True:
        yield Problem(f"{path}.doNotPerform", "La demande de ne pas faire n’existe pas dans TDDUI.")
    for node in found:
        if "modifierExtension" in node.json:
            reason = "Une extension inconnue change le sens de l’élément : il ne peut pas être lu."
            yield Problem(f"{node.path}.modifierExtension", reason)

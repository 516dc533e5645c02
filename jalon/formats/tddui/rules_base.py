"""The invariants of FHIR R4 itself that a JSON schema cannot say, for what TDDUI carries."""

from collections.abc import Callable, Iterator, Sequence

from jalon.formats.fhir import Json, Node, Problem
from jalon.formats.tddui.checks import Check, count, each, need, rule

REQUIRED: dict[str, tuple[str, ...]] = {
    "CarePlan": ("status", "intent"),
    "Consent": ("status",),
    "DocumentReference": ("status",),
    "Encounter": ("status",),
    "Goal": ("lifecycleStatus",),
    "Observation": ("status",),
    "QuestionnaireResponse": ("status",),
    "ServiceRequest": ("status", "intent"),
    "Slot": ("status", "start", "end"),
    "Task": ("status", "intent"),
}
"""Primitives that R4 requires: the schema lets them out, since an extension may stand for them."""

_NOT_HOME = "Une structure n’a pas de coordonnées « home » (org-2, org-3)."


def _not_home(node: Json) -> bool:
    return node.get("use") != "home"


INVARIANTS: dict[str, tuple[Check, ...]] = {
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


def check_base(resource: Json, found: Sequence[Node], path: str) -> Iterator[Problem]:
    """What FHIR R4 asks of a resource beyond its schema; `found`: its nodes."""
    type_ = resource["resourceType"]
    for name in REQUIRED.get(type_, ()):
        yield from need(name)(resource, path)
    for invariant in INVARIANTS.get(type_, ()):
        yield from invariant(resource, path)
    for node in found:
        check = _BY_ELEMENT.get(node.element)
        if check is not None and (reason := check(node.json)):
            yield Problem(node.path, reason)


def _telecom(node: Json) -> str:
    told = "value" not in node or count(node, "system")
    return "" if told else "Une coordonnée qui a une valeur dit son canal (cpt-2)."


def _attachment(node: Json) -> str:
    told = "data" not in node or "contentType" in node
    return "" if told else "Une pièce jointe qui a un contenu dit son type, contentType (att-1)."


def _extension(node: Json) -> str:
    one = "extension" not in node or not any(name.startswith("value") for name in node)
    return "" if one else "Une extension a des parties ou une valeur, pas les deux (ext-1)."


_BY_ELEMENT: dict[str, Callable[[Json], str]] = {
    "telecom": _telecom,
    "photo": _attachment,
    "attachment": _attachment,
    "valueAttachment": _attachment,
    "extension": _extension,
}

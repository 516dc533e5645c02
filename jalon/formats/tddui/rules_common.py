"""What several profiles ask: identifiers, codes, links to a plan, typed inputs."""

from jalon.formats.schemas import having, together
from jalon.formats.tddui import asked
from jalon.formats.tddui.checks import (
    Check,
    Sort,
    code_kind,
    each,
    fixed,
    has_code,
    need,
    refers,
    rule,
    slices,
    where,
)
from jalon.formats.tddui.datatypes import DISCRIMINATOR_URL, discriminator_of
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import INS_TYPES, SD

_INS = frozenset(INS_TYPES)
_KNOWN = _INS | {"PI", "NH", "PIN", "DL", "IDNST", "SIREN", "SIRET", "IDNPS", "RPPS", "SEJ", "NUMDOSS", "BES"}


def _typed(identifier: Json) -> str:
    found = [each.get("code", "") for each in identifier.get("type", {}).get("coding", ())]
    return next((code for code in found if code in _KNOWN), found[0] if found else "")


typed = Sort(_typed, lambda name: asked.coded_as("type", name), asked.one_coding("type"))
"""The code of an identifier's type (PI, NH, INS-NIR, IDNST…), the first that we know of."""
use = Sort(lambda it: str(it.get("use", "")), lambda name: having("use", {"const": name}), {})
"""The use of a name."""
url = Sort(lambda it: str(it.get("url", "")), lambda name: having("url", {"const": name}), {})
"""The address of an extension."""


def by_system(*systems: str) -> Sort:
    """Tells concepts apart by the system of a coding, the first of these that it has."""

    def first(concept: Json) -> str:
        held = [each.get("system", "") for each in concept.get("coding", ())]
        return next((system for system in systems if system in held), "")

    return Sort(
        first,
        lambda name: having("coding", having("system", {"const": name})),
        asked.one_coding(),
    )


_ONE_DISCRIMINATOR: Json = {
    "properties": {"extension": {"maxItems": 1, "items": asked.one_coding("valueCodeableConcept")}}
}
discriminator = Sort(
    discriminator_of,
    lambda name: having("extension", _discriminating({"const": name})),
    _ONE_DISCRIMINATOR,
)
"""The code of the discriminator of an item."""


def _discriminating(code: Json) -> Json:
    concept = having("coding", having("code", code))
    return {
        "required": ["url", "valueCodeableConcept"],
        "properties": {"url": {"const": DISCRIMINATOR_URL}, "valueCodeableConcept": concept},
    }


def gender() -> Check:
    """The genders TDDUI has."""
    return rule(
        lambda it: it.get("gender") in (None, "male", "female", "unknown"),
        "gender",
        "TDDUI n’admet que male, female et unknown.",
        {"properties": {"gender": {"enum": ["male", "female", "unknown"]}}},
    )


def in_system(code: str, system: str) -> Check:
    """Identifiers of this type are in that system."""
    return where("identifier", typed, code, fixed("system", system))


PROFESSIONALS = ("Practitioner", "PractitionerRole")


def own(system: str) -> tuple[Check, ...]:
    """One identifier, in that system, with a value."""
    return (
        need("identifier", 1, 1),
        need("identifier.system"),
        need("identifier.value"),
        fixed("identifier.system", system),
    )


def own_single(system: str) -> tuple[Check, ...]:
    """The same where FHIR gives the resource a single identifier (QuestionnaireResponse)."""
    return (
        need("identifier"),
        need("identifier.system"),
        need("identifier.value"),
        fixed("identifier.system", system),
    )


def once(*names: str) -> Check:
    """These TDDUI extensions, at most once each."""
    return slices("extension", url, {f"{SD}tddui-{name}": (0, 1) for name in names})


def discriminated(steps: str) -> Check:
    """Every item says by a tddui-discriminator what it is."""
    return each(
        steps,
        lambda it: bool(discriminator_of(it)),
        "Il faut un discriminant (tddui-discriminator).",
        together([having("extension", _discriminating({"minLength": 1})), _ONE_DISCRIMINATOR]),
    )


INPUT = code_kind("type")


def _bearing(element: str, code: str) -> Sort:
    """Tells apart the items that bear this code among others."""
    return Sort(
        lambda it: code if has_code(it.get(element), code) else "",
        lambda name: asked.coded_as(element, name),
        {},
    )


def identified(code: str, system: str = "") -> tuple[Check, ...]:
    """Exactly one identifier of that type, with a system (that one, if it is given) and a value."""

    kind = _bearing("type", code)
    checks = [need("system"), need("value")] + ([fixed("system", system)] if system else [])
    return slices("identifier", kind, {code: (1, 1)}), where("identifier", kind, code, *checks)


def coded(*accepted: str) -> Check:
    """The code of the resource is one of these."""
    return rule(
        lambda it: has_code(it.get("code"), *accepted),
        "code",
        f"Le code doit être {' ou '.join(accepted)}.",
        {"anyOf": [asked.coded_as("code", code) for code in accepted]},
    )


def inputs(once: tuple[str, ...], values: dict[str, str]) -> tuple[Check, ...]:
    """Typed inputs of a task: those that may come only once, and the value each bears."""
    return (
        slices("input", INPUT, dict.fromkeys(once, (0, 1))),
        *(where("input", INPUT, name, need(value)) for name, value in values.items()),
    )


def component(code: str, *checks: Check) -> Check:
    """Checks for the components of an observation that bear this code."""
    return where("component", _bearing("code", code), code, *checks)


SUBJECT: tuple[Check, ...] = (need("subject"), refers("subject", "Patient"))


def linked(code: str, target: str) -> Check:
    """An input of that type leads to a resource of type `target`."""
    return where("input", INPUT, code, need("valueReference"), refers("valueReference", target))


PLAN_TASK: tuple[Check, ...] = (
    need("basedOn", 1, 1),
    refers("basedOn", "CarePlan"),
    linked("pieceJointe", "DocumentReference"),
)
PART_OF_ACTION: tuple[Check, ...] = (
    need("partOf", 0, 1),
    refers("partOf", "Task"),
    slices("input", INPUT, {"titre": (1, 1), "evaluation": (0, 1)}),
    where("input", INPUT, "titre", need("valueString")),
    linked("evaluation", "QuestionnaireResponse"),
)

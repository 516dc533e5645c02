"""What several profiles ask: identifiers, codes, links to a plan, typed inputs."""

from jalon.formats.tddui.checks import (
    Check,
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
from jalon.formats.tddui.datatypes import discriminator_of
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import INS_TYPES, SD

_INS = frozenset(INS_TYPES)
_KNOWN = _INS | {"PI", "NH", "PIN", "DL", "IDNST", "SIREN", "SIRET", "IDNPS", "RPPS", "SEJ", "NUMDOSS", "BES"}


def typed(identifier: Json) -> str:
    """The code of an identifier's type (PI, NH, INS-NIR, IDNST…), the first that we know of."""
    found = [each.get("code", "") for each in identifier.get("type", {}).get("coding", ())]
    return next((code for code in found if code in _KNOWN), found[0] if found else "")


def url(extension: Json) -> str:
    """The address of an extension."""
    return str(extension.get("url", ""))


def gender() -> Check:
    """The genders TDDUI has."""
    return rule(
        lambda it: it.get("gender") in (None, "male", "female", "unknown"),
        "gender",
        "TDDUI n’admet que male, female et unknown.",
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
        steps, lambda it: bool(discriminator_of(it)), "Il faut un discriminant (tddui-discriminator)."
    )


INPUT = code_kind("type")


def identified(code: str, system: str = "") -> tuple[Check, ...]:
    """Exactly one identifier of that type, with a system (that one, if it is given) and a value."""

    def kind(identifier: Json) -> str:
        return code if has_code(identifier.get("type"), code) else ""

    checks = [need("system"), need("value")] + ([fixed("system", system)] if system else [])
    return slices("identifier", kind, {code: (1, 1)}), where("identifier", kind, code, *checks)


def coded(*accepted: str) -> Check:
    """The code of the resource is one of these."""
    return rule(
        lambda it: has_code(it.get("code"), *accepted), "code", f"Le code doit être {' ou '.join(accepted)}."
    )


def inputs(once: tuple[str, ...], values: dict[str, str]) -> tuple[Check, ...]:
    """Typed inputs of a task: those that may come only once, and the value each bears."""
    return (
        slices("input", INPUT, dict.fromkeys(once, (0, 1))),
        *(where("input", INPUT, name, need(value)) for name, value in values.items()),
    )


def component(code: str, *checks: Check) -> Check:
    """Checks for the components of an observation that bear this code."""
    return where("component", lambda it: code if has_code(it.get("code"), code) else "", code, *checks)


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

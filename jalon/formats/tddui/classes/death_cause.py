"""Causes of death (CauseMortalite): Observation, profile tddui-observation-cause-mortalite. No table of the
house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need
from jalon.formats.tddui.datatypes import CODED, LINK
from jalon.formats.tddui.fills import lacking
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Many, Slice, shape
from jalon.formats.tddui.observations import LOINC, WHEN, Observation, Part, When, observation
from jalon.formats.tddui.rules_common import SUBJECT, coded
from jalon.formats.tddui.values import Coded, Link, Status

_CODE = "79378-6"
_CAUSE = Part(LOINC, _CODE, "valueCodeableConcept", CODED)


@dataclass(frozen=True, kw_only=True)
class DeathCauseData(Observation):
    """What a person died of: `causes`, at least one (ICD-10). `key`: its first identifier, or its content.

    It has no value of its own: its components bear the code it bears, and then FHIR takes none (obs-7).
    """

    categories: tuple[Coded, ...] = ()
    performers: tuple[Link, ...] = ()
    when: When | None = None
    causes: tuple[Coded, ...] = ()


SHAPE = shape(
    DeathCauseData,
    *observation({_CAUSE.name: Slice("causes", _CAUSE, many=True)}),
    Many("categories", "category", CODED),
    Many("performers", "performer", LINK),
    WHEN,
)

RULES: tuple[Check, ...] = (
    *SUBJECT,
    coded(_CODE),
    need("component"),
    need("component.valueCodeableConcept"),
)

KIND = Kind(
    name="death_causes",
    label="causes de décès",
    fhir="Observation",
    profile="observation-cause-mortalite",
    rank=150,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    fill=lambda item: lacking(item, status=Status(fhir="final"), code=Coded(LOINC, _CODE)),
)

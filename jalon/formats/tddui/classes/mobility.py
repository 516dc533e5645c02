"""How a person gets about (MobiliteUsager): Observation, profile tddui-observation-mobilite-usager. No table
of the house holds it yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need
from jalon.formats.tddui.datatypes import CODED, LINK
from jalon.formats.tddui.fills import lacking
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Many, One, Slice, shape
from jalon.formats.tddui.observations import (
    LOINC,
    OBSERVATION_TYPE,
    WHEN,
    Observation,
    Part,
    When,
    observation,
)
from jalon.formats.tddui.rules_common import SUBJECT, coded
from jalon.formats.tddui.values import Coded, Link, Status

_CODE = "LP73551-1"
_ADAPTATION = Part(OBSERVATION_TYPE, "OBSAMENAGEMENT", "valueString")


@dataclass(frozen=True, kw_only=True)
class MobilityData(Observation):
    """How a person gets about. `key`: its first identifier, or its content.

    `mode`: jdv-mode-de-transport-cisis. `adaptations`: what the means of transport needs
    (observationAmenagement).
    """

    categories: tuple[Coded, ...] = ()
    performers: tuple[Link, ...] = ()
    when: When | None = None
    mode: Coded | None = None
    adaptations: tuple[str, ...] = ()


SHAPE = shape(
    MobilityData,
    *observation({_ADAPTATION.name: Slice("adaptations", _ADAPTATION, many=True)}),
    Many("categories", "category", CODED),
    Many("performers", "performer", LINK),
    WHEN,
    One("mode", "valueCodeableConcept", CODED),
)

RULES: tuple[Check, ...] = (
    *SUBJECT,
    coded(_CODE),
    bind("valueCodeableConcept", "jdv-mode-de-transport-cisis"),
    need("component.valueString"),
)

KIND = Kind(
    name="mobilities",
    label="mobilités",
    fhir="Observation",
    profile="observation-mobilite-usager",
    rank=160,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    fill=lambda item: lacking(item, status=Status(fhir="final"), code=Coded(LOINC, _CODE)),
)

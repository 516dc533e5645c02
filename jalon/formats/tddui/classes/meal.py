"""Meals (Repas): Observation, profile tddui-observation-repas. No table of the house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, slices
from jalon.formats.tddui.datatypes import CODED, LINK
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import ListOfOne
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Many, One, shape
from jalon.formats.tddui.observations import OBSERVATION_TYPE, VALUE, Observation, Value, observation
from jalon.formats.tddui.rules_common import SUBJECT, coded, identified, url
from jalon.formats.tddui.urls import CS, SD, medicosocial
from jalon.formats.tddui.values import Coded, Link, Moment, Status

MEAL_ID = medicosocial("repas")


@dataclass(frozen=True, kw_only=True)
class MealData(Observation):
    """Repas. `key`: `…-REPAS-<n>`.

    `meal`: JDV_J407, breakfast to dinner; `at`: when; `present`: whether the person was there. All three are
    required.
    """

    meal: Coded | None = None
    performers: tuple[Link, ...] = ()
    at: Moment = ""
    value: Value | None = None


SHAPE = shape(
    MealData,
    *observation({}),
    One("meal", "category", ListOfOne(CODED)),
    Many("performers", "performer", LINK),
    One("at", "effectiveDateTime"),
    VALUE,
)

RULES: tuple[Check, ...] = (
    *SUBJECT,
    *identified("REP", MEAL_ID),
    coded("REPAS"),
    slices("extension", url, {f"{SD}tddui-participant-present": (1, 1)}),
    need("category", 1, 1),
    bind("category", "jdv-j407-type-repas-ms"),
    need("effectiveDateTime"),
)

KIND = Kind(
    name="meals",
    label="repas",
    fhir="Observation",
    profile="observation-repas",
    rank=180,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=MEAL_ID,
    code="REPAS",
    exact=True,
    fill=lambda item: lacking(
        item,
        identifiers=(typed_identifier(MEAL_ID, item.key, CS + "tddui-observation-identifier", "REP"),),
        status=Status(fhir="final"),
        code=Coded(OBSERVATION_TYPE, "REPAS"),
    ),
)

"""School periods (PeriodeScolaire): Observation, profile tddui-observation-periode-scolaire. No table of the
house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, slices, target_type
from jalon.formats.tddui.datatypes import CODED, LINK
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Many, Slice, Sliced, shape
from jalon.formats.tddui.measures import QUANTITY, Quantity
from jalon.formats.tddui.observations import (
    OBSERVATION_TYPE,
    VALUE,
    WHEN,
    Observation,
    Part,
    Value,
    When,
    observation,
)
from jalon.formats.tddui.rules_common import SUBJECT, coded, component, own
from jalon.formats.tddui.urls import CS, medicosocial
from jalon.formats.tddui.values import Coded, Link, Status

SCHOOL_PERIOD_ID = medicosocial("periodescolaire")
_PARTS = CS + "tddui-observation-periode-scolaire"
_TEACHING = Part(_PARTS, "typeEnseignementSpecialise", "valueCodeableConcept", CODED)
_DIPLOMA = Part(_PARTS, "diplome", "valueCodeableConcept", CODED)
_VOLUME = Part(_PARTS, "volumeScolarisation", "valueQuantity", QUANTITY)


@dataclass(frozen=True, kw_only=True)
class SchoolPeriodData(Observation):
    """PeriodeScolaire. `key`: `…-PSCO-<n>`.

    `referent`: a contact (required). `school`: an organization. `when`: its period, from start to end.
    `teachings`: JDV_J386. `diplomas`: JDV_J81. `volume`: half days of school. The notes are
    commentaireAnneeScolaire.
    """

    categories: tuple[Coded, ...] = ()
    referent: Link | None = None
    school: Link | None = None
    other_performers: tuple[Link, ...] = ()
    when: When | None = None
    value: Value | None = None
    teachings: tuple[Coded, ...] = ()
    diplomas: tuple[Coded, ...] = ()
    volume: Quantity | None = None


SHAPE = shape(
    SchoolPeriodData,
    *observation(
        {
            _TEACHING.name: Slice("teachings", _TEACHING, many=True),
            _DIPLOMA.name: Slice("diplomas", _DIPLOMA, many=True),
            _VOLUME.name: Slice("volume", _VOLUME),
        }
    ),
    Many("categories", "category", CODED),
    Sliced(
        "performer",
        target_type,
        {"RelatedPerson": Slice("referent", LINK), "Organization": Slice("school", LINK)},
        Slice("other_performers", LINK, many=True),
    ),
    WHEN,
    VALUE,
)

RULES: tuple[Check, ...] = (
    *own(SCHOOL_PERIOD_ID),
    *SUBJECT,
    coded("PERIODESCOL"),
    need("performer"),
    slices("performer", target_type, {"RelatedPerson": (1, 1), "Organization": (0, 1)}),
    component(
        "typeEnseignementSpecialise",
        bind("valueCodeableConcept", "jdv-j386-type-enseignement-specialise-ms"),
    ),
    component("volumeScolarisation", need("valueQuantity")),
)

KIND = Kind(
    name="school_periods",
    label="périodes scolaires",
    fhir="Observation",
    profile="observation-periode-scolaire",
    rank=170,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=SCHOOL_PERIOD_ID,
    code="PSCO",
    fill=by_key(SCHOOL_PERIOD_ID, status=Status(fhir="final"), code=Coded(OBSERVATION_TYPE, "PERIODESCOL")),
)

"""Life projects (ProjetVie): Goal, profile tddui-goal-projet-vie. No table of the house holds them yet."""

from dataclasses import dataclass

from jalon.formats.tddui.aims import Aim, aim
from jalon.formats.tddui.checks import Check, need, refers
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import shape
from jalon.formats.tddui.rules_common import identified
from jalon.formats.tddui.urls import CS, medicosocial
from jalon.formats.tddui.values import Status

PROJECT_ID = medicosocial("projetvie")


@dataclass(frozen=True, kw_only=True)
class LifeProjectData(Aim):
    """What the person wants of their life: `description`, in words (required). `key`: `…-PDV-<n>`."""


SHAPE = shape(LifeProjectData, *aim(notes={}))

RULES: tuple[Check, ...] = (
    *identified("PDV", PROJECT_ID),
    need("description.text"),
    refers("subject", "Patient"),
)

KIND = Kind(
    name="life_projects",
    label="projets de vie",
    fhir="Goal",
    profile="goal-projet-vie",
    rank=140,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=PROJECT_ID,
    code="PDV",
    exact=True,
    fill=lambda item: lacking(
        item,
        identifiers=(typed_identifier(PROJECT_ID, item.key, CS + "tddui-goal-identifier", "PDV"),),
        status=Status(fhir="active"),
    ),
)

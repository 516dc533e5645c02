"""Expectations (Attente): Goal, profile tddui-goal-attente."""

from dataclasses import dataclass

from jalon.formats.tddui.aims import AIM, EVALUATIONS, Aim, aim
from jalon.formats.tddui.checks import Check, slices
from jalon.formats.tddui.datatypes import NOTE, Discriminated
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Slice, shape
from jalon.formats.tddui.rules_common import discriminated, discriminator, own
from jalon.formats.tddui.urls import EXPECTATION_ID
from jalon.formats.tddui.values import Note, Status


@dataclass(frozen=True, kw_only=True)
class ExpectationData(Aim):
    """Attente: Goal, profile tddui-goal-attente. `key`: `…-ATTE-<n>`. `origin`: whose it is, in words (note
    origineAttente, required); `comments`: notes commentaireAttente."""

    origin: Note | None = None
    comments: tuple[Note, ...] = ()


SHAPE = shape(
    ExpectationData,
    *aim(
        EVALUATIONS,
        notes={
            "origineAttente": Slice("origin", Discriminated("origineAttente", NOTE)),
            "commentaireAttente": Slice("comments", Discriminated("commentaireAttente", NOTE), many=True),
        },
    ),
)

RULES: tuple[Check, ...] = (
    *own(EXPECTATION_ID),
    *AIM,
    slices("note", discriminator, {"origineAttente": (1, 1)}),
    discriminated("note"),
)

KIND = Kind(
    name="expectations",
    label="attentes",
    fhir="Goal",
    profile="goal-attente",
    rank=90,
    shape=SHAPE,
    rules=RULES,
    system=EXPECTATION_ID,
    code="ATTE",
    fill=by_key(EXPECTATION_ID, status=Status(fhir="active")),
)

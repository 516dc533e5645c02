"""Goals (Objectif): Goal, profile tddui-goal-objectif."""

from dataclasses import dataclass

from jalon.formats.tddui.aims import AIM, EVALUATIONS, Aim, aim
from jalon.formats.tddui.checks import Check, refers, slices
from jalon.formats.tddui.datatypes import NOTE, Discriminated
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Slice, shape
from jalon.formats.tddui.rules_common import PROFESSIONALS, discriminated, discriminator, own
from jalon.formats.tddui.urls import GOAL_ID
from jalon.formats.tddui.values import Note, Status


@dataclass(frozen=True, kw_only=True)
class GoalData(Aim):
    """Objectif: Goal, profile tddui-goal-objectif. `key`: `…-OBJE-<n>`. `title` (note titreObjectif,
    required),
    `opinion`: avisUsagerObjectif, `strategy`: strategieMiseEnOeuvreObjectif; `targets`: resultatAttendu and
    dateFin.
    `status`: ENPREPARATION, ACTIF, TERMINE, ANNULE."""

    title: Note | None = None
    opinion: Note | None = None
    strategy: Note | None = None


SHAPE = shape(
    GoalData,
    *aim(
        EVALUATIONS,
        notes={
            "titreObjectif": Slice("title", Discriminated("titreObjectif", NOTE)),
            "avisUsagerObjectif": Slice("opinion", Discriminated("avisUsagerObjectif", NOTE)),
            "strategieMiseEnOeuvreObjectif": Slice(
                "strategy", Discriminated("strategieMiseEnOeuvreObjectif", NOTE)
            ),
        },
    ),
)

RULES: tuple[Check, ...] = (
    *own(GOAL_ID),
    *AIM,
    refers("expressedBy", *PROFESSIONALS),
    refers("addresses", "ServiceRequest"),
    discriminated("note"),
    slices(
        "note",
        discriminator,
        {"titreObjectif": (1, 1), "avisUsagerObjectif": (0, 1), "strategieMiseEnOeuvreObjectif": (0, 1)},
    ),
)

KIND = Kind(
    name="goals",
    label="objectifs",
    fhir="Goal",
    profile="goal-objectif",
    rank=110,
    shape=SHAPE,
    rules=RULES,
    system=GOAL_ID,
    code="OBJE",
    fill=by_key(GOAL_ID, status=Status(fhir="proposed")),
)

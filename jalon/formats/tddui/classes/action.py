"""Actions (Action): Task, profile tddui-task-action."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need, refers, slices, where
from jalon.formats.tddui.datatypes import IDENTIFIER, LINK
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.frame import TASK_STATUS, Frame, ListOfOne, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Many, One, Slice, Sliced, shape
from jalon.formats.tddui.rules_common import INPUT, PROFESSIONALS, linked, own
from jalon.formats.tddui.tasks import WHAT, Input, input_code
from jalon.formats.tddui.urls import ACTION_ID, CS
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Note, Status


@dataclass(frozen=True, kw_only=True)
class ActionData(Item):
    """Action: Task, profile tddui-task-action. `key`: `…-ACTI-<n>`.

    `plan`: basedOn. `title`, `opinion` (avisUsager), `expected` (resultatAttendu), `evaluations`,
    `attachments`, `goals`: typed inputs. `owner`: référent. `start`/`end`: executionPeriod. `status`:
    ENPREPARATION, ACTIF, TERMINE, ANNULE.
    """

    person: Link | None = None
    plan: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    part_of: tuple[Link, ...] = ()
    group: Identifier | None = None
    status: Status = Status()
    business_status: Coded | None = None
    intent: str = ""
    priority: str = ""
    code: Coded | None = None
    title: str = ""
    description: str = ""
    opinion: str = ""
    expected: str = ""
    start: Moment = ""
    end: Moment = ""
    owner: Link | None = None
    requester: Link | None = None
    focus: Link | None = None
    encounter: Link | None = None
    location: Link | None = None
    performer_types: tuple[Coded, ...] = ()
    authored_on: Moment = ""
    last_modified: Moment = ""
    reason: Coded | None = None
    reason_link: Link | None = None
    notes: tuple[Note, ...] = ()
    goals: tuple[Link, ...] = ()
    evaluations: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    history: tuple[Link, ...] = ()


_INPUT = CS + "tddui-task-input-action"

SHAPE = shape(
    ActionData,
    Frame(dated=True),
    Many("identifiers", "identifier", IDENTIFIER),
    One("plan", "basedOn", ListOfOne(LINK)),
    One("group", "groupIdentifier", IDENTIFIER),
    Many("part_of", "partOf", LINK),
    Stand("status", TASK_STATUS, dated=True, reason="statusReason"),
    One("person", "for", LINK),
    *WHAT,
    Sliced(
        "input",
        input_code,
        {
            "titre": Slice("title", Input(_INPUT, "titre", "valueString")),
            "avisUsager": Slice("opinion", Input(_INPUT, "avisUsager", "valueString")),
            "resultatAttendu": Slice("expected", Input(_INPUT, "resultatAttendu", "valueString")),
            "objectif": Slice("goals", Input(_INPUT, "objectif", "valueReference", LINK), many=True),
            "evaluation": Slice(
                "evaluations", Input(_INPUT, "evaluation", "valueReference", LINK), many=True
            ),
            "pieceJointe": Slice(
                "attachments", Input(_INPUT, "pieceJointe", "valueReference", LINK), many=True
            ),
        },
    ),
)

RULES: tuple[Check, ...] = (
    *own(ACTION_ID),
    need("basedOn", 1, 1),
    refers("basedOn", "CarePlan"),
    refers("owner", *PROFESSIONALS),
    slices("input", INPUT, {"titre": (1, 1), "avisUsager": (0, 1), "resultatAttendu": (0, 1)}),
    *(
        where("input", INPUT, code, need("valueString"))
        for code in ("titre", "avisUsager", "resultatAttendu")
    ),
    linked("objectif", "Goal"),
    linked("evaluation", "QuestionnaireResponse"),
    linked("pieceJointe", "DocumentReference"),
)

KIND = Kind(
    name="actions",
    label="actions",
    fhir="Task",
    profile="task-action",
    rank=120,
    shape=SHAPE,
    rules=RULES,
    system=ACTION_ID,
    code="ACTI",
    fill=by_key(ACTION_ID, status=Status(fhir="draft"), intent="plan"),
)

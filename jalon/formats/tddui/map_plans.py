"""CarePlan, Goal, ServiceRequest, Task, Consent ↔ the model of `model_plans`."""

from typing import Any

from jalon.formats.tddui import model_plans as m
from jalon.formats.tddui.datatypes import (
    CODED,
    IDENTIFIER,
    LINK,
    NOTE,
    PERIOD,
    Discriminated,
    discriminator_of,
    first_code,
)
from jalon.formats.tddui.frame import GOAL_STATUS, PLAN_STATUS, TASK_STATUS, Frame, ListOfOne, Stand
from jalon.formats.tddui.lens import (
    PLAIN,
    Codec,
    Ext,
    Json,
    Many,
    One,
    Slice,
    Sliced,
    Slot,
    at,
    extensions,
    shape,
)
from jalon.formats.tddui.urls import CS, HL7_SD, R5_SD, SD

_ATTACHMENTS = Ext("attachments", SD + "tddui-attachment", "valueReference", LINK, many=True)
_PLAN_REF = Ext("plan", SD + "tddui-careplan-reference", "valueReference", LINK)


class Side:
    """CarePlan.supportingInfo of an agreement ↔ PlanAgreement: the discriminator says whose it is."""

    def read(self, raw: Any) -> m.PlanAgreement:
        """The agreement and its side."""
        return m.PlanAgreement(
            "usager" if discriminator_of(raw) == "accordUsager" else "structure", LINK.read(raw)
        )

    def write(self, value: m.PlanAgreement) -> Json:
        """The reference with its discriminator."""
        code = "accordUsager" if value.side == "usager" else "accordStructure"
        written: Json = Discriminated(code, LINK).write(value.agreement)
        return written


def _side(item: Json) -> str:
    return "accord" if discriminator_of(item) in ("accordUsager", "accordStructure") else ""


ACTIVITY = shape(
    m.Activity,
    Many("outcomes", "outcomeCodeableConcept", CODED),
    Many("outcome_links", "outcomeReference", LINK),
    Many("progress", "progress", NOTE),
    One("reference", "reference", LINK),
)
PLAN = shape(
    m.PlanData,
    Frame(dated=True),
    extensions(_ATTACHMENTS),
    Many("identifiers", "identifier", IDENTIFIER),
    Many("based_on", "basedOn", LINK),
    Many("replaces", "replaces", LINK),
    Many("part_of", "partOf", LINK),
    Stand("status", PLAN_STATUS, dated=True),
    One("intent", "intent"),
    Many("types", "category", CODED),
    One("title", "title"),
    One("description", "description"),
    One("person", "subject", LINK),
    One("encounter", "encounter", LINK),
    at("period", One("start", "start"), One("end", "end")),
    One("created", "created"),
    One("author", "author", LINK),
    Many("contributors", "contributor", LINK),
    Many("care_teams", "careTeam", LINK),
    Many("addresses", "addresses", LINK),
    Sliced(
        "supportingInfo",
        _side,
        {"accord": Slice("agreements", Side(), many=True)},
        Slice("supporting", LINK, many=True),
    ),
    Many("goals", "goal", LINK),
    Many("activities", "activity", ACTIVITY),
    Many("communication", "note", NOTE),
)

TARGET = shape(
    m.Target,
    One("measure", "measure", CODED),
    at("measure", extensions(Ext("measure_absent", HL7_SD + "data-absent-reason", "valueCode"))),
    One("detail", "detailString"),
    One("detail_code", "detailCodeableConcept", CODED),
    One("due", "dueDate"),
)


def _aim(*extension: Ext, notes: dict[str, Slice]) -> tuple[Slot, ...]:
    return (
        Frame(dated=True),
        extensions(_PLAN_REF, *extension, _ATTACHMENTS),
        Many("identifiers", "identifier", IDENTIFIER),
        Stand("lifecycleStatus", GOAL_STATUS, dated=True),
        One("achievement", "achievementStatus", CODED),
        Many("categories", "category", CODED),
        One("priority", "priority", CODED),
        One("description", "description", CODED),
        One("person", "subject", LINK),
        One("start", "startDate"),
        One("start_code", "startCodeableConcept", CODED),
        Many("targets", "target", TARGET),
        One("status_date", "statusDate"),
        One("status_reason", "statusReason"),
        One("expressed_by", "expressedBy", LINK),
        Many("needs", "addresses", LINK),
        Sliced("note", discriminator_of, notes, Slice("other_notes", NOTE, many=True)),
        Many("outcomes", "outcomeCode", CODED),
        Many("outcome_links", "outcomeReference", LINK),
    )


_EVALUATIONS = Ext("evaluations", SD + "tddui-evaluation-reference", "valueReference", LINK, many=True)
EXPECTATION = shape(
    m.ExpectationData,
    *_aim(
        _EVALUATIONS,
        notes={
            "origineAttente": Slice("origin", Discriminated("origineAttente", NOTE)),
            "commentaireAttente": Slice("comments", Discriminated("commentaireAttente", NOTE), many=True),
        },
    ),
)
GOAL = shape(
    m.GoalData,
    *_aim(
        _EVALUATIONS,
        notes={
            "titreObjectif": Slice("title", Discriminated("titreObjectif", NOTE)),
            "avisUsagerObjectif": Slice("opinion", Discriminated("avisUsagerObjectif", NOTE)),
            "strategieMiseEnOeuvreObjectif": Slice(
                "strategy", Discriminated("strategieMiseEnOeuvreObjectif", NOTE)
            ),
        },
    ),
)

NEED = shape(
    m.NeedData,
    Frame(),
    extensions(_ATTACHMENTS),
    Many("identifiers", "identifier", IDENTIFIER),
    One("plan", "basedOn", ListOfOne(LINK)),
    Many("replaces", "replaces", LINK),
    Stand("status"),
    One("intent", "intent"),
    Many("categories", "category", CODED),
    One("priority", "priority"),
    One("description", "code", CODED),
    Many("analyses", "orderDetail", CODED),
    One("person", "subject", LINK),
    One("encounter", "encounter", LINK),
    One("occurrence", "occurrenceDateTime"),
    One("occurrence_period", "occurrencePeriod", PERIOD),
    One("authored_on", "authoredOn"),
    One("requester", "requester", LINK),
    One("performer_type", "performerType", CODED),
    Many("performers", "performer", LINK),
    Many("reasons", "reasonCode", CODED),
    Many("reason_links", "reasonReference", LINK),
    Many("supporting", "supportingInfo", LINK),
    Many("comments", "note", NOTE),
    One("person_instruction", "patientInstruction"),
)

_ACTION_INPUT = CS + "tddui-task-input-action"


class Input:
    """Task.input of one type of tddui-task-input-action ↔ its value."""

    def __init__(self, code: str, value: str, codec: Codec = PLAIN) -> None:
        self.code, self.value, self.codec = code, value, codec

    def read(self, raw: Any) -> Any:
        """The value, `""` if it is of another type (the residue then keeps it)."""
        return self.codec.read(raw.get(self.value, {} if self.codec is LINK else ""))

    def write(self, value: Any) -> Json:
        """The typed input."""
        content = self.codec.write(value)
        if not content:
            return {}
        return {"type": {"coding": [{"system": _ACTION_INPUT, "code": self.code}]}, self.value: content}


def _input(item: Json) -> str:
    return first_code(item.get("type", {}))


ACTION = shape(
    m.ActionData,
    Frame(dated=True),
    Many("identifiers", "identifier", IDENTIFIER),
    One("plan", "basedOn", ListOfOne(LINK)),
    One("group", "groupIdentifier", IDENTIFIER),
    Many("part_of", "partOf", LINK),
    Stand("status", TASK_STATUS, dated=True, reason="statusReason"),
    One("business_status", "businessStatus", CODED),
    One("intent", "intent"),
    One("priority", "priority"),
    One("code", "code", CODED),
    One("description", "description"),
    One("focus", "focus", LINK),
    One("person", "for", LINK),
    One("encounter", "encounter", LINK),
    at("executionPeriod", One("start", "start"), One("end", "end")),
    One("authored_on", "authoredOn"),
    One("last_modified", "lastModified"),
    One("requester", "requester", LINK),
    Many("performer_types", "performerType", CODED),
    One("owner", "owner", LINK),
    One("location", "location", LINK),
    One("reason", "reasonCode", CODED),
    One("reason_link", "reasonReference", LINK),
    Many("notes", "note", NOTE),
    Many("history", "relevantHistory", LINK),
    Sliced(
        "input",
        _input,
        {
            "titre": Slice("title", Input("titre", "valueString")),
            "avisUsager": Slice("opinion", Input("avisUsager", "valueString")),
            "resultatAttendu": Slice("expected", Input("resultatAttendu", "valueString")),
            "objectif": Slice("goals", Input("objectif", "valueReference", LINK), many=True),
            "evaluation": Slice("evaluations", Input("evaluation", "valueReference", LINK), many=True),
            "pieceJointe": Slice("attachments", Input("pieceJointe", "valueReference", LINK), many=True),
        },
    ),
)

POLICY = shape(m.AgreementPolicy, One("authority", "authority"), One("uri", "uri"))
CHECK = shape(
    m.AgreementCheck,
    One("verified", "verified"),
    One("by", "verifiedWith", LINK),
    One("date", "verificationDate"),
)
AGREEMENT = shape(
    m.AgreementData,
    Frame(),
    extensions(Ext("validity", R5_SD + "Consent.period", "valuePeriod", PERIOD)),
    Many("identifiers", "identifier", IDENTIFIER),
    Stand("status"),
    One("scope", "scope", CODED),
    Many("categories", "category", CODED),
    One("person", "patient", LINK),
    One("signed_on", "dateTime"),
    Many("signers", "performer", LINK),
    Many("organizations", "organization", LINK),
    One("source", "sourceReference", LINK),
    Many("policies", "policy", POLICY),
    One("policy_rule", "policyRule", CODED),
    Many("checks", "verification", CHECK),
    at("provision", One("provision_type", "type"), One("provision_period", "period", PERIOD)),
)

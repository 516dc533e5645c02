"""Assessments (Evaluation): QuestionnaireResponse, profile tddui-questionnaire-response. No table of the
house holds them yet."""

from dataclasses import dataclass
from typing import Any

from jalon.formats.tddui.checks import Check, need, refers, rule, target_type
from jalon.formats.tddui.datatypes import ATTACHMENT, ATTACHMENTS, CODING, IDENTIFIER, LINK
from jalon.formats.tddui.fills import lacking
from jalon.formats.tddui.frame import Frame, Stand
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, extensions, shape
from jalon.formats.tddui.measures import QUANTITY, Quantity
from jalon.formats.tddui.rules_common import SUBJECT, own_single, url
from jalon.formats.tddui.rules_grids import QUESTIONNAIRE, check_answers
from jalon.formats.tddui.urls import SD, medicosocial
from jalon.formats.tddui.values import (
    Attachment,
    Coding,
    Identifier,
    Link,
    Moment,
    PartialDate,
    Status,
)

ASSESSMENT_ID = medicosocial("evaluation")
ASSESSMENT_STATUS = {"in-progress": "TERMINE", "completed": "APPROUVE", "amended": "VALIDE"}
"""FHIR status → business status, as the `^short` of the profile gives it."""
_PARTICIPANTS = SD + "tddui-qr-participant"


@dataclass(frozen=True)
class Participants:
    """tddui-qr-participant: the professional `responsible`, the organization that holds it (`holder`)."""

    responsible: Link | None = None
    holder: Link | None = None


@dataclass(frozen=True)
class Answer:
    """QuestionnaireResponse.item.answer: one value, by its type, and the questions under it (`items`).

    The result of an AGGIR grid and its variables are codes, its criteria and the situations of a SSIAD are
    flags, the needs of SERAFIN are numbers.
    """

    code: Coding | None = None
    flag: bool | None = None
    number: int | None = None
    decimal: float | None = None
    text: str = ""
    uri: str = ""
    date: PartialDate = ""
    moment: Moment = ""
    time: str = ""
    quantity: Quantity | None = None
    attachment: Attachment | None = None
    link: Link | None = None
    items: "tuple[Asked, ...]" = ()


@dataclass(frozen=True)
class Asked:
    """QuestionnaireResponse.item: a question (`link_id` in the grid) as it was answered, and a comment."""

    link_id: str = ""
    definition: str = ""
    text: str = ""
    comment: str = ""
    answers: tuple[Answer, ...] = ()
    items: "tuple[Asked, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class AssessmentData(Item):
    """Evaluation. `key`: `…-EVAL-<n>#<grid>`, the end of the address of its questionnaire.

    `status`: TERMINE, APPROUVE, VALIDE. `authored`: the day of the assessment. `assessor`: source, the person
    in a self-assessment, whose holder is then required. `method`: tddui-assessment-method, in words.
    """

    person: Link | None = None
    identifier: Identifier | None = None
    questionnaire: str = ""
    status: Status = Status()
    encounter: Link | None = None
    authored: Moment = ""
    author: Link | None = None
    assessor: Link | None = None
    participants: Participants | None = None
    method: str = ""
    comment: str = ""
    items: tuple[Asked, ...] = ()
    attachments: tuple[Link, ...] = ()
    based_on: tuple[Link, ...] = ()
    part_of: tuple[Link, ...] = ()


class AskedCodec:
    """QuestionnaireResponse.item ↔ Asked, which may hold others as deep as the grid goes."""

    def read(self, raw: Any) -> Asked:
        """The question, with all that is under it."""
        return ASKED.read(raw)

    def write(self, value: Asked) -> Any:
        """The item, with all that is under it."""
        return ASKED.write(value)


_ITEMS = Many("items", "item", AskedCodec())
ANSWER = shape(
    Answer,
    One("code", "valueCoding", CODING),
    One("flag", "valueBoolean"),
    One("number", "valueInteger"),
    One("decimal", "valueDecimal"),
    One("text", "valueString"),
    One("uri", "valueUri"),
    One("date", "valueDate"),
    One("moment", "valueDateTime"),
    One("time", "valueTime"),
    One("quantity", "valueQuantity", QUANTITY),
    One("attachment", "valueAttachment", ATTACHMENT),
    One("link", "valueReference", LINK),
    _ITEMS,
)
ASKED = shape(
    Asked,
    extensions(Ext("comment", SD + "tddui-comment", "valueString")),
    One("link_id", "linkId"),
    One("definition", "definition"),
    One("text", "text"),
    Many("answers", "answer", ANSWER),
    _ITEMS,
)
PARTICIPANTS = shape(
    Participants,
    extensions(
        Ext("responsible", "TDDUIResponsible", "valueReference", LINK),
        Ext("holder", "TDDUIHolder", "valueReference", LINK),
    ),
)
SHAPE = shape(
    AssessmentData,
    Frame(dated=True),
    extensions(
        Ext("participants", _PARTICIPANTS, "", PARTICIPANTS),
        ATTACHMENTS,
        Ext("comment", SD + "tddui-comment", "valueString"),
        Ext("method", SD + "tddui-assessment-method", "valueString"),
    ),
    One("identifier", "identifier", IDENTIFIER),
    Many("based_on", "basedOn", LINK),
    Many("part_of", "partOf", LINK),
    One("questionnaire", "questionnaire"),
    Stand("status", ASSESSMENT_STATUS, dated=True),
    One("person", "subject", LINK),
    One("encounter", "encounter", LINK),
    One("authored", "authored"),
    One("author", "author", LINK),
    One("assessor", "source", LINK),
    _ITEMS,
)


def _participants(response: Json) -> set[str]:
    held = [each for each in response.get("extension", ()) if url(each) == _PARTICIPANTS]
    return {url(part) for each in held for part in each.get("extension", ())}


def _has_professional(response: Json) -> bool:
    source = target_type(response.get("source", {}))
    return (
        source in ("Patient", "Practitioner")
        or "author" in response
        or "TDDUIResponsible" in _participants(response)
    )


RULES: tuple[Check, ...] = (
    *own_single(ASSESSMENT_ID),
    need("questionnaire"),
    *SUBJECT,
    need("item"),
    need("item.linkId"),
    refers("encounter", "Encounter"),
    refers("author", "Practitioner"),
    refers("source", "Practitioner", "Patient"),
    rule(
        lambda it: target_type(it.get("source", {})) != "Patient" or "TDDUIHolder" in _participants(it),
        "extension",
        "Une auto-évaluation doit nommer son porteur (TDDUIHolder).",
    ),
    rule(_has_professional, "author", "Il faut un évaluateur, un responsable ou un auteur."),
    Check(check_answers),
)


def _filled(assessment: AssessmentData) -> AssessmentData:
    """With the identifier and the grid that its key says; no more than finished, as nobody approved it."""
    number, _, grid = assessment.key.partition("#")
    return lacking(
        assessment,
        identifier=Identifier(ASSESSMENT_ID, number),
        questionnaire=QUESTIONNAIRE + grid if grid else "",
        status=Status(code="TERMINE"),
    )


KIND = Kind(
    name="assessments",
    label="évaluations",
    fhir="QuestionnaireResponse",
    profile="questionnaire-response",
    rank=220,
    shape=SHAPE,
    rules=RULES,
    waiting=True,
    system=ASSESSMENT_ID,
    code="EVAL",
    fill=_filled,
)

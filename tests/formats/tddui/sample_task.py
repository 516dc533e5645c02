"""What any task may say, whatever its profile: the elements and the refusals that the samples of tasks
share."""

from collections.abc import Callable
from typing import Any

from tests.formats.tddui.sample import PERIOD, Json, concept, ident, ref
from tests.formats.tddui.sample_record import AUTHOR, LOU, NOTE, resource

Refused = dict[str, tuple[Callable[[Json], Any], str]]


def task(profile: str, **more: Any) -> Json:
    """A task of Lou with all that no profile of TDDUI speaks of."""
    anything: Json = {
        "instantiatesCanonical": "https://example.test/ActivityDefinition/marche",
        "instantiatesUri": "https://example.test/marche",
        "groupIdentifier": ident("urn:groupes", "G-1"),
        "partOf": [ref("Task/act")],
        "_status": AUTHOR,
        "statusReason": {"text": "Hospitalisation"},
        "businessStatus": concept("urn:etats", "3", "À revoir"),
        "intent": "plan",
        "priority": "routine",
        "description": "Repéré avec Lou",
        "focus": ref("ServiceRequest/need"),
        "for": LOU,
        "encounter": ref("Encounter/event"),
        "executionPeriod": {"start": "2026-03-02T14:00:00+01:00", "end": "2026-03-02T14:30:00+01:00"},
        "authoredOn": "2026-02-01",
        "lastModified": "2026-02-02T08:00:00Z",
        "requester": ref("RelatedPerson/zoe"),
        "performerType": [{"text": "ergothérapeute"}],
        "owner": ref("Organization/ime"),
        "location": ref("Location/room"),
        "reasonCode": {"text": "Fatigue après 200 m"},
        "reasonReference": ref("QuestionnaireResponse/qr"),
        "insurance": [{"display": "Mutuelle Fictive"}],
        "note": [NOTE],
        "relevantHistory": [{"display": "Une trace"}],
        "restriction": {"repetitions": 3, "period": PERIOD, "recipient": [LOU, ref("RelatedPerson/zoe")]},
    }
    return resource("Task", profile, **(anything | more))


OWN: Refused = {
    "it has its identifier": (lambda it: it.pop("identifier"), "identifier"),
    "one identifier": (lambda it: it["identifier"].append(ident("urn:autre", "1")), "identifier"),
    "the identifier has its system": (lambda it: it["identifier"][0].pop("system"), "identifier[0].system"),
    "that of its class": (lambda it: it["identifier"][0].update(system="urn:autre"), "identifier[0].system"),
    "the identifier has its value": (lambda it: it["identifier"][0].pop("value"), "identifier[0].value"),
}


def bears(rank: int, element: str = "input", **value: Any) -> Callable[[Json], Any]:
    """The item of that rank bears this value and no other."""

    def spoil(it: Json) -> None:
        it[element][rank] = {"type": it[element][rank]["type"]} | value

    return spoil


def again(rank: int, element: str = "input") -> Callable[[Json], Any]:
    """The item of that rank is said twice."""
    return lambda it: it[element].append(it[element][rank])


PLANNED: Refused = OWN | {
    "it is of a plan": (lambda it: it.pop("basedOn"), "basedOn"),
    "of one plan": (lambda it: it["basedOn"].append(ref("CarePlan/pp")), "basedOn"),
    "of nothing else": (lambda it: it.update(basedOn=[ref("Task/act")]), "basedOn[0].reference"),
    "its file is a reference": (bears(0, valueString="ici"), "input[0].valueReference"),
    "to a document": (bears(0, valueReference=LOU), "input[0].valueReference.reference"),
}
"""What is refused of any task of a plan whose first input is a file (pieceJointe)."""
PARTED: Refused = PLANNED | {
    "it is part of one action": (lambda it: it["partOf"].append(ref("Task/act")), "partOf"),
    "and of nothing else": (lambda it: it.update(partOf=[ref("CarePlan/pp")]), "partOf[0].reference"),
    "it has a title": (lambda it: it["input"].pop(1), "input"),
    "one title": (again(1), "input"),
    "in words": (bears(1, valueInteger=1), "input[1].valueString"),
    "one evaluation": (again(2), "input"),
    "the evaluation is a reference": (bears(2, valueString="ici"), "input[2].valueReference"),
    "to an evaluation": (bears(2, valueReference=LOU), "input[2].valueReference.reference"),
}
"""What is refused of a part of an action, whose inputs begin by a file, the title and the evaluation."""

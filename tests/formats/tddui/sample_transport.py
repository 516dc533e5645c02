"""What any transport may say, whosever it is: the elements and the refusals that the samples of transports
share."""

from typing import Any

from tests.formats.tddui.sample import ADDRESS, CISIS, Json, concept, given, ref
from tests.formats.tddui.sample_observation import quantity
from tests.formats.tddui.sample_record import LOU
from tests.formats.tddui.sample_task import Refused, again, bears, task

INPUT = "task-input-transport"
TAXI = "ORG-156"


def transport(profile: str, *inputs: Json, **more: Any) -> Json:
    """A transport with all that its profiles and FHIR allow; these inputs come after the seven of any."""
    return task(
        profile,
        basedOn=[ref("CarePlan/pp"), ref("ServiceRequest/need")],
        status="completed",
        code=concept(CISIS, TAXI, "Taxi"),
        input=[
            given("typeMotorisation", INPUT, valueCodeableConcept=concept(CISIS, "GEN-355")),
            given("adresseDepart", INPUT, valueAddress=ADDRESS),
            given("adresseDestination", INPUT, valueAddress={"text": "Piscine des Essais"}),
            given("budgetPrevisionnel", INPUT, valueMoney={"value": 12.5, "currency": "EUR"}),
            given("budgetReel", INPUT, valueMoney={"value": 14, "currency": "EUR"}),
            given("distance", INPUT, valueDistance=quantity(4.2, "km", "kilomètres")),
            given("dureeTheorique", INPUT, valueDuration=quantity(10, "min", comparator=">=")),
            *inputs,
        ],
        **more,
    )


MOVED: Refused = {
    "it has its identifier": (lambda it: it.pop("identifier"), "identifier"),
    "one identifier": (lambda it: it["identifier"].append({"value": "1"}), "identifier"),
    "what it goes by is of the list": (
        lambda it: it.update(code=concept(CISIS, "ORG-999")),
        "code.coding[0].code",
    ),
    "an organization drives": (lambda it: it.update(owner=LOU), "owner.reference"),
    "when it went is told": (lambda it: it.pop("executionPeriod"), "executionPeriod"),
    "from its beginning": (lambda it: it["executionPeriod"].pop("start"), "executionPeriod.start"),
    "to its end": (lambda it: it["executionPeriod"].pop("end"), "executionPeriod.end"),
    "it is of an event": (lambda it: it.pop("encounter"), "encounter"),
    "and of nothing else": (lambda it: it.update(encounter=LOU), "encounter.reference"),
    "one engine": (again(0), "input"),
    "the engine is coded": (bears(0, valueString="diesel"), "input[0].valueCodeableConcept"),
    "by the list": (
        bears(0, valueCodeableConcept=concept(CISIS, "GEN-999")),
        "input[0].valueCodeableConcept.coding[0].code",
    ),
    "it leaves from one place": (again(1), "input"),
    "that is an address": (bears(1, valueString="ici"), "input[1].valueAddress"),
    "it arrives at one place": (again(2), "input"),
    "that is an address too": (bears(2, valueString="là"), "input[2].valueAddress"),
    "one budget": (again(3), "input"),
    "in money": (bears(3, valueInteger=12), "input[3].valueMoney"),
    "one cost": (again(4), "input"),
    "in money too": (bears(4, valueInteger=14), "input[4].valueMoney"),
    "one distance": (again(5), "input"),
    "that is a distance": (bears(5, valueInteger=4), "input[5].valueDistance"),
    "one duration": (again(6), "input"),
    "that is a duration": (bears(6, valueInteger=10), "input[6].valueDuration"),
}
"""What is refused of any transport."""

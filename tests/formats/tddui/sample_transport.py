"""What any transport may say, whosever it is: the inputs and the refusals that the samples of transports
share."""

from typing import Any

from tests.formats.tddui.sample import ADDRESS, CISIS, Json, concept, given, ref
from tests.formats.tddui.sample_observation import quantity
from tests.formats.tddui.sample_record import LOU
from tests.formats.tddui.sample_task import Refused, again, bears, task

INPUT = "task-input-transport"
JOURNEY: list[Json] = [
    given("typeMotorisation", INPUT, valueCodeableConcept=concept(CISIS, "GEN-355", "Véhicule électrique")),
    given("adresseDepart", INPUT, valueAddress=ADDRESS),
    given("adresseDestination", INPUT, valueAddress={"text": "Centre de soins des Essais"}),
    given("budgetPrevisionnel", INPUT, valueMoney={"value": 12.5, "currency": "EUR"}),
    given("budgetReel", INPUT, valueMoney={"value": 13, "currency": "EUR"}),
    given("distance", INPUT, valueDistance=quantity(8.4, "km", "kilomètres")),
    given("dureeTheorique", INPUT, valueDuration=quantity(25, "min", "minutes")),
]


def transport(profile: str, *more: Json, **content: Any) -> Json:
    """A transport with all that its parent profile has, and more inputs."""
    return task(
        profile,
        basedOn=[ref("CarePlan/pp"), ref("ServiceRequest/need")],
        status="completed",
        code=concept(CISIS, "ORG-156", "Taxi"),
        input=[*JOURNEY, *more],
        **content,
    )


def typed(rank: int, value: str, name: str) -> Refused:
    """An input that bears the value of another type."""
    return {f"{name} is of its type": (bears(rank, valueInteger=1), f"input[{rank}].{value}")}


TRANSPORTED: Refused = {
    "its mode is of the list": (lambda it: it.update(code=concept(CISIS, "ORG-1")), "code.coding[0].code"),
    "an organization drives": (lambda it: it.update(owner=LOU), "owner.reference"),
    "when is told": (lambda it: it.pop("executionPeriod"), "executionPeriod"),
    "from its beginning": (lambda it: it["executionPeriod"].pop("start"), "executionPeriod.start"),
    "to its end": (lambda it: it["executionPeriod"].pop("end"), "executionPeriod.end"),
    "it is of an event": (lambda it: it.pop("encounter"), "encounter"),
    "and of nothing else": (lambda it: it.update(encounter=LOU), "encounter.reference"),
    "an engine is of the list": (
        bears(0, valueCodeableConcept=concept(CISIS, "GEN-1")),
        "input[0].valueCodeableConcept.coding[0].code",
    ),
    "one engine": (again(0), "input"),
    "one place to leave": (again(1), "input"),
    "one place to arrive": (again(2), "input"),
    "one planned budget": (again(3), "input"),
    "one real budget": (again(4), "input"),
    "one distance": (again(5), "input"),
    "one duration": (again(6), "input"),
    **typed(0, "valueCodeableConcept", "the engine"),
    **typed(1, "valueAddress", "the place to leave"),
    **typed(2, "valueAddress", "the place to arrive"),
    **typed(3, "valueMoney", "the planned budget"),
    **typed(4, "valueMoney", "the real budget"),
    **typed(5, "valueDistance", "the distance"),
    **typed(6, "valueDuration", "the duration"),
}
"""What is refused of any transport."""

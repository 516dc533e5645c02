"""The gate is as strict as the profiles, for what comes in and for what leaves."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from jalon.core.errors import DomainError
from jalon.formats.tddui import TdduiRefused, read, write
from jalon.formats.tddui.classes.plan import PlanData
from jalon.formats.tddui.values import Status
from tests.formats.tddui.mutants import drawn, written
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.peers.tddui_check import check
from tests.support import needs_shared

SHARE = 160
UNKNOWN = [{"url": "http://x.test/did-not-happen", "valueBoolean": True}]


def told(name: str, change: Callable[[Json], object]) -> list[str]:
    """The places of what is refused once a resource of the widest record is changed."""
    resources: dict[str, Json] = orjson.loads(orjson.dumps(RESOURCES))
    change(resources[name])
    with pytest.raises(TdduiRefused) as refusal:
        read(bundle(resources))
    return [problem.path.partition(".resource.")[2] for problem in refusal.value.problems]


def first(type_: str) -> str:
    return next(name for name in RESOURCES if name.startswith(type_ + "/"))


FAULTS: dict[str, tuple[str, Callable[[Json], object], str]] = {
    "status": (first("CarePlan"), lambda it: it.update(status="zzz"), "status"),
    "intent": (first("CarePlan"), lambda it: it.update(intent="zzz"), "intent"),
    "empty address": (
        first("Patient"),
        lambda it: it["identifier"][0].update(system=""),
        "identifier[0].system",
    ),
    "no url": (first("Encounter"), lambda it: it["extension"][0].pop("url"), "extension[0].url"),
    "no value": (
        first("Encounter"),
        lambda it: it["extension"].append({"url": "http://x.test/nothing"}),
        "extension[",
    ),
    "no url beside a primitive": (
        first("Patient"),
        lambda it: it["_birthDate"]["extension"][0].pop("url"),
        "birthDate.extension[0].url",
    ),
    "origin": ("Goal", lambda it: it["note"][0].pop("text"), "note[0].text"),
    "not base64": (
        first("Patient"),
        lambda it: it["photo"][0].update(data="@@@", contentType="image/png"),
        "photo[0]",
    ),
    "modifier": (first("Encounter"), lambda it: it.update(modifierExtension=UNKNOWN), "modifierExtension"),
    "modifier below": (
        first("Patient"),
        lambda it: it["contact"][0].update(modifierExtension=UNKNOWN),
        "contact[0].modifierExtension",
    ),
    "implicit rules": (
        first("Patient"),
        lambda it: it.update(implicitRules="http://x.test/r"),
        "implicitRules",
    ),
    "in error": (first("Encounter"), lambda it: it.update(status="entered-in-error"), "status"),
    "not to do": (first("ServiceRequest"), lambda it: it.update(doNotPerform=True), "doNotPerform"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_kind_of_fault_is_refused_at_its_place(name: str) -> None:
    resource, change, place = FAULTS[name]
    if resource == "Goal":
        resource = next(one for one, each in RESOURCES.items() if one.startswith("Goal/") and "note" in each)
    assert any(path.startswith(place) for path in told(resource, change))


@pytest.mark.parametrize("length", [1, 2, 3])
def test_what_is_part_of_itself_is_refused(length: int) -> None:
    events = [f"Encounter/tour{rank}" for rank in range(length)]
    model = next(
        each for name, each in RESOURCES.items() if name.startswith("Encounter/") and "partOf" in each
    )
    made = {
        name: orjson.loads(orjson.dumps(model))
        | {
            "identifier": [model["identifier"][0] | {"value": f"3010001246/77-EVN-{900 + rank}"}],
            "partOf": {"reference": events[(rank + 1) % length]},
        }
        for rank, name in enumerate(events)
    }
    with pytest.raises(TdduiRefused, match="lui-même"):
        read(bundle(RESOURCES | made))


def test_an_invalid_export_does_not_leave() -> None:
    transfer = read(bundle())
    record = transfer.people[0]
    plan = replace(record.of(PlanData)[0], status=Status(fhir="zzz"))
    spoiled = replace(transfer, people=(record.having(PlanData, (plan,)),))
    with pytest.raises(DomainError) as refusal:
        write(spoiled)
    assert refusal.value.code == "tddui_invalid"
    assert refusal.value.place.endswith(".status")


@needs_shared
@pytest.mark.needs_peer("node")
def test_nothing_that_the_independent_checker_refuses_is_accepted(tmp_path: Path) -> None:
    accepted: dict[str, Json] = {}
    for rank, (_, given) in enumerate(drawn(SHARE)):
        with suppress(TdduiRefused):
            read(orjson.dumps(given))
            accepted[str(rank)] = given
    written(tmp_path, accepted)
    verdict = check(tmp_path)
    assert len(verdict.files) == len(accepted) > 10
    assert verdict.errors == ()

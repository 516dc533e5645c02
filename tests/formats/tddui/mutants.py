"""Single mutations of the official resources, for the differential check with the offline checker.

Every leaf and node of every resource is deleted, retyped, re-coded, emptied or doubled, one at a time.
"""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from tests.support import SHARED

EXAMPLES = SHARED / "standards/tddui/fhir-2.4.0/examples"
OFFICIAL = SHARED / "standards/tddui/official/2.4.0"
SD = "https://interop.esante.gouv.fr/ig/fhir/tddui/StructureDefinition/"
PROFILE = SD + "tddui-bundle"
GRID = "QuestionnaireResponse-tddui-questionnaire-response-aggir-ph-example"
CONTACT = {
    "resourceType": "RelatedPerson",
    "id": "tddui-related-person-contact-example",
    "meta": {"profile": [SD + "tddui-related-person-contact"]},
    "identifier": [{"system": "https://editeur.example/contacts", "value": "7"}],
    "patient": {"reference": "Patient/tddui-patient-ins-example"},
    "name": [{"family": "ESSAI", "given": ["Camille"]}],
    "telecom": [{"system": "phone", "value": "0100000000"}],
}
"""The school referent that an official example names and no official file holds."""
SEED = 7
DRAWN = 2600
_WHOLE = ("DEL", "CODE", "URL", "DATE")
_CODES = ("code", "status", "intent", "use", "gender", "lifecycleStatus", "mode", "criticality", "priority")
_URLS = ("system", "url", "questionnaire")
Json = dict[str, Any]
Step = str | int


def base() -> Json:
    """Every official resource in one bundle, with the contact that one of them names."""
    resources = {f"{each['resourceType']}/{each['id']}": each for each in (*_official(), CONTACT)}
    return bundle_of(list(resources.values()))


def bundle_of(resources: list[Json]) -> Json:
    """A transaction of resources, each under its own address."""
    entries = [
        {
            "fullUrl": f"http://x.test/{each['resourceType']}/{each['id']}",
            "resource": each,
            "request": {"method": "POST", "url": each["resourceType"]},
        }
        for each in resources
    ]
    return {"resourceType": "Bundle", "meta": {"profile": [PROFILE]}, "type": "transaction", "entry": entries}


def _official() -> Iterator[Json]:
    for file in sorted(EXAMPLES.glob("*.json")):
        found = orjson.loads(file.read_bytes())
        if found["resourceType"] == "Bundle":
            yield from (entry["resource"] for entry in found["entry"])
        else:
            yield found
    yield orjson.loads((OFFICIAL / f"{GRID}.json").read_bytes())


def all_mutations(bundle: Json) -> Iterator[tuple[str, list[Step], Any]]:
    """The kind of each mutation, the way to its node, and what to put there (`...` to delete)."""
    for index, entry in enumerate(bundle["entry"]):
        for key, value in entry["resource"].items():
            yield from _of(value, ["entry", index, "resource", key])


def _of(value: Any, way: list[Step]) -> Iterator[tuple[str, list[Step], Any]]:
    yield "DEL", way, ...
    name = next(str(step) for step in reversed(way) if isinstance(step, str))
    if isinstance(value, str):
        yield from _of_text(value, name, way)
    if isinstance(value, list):
        yield "TWICE", way, [value[0], *value] if value else value
        yield "EMPTY", way, []
        yield "TYPE", way, value[0] if value and isinstance(value[0], dict) else {}
        for rank, each in enumerate(value):
            yield from _of(each, [*way, rank])
    if isinstance(value, dict):
        yield "KEY", way, value | {"unforeseen": "x"}
        yield "EMPTY", way, {}
        yield "TYPE", way, [value]
        for key, each in value.items():
            yield from _of(each, [*way, key])


def _of_text(value: str, name: str, way: list[Step]) -> Iterator[tuple[str, list[Step], Any]]:
    yield "TYPE", way, 7
    yield "BLANK", way, ""
    if name in _CODES:
        yield "CODE", way, "zzz"
    if name in _URLS:
        yield "URL", way, "http://wrong.example/x"
    if len(value) >= len("2026-01-01") and value[4:5] == value[7:8] == "-":
        yield "DATE", way, "2026-02-30" + value[10:]
    if name == "reference":
        yield "REF", way, "Patient/none"


def drawn(count: int = DRAWN, seed: int = SEED) -> list[tuple[str, Json]]:
    """`count` mutants, each with its name: all deletions, codes, addresses and dates first, others drawn."""
    bundle = base()
    found = list(all_mutations(bundle))
    whole = [each for each in found if each[0] in _WHOLE]
    others = [each for each in found if each[0] not in _WHOLE]
    rng = random.Random(seed)  # noqa: S311  a draw that can be played again, not a secret
    rng.shuffle(whole)
    chosen = (whole + rng.sample(others, max(0, min(len(others), count - len(whole)))))[:count]
    return [(f"{kind} {'.'.join(map(str, way))}", mutant(bundle, way, value)) for kind, way, value in chosen]


def mutant(bundle: Json, way: list[Step], value: Any) -> Json:
    """The bundle with one node changed."""
    given = copy.deepcopy(bundle)
    node: Any = given
    for step in way[:-1]:
        node = node[step]
    if value is ...:
        del node[way[-1]]
    else:
        node[way[-1]] = value
    return given


def written(folder: Path, mutants: dict[str, Json]) -> None:
    """A file for each mutant, for the checker."""
    for name, given in mutants.items():
        (folder / f"{name}.json").write_bytes(orjson.dumps(given))

"""What FHIR R4 and TDDUI 2.4.0 ask of the resources of a file: the schema, then the rules of the profiles.
Every problem is told, with its path.

Most resources are right, and that is asked quickly (`quick`); the others are walked through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from jalon.formats.fhir import Json, Node, Problem, check_resource
from jalon.formats.fhir_rules import check_r4
from jalon.formats.tddui.bundle import Entry
from jalon.formats.tddui.catalog import PROFILES, declared_profiles, profile_of
from jalon.formats.tddui.checks import codes_of
from jalon.formats.tddui.periods import reversed_period
from jalon.formats.tddui.profiles import check_profiles
from jalon.formats.tddui.quick import is_right
from jalon.formats.tddui.rules_base import check_base
from jalon.formats.tddui.rules_extensions import check_extensions
from jalon.formats.tddui.rules_identifiers import check_identifiers
from jalon.formats.tddui.urls import CS

K = TypeVar("K")


def check(found: list[Entry], lost: Iterable[tuple[Entry, Problem]] = ()) -> list[Problem]:
    """What is wrong in the resources of a file, references already looked up, each thing once; `lost`: those
    that lead nowhere. One that the schema refuses is told nothing else.
    """
    for entry in found:
        entry.right = entry.dated and is_right(entry.resource) and entry.spots.in_order
    doubtful = [entry for entry in found if not entry.right]
    unsound = [problem for entry in doubtful for problem in _check_schema(entry)]
    aimless = [problem for entry, problem in lost if entry.sound]
    told = dict.fromkeys([*_check_each(doubtful), *_circles(found)])
    return [*unsound, *aimless, *told]


def _check_schema(entry: Entry) -> list[Problem]:
    wrong = check_resource(entry.resource, entry.path, found=entry.nodes, dated=entry.dated)
    entry.sound = not wrong
    return wrong


def _circles(found: list[Entry]) -> Iterator[Problem]:
    """What is part of itself, at once or through others."""
    above = {
        id(entry): [id(each.target) for each in entry.references if each.role == "partOf"]
        for entry in found
        if entry.sound
    }
    for entry in found:
        if is_in_circle(id(entry), above):
            yield Problem(f"{entry.path}.partOf", "Cet élément serait une partie de lui-même.")


def is_in_circle(one: K, above: Mapping[K, Sequence[K]]) -> bool:
    """Whether one is part of itself, at once or through others; `above`: what each is part of."""
    seen: set[K] = set()
    waiting = list(above.get(one, ()))
    while waiting:
        each = waiting.pop()
        if each == one:
            return True
        if each not in seen:
            seen.add(each)
            waiting += above.get(each, ())
    return False


def _check_each(found: list[Entry]) -> Iterator[Problem]:
    for entry in (each for each in found if each.sound):
        resource, path = entry.resource, entry.path
        yield from _check_profiles(resource, path)
        yield from check_base(resource, entry.nodes, path)
        yield from check_identifiers(resource, path)
        yield from check_extensions(entry.nodes)
        yield from check_r4(resource, path)
        yield from check_profiles(resource, entry.nodes, path)
        yield from _check_nodes(entry.nodes)
        for each in PROFILES.get(profile_of(resource), ("", ()))[1]:
            yield from each(resource, path)


def _check_profiles(resource: Json, path: str) -> Iterator[Problem]:
    declared = declared_profiles(resource)
    if not declared:
        reason = "La ressource ne dit pas quel profil de TDDUI elle suit."
        yield Problem(f"{path}.meta.profile", reason, "warning")
    for name in declared:
        if name not in PROFILES:
            yield Problem(f"{path}.meta.profile", f"« tddui-{name} » n’est pas un profil de TDDUI 2.4.0.")
        elif PROFILES[name][0] != resource["resourceType"]:
            yield Problem(f"{path}.meta.profile", f"« tddui-{name} » est un profil de {PROFILES[name][0]}.")


def _check_nodes(found: list[Node]) -> Iterator[Problem]:
    """Periods in order, and codes of the systems TDDUI itself defines."""
    for node in found:
        json = node.json
        if "start" in json and "end" in json and reversed_period(json["start"], json["end"]):
            yield Problem(node.path, "La période finit avant de commencer.")
        if "code" in json and "system" in json and json["system"].startswith(CS):
            yield from _check_own_code(json["system"], json["code"], node.path)


def _check_own_code(system: str, code: str, path: str) -> Iterator[Problem]:
    known = codes_of(system)
    if known is not None and code not in known:
        yield Problem(f"{path}.code", f"« {code} » n’est pas un code de {system.rpartition('/')[2]}.")

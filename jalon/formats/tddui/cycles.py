"""What is part of itself, through as many others as may be: no reader could ever walk it."""

from collections.abc import Iterator

from jalon.formats.fhir import Problem
from jalon.formats.tddui.bundle import Entry


def check_cycles(found: list[Entry]) -> Iterator[Problem]:
    """Every resource that `partOf` leads back to."""
    above = {id(entry): list(_wholes(entry)) for entry in found}
    for entry in found:
        if _comes_back(entry, above):
            yield Problem(f"{entry.path}.partOf", "La ressource finit par faire partie d’elle-même.")


def _wholes(entry: Entry) -> Iterator[Entry]:
    held = entry.resource.get("partOf", [])
    nodes = held if isinstance(held, list) else [held]
    for reference in entry.references:
        if any(reference.node is node for node in nodes):
            yield reference.target


def _comes_back(entry: Entry, above: dict[int, list[Entry]]) -> bool:
    waiting, seen = list(above[id(entry)]), set[int]()
    while waiting:
        whole = waiting.pop()
        if whole is entry:
            return True
        if id(whole) not in seen:
            seen.add(id(whole))
            waiting += above[id(whole)]
    return False

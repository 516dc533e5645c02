"""Small faults put in the official examples, one at a time: what the reader lets through is then judged by an
independent checker. The same seed draws the same faults."""

import random
from collections.abc import Iterator
from typing import Any

import orjson

from tests.formats.tddui.sample import Json
from tests.formats.tddui.test_round_trip import published

SEED = 7
ALL = 2600
KEPT = ("DEL", "CODE", "URL", "DATE")
"""Kinds of fault that are all kept; the others are drawn."""
Place = tuple[str | int, ...]
Mutant = tuple[str, Place, Any]
"""Kind, place of the node in the Bundle, what is put there (`_GONE`: nothing)."""
_GONE = object()
_CODES = ("code", "status", "intent", "use", "type", "gender", "lifecycleStatus", "language", "mode")
_ADDRESSES = ("system", "url", "questionnaire")


def official_bundle() -> Json:
    """Every published single resource in one Bundle."""
    return published()


def mutants(bundle: Json) -> list[Mutant]:
    """Every fault that is known, in the order of the Bundle."""
    found: list[Mutant] = []
    for index, entry in enumerate(bundle["entry"]):
        for place, node in _nodes(entry["resource"], ("entry", index, "resource")):
            if len(place) > 3:
                found += ((kind, place, value) for kind, value in _faults(place, node))
    return found


def drawn(found: list[Mutant], count: int = ALL, seed: int = SEED) -> list[Mutant]:
    """The faults of the kinds that matter most, and as many of the others as `count` lets in."""
    kept = [mutant for mutant in found if mutant[0] in KEPT]
    rest = [mutant for mutant in found if mutant[0] not in KEPT]
    draw = random.Random(seed)
    if len(kept) >= count:
        return draw.sample(kept, count)
    return kept + draw.sample(rest, min(count - len(kept), len(rest)))


def spoilt(bundle: Json, mutant: Mutant) -> Json:
    """A copy of the Bundle with one fault."""
    _, place, value = mutant
    root = orjson.loads(orjson.dumps(bundle))
    holder: Any = root
    for step in place[:-1]:
        holder = holder[step]
    if value is _GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return root


def _nodes(node: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    yield place, node
    if isinstance(node, dict | list):
        for step, below in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _nodes(below, (*place, step))


def _faults(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    name = next(step for step in reversed(place) if isinstance(step, str))
    yield "DEL", _GONE
    if isinstance(node, str):
        yield from _text_faults(name, node)
    elif isinstance(node, list):
        yield from (("DOUBLE", [node[0], *node]), ("EMPTY", []), ("OBJECT", {"x": node[0]}))
    elif isinstance(node, dict):
        yield from (("EXTRA", node | {"inconnu": "x"}), ("EMPTY", {}), ("LIST", [node]))


def _text_faults(name: str, node: str) -> Iterator[tuple[str, Any]]:
    yield "NUMBER", 7
    yield "BLANK", ""
    if name in _CODES:
        yield "CODE", "zzz"
    if name in _ADDRESSES:
        yield "URL", "http://wrong.example/x"
    if len(node) >= 10 and node[:4].isdigit() and node[4] == node[7] == "-":
        yield "DATE", "2023-02-30" + node[10:]
    if name == "reference":
        yield "REFERENCE", "Patient/none"

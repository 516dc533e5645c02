"""What a model does not hold of a resource: found by comparing the resource with what the model would write.

`residues(source, written)` says what is missing; `restore(written, residues)` puts it back, also after the
model was edited: a residue is tied to the place where it was, and follows its neighbor when a list has
changed.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

import orjson

from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.values import Residue, ResidueKind

Step = str | list[Any]
"""A key, or `[index, length of the list, fingerprint of the item]`."""


def residues(source: Json, written: Json) -> tuple[Residue, ...]:
    """What `source` has and `written` has not, or has otherwise. Empty when they are equal."""
    return () if source == written else tuple(_compare(source, written, (), ""))


def restore(written: Json, kept: Iterable[Residue]) -> Json:
    """`written`, changed in place, with what was kept put back where its place still exists."""
    found = [(residue, orjson.loads(residue.anchor)) for residue in kept]
    places = [(residue, anchor, _place(written, residue, anchor)) for residue, anchor in found]
    for residue, anchor, place in sorted(places, key=lambda each: _turn(each[0], each[1])):
        if place is not None:
            _put_back(residue, anchor, place)
    return written


# --- finding ---------------------------------------------------------------------------------------


def _compare(source: Any, written: Any, steps: tuple[Step, ...], path: str) -> Iterator[Residue]:
    if source == written:
        return
    if isinstance(source, dict) and isinstance(written, dict) and not written.keys() - source.keys():
        yield from _compare_nodes(source, written, steps, path)
    elif isinstance(source, list) and isinstance(written, list) and (found := _align(source, written)):
        yield from _compare_lists(source, written, found, steps, path)
    else:
        yield _residue(path, source, "exact", steps, was=_print(written))


def _compare_nodes(source: Json, written: Json, steps: tuple[Step, ...], path: str) -> Iterator[Residue]:
    for key, value in source.items():
        below = f"{path}.{key}" if path else key
        if key in written:
            yield from _compare(value, written[key], (*steps, key), below)
        else:
            yield _residue(below, value, "label" if _is_label(key, source) else "element", steps, key=key)


def _is_label(key: str, node: Json) -> bool:
    return (key == "display" and "code" in node) or (key == "text" and "coding" in node)


def _compare_lists(
    source: list[Any], written: list[Any], found: list[int], steps: tuple[Step, ...], path: str
) -> Iterator[Residue]:
    for index, place in enumerate(found):
        step: Step = [index, len(written), _print(written[index])]
        yield from _compare(source[place], written[index], (*steps, step), f"{path}[{place}]")
    for place in sorted(set(range(len(source))) - set(found)):
        yield _residue(f"{path}[{place}]", source[place], "element", steps, at=place)
    order = sorted(range(len(found)), key=found.__getitem__)
    if order != list(range(len(found))):
        yield _residue(path, order, "order", steps)


def _align(source: list[Any], written: list[Any]) -> list[int] | None:
    """For each written item, the place in `source` of the item it came from; None if one came from
    nowhere."""
    free = list(range(len(source)))
    found: list[int] = []
    for item in written:
        place = next((p for p in free if source[p] == item), None)
        if place is None:
            place = next((p for p in free if _covers(source[p], item) and source[p] not in written), None)
        if place is None:
            return None
        free.remove(place)
        found.append(place)
    return found


def _covers(source: Any, written: Any) -> bool:
    """Whether `written` is `source` with parts left out."""
    if isinstance(source, dict) and isinstance(written, dict):
        return all(key in source and _covers(source[key], value) for key, value in written.items())
    if isinstance(source, list) and isinstance(written, list):
        return all(any(_covers(item, mine) for item in source) for mine in written)
    return bool(source == written)


def _residue(path: str, value: Any, kind: ResidueKind, steps: tuple[Step, ...], **anchor: Any) -> Residue:
    place = orjson.dumps({"steps": steps} | anchor).decode()
    return Residue(path, orjson.dumps(value).decode(), kind, place)


def _print(value: Any) -> str:
    return blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


# --- putting back ----------------------------------------------------------------------------------
# Every place is found before anything is changed: a fingerprint is that of the item as the model writes it.


def _turn(residue: Residue, anchor: Json) -> tuple[int, int]:
    """Values first, then the order of lists, then what is added, by place."""
    return ("exact", "order").index(residue.kind) if residue.kind in ("exact", "order") else 2, anchor.get(
        "at", -1
    )


def _place(written: Json, residue: Residue, anchor: Json) -> Any:
    """The container a residue goes into, made if only its content is gone; None if the place is gone."""
    steps = anchor["steps"]
    if residue.kind == "exact":
        return _walk(written, steps[:-1], None)
    return _walk(written, steps, dict if "key" in anchor else list)


def _walk(node: Any, steps: list[Step], make: type[Any] | None) -> Any:
    """Where `steps` lead; with `make`, what is missing under a key is made, the last one of that type."""
    for rank, step in enumerate(steps):
        key = _key(node, step)
        if key is None:
            if make is None or not isinstance(step, str) or not isinstance(node, dict):
                return None
            node[step] = make() if rank == len(steps) - 1 else {}
            key = step
        node = node[key]
    return node if make is None or isinstance(node, make) else None


def _put_back(residue: Residue, anchor: Json, place: Any) -> None:
    value = orjson.loads(residue.json)
    if residue.kind == "exact":
        _put_exact(place, anchor, value)
    elif residue.kind == "order":
        rank = {index: position for position, index in enumerate(value)}
        place[:] = [place[i] for i in sorted(range(len(place)), key=lambda i: rank.get(i, i))]
    elif "at" in anchor:
        place.insert(anchor["at"], value)
    else:
        place.setdefault(anchor["key"], value)


def _put_exact(parent: Any, anchor: Json, value: Any) -> None:
    key = _key(parent, anchor["steps"][-1])
    if key is not None and _print(parent[key]) == anchor["was"]:
        parent[key] = value


def _key(node: Any, step: Step) -> Any:
    """The key or index a step leads to in `node` as it now is; None when that place is gone."""
    if isinstance(step, str):
        return step if isinstance(node, dict) and step in node else None
    if not isinstance(node, list):
        return None
    index, length, fingerprint = step
    for place in (index, *range(len(node))):
        if place < len(node) and _print(node[place]) == fingerprint:
            return place
    return index if len(node) == length else None

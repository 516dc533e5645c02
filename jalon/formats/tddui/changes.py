"""What differs between two transfers, element by element, whatever their technical identifiers and their
order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from jalon.formats.fhir import Json
from jalon.formats.tddui.bundle import Entry, entries, find_references
from jalon.formats.tddui.keys import intrinsic_key
from jalon.formats.tddui.reader import name_entries, point


@dataclass(frozen=True)
class Change:
    """One difference: `path` begins with type and key (`Patient[3480787529/77].birthDate`); None means
    absent."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.path} : {_show(self.before)} → {_show(self.after)}"


def changes(before: bytes | Json, after: bytes | Json) -> list[Change]:
    """What `after` has otherwise than `before`: two Bundles, or resources, taken as they are (no rule is
    applied).

    Left out: technical ids, fullUrl, meta, request. References are compared by what they lead to. Resources
    are matched by type and key; those without identifier (agreements, roles…), if nothing says they are the
    same, by likeness. Lists are matched by what names their items (url, system, type…), then by position.
    """
    old, new = _open(before), _open(after)
    _match_the_rest(old, new)
    contents = [{_label(entry): _content(entry.resource) for entry in found} for found in (old, new)]
    names = [*contents[0], *(name for name in contents[1] if name not in contents[0])]
    return [
        change for name in names for change in _compare(contents[0].get(name), contents[1].get(name), name)
    ]


def _open(file: bytes | Json) -> list[Entry]:
    """The resources of a file, references as tokens."""
    root = orjson.loads(file if isinstance(file, bytes) else orjson.dumps(file))
    found, _ = entries(root)
    list(find_references(found))
    list(name_entries(found))
    return found


def _match_the_rest(old: list[Entry], new: list[Entry]) -> None:
    """Give a resource of `new` that nothing in `old` answers to the key of the one it is most like."""
    left = _unmatched(old, new)
    for entry in _unmatched(new, old):
        like = [each for each in left if each.resource["resourceType"] == entry.resource["resourceType"]]
        if like:
            same = max(like, key=lambda each: _likeness(each, entry))
            left.remove(same)
            entry.key = same.key
    point(new)


def _unmatched(found: list[Entry], others: list[Entry]) -> list[Entry]:
    known = {_label(each) for each in others}
    return [
        each for each in found if not intrinsic_key(each.resource, each.kind) and _label(each) not in known
    ]


def _likeness(old: Entry, new: Entry) -> tuple[bool, int]:
    same_url = bool(old.full_url) and old.full_url == new.full_url
    return same_url, sum(new.resource.get(name) == part for name, part in old.resource.items())


def _label(entry: Entry) -> str:
    return f"{entry.resource['resourceType']}[{entry.key}]"


def _content(resource: Json) -> Json:
    return {name: part for name, part in resource.items() if name not in ("id", "meta")}


def _compare(before: Any, after: Any, path: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(each for each in after if each not in before)]:
            yield from _compare(before.get(name), after.get(name), f"{path}.{name}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(before, after, path)
    else:
        yield Change(path, before, after)


def _compare_lists(before: list[Any], after: list[Any], path: str) -> Iterator[Change]:
    """Equal items are set aside; the others are paired by what names them (url, system, type…), then by
    position."""
    left = _without(before, after)
    right = _without(after, before)
    for same in (_same_name, _same_place):
        for old in list(left):
            new = next((each for each in right if same(old, each)), None)
            if new is not None:
                left.remove(old)
                right.remove(new)
                yield from _compare(old[1], new[1], f"{path}[{old[0]}]")
    yield from (Change(f"{path}[{index}]", item, None) for index, item in left)
    yield from (Change(f"{path}[{index}]", None, item) for index, item in right)


Placed = tuple[int, Any]


def _without(items: list[Any], others: list[Any]) -> list[Placed]:
    """The items, with their index, that `others` has not (each of `others` answers for one)."""
    free = list(others)
    left = []
    for index, item in enumerate(items):
        if item in free:
            free.remove(item)
        else:
            left.append((index, item))
    return left


def _same_name(old: Placed, new: Placed) -> bool:
    names = [_name(item) for _, item in (old, new)]
    return names[0] == names[1] and any(names[0])


def _same_place(old: Placed, new: Placed) -> bool:
    return not any(_name(old[1])) and not any(_name(new[1])) and old[0] == new[0]


def _name(item: Any) -> tuple[Any, ...]:
    if not isinstance(item, dict):
        return ()
    return tuple(item.get(each) for each in ("url", "system", "code", "type", "use", "linkId"))


def _show(value: Any) -> str:
    return "absent" if value is None else orjson.dumps(value).decode()

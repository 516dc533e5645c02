"""The words profile rules are written with: `need`, `fixed`, `bind`, `refers`, `slices`… Each makes a check:
resource and path in, problems out; and, where it can, the schema of what has none (`asked`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from jalon.formats.fhir import Problem
from jalon.formats.tddui import asked
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.lens import Json
from jalon.terminology import code_system, value_set

Many = int | None


@dataclass(frozen=True)
class Check:
    """A rule of a profile, of a resource at a path.

    `schema`: what has nothing wrong by it, as a JSON schema that is never looser, made when asked for; None
    where only the walk can tell.
    """

    tell: Callable[[Json, str], Iterator[Problem]]
    schema: Callable[[], Json] | None = None

    def __call__(self, resource: Json, path: str) -> Iterator[Problem]:
        """What is wrong, and where."""
        return self.tell(resource, path)


@dataclass(frozen=True)
class Sort:
    """How the items of a list are told apart, each by a name.

    `bears`: the schema of those of a name, exact for the items that `plain` takes.
    """

    name: Callable[[Json], str]
    bears: Callable[[str], Json]
    plain: Json

    def __call__(self, item: Json) -> str:
        """The name of an item."""
        return self.name(item)


Named = Sort | Callable[[Json], str]


def select(node: Any, steps: str, path: str) -> Iterator[tuple[Any, str]]:
    """What `steps` (`name.given`) leads to under `node`, through lists, each with its FHIR path."""
    first, _, rest = steps.partition(".")
    held = node.get(first) if isinstance(node, dict) else None
    items = enumerate(held) if isinstance(held, list) else ((None, held),)
    for index, item in items:
        if item is not None:
            place = f"{path}.{first}" + ("" if index is None else f"[{index}]")
            if rest:
                yield from select(item, rest, place)
            else:
                yield item, place


def _parents(node: Json, steps: str, path: str) -> tuple[Iterable[tuple[Any, str]], str]:
    above, _, last = steps.rpartition(".")
    return (select(node, above, path) if above else ((node, path),)), last


def count(node: Json, element: str) -> int:
    """How many values an element has; a primitive known only by its extensions counts."""
    held = node.get(element, node.get(f"_{element}"))
    return len(held) if isinstance(held, list) else 0 if held is None else 1


def need(steps: str, least: int = 1, most: Many = None) -> Check:
    """At least `least`, at most `most` values of the last step, in each node that the steps before it lead
    to."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        parents, last = _parents(resource, steps, path)
        for node, place in parents:
            found = count(node, last) if isinstance(node, dict) else least
            if found < least or (most is not None and found > most):
                yield from _cardinality(found, least, most, f"{place}.{last}")

    return Check(check, partial(asked.needed, steps, least, most))


def _cardinality(found: int, least: int, most: Many, path: str) -> Iterator[Problem]:
    if found < least:
        yield Problem(path, "Cet élément est obligatoire." if least == 1 else f"Il en faut au moins {least}.")
    if most is not None and found > most:
        yield Problem(
            path, f"Il en faut au plus {most} : il y en a {found}." if most else "Élément interdit ici."
        )


def fixed(steps: str, value: Any) -> Check:
    """The value must be that one wherever the element is."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        for found, place in select(resource, steps, path):
            if found != value:
                yield Problem(place, f"La valeur doit être « {value} ».")

    return Check(check, partial(asked.under, steps, {"const": value}))


@cache
def codes_of(*names: str) -> frozenset[str] | None:
    """The codes of one or several lists together; None when one of them is not in the house."""
    found = [_list(name) for name in names]
    return None if None in found else frozenset(code for each in found if each is not None for code in each)


def _list(name: str) -> frozenset[str] | None:
    for look_up in (value_set, code_system):
        with suppress(KeyError):
            return frozenset(coding.code for coding in look_up(name))
    return None


def bind(steps: str, *names: str, soft: bool = False, tolerated: frozenset[str] = frozenset()) -> Check:
    """Codes must be of these value sets. `soft`: only a warning, for lists older in the house than the
    profile.

    `tolerated`: codes outside the list that official examples use; a warning too.
    """

    def check(resource: Json, path: str) -> Iterator[Problem]:
        allowed = codes_of(*names)
        if allowed is None:
            return
        for found, place in select(resource, steps, path):
            for code, spot in codes(found, place):
                if code not in allowed:
                    yield _outside(code, spot, names, soft=soft or code in tolerated)

    return Check(check, lambda: asked.listed(steps, codes_of(*names)))


def _outside(code: str, path: str, names: tuple[str, ...], *, soft: bool) -> Problem:
    listed = " ou ".join(name.rpartition("/")[2] for name in names)
    return Problem(path, f"Le code « {code} » n’est pas dans {listed}.", "warning" if soft else "error")


def codes(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The codes of a code, a Coding or a CodeableConcept, each with its path."""
    if isinstance(value, str):
        yield value, path
    elif "coding" in value:
        yield from (
            (each["code"], f"{path}.coding[{i}].code")
            for i, each in enumerate(value["coding"])
            if "code" in each
        )
    elif isinstance(value.get("code"), str):
        yield value["code"], f"{path}.code"


def refers(steps: str, *types: str) -> Check:
    """References must lead to resources of these types (those resolved by then are tokens or `Type/id`)."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        for found, place in select(resource, steps, path):
            name = target_type(found)
            if name and name not in types:
                yield Problem(
                    f"{place}.reference", f"La référence mène à {name}, pas à {' ou '.join(types)}."
                )

    return Check(check, partial(asked.referring, steps, types))


def refers_to(*types: str) -> Check:
    """The item itself is a reference to one of these types."""

    def check(reference: Json, path: str) -> Iterator[Problem]:
        name = target_type(reference)
        if name and name not in types:
            yield Problem(f"{path}.reference", f"La référence mène à {name}, pas à {' ou '.join(types)}.")

    return Check(check, partial(asked.referring, "", types))


def target_type(reference: Any) -> str:
    """The type of the resource a resolved reference leads to, `""` if it is not known."""
    text = reference.get("reference", "") if isinstance(reference, dict) else ""
    type_, mark, _ = text.partition(KEYED)
    return type_ if mark else ""


def slices(steps: str, kind: Named, limits: Mapping[str, tuple[int, Many]]) -> Check:
    """How many items of each kind the list may hold."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        parents, last = _parents(resource, steps, path)
        for node, place in parents:
            found = [kind(item) for item in node.get(last, ())]
            for name, (least, most) in limits.items():
                for each in _cardinality(found.count(name), least, most, f"{place}.{last}"):
                    short = name.rpartition("/")[2]
                    yield Problem(each.path, f"{short} : {each.reason[0].lower()}{each.reason[1:]}")

    return Check(check, partial(asked.counted, steps, kind, limits) if isinstance(kind, Sort) else None)


def where(steps: str, kind: Named, wanted: str, *checks: Check) -> Check:
    """Checks for the items of one kind in a list."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        for item, place in select(resource, steps, path):
            if kind(item) == wanted:
                for each in checks:
                    yield from each(item, place)

    schemas = [each.schema for each in checks if each.schema is not None]
    if not isinstance(kind, Sort) or len(schemas) < len(checks):
        return Check(check)
    return Check(check, lambda: asked.of_sort(steps, kind, wanted, (schema() for schema in schemas)))


def code_kind(element: str) -> Sort:
    """Tells items apart by the codes of a CodeableConcept (`type`, `code`): all codes joined by spaces."""

    def kind(item: Json) -> str:
        return " ".join(each.get("code", "") for each in item.get(element, {}).get("coding", ()))

    return Sort(kind, partial(asked.coded_as, element), asked.one_coding(element))


def rule(test: Callable[[Json], bool], steps: str, reason: str, schema: Json | None = None) -> Check:
    """An invariant: `test` holds, or `reason` at `steps`."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        if not test(resource):
            yield Problem(f"{path}.{steps}" if steps else path, reason)

    return Check(check, None if schema is None else lambda: schema)


def has_code(node: Any, *wanted: str) -> bool:
    """Whether a CodeableConcept (or nothing) bears one of these codes."""
    return isinstance(node, dict) and any(each.get("code") in wanted for each in node.get("coding", ()))


def each(steps: str, test: Callable[[Json], bool], reason: str, schema: Json | None = None) -> Check:
    """An invariant of every node that `steps` leads to."""

    def check(resource: Json, path: str) -> Iterator[Problem]:
        for found, place in select(resource, steps, path):
            if isinstance(found, dict) and not test(found):
                yield Problem(place, reason)

    return Check(check, None if schema is None else partial(asked.under, steps, schema))

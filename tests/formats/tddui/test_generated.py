"""Whatever comes in: refused with a place, or read and written back without losing or adding anything."""

import copy
import string
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_origin, get_type_hints

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.formats.tddui import PersonRecord, Problem, TdduiRefused, changes, read, to_bundle, write
from jalon.formats.tddui.catalog import KINDS, kind_of_item
from jalon.formats.tddui.classes.goal import GoalData
from jalon.formats.tddui.residue import residues, restore
from jalon.formats.tddui.values import Address, Envelope, Note, PersonName, Telecom
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_record import bundle

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
TEXT = st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=12)
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXT,
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from("abc"), below, max_size=2),
    max_leaves=4,
)


def spots(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) under a node."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from spots(node[key])


def spoil(root: Json, where: int, how: str, junk: Any) -> None:
    found = list(spots(root["entry"]))
    container, key = found[where % len(found)]
    if how == "drop":
        del container[key]
    elif how == "junk":
        container[key] = junk
    elif how == "add" and isinstance(container[key], dict):
        container[key][f"x{where}"] = junk
    elif how == "twice" and isinstance(container[key], list):
        container[key].extend(copy.deepcopy(container[key]))
    elif how == "turn" and isinstance(container[key], list):
        container[key].reverse()
    elif how == "extend" and isinstance(container[key], dict):
        container[key].setdefault("extension", []).append({"url": "urn:odd", "valueString": "odd"})
    elif isinstance(container, dict):
        container[f"_{key}"] = {"extension": [{"url": "urn:odd", "valueString": "odd"}]}


@SLOW
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5000),
            st.sampled_from(["drop", "junk", "add", "twice", "turn", "extend", "under"]),
            JUNK,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_spoilt_file_is_refused_with_places_or_comes_out_whole(harm: list[tuple[int, str, Any]]) -> None:
    given = copy.deepcopy(bundle())
    for where, how, junk in harm:
        spoil(given, where, how, junk)
    try:
        transfer = read(given)
    except TdduiRefused as refusal:
        assert all(problem.path or "Mo" in problem.reason for problem in refusal.problems)
        return
    written = write(transfer)
    assert changes(given, written) == []
    assert write(read(written)) == written


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=200) | st.text(string.printable, max_size=80).map(str.encode))
def test_any_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    try:
        read(data)
    except TdduiRefused as refusal:
        assert isinstance(refusal.problems[0], Problem)
    else:
        raise AssertionError("des octets pris au hasard ne sont pas un dossier")


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_a_file_cut_anywhere_is_refused(where: int) -> None:
    data = orjson.dumps(bundle())
    try:
        read(data[: where % len(data)])
    except TdduiRefused:
        return
    raise AssertionError("un fichier tronqué a été lu")


# --- the model, filled at random ---------------------------------------------------------------------

CODE = st.text(string.ascii_letters, min_size=1, max_size=6)
SPECIAL: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (Telecom, "channel"): st.sampled_from(["phone", "email"]),
    (Telecom, "use"): st.sampled_from(["", "work", "mobile"]),
    (Telecom, "rank"): st.none() | st.integers(1, 9),
    (Address, "use"): st.sampled_from(["", "work", "temp"]),
    (Address, "type"): st.sampled_from(["", "both", "postal"]),
    (PersonName, "use"): st.sampled_from(["usual", "nickname"]),
    (PersonName, "prefix"): st.sampled_from([(), ("MME",)]),
    (PersonName, "family"): TEXT,
    (Note, "text"): TEXT,
    (Note, "author"): st.none(),
    (Note, "author_name"): st.just("") | TEXT,
}
DATES = st.sampled_from(["", "2026", "2026-02", "2026-02-03"])
DATED = {"start", "end", "time", "creation"}


def filled(cls: type) -> st.SearchStrategy[Any]:
    """Values of a small dataclass of the model, each field at random or absent."""
    hints = get_type_hints(cls)
    parts = {
        each.name: SPECIAL[cls, each.name] if (cls, each.name) in SPECIAL else of(hints[each.name], each.name)
        for each in fields(cls)
    }
    return st.builds(cls, **parts)


def of(hint: Any, name: str) -> st.SearchStrategy[Any]:
    if get_origin(hint) is tuple:
        return st.lists(of(get_args(hint)[0], name), max_size=2).map(tuple)
    options = [each for each in get_args(hint) if each is not type(None)]
    if options:
        return st.none() | of(options[0], name)
    if is_dataclass(hint) and isinstance(hint, type):
        return st.just(hint()) if hint is Envelope else filled(hint)
    if name in DATED:
        return DATES.filter(bool)
    return {str: CODE, bool: st.booleans(), int: st.integers(1, 9)}[hint]


def empty(value: Any) -> bool:
    """Whether nothing in a value would be written."""
    if is_dataclass(value):
        return all(empty(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, tuple):
        return all(map(empty, value))
    return value is None or value == ""


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.lists(filled(Address), max_size=2),
    st.lists(filled(Telecom), max_size=3),
    st.lists(filled(PersonName), max_size=2),
    st.lists(filled(Note), max_size=2),
    st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=30),
)
def test_what_is_written_is_read_back(
    addresses: list[Address],
    telecoms: list[Telecom],
    names: list[PersonName],
    notes: list[Note],
    comment: str,
) -> None:
    transfer = read(bundle())
    record = transfer.people[0]
    person = replace(
        record.person,
        addresses=tuple(each for each in addresses if not empty(each)),
        telecoms=tuple(telecoms),
        other_names=tuple(replace(each, use="nickname") for each in names),
        comment=comment,
        extra=(),
    )
    goal = replace(
        record.of(GoalData)[0],
        other_notes=(),
        title=notes[0] if notes else record.of(GoalData)[0].title,
        extra=(),
    )
    changed: PersonRecord = replace(record.having(GoalData, (goal,)), person=person)
    data = write(replace(transfer, people=(changed,)))
    again = read(data)
    assert again.people[0].person.comment == comment
    assert write(again) == data
    assert bare(again.people[0].person) == bare(person)
    assert bare(again.people[0].of(GoalData)[0]) == bare(goal)


def bare(item: Any) -> Any:
    return replace(item, envelope=Envelope(), extra=())


# --- residues ----------------------------------------------------------------------------------------

LEAF = st.booleans() | st.integers(0, 9) | st.sampled_from(["a", "b", "c"])
TREE: st.SearchStrategy[Any] = st.recursive(
    LEAF,
    lambda below: (
        st.lists(below, min_size=1, max_size=4)
        | st.dictionaries(st.sampled_from("pqrst"), below, min_size=1, max_size=4)
    ),
    max_leaves=20,
)


def thinned(node: Any, data: st.DataObject) -> Any:
    """The node with parts left out and lists turned round, as a model that does not know all would write
    it."""
    if isinstance(node, dict):
        return {key: thinned(below, data) for key, below in node.items() if data.draw(st.booleans())}
    if isinstance(node, list):
        kept = [thinned(below, data) for below in node if data.draw(st.booleans())]
        return kept[::-1] if data.draw(st.booleans()) else kept
    return node


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from("xyz"), TREE, min_size=1), st.data())
def test_what_a_model_leaves_out_is_put_back_exactly(source: Json, data: st.DataObject) -> None:
    written = thinned(source, data)
    kept = residues(source, written)
    assert restore(copy.deepcopy(written), kept) == source
    assert bool(kept) == (source != written)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from("xyz"), TREE, min_size=1), TREE)
def test_even_a_value_written_otherwise_is_put_back(source: Json, other: Any) -> None:
    written = {key: orjson.loads(orjson.dumps(other)) for key in source}
    assert restore(copy.deepcopy(written), residues(source, written)) == source


def test_every_class_of_the_model_has_its_map() -> None:
    written = {kind_of_item(item) for item in read(to_bundle(read(bundle()))).items()}
    assert written == set(KINDS)

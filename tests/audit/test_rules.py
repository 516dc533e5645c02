"""The hash chain, without a database."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from jalon.audit.rules import GENESIS, Link, digest, first_break

FACTS = st.lists(st.text(), min_size=8, max_size=8)


def chain(*rows: tuple[str, ...]) -> list[Link]:
    links, previous = [], GENESIS
    for position, facts in enumerate(rows, start=1):
        previous = digest(previous, facts)
        links.append(Link(position, previous, facts))
    return links


def resealed(links: list[Link]) -> list[Link]:
    """The same facts chained again from the start, as somebody who hides a change would."""
    return chain(*(link.facts for link in links))


ROWS = st.lists(st.tuples(st.text(), st.text()), min_size=2, max_size=8, unique=True)


@given(FACTS, FACTS)
def test_two_lists_of_facts_never_read_alike(one: list[str], other: list[str]) -> None:
    assert (digest(GENESIS, one) == digest(GENESIS, other)) == (one == other)


def test_a_separator_inside_a_fact_moves_nothing() -> None:
    assert digest(GENESIS, ["page\x1f", "motif"]) != digest(GENESIS, ["page", "\x1fmotif"])


def test_an_empty_chain_is_whole() -> None:
    assert first_break([], {}) is None


@given(ROWS)
def test_an_untouched_chain_is_whole_and_passes_through_its_heads(rows: list[tuple[str, str]]) -> None:
    links = chain(*rows)
    assert first_break(links, {link.position: link.digest for link in links}) is None


@given(ROWS, st.data())
def test_an_altered_fact_is_found_where_it_is(rows: list[tuple[str, str]], data: st.DataObject) -> None:
    links = chain(*rows)
    place = data.draw(st.integers(0, len(links) - 1))
    links[place] = dataclasses.replace(links[place], facts=(*links[place].facts, "de plus"))
    assert first_break(links, {}) == f"Le maillon {place + 1} ne correspond plus à sa trace."


@given(ROWS, st.data())
def test_a_missing_link_is_found(rows: list[tuple[str, str]], data: st.DataObject) -> None:
    links = chain(*rows)
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    assert first_break(links, {}) == f"Le maillon {place + 1} manque."


@given(ROWS, st.data())
def test_two_accesses_that_changed_places_are_found(rows: list[tuple[str, str]], data: st.DataObject) -> None:
    links = chain(*rows)
    place = data.draw(st.integers(0, len(links) - 2))
    one, other = links[place], links[place + 1]
    links[place] = dataclasses.replace(one, facts=other.facts)
    links[place + 1] = dataclasses.replace(other, facts=one.facts)
    assert first_break(links, {}) is not None


@given(ROWS)
def test_a_chain_cut_at_its_end_is_found_by_the_head_kept_outside(rows: list[tuple[str, str]]) -> None:
    links = chain(*rows)
    assert first_break(links[:-1], {}) is None
    said = first_break(links[:-1], {len(links): links[-1].digest})
    assert str(said).startswith(f"La chaîne s’arrête au maillon {len(links) - 1}")


@given(ROWS)
def test_a_chain_made_again_from_the_start_is_found_by_the_head_kept_outside(
    rows: list[tuple[str, str]],
) -> None:
    links = chain(*rows)
    heads = {len(links): links[-1].digest}
    links[0] = dataclasses.replace(links[0], facts=("récrit",))
    assert first_break(resealed(links), {}) is None
    assert "gardée hors de la base" in str(first_break(resealed(links), heads))


def test_a_chain_cut_then_continued_is_found_by_the_older_heads() -> None:
    before = chain(("1",), ("2",), ("3",))
    after = chain(("1",), ("4",), ("5",), ("6",))
    heads = {3: before[-1].digest, 4: after[-1].digest}
    assert first_break(after, {4: after[-1].digest}) is None
    assert first_break(after, heads) == "Le maillon 3 diffère de l’empreinte gardée hors de la base."

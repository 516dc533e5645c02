"""What is typed is read as it is meant, and whom a slip hides is ranked: rules alone."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.people.asked import Asked, Near, one_letter, rank, read, slips, spellings, swapped, year_of

ONE, OTHER, THIRD = (uuid.UUID(int=number) for number in (1, 2, 3))
DAY = dt.date(1945, 3, 12)
ASKED = Asked(("dupont", "jean"), (DAY,))
INS = "255069999999934"
words = st.text(st.sampled_from("abcdefghij"), min_size=4, max_size=9)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("dupont jean 12/03/1945", ASKED),
        ("12 03 1945 Dupont, Jean", ASKED),
        ("1945-03-12 DUPONT jean", ASKED),
        ("12 03 45 dupon", Asked(("dupon",), (DAY, dt.date(2045, 3, 12)))),
        ("120345 dupon", Asked(("dupon",), (DAY, dt.date(2045, 3, 12)))),
        ("Le Goff", Asked(("le", "goff"))),
        ("D’Arçon, Anne-Lise", Asked(("d", "arcon", "anne", "lise"))),
        ("dupont 1945", Asked(("dupont",), year_of(1945))),
        ("1945", Asked(("1945",))),
        ("3350000014/AB-12", Asked(("ab", "12"), number="ab12")),
        ("31/02/1945 dupont", Asked(("31", "02", "1945", "dupont"), number="31021945dupont")),
        ("2024-0153", Asked(("0153",), year_of(2024), number="20240153")),
        ("12/03/1945", Asked((), (DAY,), number="12031945")),
        ("SAVS 2024 0153", Asked(("savs", "0153"), year_of(2024), number="savs20240153")),
        ("", Asked()),
        ("’ %", Asked()),
    ],
)
def test_what_is_typed_is_read_in_any_order(typed: str, asked: Asked) -> None:
    assert read(typed) == asked


def test_a_matricule_is_read_whatever_its_spaces() -> None:
    from jalon.core.identifiers import ins_key

    whole = INS[:13] + ins_key(INS[:13])
    assert read(f"{whole[:1]} {whole[1:5]} {whole[5:]}") == Asked(ins=whole)


def test_a_year_has_all_its_days() -> None:
    assert (len(year_of(1944)), len(year_of(1945))) == (366, 365)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("dupont", "dupond", True),
        ("dupont", "dupon", True),
        ("dupont", "duppont", True),
        ("dupont", "duopnt", True),
        ("dupont", "dupont", False),
        ("dupont", "dumond", False),
        ("abcd", "bcda", False),
        ("li", "le", False),
        ("ali", "alia", True),
    ],
)
def test_a_slip_is_one_letter(one: str, other: str, near: bool) -> None:
    assert one_letter(one, other) is one_letter(other, one) is near


@given(words, st.data())
def test_a_letter_left_out_doubled_or_exchanged_is_always_a_slip(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    exchanged = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    made = {word[:place] + word[place + 1 :], word[: place + 1] + word[place:], exchanged} - {word}
    assert all(one_letter(word, one) and one_letter(one, word) for one in made)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)))
def test_a_slip_of_a_date_is_found_from_either_side(day: dt.date) -> None:
    assert day in slips(day)
    for other in swapped([day]) | {day + dt.timedelta(days=1)} & slips(day):
        assert day in slips(other)


def block(*rows: tuple[uuid.UUID, dt.date, str]) -> list[Near]:
    return [(*row, False) for row in rows]


def test_the_very_day_and_names_come_before_a_near_name_then_a_date_turned_round() -> None:
    turned = dt.date(1945, 12, 3)
    rows = block(
        (ONE, turned, "dupond"), (ONE, turned, "jean"),
        (OTHER, DAY, "dupont"), (OTHER, DAY, "jean"),
        (THIRD, DAY, "dupond"), (THIRD, DAY, "jean"),
    )  # fmt: skip
    told = [(hit.person, hit.why) for hit in rank(ASKED, rows)]
    assert told == [
        (OTHER, "même date, mêmes noms"),
        (THIRD, "même date, nom voisin"),
        (ONE, "jour et mois inversés, nom voisin"),
    ]


def test_one_name_alone_is_enough_on_the_very_day_and_nowhere_else() -> None:
    rows = block((ONE, DAY, "jean"), (OTHER, dt.date(1945, 12, 3), "jean"))
    assert [(hit.person, hit.why) for hit in rank(ASKED, rows)] == [(ONE, "même date, un des noms")]


def test_a_name_in_one_word_or_two_is_the_same() -> None:
    asked = Asked(("le", "goff"))
    assert spellings(asked.names) == ("le", "goff", "legoff")
    (hit,) = rank(asked, block((ONE, DAY, "legoff")))
    assert hit.why == "nom voisin"


def test_what_is_only_heard_alike_is_said() -> None:
    (hit,) = rank(Asked(("reno",)), [(ONE, DAY, "renault", True)])
    assert hit.why == "nom qui se prononce de même"


@given(st.permutations([(person, word) for person in (ONE, OTHER, THIRD) for word in ("dupond", "jean")]))
def test_the_order_of_the_block_changes_nothing(rows: list[tuple[uuid.UUID, str]]) -> None:
    assert [hit.person for hit in rank(ASKED, block(*((one, DAY, word) for one, word in rows)))] == [
        THIRD, OTHER, ONE,
    ]  # fmt: skip

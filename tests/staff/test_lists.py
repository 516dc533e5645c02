"""What a list of staff says, column by column and line by line."""

import datetime as dt

import pytest

from jalon.core.errors import DomainError
from jalon.staff.lists import NAMES, TITLES, Line, line_of, mapping, twins
from jalon.staff.rules import Role

HEADERS = ("NOM", "Prénom", "E-mail", "Fonction", "N° FINESS", "Commentaire", "Date d’entrée", "RPPS")
CELLS = (
    "ÉRABLE",
    "Ana",
    "Ana@Exemple.test",
    "Infirmière",
    "350000022",
    "à voir",
    "01/12/2026",
    "10100000001",
)


def line(number: int = 2, headers: tuple[str, ...] = HEADERS, **changed: str) -> Line:
    columns = mapping(headers)
    said = {name: CELLS[rank] for rank, name in columns.items()} | changed
    return line_of(number, [said.get(columns.get(rank, ""), "") for rank in range(len(headers))], columns)


def test_columns_are_known_by_what_people_call_them() -> None:
    assert mapping(HEADERS) == {
        0: "last_name", 1: "first_name", 2: "email", 3: "role", 4: "house", 6: "starts_on", 7: "rpps",
    }  # fmt: skip
    assert mapping([TITLES[name] for name in NAMES]) == dict(enumerate(NAMES))


@pytest.mark.parametrize(
    ("headers", "code", "words"),
    [
        (("Nom", "Prénom", "Fonction"), "column_missing", "Courriel, Établissement"),
        ((*HEADERS, "Mail"), "column_twice", "Courriel"),
        (("a", "b"), "column_missing", "Nom"),
    ],
)
def test_a_list_without_its_columns_is_refused_at_its_first_line(
    headers: tuple[str, ...], code: str, words: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        mapping(headers)
    assert (refusal.value.code, refusal.value.place) == (code, "ligne 1")
    assert words in refusal.value.message


def test_a_line_says_who_what_and_since_when() -> None:
    one = line()
    assert not one.wrong
    assert (one.said["email"], one.role, one.starts_on) == ("ana@exemple.test", "nurse", dt.date(2026, 12, 1))


@pytest.mark.parametrize("role", Role)
def test_every_function_is_said_by_its_word_or_by_its_code(role: Role) -> None:
    assert line(role=role.label.upper()).role == role
    assert line(role=role.value).role == role


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("last_name", ""), ("first_name", ""), ("email", ""), ("email", "ana@exemple"),
        ("email", "a b@exemple.test"), ("role", "reine"), ("house", ""), ("rpps", "123"),
        ("rpps", "1010000000١"), ("starts_on", "31/02/2026"), ("starts_on", "demain"),
        ("last_name", "N" * 101), ("last_name", "É\u202eRABLE"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_line_is_said_by_its_column(column: str, value: str) -> None:
    assert set(line(**{column: value}).wrong) == {column}


def test_an_end_before_the_beginning_is_wrong() -> None:
    headers = (*HEADERS[:7], "Fin")
    columns = mapping(headers)
    assert set(line_of(2, (*CELLS[:7], "30/11/2026"), columns).wrong) == {"ends_on"}


def test_twins_are_told_with_the_line_that_came_first() -> None:
    found = twins(
        [
            line(2),
            line(3, role="cheffe de service"),  # the same person, another function
            line(4),  # the same thing again
            line(5, last_name="SAULE", rpps=""),  # the same address, somebody else
            line(6, email="autre@exemple.test"),  # the same number, another address
            line(7, email="tiers@exemple.test", rpps="10100000002"),
        ]
    )
    assert found == {
        4: "La ligne 2 dit déjà la même chose.",
        5: "Même Courriel que la ligne 2, pour une autre personne.",
        6: "Même RPPS que la ligne 2, pour une autre personne.",
    }

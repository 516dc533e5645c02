"""The word for the people accompanied, bent as French bends it."""

import pytest

from jalon.core.errors import DomainError
from jalon.organizations.words import KNOWN, Word

RESIDENT, USAGER, PERSON = KNOWN["résident"], KNOWN["usager"], KNOWN["personne accompagnée"]


@pytest.mark.parametrize(
    ("form", "resident", "usager", "person"),
    [
        ("a", "un résident", "un usager", "une personne accompagnée"),
        ("the", "le résident", "l’usager", "la personne accompagnée"),
        ("of_the", "du résident", "de l’usager", "de la personne accompagnée"),
        ("of_many", "de résidents", "d’usagers", "de personnes accompagnées"),
        ("no", "aucun résident", "aucun usager", "aucune personne accompagnée"),
        ("this", "ce résident", "cet usager", "cette personne accompagnée"),
        ("new", "nouveau résident", "nouvel usager", "nouvelle personne accompagnée"),
    ],
)
def test_a_word_bends_with_its_gender_and_its_first_letter(
    form: str, resident: str, usager: str, person: str
) -> None:
    assert [getattr(word, form) for word in (RESIDENT, USAGER, PERSON)] == [resident, usager, person]


def test_an_h_is_mute_but_where_it_is_not() -> None:
    assert Word.parse("un habitant, des habitants").the == "l’habitant"
    assert Word.parse("un handicapé, des handicapés").the == "le handicapé"


@pytest.mark.parametrize(("number", "said"), [(0, "0 résident"), (1, "1 résident"), (2, "2 résidents")])
def test_french_keeps_the_singular_up_to_two(number: int, said: str) -> None:
    assert RESIDENT.count(number).replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_participle_agrees() -> None:
    assert (RESIDENT.agree("accueilli", "accueillie"), PERSON.agree("accueilli", "accueillie")) == (
        "accueilli",
        "accueillie",
    )


@pytest.mark.parametrize("word", KNOWN.values(), ids=str)
def test_a_word_is_read_again_as_it_is_written(word: Word) -> None:
    assert Word.parse(str(word)) == word


def test_capitals_and_straight_apostrophes_are_put_right() -> None:
    assert Word.parse("Une  Personne d'ici, des Personnes d'ici").singular == "personne d’ici"


@pytest.mark.parametrize(
    "typed", ["résident", "un résident", "le résident, les résidents", "un <b>, des <b>", "", "un x, des "]
)
def test_a_word_without_article_plural_or_letters_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(DomainError, match="un résident, des résidents"):
        Word.parse(typed)

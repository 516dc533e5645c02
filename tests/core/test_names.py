import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.core.names import (
    familiar_name,
    fold,
    initials,
    insi_name,
    of_name,
    tidy,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Lefèvre", "LEFEVRE"),
        ("D’Arc", "d'arc"),
        ("D ARC", "D'ARC"),
        ("Jean--Luc", "Jean Luc"),
        ("Jean-Luc", "jean luc"),
        ("François", "FRANCOIS"),
        ("Œdipe", "OEDIPE"),
        ("Lætitia", "LAETITIA"),
        ("Strauß", "STRAUSS"),
        ("Noe\u0308l", "NOËL"),
        ("  Le   Gall ", "LE GALL"),
    ],
)
def test_names_that_differ_by_accents_hyphens_or_apostrophes_fold_to_the_same(left, right):
    assert fold(left) == fold(right)


def test_names_that_differ_by_a_letter_do_not_fold_to_the_same():
    assert fold("MARTIN") != fold("MARTINE")
    assert fold("LE GALL") != fold("LEGALL")


# Zero-width space, right-to-left override, soft hyphen, byte order mark, zero-width joiner.
UNSEEN = "\u200b\u202e\u00ad\ufeff\u200d"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_pasted_with_what_nobody_sees_is_the_name_that_is_read(unseen):
    for pasted in (f"MAR{unseen}TINESSAI", f"{unseen}MARTINESSAI", f"MARTINESSAI{unseen}"):
        assert tidy(pasted) == "MARTINESSAI"
        assert fold(pasted) == fold("Martinessai")


@pytest.mark.parametrize("typed", ["DE  LA ESSAI", " DE LA\u00a0ESSAI ", "DE\tLA\nESSAI"])
def test_the_words_of_a_name_are_one_space_apart(typed):
    assert tidy(typed) == "DE LA ESSAI"


@given(st.text(max_size=40))
def test_a_tidy_name_is_already_tidy(text):
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzéèêëàâçîïôöûüÿœæ -'’", max_size=40)
)
def test_a_french_name_folds_to_capitals_and_single_spaces(text):
    folded = fold(text)
    assert set(folded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Lefèvre", "family", "LEFEVRE"),
        ("Garcia--Hammadi", "family", "GARCIA--HAMMADI"),
        ("D’Œuvre", "family", "D'OEUVRE"),
        ("  Façade ", "family", "FACADE"),
        ("Pierre-Alain Muriel", "given", "PIERRE-ALAIN MURIEL"),
        ("Marie‑Ève", "given", "MARIE-EVE"),
    ],
)
def test_an_insi_name_is_capitals_without_accents(text, kind, expected):
    assert insi_name(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("", "family", "name_empty"),
        ("   ", "given", "name_empty"),
        ("TEST1", "given", "name_character"),
        ("LE_GALL", "family", "name_character"),
        ("DUPONT/MARTIN", "family", "name_character"),
        ("Иванов", "family", "name_character"),
        ("-DUPONT", "family", "name_shape"),
        ("LE  GALL", "family", "name_shape"),
        ("D' ARC", "family", "name_shape"),
        ("D''ARC", "family", "name_shape"),
        ("GARCIA---HAMMADI", "family", "name_shape"),
        ("JEAN--LUC", "given", "name_shape"),
        ("JEAN-", "given", "name_shape"),
        ("JEAN'", "given", "name_shape"),
        ("''", "family", "name_shape"),
    ],
)
def test_what_has_no_official_form_is_refused_not_stripped(text, kind, code):
    with pytest.raises(DomainError) as caught:
        insi_name(text, kind)
    assert caught.value.code == code


@given(st.text(max_size=30), st.sampled_from(["family", "given"]))
def test_an_insi_name_is_already_its_own_insi_name(text, kind):
    try:
        name = insi_name(text, kind)
    except DomainError:
        return
    assert insi_name(name, kind) == name
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ -'")


def test_a_sentence_uses_the_first_name_the_person_uses():
    assert familiar_name("Marie-Louise", "Malou") == "Malou"
    assert familiar_name("Marie-Louise", " ") == "Marie-Louise"
    assert familiar_name("MARIE-LOUISE") == "Marie-Louise"
    assert familiar_name("N'GOLO ÉLIE") == "N'Golo Élie"
    assert familiar_name("McKenna") == "McKenna"


def test_initials_follow_the_order_first_name_then_birth_name():
    assert initials("Œuvrard", "Élodie") == "EO"
    assert initials("Lefèvre", "") == "L"
    assert initials("", "") == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Camille", "de Camille"),
        ("Awa", "d’Awa"),
        ("Élodie", "d’Élodie"),
        ("Œdipe", "d’Œdipe"),
        ("Hélène", "d’Hélène"),
        ("Hassan", "de Hassan"),
        ("Yves", "d’Yves"),
        ("Yanis", "de Yanis"),
        ("", "de "),
    ],
)
def test_a_sentence_elides_before_a_vowel(name, said):
    assert of_name(name) == said

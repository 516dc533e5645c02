import csv
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.core.identifiers import (
    Finess,
    check_ins,
    compact,
    display_ins,
    ins_key,
    parse_ins,
)
from tests.support import SHARED, needs_shared

CORSICAN = "180032B02040123"


def refusal(call, *arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call(*arguments)
    return caught.value


# --- INS ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "key"),
    [("2550814168025", "38"), ("180032B020401", "23"), ("297022A020778", "78"), ("1090763220888", "35")],
)
def test_the_key_of_a_matricule_follows_the_published_vectors(body, key):
    assert ins_key(body) == key


@needs_shared
def test_every_official_test_identity_has_the_key_we_compute():
    people = json.loads((SHARED / "standards/insi/test_identities.json").read_text())
    with_matricule = [person for person in people if person["matricule"]]
    assert len(with_matricule) >= 6
    for person in with_matricule:
        assert check_ins(person["matricule"] + person["cle"]) is person["cle_ok"]


@pytest.mark.parametrize(
    "matricule",
    ["", "1800", "180032B02040124", "180032C02040123", CORSICAN.lower(), CORSICAN + "0", "0" * 13 + "97"],
)
def test_a_matricule_is_refused_when_its_form_or_key_is_wrong(matricule):
    assert not check_ins(matricule)


def test_a_typed_matricule_may_carry_spaces_and_small_letters():
    assert parse_ins(" 1 80 03 2b 020 401 23 ") == CORSICAN


def test_an_incomplete_or_mistyped_matricule_is_refused_with_what_to_do():
    short = refusal(parse_ins, "180032B020401")
    assert (short.code, "15 caractères" in short.message) == ("ins_format", True)
    wrong = refusal(parse_ins, "180032B02040132")
    assert (wrong.code, "Vérifiez" in wrong.message) == ("ins_key", True)


def test_one_wrong_digit_always_changes_the_key():
    body = "2770101154003"
    for place in range(1, 13):
        for digit in "0123456789":
            changed = body[:place] + digit + body[place + 1 :]
            assert changed == body or ins_key(changed) != ins_key(body)


def test_a_masked_matricule_shows_neither_commune_nor_order_nor_key():
    assert display_ins("298033523800154", masked=True) == "2 98 03 35 ••• ••• ••".replace(" ", "\u00a0")
    assert display_ins(CORSICAN) == "1 80 03 2B 020 401 23".replace(" ", "\u00a0")


# --- FINESS and RPPS ------------------------------------------------------------------------------


@needs_shared
def test_every_published_finess_number_is_accepted():
    with gzip.open(SHARED / "data/essms_personnes_agees.csv.gz", "rt", encoding="utf-8") as file:
        numbers = [row["finess_et"] for row in csv.DictReader(file)]
    assert len(numbers) > 10_000
    assert [str(Finess.parse(number)) for number in numbers] == numbers
    assert any(number.startswith("2A") for number in numbers)
    assert any(number.startswith("2B") for number in numbers)


def test_a_finess_number_is_read_with_spaces():
    assert str(Finess.parse("01 000 124 6")) == "010001246"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "finess_format"),
        ("01000124", "finess_format"),
        ("2C0000014", "finess_format"),
        ("1A0001246", "finess_format"),
        ("٠١٠٠٠١٢٤٦", "finess_format"),
        ("010001247", "finess_key"),
    ],
)
def test_a_wrong_finess_number_says_what_is_wrong(text, code):
    error = refusal(Finess.parse, text)
    assert error.code == code
    assert error.message.endswith(".")


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_an_identifier_or_a_refusal_in_french(text):
    for parse in (parse_ins, Finess.parse):
        try:
            assert str(parse(text)) == compact(text)
        except DomainError as error:
            assert error.message.endswith(".")

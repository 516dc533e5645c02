"""A choice is its code wherever it is compared or stored, and its word where it is shown."""

import json

import pytest

from jalon.core.choices import Choice


class Season(Choice):
    """Two of them."""

    SPRING = "spring", "printemps"
    AUTUMN = "autumn", "automne"


def test_a_choice_is_its_code_and_shows_its_word():
    assert Season.SPRING == "spring"
    assert f"{Season.SPRING}" == str(Season.SPRING) == "spring"
    assert json.dumps([Season.AUTUMN]) == '["autumn"]'
    assert (Season("autumn"), Season.AUTUMN.label) == (Season.AUTUMN, "automne")
    assert "spring" in {Season.SPRING}


def test_what_a_model_offers_is_plain_text_in_the_order_written():
    assert Season.choices() == [("spring", "printemps"), ("autumn", "automne")]
    assert {type(code) for code, _ in Season.choices()} == {str}


def test_a_code_of_no_list_is_refused():
    with pytest.raises(ValueError, match="winter"):
        Season("winter")

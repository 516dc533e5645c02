import datetime as dt

import pytest

from jalon.core.identity import UNKNOWN_PLACE
from jalon.terminology import is_birth_place, place, place_label, search_places


def test_a_commune_has_the_name_it_had_that_day():
    assert place_label("01033", on=dt.date(2018, 12, 31)) == "Bellegarde-sur-Valserine"
    assert place_label("01033", on=dt.date(2019, 1, 1)) == "Valserhône"
    assert place_label("01033") == "Valserhône"


@pytest.mark.requirement("EXI ID 14-15")
def test_a_birthplace_is_checked_against_the_code_in_force_at_birth():
    assert is_birth_place("20004", dt.date(1970, 5, 1))  # Ajaccio, before Corsica was two departments
    assert not is_birth_place("20004", dt.date(1976, 1, 1))
    assert is_birth_place("2A004", dt.date(1980, 5, 1))
    assert is_birth_place("99352", dt.date(1950, 5, 1))
    assert is_birth_place(UNKNOWN_PLACE, dt.date(1950, 5, 1))
    assert not is_birth_place("00000", dt.date(1950, 5, 1))


def test_a_place_out_of_its_dates_keeps_its_last_known_name():
    assert place("20004", dt.date(1980, 1, 1)) is None
    assert place_label("20004", on=dt.date(1980, 1, 1)) == "AJACCIO"


def test_countries_arrondissements_and_overseas_communes_have_a_label():
    assert place_label("99350") == "MAROC"
    assert place_label("75113") == "Paris 13e Arrondissement"
    assert place_label("97411") == "Saint-Denis"
    assert place_label(UNKNOWN_PLACE) == "Lieu de naissance inconnu"


def test_an_unknown_code_is_shown_as_it_is():
    assert place_label("ZZZZZ") == "ZZZZZ"
    assert place("ZZZZZ") is None


def test_a_place_is_shown_with_its_department():
    shown = {code: place(code).display for code in ("97411", "2A004", "99350")}
    assert shown == {"97411": "Saint-Denis (974)", "2A004": "Ajaccio (2A)", "99350": "MAROC"}


def test_places_are_found_whatever_the_accents_and_hyphens():
    names = [found.display for found in search_places("saint etienne du rouvray")]
    assert names == ["Saint-Étienne-du-Rouvray (76)"]
    assert search_places("SAINT-ÉTIENNE-DU")[0].name.startswith("Saint-Étienne-du")
    assert "MAROC" in [found.name for found in search_places("maro", limit=50)]
    assert search_places("  ") == []


def test_a_search_gives_names_that_begin_so_before_names_that_contain_a_word_so():
    names = [found.name for found in search_places("blois", limit=5)]
    assert names[0] == "Blois"
    assert len(search_places("saint", limit=7)) == 7


def test_a_search_on_a_day_finds_what_existed_that_day():
    born = dt.date(1960, 1, 1)
    assert "Bellegarde-sur-Valserine" in [found.name for found in search_places("bellegarde", born, 50)]
    assert "Valserhône" not in [found.name for found in search_places("valserhone", born)]
    assert [found.code for found in search_places("valserhone")] == ["01033"]

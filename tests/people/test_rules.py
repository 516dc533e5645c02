"""Identity rules, without a database."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.identity import Traits
from jalon.people.rules import (
    PROOFS,
    TRAIT_NAMES,
    differences,
    resemblance,
    same_traits,
)
from tests.factories import traits

NAMES = st.text(alphabet="ABCDEÉÈŒÇ '-", min_size=1, max_size=12).filter(lambda name: name.strip(" '-"))
IDENTITIES = st.builds(
    Traits,
    birth_name=NAMES,
    first_name=NAMES,
    birth_first_names=NAMES,
    sex=st.sampled_from(["F", "M", "U"]),
    birth_date=st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)),
    birth_place=st.sampled_from(["38185", "2B020", "99352", "99999"]),
)


@given(IDENTITIES)
def test_nobody_differs_from_themselves(one: Traits) -> None:
    assert differences(one, one) == []


@given(IDENTITIES, IDENTITIES)
def test_differences_are_the_same_both_ways_but_for_the_list_of_first_names(
    one: Traits, other: Traits
) -> None:
    aside = {TRAIT_NAMES["birth_first_names"]}
    assert set(differences(one, other)) - aside == set(differences(other, one)) - aside
    assert same_traits(one, other) == same_traits(other, one)


@given(IDENTITIES, IDENTITIES)
def test_resemblance_is_the_same_both_ways(one: Traits, other: Traits) -> None:
    assert resemblance(one, other) == resemblance(other, one)
    assert resemblance(one, one) == 3


@pytest.mark.requirement("SC.INS/va1.25", "SC.INS/va1.29")
@pytest.mark.parametrize(
    ("ours", "official"),
    [
        ("Lefèvre", "LEFEVRE"),
        ("Françoise", "FRANCOISE"),
        ("D’Oc", "D'OC"),
        ("Le--Goff", "LE GOFF"),
        ("Anne-Lise", "ANNE LISE"),
        ("Œuvrard", "OEUVRARD"),
    ],
)
def test_accents_cedillas_apostrophes_and_hyphens_make_no_difference(ours: str, official: str) -> None:
    known = traits(birth_name=ours, first_name=ours, birth_first_names=ours)
    told = traits(birth_name=official, first_name=official, birth_first_names=official)
    assert differences(known, told) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"birth_name": "EXEMPLE"}, "nom de naissance"),
        ({"first_name": "Anne"}, "premier prénom"),
        ({"sex": "M"}, "sexe"),
        ({"birth_date": dt.date(1951, 5, 18)}, "date de naissance"),
        ({"birth_place": "69123"}, "lieu de naissance"),
        ({"birth_first_names": "Anne"}, "prénoms de naissance"),
    ],
)
def test_each_trait_that_disagrees_is_named(change: dict[str, Any], named: str) -> None:
    assert differences(traits(), traits(**change)) == [named]


def test_differences_come_in_the_order_of_the_identity_sheet() -> None:
    told = traits(birth_place="69123", birth_name="EXEMPLE")
    assert differences(traits(), told) == ["nom de naissance", "lieu de naissance"]


def test_our_list_of_first_names_may_be_the_beginning_of_the_official_one() -> None:
    official = traits(birth_first_names="CAMILLE MARIE")
    assert differences(traits(birth_first_names="Camille"), official) == []
    assert differences(traits(birth_first_names="Marie"), official) == ["prénoms de naissance"]
    assert differences(traits(birth_first_names="Camille Ma"), official) == ["prénoms de naissance"]


def test_a_birth_place_unknown_on_either_side_disagrees_with_nothing() -> None:
    unknown = traits(birth_place="99999")
    assert differences(unknown, traits()) == differences(traits(), unknown) == []


@pytest.mark.parametrize(
    ("change", "score"),
    [
        ({}, 3),
        ({"first_name": "Camille-Anne"}, 3),
        ({"first_name": "Zoé"}, 2),
        ({"birth_name": "EXEMPLE"}, 2),
        ({"birth_date": dt.date(1951, 5, 18)}, 1),
        ({"birth_date": dt.date(1951, 6, 17)}, 1),
        ({"birth_date": dt.date(1915, 5, 17)}, 1),
        ({"birth_date": dt.date(1952, 6, 17)}, 0),
        ({"birth_date": dt.date(1951, 5, 18), "first_name": "Zoé"}, 0),
        ({"birth_name": "EXEMPLE", "first_name": "Zoé"}, 0),
        ({"birth_name": "FICTIFF", "first_name": "Camile"}, 1),
        ({"birth_name": "FICITF"}, 2),
        ({"birth_name": "FIC TIF", "birth_date": dt.date(1951, 5, 18)}, 1),
        ({"birth_name": "FITCIF", "birth_date": dt.date(1951, 5, 18)}, 1),
        ({"birth_name": "FICTIFFE", "birth_date": dt.date(1951, 5, 18)}, 0),
        ({"sex": "M"}, 3),
        ({"birth_name": "Camille", "first_name": "Fictif"}, 2),
        ({"birth_name": "Camille", "first_name": "Fictif", "birth_date": dt.date(1951, 5, 18)}, 0),
    ],
)
def test_how_much_two_identities_look_like_one(change: dict[str, Any], score: int) -> None:
    assert resemblance(traits(), traits(**change)) == score


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ((dt.date(1935, 12, 31), "year"), (dt.date(1935, 7, 5), "day"), 1),
        ((dt.date(1935, 7, 1), "month"), (dt.date(1935, 7, 5), "day"), 1),
        ((dt.date(1935, 12, 31), "year"), (dt.date(1935, 7, 1), "month"), 1),
        ((dt.date(1935, 8, 1), "month"), (dt.date(1935, 7, 5), "day"), 0),
        ((dt.date(1936, 12, 31), "year"), (dt.date(1935, 7, 5), "day"), 0),
    ],
)
def test_a_date_known_in_part_is_the_same_as_far_as_it_is_known(
    one: tuple[dt.date, Any], other: tuple[dt.date, Any], score: int
) -> None:
    ours, theirs = (traits(birth_date=date, birth_date_precision=known) for date, known in (one, other))
    assert resemblance(ours, theirs) == resemblance(theirs, ours) == score


def test_a_day_and_a_month_swapped_are_a_slip() -> None:
    swapped = traits(birth_date=dt.date(1951, 3, 5))
    assert resemblance(swapped, traits(birth_date=dt.date(1951, 5, 3))) == 1


@given(IDENTITIES)
def test_the_same_person_typed_in_capitals_without_accents_scores_full(one: Traits) -> None:
    shouted = dataclasses.replace(one, birth_name=one.birth_name.upper(), first_name=one.first_name.lower())
    assert resemblance(one, shouted) == 3


def test_a_carte_vitale_alone_or_a_driving_licence_proves_nothing() -> None:
    assert set(PROOFS) == {
        "cni",
        "passeport",
        "titre_sejour",
        "livret_famille_mineur",
        "acte_et_vitale",
        "eidas",
    }

"""Every category of the field has a family, or a reason not to; zones follow addresses."""

import csv

import pytest

from jalon.organizations.families import (
    BASE,
    DATA,
    MODULES,
    NOT_KNOWN,
    family_of,
    outside,
    zone_name,
    zone_names,
)
from jalon.organizations.words import KNOWN
from jalon.terminology.finess import categories

SOCIAL = {code: one for code, one in categories().items() if one.domain == "SOC"}


def rows() -> list[dict[str, str]]:
    with (DATA / "families.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("code", sorted(SOCIAL))
def test_a_category_of_the_field_has_a_family_or_says_why_it_has_none(code: str) -> None:
    family = family_of(code)
    assert bool(family.code) != bool(family.remark)
    assert family.remark != NOT_KNOWN


def test_no_category_is_in_two_families_nor_both_in_and_out() -> None:
    named = [code for row in rows() for code in row["categories"].split()]
    assert len(named) == len(set(named))
    assert set(named) & outside().keys() == set()
    assert (set(named) | outside().keys()) - SOCIAL.keys() == set()


def test_a_family_names_modules_and_words_that_exist() -> None:
    families = [family_of(row["categories"].split()[0]) for row in rows()]
    assert {module for one in families for module in one.open | one.proposed} <= MODULES.keys()
    assert {one.word for one in families} <= KNOWN.keys()
    assert [one.code for one in families if one.open & one.proposed] == []
    assert BASE.keys() & MODULES.keys() == set()


@pytest.mark.parametrize(
    ("category", "word", "opened", "closed"),
    [
        ("500", "résident", {"places", "care", "aggir", "billing"}, {"work", "schooling", "serafin"}),
        ("437", "résident", {"care", "serafin", "places"}, {"schooling", "aggir"}),
        ("182", "jeune", {"care", "schooling", "transport"}, {"places", "work"}),
        ("246", "travailleur", {"work", "serafin", "day_attendance"}, {"care", "places"}),
        ("354", "patient", {"rounds", "care", "aggir"}, {"places", "billing"}),
        ("445", "personne accompagnée", {"care", "rights"}, {"places"}),
        ("446", "personne accompagnée", {"rights", "serafin"}, {"care"}),
        ("177", "enfant", {"orders", "schooling", "allowance"}, {"work", "care"}),
        ("340", "personne protégée", {"mandates", "rights"}, {"care", "places"}),
    ],
)
def test_a_family_opens_what_its_work_asks(
    category: str, word: str, opened: set[str], closed: set[str]
) -> None:
    family = family_of(category)
    assert family.word == word
    assert opened <= family.open
    assert closed & family.open == set()


@pytest.mark.parametrize("category", ["", "9999", "101", "200", "609"])
def test_a_category_without_a_family_opens_the_base_alone_and_says_why(category: str) -> None:
    family = family_of(category)
    assert (family.word, family.open, family.proposed) == ("personne accompagnée", frozenset(), frozenset())
    assert family.remark


def test_a_closed_category_says_when_it_was_closed() -> None:
    assert "2015-01-01" in family_of("200").remark


def test_support_at_home_is_a_column_of_the_table() -> None:
    at_home = {code for code in SOCIAL if family_of(code).at_home}
    assert at_home == {"182", "209", "354", "445", "446", "460", "640"}


@pytest.mark.parametrize(
    ("postal_code", "finess", "zone"),
    [
        ("35000", "350000006", "Europe/Paris"),
        ("97110", "970100434", "America/Guadeloupe"),
        ("97200", "", "America/Martinique"),
        ("97300", "", "America/Cayenne"),
        ("97400", "", "Indian/Reunion"),
        ("97500", "", "America/Miquelon"),
        ("97600", "", "Indian/Mayotte"),
        ("97700", "", "America/St_Barthelemy"),
        ("97133", "970100000", "America/St_Barthelemy"),
        ("97150", "970100000", "America/Marigot"),
        ("98600", "", "Pacific/Wallis"),
        ("98713", "", "Pacific/Tahiti"),
        ("98800", "", "Pacific/Noumea"),
        ("", "970400123", "Indian/Reunion"),
        ("", "980500123", "Indian/Mayotte"),
        ("", "", "Europe/Paris"),
    ],
)
def test_the_zone_follows_the_address_then_the_number(postal_code: str, finess: str, zone: str) -> None:
    assert zone_name(postal_code=postal_code, finess=finess) == zone
    assert zone in zone_names()

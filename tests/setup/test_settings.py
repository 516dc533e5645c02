"""What is set, where, by whom; what does not fit is named and refused."""

import datetime as dt
from typing import Any

import pytest

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.past import versions
from jalon.organizations.models import Establishment, ManagingBody, SettingValue, Unit
from jalon.organizations.queries import open_modules, profile_of
from jalon.organizations.settings import (
    BODY,
    HOUSE,
    MODULE,
    TIME_ZONE,
    UNIT,
    WORD,
    Number,
    OneOf,
    Setting,
    YesNo,
)
from jalon.plans.actions import sign
from jalon.plans.settings import REVIEW_DAYS
from jalon.setup.actions import add_unit, edit_establishment, rename_unit, reset, set_value
from jalon.setup.place import Spot
from jalon.setup.queries import told
from jalon.staff.models import Professional
from tests.factories import EstablishmentFactory, PlanFactory, ProfessionalFactory, UnitFactory

pytestmark = pytest.mark.django_db
CARE, WORK = MODULE["care"], MODULE["work"]


@pytest.fixture
def esat(body: ManagingBody) -> Establishment:
    return EstablishmentFactory.create(category="246")


@pytest.fixture
def director(body: ManagingBody) -> Professional:
    return ProfessionalFactory.create(first_name="Dora", last_name="Essai")


def test_a_setting_says_its_value_its_source_who_and_when(
    esat: Establishment, director: Professional
) -> None:
    (before,) = told([CARE], Spot(esat))
    assert (before.said, before.from_where, before.who, before.when) == ("fermé", "par défaut", "", None)
    set_value(setting=CARE, spot=Spot(esat), text="oui", by=director)
    (after,) = told([CARE], Spot(esat))
    assert (after.said, after.from_where, after.default_said) == (
        "ouvert",
        "réglé pour l’établissement",
        "fermé",
    )
    assert after.who == "Dora Essai"
    assert after.when and abs(after.when - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=10)
    assert Entry.objects.filter(action="settings.set", facts={"setting": "module.care"}).count() == 1


def test_going_back_to_the_default_says_who_did(esat: Establishment, director: Professional) -> None:
    set_value(setting=CARE, spot=Spot(esat), text="oui", by=ProfessionalFactory.create())
    reset(setting=CARE, spot=Spot(esat), by=director)
    (after,) = told([CARE], Spot(esat))
    assert (after.said, after.from_where, after.own, after.who) == (
        "fermé",
        "par défaut",
        False,
        "Dora Essai",
    )
    assert versions(SettingValue).filter(name="module.care").count() == 2


def test_a_module_closed_hides_and_opened_again_shows(esat: Establishment, director: Professional) -> None:
    seen = []
    for text in ("non", "oui"):
        set_value(setting=WORK, spot=Spot(esat), text=text, by=director)
        seen.append("work" in open_modules([esat.pk]))
    assert seen == [False, True]


def test_a_unit_follows_its_establishment_until_it_sets_for_itself(
    esat: Establishment, director: Professional
) -> None:
    unit = UnitFactory.create(establishment=esat)
    set_value(setting=CARE, spot=Spot(esat), text="oui", by=director)
    (followed,) = told([CARE], Spot.of(unit))
    assert (followed.said, followed.from_where, followed.own) == (
        "ouvert",
        "réglé pour l’établissement",
        False,
    )
    set_value(setting=CARE, spot=Spot.of(unit), text="non", by=director)
    (own,) = told([CARE], Spot.of(unit))
    assert (own.said, own.from_where, own.own) == ("fermé", "réglé pour l’unité", True)
    assert "care" not in open_modules([esat.pk], unit.pk)


def test_what_already_holds_is_not_written(esat: Establishment, director: Professional) -> None:
    assert set_value(setting=WORK, spot=Spot(esat), text="oui", by=director) is None
    assert not SettingValue.objects.exists()


REFUSED: list[tuple[Setting, str, str]] = [
    (REVIEW_DAYS, "abc", "entre 30 et 365"),
    (REVIEW_DAYS, "12,5", "entre 30 et 365"),
    (REVIEW_DAYS, "²", "entre 30 et 365"),
    (REVIEW_DAYS, "366", "entre 30 et 365"),
    (REVIEW_DAYS, "9" * 5000, "entre 30 et 365"),
    (TIME_ZONE, "Europe/Berlin", "de la liste"),
    (CARE, "peut-être", "oui ou non"),
    (WORD, "résident", "un résident, des résidents"),
]


@pytest.mark.parametrize(("setting", "text", "what"), REFUSED)
def test_a_value_that_does_not_fit_is_named_and_refused(
    esat: Establishment, director: Professional, setting: Setting, text: str, what: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        set_value(setting=setting, spot=Spot(esat), text=text, by=director)
    assert setting.words in refusal.value.message
    assert what in refusal.value.message
    assert len(refusal.value.message) < 300
    assert not SettingValue.objects.exists()


@pytest.mark.parametrize("setting", [TIME_ZONE, CARE, WORD])
def test_a_setting_is_set_where_it_makes_sense(
    esat: Establishment, director: Professional, setting: Setting
) -> None:
    with pytest.raises(DomainError, match="ne se règle pas ici"):
        set_value(setting=setting, spot=Spot(), text="oui", by=director)


def test_what_is_set_for_the_whole_body_holds_until_a_house_says_otherwise(
    esat: Establishment, director: Professional
) -> None:
    set_value(setting=REVIEW_DAYS, spot=Spot(), text="180", by=director)
    (followed,) = told([REVIEW_DAYS], Spot(esat))
    assert (followed.value, followed.from_where) == (180, "réglé pour l’organisme")
    set_value(setting=REVIEW_DAYS, spot=Spot(esat), text="365", by=director)
    (own,) = told([REVIEW_DAYS], Spot(esat))
    assert (own.value, own.from_where) == (365, "réglé pour l’établissement")


def test_the_review_of_a_plan_falls_when_the_house_says(esat: Establishment, director: Professional) -> None:
    set_value(setting=REVIEW_DAYS, spot=Spot(esat), text="90", by=director)
    plan = PlanFactory.create(record__establishment=esat, ready=True)
    sign(plan=plan, by=director, now=dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    plan.refresh_from_db()
    assert plan.review_on == dt.date(2026, 11, 22) + dt.timedelta(days=90)


def test_the_word_and_the_zone_hold_from_then_on(esat: Establishment, director: Professional) -> None:
    set_value(setting=WORD, spot=Spot(esat), text="Un Usager, des usagers", by=director)
    set_value(setting=TIME_ZONE, spot=Spot(esat), text="America/Cayenne", by=director)
    profile = profile_of(esat)
    assert (profile.word.the, profile.zone.key) == ("l’usager", "America/Cayenne")


KINDS: list[tuple[Any, str, Any]] = [
    (YesNo(), "oui", True),
    (Number(0, 9, "jours"), "007", 7),
    (OneOf((("a", "A"),)), "a", "a"),
]


@pytest.mark.parametrize(("kind", "text", "value"), KINDS)
def test_a_value_is_shown_as_it_may_be_typed_again(kind: Any, text: str, value: Any) -> None:
    assert kind.read(text) == value
    assert kind.read(kind.write(value)) == value
    assert kind.told(value)


def test_levels_are_three(esat: Establishment) -> None:
    unit = UnitFactory.create(establishment=esat)
    assert [Spot().level, Spot(esat).level, Spot.of(unit).level] == [BODY, HOUSE, UNIT]


# --- establishments and units ----------------------------------------------------------------------------


def test_an_establishment_is_corrected_and_its_history_kept(
    esat: Establishment, director: Professional
) -> None:
    edit_establishment(establishment=esat, by=director, city="Cayenne", postal_code="97300")
    esat.refresh_from_db()
    assert (esat.city, profile_of(esat).zone.key) == ("Cayenne", "America/Cayenne")
    assert [row.city for row in versions(Establishment).filter(pgh_obj_id=esat.pk).order_by("pgh_id")] == [
        "",
        "Cayenne",
    ]


def test_an_establishment_keeps_a_name(esat: Establishment, director: Professional) -> None:
    with pytest.raises(DomainError, match="n’a pas de nom"):
        edit_establishment(establishment=esat, by=director, name=" ")


def test_a_unit_has_a_name_of_its_own(esat: Establishment, director: Professional) -> None:
    unit = add_unit(establishment=esat, name=" Atelier bois ", by=director)
    assert unit.name == "Atelier bois"
    with pytest.raises(DomainError, match="s’appelle déjà"):
        add_unit(establishment=esat, name="Atelier bois", by=director)
    with pytest.raises(DomainError, match="n’a pas de nom"):
        rename_unit(unit=unit, name="", by=director)
    rename_unit(unit=unit, name="Menuiserie", by=director)
    assert [one.name for one in Unit.objects.filter(establishment=esat)] == ["Menuiserie"]

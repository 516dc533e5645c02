"""What holds in an establishment: its family, then what was set, then what a unit sets for itself."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.organizations.models import Establishment, ManagingBody, SettingValue, Unit
from jalon.organizations.queries import open_modules, profile_of, profiles, value_of
from jalon.organizations.settings import BODY, HOUSE, MODULE, Number, Setting
from tests.factories import EstablishmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
MONTHS = Setting("essai.mois", "Mois d’essai", Number(1, 12), 12, levels=(BODY, HOUSE))


def put(name: str, value: Any, house: Establishment | None = None, unit: Unit | None = None) -> SettingValue:
    return SettingValue.objects.create(name=name, value=value, establishment=house, unit=unit)


@pytest.fixture
def esat(body: ManagingBody) -> Establishment:
    return EstablishmentFactory.create(category="246")


def test_without_a_choice_the_family_holds(esat: Establishment) -> None:
    profile = profile_of(esat)
    assert profile.modules >= {"identity", "plan", "work", "serafin"}
    assert "care" not in profile.modules
    assert profile.word.plural == "travailleurs"
    assert profile.zone.key == "Europe/Paris"


def test_what_the_director_opened_or_closed_holds_over_the_family(esat: Establishment) -> None:
    put("module.care", True, esat)
    put("module.work", False, esat)
    put("word", "un usager, des usagers", esat)
    put("time_zone", "Indian/Reunion", esat)
    profile = profile_of(esat)
    assert "care" in profile.modules
    assert "work" not in profile.modules
    assert (profile.word.the, profile.zone.key) == ("l’usager", "Indian/Reunion")


def test_a_unit_opens_and_closes_for_itself(esat: Establishment) -> None:
    """An « ESAT hors les murs » has no category of its own: it is a unit that differs."""
    outside, inside = UnitFactory.create(establishment=esat), UnitFactory.create(establishment=esat)
    put("module.transport", True, esat, outside)
    put("module.day_attendance", False, esat, outside)
    assert "transport" in open_modules([esat.pk], outside.pk)
    assert "day_attendance" not in open_modules([esat.pk], outside.pk)
    assert "transport" not in open_modules([esat.pk], inside.pk)
    assert {"transport", "day_attendance"} <= open_modules([esat.pk])


def test_several_establishments_open_what_one_of_them_opens(esat: Establishment) -> None:
    ehpad = EstablishmentFactory.create(category="500")
    assert {"work", "aggir"} <= open_modules([esat.pk, ehpad.pk])
    assert open_modules([]) == {"identity", "stays", "plan", "agenda", "notes", "documents", "incidents"}


def test_a_category_we_do_not_know_opens_the_base(body: ManagingBody) -> None:
    house = EstablishmentFactory.create(category="999")
    assert open_modules([house.pk]) == open_modules([])
    assert profile_of(house).family.remark


def test_one_query_whatever_the_number(esat: Establishment, django_assert_num_queries: Any) -> None:
    houses = [esat, *EstablishmentFactory.create_batch(3)]
    for house in houses:
        put("module.care", True, house)
        put("module.care", False, house, UnitFactory.create(establishment=house))
    with django_assert_num_queries(1):
        assert len(profiles(house.pk for house in houses)) == 4
    with django_assert_num_queries(1):
        assert "care" in open_modules(house.pk for house in houses)


def test_the_nearest_value_of_a_setting_holds(esat: Establishment) -> None:
    unit = UnitFactory.create(establishment=esat)
    assert value_of(MONTHS, establishment=esat) == 12
    put(MONTHS.name, 6)
    assert value_of(MONTHS, establishment=esat, unit=unit) == 6
    put(MONTHS.name, 4, esat)
    assert value_of(MONTHS, establishment=esat, unit=unit) == 4
    put(MONTHS.name, 3, esat, unit)
    assert value_of(MONTHS, establishment=esat, unit=unit) == 3
    assert value_of(MONTHS) == 6
    assert value_of(MODULE["work"], establishment=esat) is True


def test_the_database_refuses_two_values_and_a_unit_of_nowhere(esat: Establishment) -> None:
    unit = UnitFactory.create(establishment=esat)
    put(MONTHS.name, 6)
    for house, its_unit in [(None, None), (None, unit)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            put(MONTHS.name, 7, house, its_unit)

"""What a function allows in a house: changed by who directs it, in force at once, within the limits."""

import datetime as dt

import pytest

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.organizations.models import Establishment, ManagingBody
from jalon.setup.functions import change_right
from jalon.setup.queries import changes_of_functions
from jalon.staff.models import FunctionChange, Professional
from jalon.staff.queries import actor_of, functions_of
from jalon.staff.rules import PERMISSIONS, Permission, Role
from tests.factories import AccountFactory, EstablishmentFactory, MembershipFactory, ProfessionalFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def house(body: ManagingBody) -> Establishment:
    return EstablishmentFactory.create()


def hired(house: Establishment, role: str) -> Professional:
    professional = ProfessionalFactory.create(account=AccountFactory.create())
    MembershipFactory.create(professional=professional, establishment=house, role=role)
    return professional


def may(who: Professional) -> frozenset[Permission]:
    assert who.account is not None
    actor = actor_of(who.account, NOW)
    assert actor is not None
    return actor.permissions


def change(house: Establishment, role: Role, one: Permission, *, given: bool, by: Professional) -> bool:
    return change_right(establishment=house, role=role, permission=one, given=given, today=TODAY, by=by)


def test_a_right_given_or_taken_away_is_in_force_in_that_house_alone(house: Establishment) -> None:
    director, educator = hired(house, "director"), hired(house, "educator")
    elsewhere = hired(EstablishmentFactory.create(), "educator")
    assert change(house, Role.EDUCATOR, Permission.READ_HEALTH, given=True, by=director)
    assert change(house, Role.EDUCATOR, Permission.SEND_DOCUMENT, given=False, by=director)
    product = PERMISSIONS[Role.EDUCATOR]
    assert may(educator) == (product | {Permission.READ_HEALTH}) - {Permission.SEND_DOCUMENT}
    assert may(elsewhere) == product
    assert functions_of(house.pk)[Role.EDUCATOR] == may(educator)
    assert functions_of(house.pk)[Role.NURSE] == PERMISSIONS[Role.NURSE]


def test_what_comes_back_to_the_rule_is_kept_by_the_history_alone(house: Establishment) -> None:
    director = hired(house, "director")
    change(house, Role.NURSE, Permission.WRITE_NEWS, given=False, by=director)
    told = changes_of_functions(house)[Role.NURSE, Permission.WRITE_NEWS]
    assert (told.given, told.who) == (False, str(director))
    assert change(house, Role.NURSE, Permission.WRITE_NEWS, given=True, by=director)
    assert not change(house, Role.NURSE, Permission.WRITE_NEWS, given=True, by=director)
    assert not FunctionChange.objects.exists()
    assert changes_of_functions(house) == {}
    facts = [one.facts for one in Entry.objects.filter(action="staff.right_changed").order_by("pk")]
    assert [one["given"] for one in facts] == [False, True]
    assert {one["permission"] for one in facts} == {"write_news"}


def test_reading_taken_away_takes_writing_with_it(house: Establishment) -> None:
    director, aes = hired(house, "director"), hired(house, "aes")
    change(house, Role.AES, Permission.READ_NOTES, given=False, by=director)
    assert not {Permission.READ_NOTES, Permission.WRITE_NOTE, Permission.WRITE_NEWS} & may(aes)


@pytest.mark.parametrize(
    ("role", "permission", "code"),
    [
        (Role.SECRETARY, Permission.READ_HEALTH, "beyond_limits"),
        (Role.ADMINISTRATOR, Permission.READ_NOTES, "beyond_limits"),
        (Role.NURSE, Permission.OPEN_RECORD, "fixed_right"),
        (Role.NURSE, Permission.MANAGE_STAFF, "fixed_right"),
        (Role.DIRECTOR, Permission.QUALIFY_IDENTITY, "beyond_limits"),
        (Role.DIRECTOR, Permission.READ_PSYCHOLOGICAL, "own_function"),
    ],
)
@pytest.mark.requirement("SC.SSI/GEN.16")
def test_what_no_house_may_change_is_refused_and_changes_nothing(
    house: Establishment, role: Role, permission: Permission, code: str
) -> None:
    director = hired(house, "director")
    with pytest.raises(DomainError) as refusal:
        change(house, role, permission, given=True, by=director)
    assert refusal.value.code == code
    assert not FunctionChange.objects.exists()
    assert not Entry.objects.filter(action="staff.right_changed").exists()

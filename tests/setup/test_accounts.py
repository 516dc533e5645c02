"""The life of somebody here, from another function to the day they leave."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.setup import accounts
from jalon.setup.accounts import Work
from jalon.staff.actions import Newcomer, engage
from jalon.staff.models import Account, Membership, Professional
from jalon.staff.queries import actor_of, bodies_of
from jalon.staff.rules import Role
from tests.factories import (
    NOW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    EstablishmentFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    SeatFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(body: ManagingBody) -> Professional:
    """Somebody with an account, a second factor and a function."""
    one = ProfessionalFactory.create(with_account=True)
    MembershipFactory.create(professional=one, role=Role.NURSE)
    SeatFactory.create(account=one.account, managing_body=body)
    Authenticator.objects.create(user=one.account, type="totp", data={"secret": "une-graine-d-essai"})
    return one


@pytest.fixture
def keeper(nurse: Professional) -> Professional:
    """Who keeps the accounts of the house of the nurse, alone."""
    one = ProfessionalFactory.create(with_account=True)
    MembershipFactory.create(professional=one, role=Role.ADMINISTRATOR, establishment=house_of(nurse))
    return one


def house_of(one: Professional) -> object:
    return one.memberships.get().establishment


def only(one: Professional) -> Membership:
    return one.memberships.get()


def refused(code: str) -> object:
    return pytest.raises(DomainError, check=lambda refusal: refusal.code == code)


def test_who_leaves_has_no_function_no_seat_no_account_and_no_factor(
    nurse: Professional, keeper: Professional, body: ManagingBody
) -> None:
    hash_of_sessions = nurse.account.get_session_auth_hash()
    assert accounts.leave(professional=nurse, today=TODAY, by=keeper)
    account = Account.objects.get(pk=nurse.account_id)
    assert not account.is_active
    assert not account.has_usable_password()
    assert account.get_session_auth_hash() != hash_of_sessions
    assert bodies_of(account) == []
    assert actor_of(account, NOW) is None
    assert not Authenticator.objects.exists()
    assert only(nurse).ends_on == TODAY
    (entry,) = Entry.objects.filter(action="staff.left")
    assert (entry.object_id, entry.professional, entry.facts["account_closed"]) == (nurse.pk, keeper, True)


def test_an_account_that_enters_elsewhere_stays_open_there(nurse: Professional) -> None:
    elsewhere = SeatFactory.create(account=nurse.account, managing_body=ManagingBodyFactory.create())
    assert not accounts.leave(professional=nurse, today=TODAY, by=None)
    account = Account.objects.get(pk=nurse.account_id)
    assert account.is_active
    assert account.has_usable_password()
    assert bodies_of(account) == [elsewhere.managing_body_id]
    assert Authenticator.objects.count() == 1


def test_a_function_that_has_not_begun_when_somebody_leaves_never_does(nurse: Professional) -> None:
    MembershipFactory.create(professional=nurse, starting_tomorrow=True)
    former = MembershipFactory.create(professional=nurse, ended_yesterday=True)
    accounts.leave(professional=nurse, today=TODAY, by=None)
    assert {one.ends_on for one in nurse.memberships.all()} == {TODAY, YESTERDAY}
    former.refresh_from_db()
    assert former.ends_on == YESTERDAY
    with refused("has_left"):
        accounts.leave(professional=nurse, today=TODAY, by=None)


def test_who_comes_back_has_a_new_password_and_none_of_the_former_sessions(nurse: Professional) -> None:
    before, house = nurse.account.get_session_auth_hash(), house_of(nurse)
    accounts.leave(professional=nurse, today=TODAY, by=None)
    who = Newcomer(nurse.account.email, nurse.first_name, nurse.last_name)
    again = {"role": "nurse", "establishment": house, "unit": None, "today": TOMORROW}
    back = engage(who, **again, password="un-autre-essai", known=True)
    assert back == nurse
    assert back.active
    account = Account.objects.get(pk=nurse.account_id)
    assert account.is_active
    assert account.check_password("un-autre-essai")
    assert account.get_session_auth_hash() != before


def test_another_function_begins_when_the_former_one_ends(nurse: Professional, keeper: Professional) -> None:
    unit = UnitFactory.create(establishment=house_of(nurse))
    new = accounts.change_function(
        membership=only(nurse), role="team_lead", unit=unit, since=TOMORROW, by=keeper
    )
    assert [(one.role, one.ends_on) for one in nurse.memberships.order_by("starts_on")] == [
        ("nurse", TODAY),
        ("team_lead", None),
    ]
    assert (new.starts_on, new.unit) == (TOMORROW, unit)
    facts = Entry.objects.get(action="staff.function_changed").facts
    assert (facts["role"], facts["former"]["role"]) == ("team_lead", "nurse")


def test_a_function_that_has_not_begun_is_corrected(nurse: Professional) -> None:
    first = only(nurse).starts_on
    accounts.change_function(membership=only(nurse), role="physician", unit=None, since=first, by=None)
    assert (only(nurse).role, only(nurse).starts_on) == ("physician", first)


def test_a_function_ends_on_the_day_said_and_not_before_it_began(nurse: Professional) -> None:
    accounts.end_membership(membership=only(nurse), ends_on=TOMORROW, by=None)
    assert actor_of(nurse.account, NOW).roles == {"nurse"}
    assert actor_of(nurse.account, NOW + dt.timedelta(days=2)).roles == set()
    with refused("ends_before"):
        accounts.end_membership(membership=only(nurse), ends_on=dt.date(2025, 8, 31), by=None)


def test_somebody_has_several_functions_and_none_twice(nurse: Professional, keeper: Professional) -> None:
    elsewhere = EstablishmentFactory.create()
    work = Work("nurse", elsewhere, None, TOMORROW, dt.date(2027, 1, 31))
    accounts.assign(professional=nurse, work=work, by=keeper)
    assert nurse.memberships.count() == 2
    with refused("works_there"):
        accounts.assign(professional=nurse, work=work, by=keeper)


def test_what_makes_no_function_is_refused(nurse: Professional) -> None:
    house, stranger = house_of(nurse), UnitFactory.create()
    for code, work in {
        "unknown_role": Work("root", house, None, TODAY),
        "unknown_unit": Work("nurse", house, stranger, TODAY),
        "ends_before": Work("nurse", house, None, TODAY, YESTERDAY),
    }.items():
        with refused(code):
            accounts.assign(professional=nurse, work=work, by=None)


@pytest.mark.requirement("SC.SSI/GEN.16")
def test_nobody_gives_rights_to_oneself(keeper: Professional, nurse: Professional) -> None:
    with refused("one_self"):
        accounts.assign(professional=keeper, work=Work("director", house_of(nurse), None, TODAY), by=keeper)
    with refused("one_self"):
        accounts.change_function(
            membership=only(keeper), role="director", unit=None, since=TOMORROW, by=keeper
        )


def test_the_last_who_keeps_the_accounts_of_a_house_cannot_go(
    nurse: Professional, keeper: Professional
) -> None:
    with refused("last_administrator"):
        accounts.leave(professional=keeper, today=TODAY, by=keeper)
    with refused("last_administrator"):
        accounts.end_membership(membership=only(keeper), ends_on=dt.date(2027, 6, 30), by=keeper)
    with refused("last_administrator"):
        accounts.change_function(membership=only(keeper), role="nurse", unit=None, since=TOMORROW, by=None)
    assert only(keeper).ends_on is None
    other = ProfessionalFactory.create(with_account=True)
    house = house_of(keeper)
    for_a_month = Work(Role.ADMINISTRATOR, house, None, TODAY, dt.date(2026, 12, 31))
    passing = accounts.assign(professional=other, work=for_a_month, by=keeper)
    with refused("last_administrator"):
        accounts.leave(professional=keeper, today=TODAY, by=keeper)
    Membership.objects.filter(pk=passing.pk).update(ends_on=None)
    assert accounts.leave(professional=keeper, today=TODAY, by=keeper)

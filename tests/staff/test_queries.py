"""Who somebody is, the day they come in: memberships in force, and the bodies of an account."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.staff.models import Account, Professional
from jalon.staff.queries import account_of_rpps, actor_of, bodies_of
from jalon.staff.rules import Permission, Role
from tests.factories import (
    NOW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    AccountFactory,
    EstablishmentFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    SeatFactory,
    UnitFactory,
    actor_for,
    rpps,
)
from tests.support import PROJECT

pytestmark = pytest.mark.django_db


def roles_on(day: dt.date, professional: Professional) -> set[str]:
    return actor_for(professional, day).roles


def test_a_membership_starts_on_its_first_day_and_ends_after_its_last(body: ManagingBody) -> None:
    first, last = dt.date(2026, 11, 2), dt.date(2026, 11, 6)
    work = MembershipFactory(starts_on=first, ends_on=last)
    one = dt.timedelta(days=1)
    in_force = {first - one: False, first: True, last: True, last + one: False}
    assert {day: bool(roles_on(day, work.professional)) for day in in_force} == in_force


def test_a_membership_that_starts_tomorrow_gives_nothing_today(body: ManagingBody) -> None:
    work = MembershipFactory(starting_tomorrow=True)
    assert roles_on(TODAY, work.professional) == set()
    assert roles_on(TOMORROW, work.professional) == {"educator"}


def test_a_membership_that_ended_yesterday_gives_nothing_today(body: ManagingBody) -> None:
    work = MembershipFactory(ended_yesterday=True)
    assert roles_on(TODAY, work.professional) == set()
    assert roles_on(YESTERDAY, work.professional) == {"educator"}


def test_an_open_membership_goes_on(body: ManagingBody) -> None:
    work = MembershipFactory(ends_on=None)
    assert roles_on(dt.date(2040, 1, 1), work.professional) == {"educator"}


def test_a_permission_holds_only_where_its_role_does(body: ManagingBody) -> None:
    here, there = EstablishmentFactory(), UnitFactory()
    work = MembershipFactory(establishment=here, role=Role.SECRETARY)
    MembershipFactory(
        professional=work.professional,
        establishment=there.establishment,
        unit=there,
        role=Role.NURSE,
        starts_on=dt.date(2026, 1, 1),
    )
    actor = actor_for(work.professional, TODAY)
    assert actor.roles == {"secretary", "nurse"}
    assert actor.may(Permission.READ_HEALTH)
    assert [place.unit_id for place in actor.places_with(Permission.READ_HEALTH)] == [there.pk]
    assert [place.establishment_id for place in actor.places_with(Permission.EDIT_PERSON)] == [here.pk]
    assert len(actor.places_with(Permission.READ_AGENDA)) == 2
    assert actor.places_with(Permission.SIGN_PLAN) == ()
    assert not actor.may(Permission.SIGN_PLAN)


def test_without_any_membership_one_may_nothing(body: ManagingBody) -> None:
    actor = actor_for(ProfessionalFactory(), TODAY)
    assert (actor.places, actor.permissions) == ((), frozenset())


def test_an_account_is_its_professional_of_the_managing_body(body: ManagingBody) -> None:
    account = AccountFactory()
    mine = ProfessionalFactory(account=account, educator=True)
    with tenant(ManagingBodyFactory().pk):
        theirs = ProfessionalFactory(account=account, rpps=mine.rpps, nurse=True)
        found = actor_of(account, NOW)
        assert found
        assert (found.professional, found.roles) == (theirs, {"nurse"})
    found = actor_of(account, NOW)
    assert found
    assert (found.professional, found.roles) == (mine, {"educator"})


def test_an_account_without_an_active_professional_is_nobody(body: ManagingBody) -> None:
    assert actor_of(AccountFactory(), NOW) is None
    gone = ProfessionalFactory(with_account=True, active=False)
    assert actor_of(gone.account, NOW) is None


def test_one_account_has_one_professional_in_a_managing_body(body: ManagingBody) -> None:
    known = ProfessionalFactory(with_account=True)
    with pytest.raises(IntegrityError, match="professional_account"), transaction.atomic():
        ProfessionalFactory(account=known.account)


def test_a_membership_cannot_end_before_it_starts(body: ManagingBody) -> None:
    with pytest.raises(IntegrityError, match="membership_ends_after_start"), transaction.atomic():
        MembershipFactory(starts_on=TODAY, ends_on=YESTERDAY)


def test_a_role_is_one_of_the_list(body: ManagingBody) -> None:
    with pytest.raises(IntegrityError, match="membership_role_known"), transaction.atomic():
        MembershipFactory(role="superuser")


def test_the_bodies_of_an_account_are_read_without_a_tenant() -> None:
    account = AccountFactory()
    seats = [SeatFactory(account=account), SeatFactory(account=account)]
    SeatFactory()
    assert bodies_of(account) == [seat.managing_body_id for seat in seats]
    assert bodies_of(AccountFactory()) == []


def test_a_seat_is_taken_once() -> None:
    seat = SeatFactory()
    with pytest.raises(IntegrityError, match="seat_once"), transaction.atomic():
        SeatFactory(account=seat.account, managing_body=seat.managing_body)


def test_a_seat_alone_gives_no_right(body: ManagingBody) -> None:
    seat = SeatFactory(managing_body=body)
    assert actor_of(seat.account, NOW) is None


def test_an_account_is_found_by_its_rpps_while_active() -> None:
    active, left = AccountFactory(rpps=rpps(1)), AccountFactory(rpps=rpps(2), is_active=False)
    assert account_of_rpps(active.rpps) == active
    assert account_of_rpps(left.rpps) is None
    assert account_of_rpps("") is None


def test_accounts_without_rpps_are_not_twins_and_two_of_one_rpps_are() -> None:
    AccountFactory(rpps="")
    AccountFactory(rpps="")
    AccountFactory(rpps=rpps(1))
    with pytest.raises(IntegrityError, match="account_rpps"), transaction.atomic():
        AccountFactory(rpps=rpps(1))


def test_two_accounts_cannot_differ_by_capitals_only() -> None:
    Account.objects.create_user("ada@exemple.test")
    with pytest.raises(IntegrityError, match="account_email_folded"), transaction.atomic():
        Account.objects.create_user("ADA@exemple.test")


def test_a_password_is_never_stored_as_typed() -> None:
    account = AccountFactory(password="un-mot-de-passe")
    assert "un-mot-de-passe" not in account.password
    assert account.check_password("un-mot-de-passe")


# --- Seats: the one tenant fact without row-level security -----------------------------------------

WRITES = {"create", "bulk_create"}


def reads_of_seats(tree: ast.AST, inside: str = "") -> Iterator[str]:
    """Names of the functions that read `Seat.objects` or `….seats`."""
    for node in ast.iter_child_nodes(tree):
        name = node.name if isinstance(node, ast.FunctionDef) else inside
        if isinstance(node, ast.Attribute) and _reads_a_seat(node):
            yield name
        yield from reads_of_seats(node, name)


def _reads_a_seat(node: ast.Attribute) -> bool:
    if node.attr in WRITES or not isinstance(node.value, ast.Attribute):
        return False
    manager = node.value
    of_the_model = isinstance(manager.value, ast.Name) and manager.value.id == "Seat"
    return manager.attr == "seats" or (manager.attr == "objects" and of_the_model)


def readers() -> set[tuple[Path, str]]:
    return {
        (path.relative_to(PROJECT), function)
        for path in PROJECT.glob("jalon/**/*.py")
        if "migrations" not in path.parts
        for function in reads_of_seats(ast.parse(path.read_text("utf-8")))
    }


def test_bodies_of_is_the_only_reader_of_seats() -> None:
    taken_away = (Path("jalon/setup/accounts.py"), "_shut")  # it deletes one, and reads none
    assert readers() == {(Path("jalon/staff/queries.py"), "_seats"), taken_away}
    queries = (PROJECT / "jalon/staff/queries.py").read_text("utf-8")
    askers = [one.name for one in ast.parse(queries).body if "_seats()" in ast.unparse(one)]
    assert askers == ["bodies_of", "_seats"]  # it alone asks, beside the definition


def test_the_search_for_readers_of_seats_finds_them() -> None:
    planted = """
def one(): return Seat.objects.filter(account=1)
def two(account): return account.seats.all()
def three(): Seat.objects.get_or_create(account=1)
def writer(): Seat.objects.create(account=1)
"""
    assert list(reads_of_seats(ast.parse(planted))) == ["one", "two", "three"]


def test_no_sql_names_the_table_of_seats() -> None:
    naming = {
        path.relative_to(PROJECT)
        for path in PROJECT.glob("jalon/**/*.py")
        if "migrations" not in path.parts and "staff_seat" in path.read_text("utf-8")
    }
    assert naming == set()

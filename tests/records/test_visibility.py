"""The only door to records: a list and a single object get the same answer."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db.models import QuerySet

from jalon.db.compiled import Compiled
from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment, ManagingBody
from jalon.records.actions import grant
from jalon.records.models import Record
from jalon.records.sight import Sight, sight_of
from jalon.records.sight import seen as in_sight
from jalon.records.standing import explained
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission, Role
from tests.factories import (
    NOW,
    TODAY,
    AccessGrantFactory,
    EstablishmentFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    RecordFactory,
    UnitFactory,
    actor,
    actor_for,
)

pytestmark = pytest.mark.django_db


def told(sight: Sight) -> set[Record]:
    """What the question compiled once tells."""
    return set(Compiled(Record.objects.filter(in_sight("", sight.shape))).all(**sight.values()))


def seen(by: Actor, permission: Permission = Permission.OPEN_RECORD, today: dt.date = TODAY) -> set[Record]:
    """What this professional sees, asserted alike as a list, one by one, and of each record they hold."""
    visible: QuerySet[Record] = Record.objects.visible_to(by, permission=permission, today=today)
    listed = set(visible)
    for record in Record.objects.all():
        assert visible.filter(pk=record.pk).exists() == (record in listed)
    assert visible.count() == len(listed), "no record comes twice"
    assert told(sight_of(by, permission, today)) == listed, "asked by a question compiled once"
    for record in Record.objects.with_rights_of(by, today):
        assert explained(by, record, today)[permission].allowed == (record in listed), "as it is explained"
        assert (permission in record.permissions_of(by)) == (record in listed), "asked of the record itself"
    return listed


@pytest.fixture
def house(body: ManagingBody) -> Establishment:
    return EstablishmentFactory()


@pytest.fixture
def records(house: Establishment) -> dict[str, Record]:
    """One record in each of two units, one without a unit, one in another house."""
    verger, ruche = UnitFactory(establishment=house), UnitFactory(establishment=house)
    return {
        "verger": RecordFactory(establishment=house, unit=verger),
        "ruche": RecordFactory(establishment=house, unit=ruche),
        "no unit": RecordFactory(establishment=house),
        "elsewhere": RecordFactory(in_a_unit=True),
    }


def named(records: dict[str, Record], *names: str) -> set[Record]:
    return {records[name] for name in names}


def test_a_role_in_the_whole_house_opens_the_whole_house_and_no_other(
    house: Establishment, records: dict[str, Record]
) -> None:
    assert seen(actor(establishment=house)) == named(records, "verger", "ruche", "no unit")


def test_a_role_in_a_unit_opens_the_records_of_that_unit_only(records: dict[str, Record]) -> None:
    assert seen(actor(unit=records["verger"].unit)) == named(records, "verger")


def test_places_add_up(records: dict[str, Record]) -> None:
    one = MembershipFactory(unit=records["verger"].unit, establishment=records["verger"].establishment)
    MembershipFactory(
        professional=one.professional,
        unit=records["elsewhere"].unit,
        establishment=records["elsewhere"].establishment,
    )
    assert seen(actor_for(one.professional, TODAY)) == named(records, "verger", "elsewhere")


def test_two_roles_in_one_place_show_each_record_once(
    house: Establishment, records: dict[str, Record]
) -> None:
    one = MembershipFactory(establishment=house)
    MembershipFactory(professional=one.professional, establishment=house, unit=records["verger"].unit)
    assert seen(actor_for(one.professional, TODAY)) == named(records, "verger", "ruche", "no unit")


def test_the_permission_is_asked_place_by_place(house: Establishment, records: dict[str, Record]) -> None:
    """Secretary here and nurse there: health notes are read there only."""
    there = records["elsewhere"].establishment
    one = MembershipFactory(establishment=house, role=Role.SECRETARY)
    MembershipFactory(professional=one.professional, establishment=there, role=Role.NURSE)
    both = actor_for(one.professional, TODAY)
    assert len(seen(both)) == 4
    assert seen(both, Permission.READ_HEALTH) == named(records, "elsewhere")
    assert seen(both, Permission.EDIT_PERSON) == named(records, "verger", "ruche", "no unit")


def test_without_the_permission_nothing_is_seen(house: Establishment, records: dict[str, Record]) -> None:
    assert seen(actor(Role.SECRETARY, establishment=house), Permission.READ_NOTES) == set()


def test_the_administrator_of_accounts_opens_no_record(
    house: Establishment, records: dict[str, Record]
) -> None:
    assert seen(actor(Role.ADMINISTRATOR, establishment=house)) == set()


@pytest.mark.parametrize("period", ["starting_tomorrow", "ended_yesterday"])
def test_a_role_out_of_its_period_opens_nothing(
    house: Establishment, records: dict[str, Record], period: str
) -> None:
    assert seen(actor(establishment=house, **{period: True})) == set()


def test_a_grant_opens_one_record_more(records: dict[str, Record]) -> None:
    mine = actor(unit=records["verger"].unit)
    AccessGrantFactory(record=records["elsewhere"], professional=mine.professional)
    assert seen(mine) == named(records, "verger", "elsewhere")


def test_a_grant_holds_from_its_first_day_to_its_last(records: dict[str, Record]) -> None:
    mine = actor(unit=records["verger"].unit)
    given = AccessGrantFactory(record=records["elsewhere"], professional=mine.professional)
    one = dt.timedelta(days=1)
    for day, open_ in (
        (given.starts_on - one, False),
        (given.starts_on, True),
        (given.ends_on, True),
        (given.ends_on + one, False),
    ):
        assert (records["elsewhere"] in seen(mine, today=day)) == open_


def test_a_grant_is_of_one_professional(records: dict[str, Record]) -> None:
    AccessGrantFactory(record=records["elsewhere"])
    assert seen(actor(unit=records["verger"].unit)) == named(records, "verger")


MINUTES = dt.timedelta(minutes=15)


@pytest.mark.parametrize("minutes", [14, 15, 16])
def test_an_emergency_opens_a_record_for_its_minutes_restricted_writings_apart(
    records: dict[str, Record], minutes: int
) -> None:
    mine = actor(Role.PHYSICIAN, unit=records["verger"].unit)
    AccessGrantFactory(record=records["elsewhere"], professional=mine.professional, until=NOW + MINUTES)
    then = replace(mine, now=NOW + dt.timedelta(minutes=minutes))
    opened = named(records, "verger", "elsewhere") if minutes < 15 else named(records, "verger")
    assert seen(then) == seen(then, Permission.READ_HEALTH) == opened
    assert seen(then, Permission.READ_PSYCHOLOGICAL) == named(records, "verger")
    assert seen(replace(mine, now=None)) == named(records, "verger"), (
        "who does not say when is not in an emergency"
    )


def test_an_emergency_takes_nothing_away_where_one_works(records: dict[str, Record]) -> None:
    mine = actor(Role.PHYSICIAN, unit=records["verger"].unit)
    AccessGrantFactory(record=records["verger"], professional=mine.professional, until=NOW + MINUTES)
    then = replace(mine, now=NOW)
    assert seen(then, Permission.READ_PSYCHOLOGICAL) == named(records, "verger")


def test_a_grant_carries_no_permission_that_no_role_carries(records: dict[str, Record]) -> None:
    secretary = actor(Role.SECRETARY, unit=records["verger"].unit)
    AccessGrantFactory(record=records["elsewhere"], professional=secretary.professional)
    assert records["elsewhere"] in seen(secretary)
    assert seen(secretary, Permission.READ_NOTES) == set()


def test_a_grant_without_any_role_opens_nothing(records: dict[str, Record]) -> None:
    nobody = actor_for(ProfessionalFactory(), TODAY)
    AccessGrantFactory(record=records["elsewhere"], professional=nobody.professional)
    assert seen(nobody) == set()


def test_a_transfer_to_another_unit_changes_who_sees(records: dict[str, Record]) -> None:
    mine = actor(unit=records["verger"].unit)
    Record.objects.filter(pk=records["ruche"].pk).update(unit=records["verger"].unit)
    assert seen(mine) == named(records, "verger", "ruche")


def test_another_managing_body_shows_nothing_even_to_the_same_professional(
    house: Establishment, records: dict[str, Record]
) -> None:
    mine = actor(establishment=house)
    with tenant(ManagingBodyFactory().pk):
        assert seen(mine) == set()


def test_the_door_is_one_query_whatever_the_places(
    records: dict[str, Record], django_assert_num_queries: Callable[..., object]
) -> None:
    one = MembershipFactory()
    for _ in range(3):
        MembershipFactory(professional=one.professional)
    mine = actor_for(one.professional, TODAY)
    with django_assert_num_queries(1):
        list(Record.objects.visible_to(mine, today=TODAY).with_identity().in_french_order())


def test_records_come_in_the_order_of_names(house: Establishment) -> None:
    late = RecordFactory(establishment=house, person__birth_name="Zut")
    early = RecordFactory(establishment=house, person__birth_name="Émile")
    assert list(Record.objects.in_french_order()) == [early, late]


def test_a_granted_record_opens_at_once(records: dict[str, Record]) -> None:
    mine, chief = actor(unit=records["verger"].unit), ProfessionalFactory()
    grant(
        record=records["ruche"],
        to=mine.professional,
        reason="remplacement",
        starts_on=TODAY,
        ends_on=TODAY,
        by=chief,
    )
    assert records["ruche"] in seen(mine)


def test_a_sight_of_a_place_is_of_its_open_records_and_of_the_unit_or_the_key_worker_it_says(
    house: Establishment, records: dict[str, Record]
) -> None:
    worker = ProfessionalFactory.create()
    Record.objects.filter(pk=records["ruche"].pk).update(key_worker=worker)
    Record.objects.filter(pk=records["no unit"].pk).update(closed_on=TODAY)
    here = replace(sight_of(actor(establishment=house), Permission.OPEN_RECORD, TODAY), place=(house.pk,))
    assert told(here) == named(records, "verger", "ruche")
    assert told(replace(here, unit=records["verger"].unit_id)) == named(records, "verger")
    assert told(replace(here, key_worker=worker.pk)) == named(records, "ruche")
    assert told(replace(here, place=())) == set()

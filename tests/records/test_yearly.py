"""The yearly review of rights: each read by another, kept or withdrawn; signed, overdue after a year."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.core.moment import Moment
from jalon.organizations.models import Establishment, ManagingBody
from jalon.records import yearly
from jalon.records.models import AccessGrant, ReviewedRight
from jalon.records.waits import waits
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import Actor
from jalon.staff.rules import Role
from tests.factories import (
    NOW,
    TODAY,
    AccessGrantFactory,
    EstablishmentFactory,
    MembershipFactory,
    RecordFactory,
    actor_for,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MOMENT = Moment(NOW)


@pytest.fixture
def house(body: ManagingBody) -> Establishment:
    return EstablishmentFactory.create()


@pytest.fixture
def works(house: Establishment) -> dict[str, Membership]:
    """A director, a head and a nurse."""
    roles = (Role.DIRECTOR, Role.TEAM_LEAD, Role.NURSE)
    return {role: MembershipFactory.create(establishment=house, role=role) for role in roles}


def decide(house: Establishment, right: uuid.UUID, by: Professional, **said: Any) -> ReviewedRight:
    usual: dict[str, Any] = {"kept": True, "reason": "", "moment": MOMENT, "actor": actor_for(by, TODAY)}
    return yearly.decide(establishment=house, right_id=right, **usual | said)


def refused(code: str) -> Any:
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def all_kept(house: Establishment, works: dict[str, Membership]) -> None:
    director, head = works[Role.DIRECTOR].professional, works[Role.TEAM_LEAD].professional
    for right in yearly.rights_of(house, TODAY):
        decide(house, right.id, by=head if right.professional == director else director)


def test_every_right_in_force_is_read_functions_and_records_opened_by_name(
    house: Establishment, works: dict[str, Membership]
) -> None:
    given = AccessGrantFactory.create(record=RecordFactory.create(establishment=house))
    MembershipFactory.create(establishment=house, ended_yesterday=True)
    MembershipFactory.create()
    read = {one.id for one in yearly.rights_of(house, TODAY)}
    assert read == {given.pk, *(one.pk for one in works.values())}


def test_it_is_signed_once_every_right_is_read_by_somebody_else(
    house: Establishment, works: dict[str, Membership]
) -> None:
    director = works[Role.DIRECTOR].professional
    with refused("nothing_reviewed"):
        yearly.sign(establishment=house, moment=MOMENT, by=director)
    with refused("right_of_oneself"):
        decide(house, works[Role.DIRECTOR].pk, by=director)
    decide(house, works[Role.NURSE].pk, by=director)
    with refused("rights_left"):
        yearly.sign(establishment=house, moment=MOMENT, by=director)
    with refused("already_decided"):
        decide(house, works[Role.NURSE].pk, by=director)
    decide(house, works[Role.TEAM_LEAD].pk, by=director)
    decide(house, works[Role.DIRECTOR].pk, by=works[Role.TEAM_LEAD].professional)
    signed = yearly.sign(establishment=house, moment=MOMENT, by=director)
    assert signed.digest == yearly.digest_of(signed)
    assert yearly.last_signed(house) == signed
    assert yearly.under_way(house) is None
    facts = Entry.objects.get(action="records.rights_signed").facts
    assert (facts["lines"], facts["digest"]) == (3, signed.digest)


def test_a_right_that_is_withdrawn_says_why_and_ends(
    house: Establishment, works: dict[str, Membership]
) -> None:
    given = AccessGrantFactory.create(record=RecordFactory.create(establishment=house))
    director = works[Role.DIRECTOR].professional
    with refused("withdrawn_without_reason"):
        decide(house, given.pk, by=director, kept=False, reason=" ")
    for right in (given.pk, works[Role.NURSE].pk):
        decide(house, right, by=director, kept=False, reason="Plus d’usage.")
    assert not AccessGrant.objects.exists()
    assert not works[Role.NURSE].professional.memberships.get().holds(TODAY)
    review = yearly.under_way(house)
    assert review
    assert {one[2] for one in yearly.extracted(review)} == {"retiré"}


def test_nobody_ends_the_function_of_whoever_is_above_them(
    house: Establishment, works: dict[str, Membership]
) -> None:
    head = works[Role.TEAM_LEAD].professional
    with refused("not_yours_to_withdraw"):
        decide(house, works[Role.DIRECTOR].pk, by=head, kept=False, reason="Plus d’usage.")
    assert works[Role.DIRECTOR].professional.memberships.get().holds(TODAY)
    assert not ReviewedRight.objects.exists()


def test_a_right_of_elsewhere_is_not_reviewed_here(
    house: Establishment, works: dict[str, Membership]
) -> None:
    with refused("right_gone"):
        decide(house, MembershipFactory.create().pk, by=works[Role.DIRECTOR].professional)


def test_the_database_refuses_that_somebody_reads_their_own_right(
    house: Establishment, works: dict[str, Membership]
) -> None:
    line = decide(house, works[Role.NURSE].pk, by=works[Role.DIRECTOR].professional)
    with pytest.raises(IntegrityError, match="right_read_by_another"), transaction.atomic():
        ReviewedRight.objects.create(
            review=line.review, right_id=uuid.uuid4(), professional=line.by, by=line.by, words="…",
            kept=True, at=NOW,
        )  # fmt: skip


def test_it_is_overdue_a_year_after_its_signature(house: Establishment, works: dict[str, Membership]) -> None:
    director = Actor(works[Role.DIRECTOR].professional, ())

    def told(now: dt.datetime) -> list[tuple[str, uuid.UUID]]:
        return [(one.words, one.id) for one in waits(director, [house.pk], now=now, today=now.date())]

    assert told(NOW) == [(house.name, house.pk)]
    all_kept(house, works)
    yearly.sign(establishment=house, moment=MOMENT, by=director.professional)
    assert told(NOW + 364 * DAY) == []
    assert told(NOW + 365 * DAY) == [(house.name, house.pk)]

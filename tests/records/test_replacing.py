"""A function held for some days in place of somebody else: by whom, to whom, how long; it ends by itself."""

import datetime as dt
from typing import Any

import pytest

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody, Unit
from jalon.records import replacing
from jalon.records.models import Record, Replacement
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import Actor
from jalon.staff.rules import LENDS, PERMISSIONS, Permission, Role
from tests.factories import (
    NOW,
    TODAY,
    AccountFactory,
    MembershipFactory,
    ProfessionalFactory,
    RecordFactory,
    UnitFactory,
    actor,
    actor_for,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def unit(body: ManagingBody) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def lead(unit: Unit) -> Actor:
    return actor(Role.TEAM_LEAD, establishment=unit.establishment)


@pytest.fixture
def nurse(unit: Unit) -> Membership:
    return MembershipFactory.create(establishment=unit.establishment, unit=unit, role=Role.NURSE)


@pytest.fixture
def substitute(body: ManagingBody) -> Professional:
    return ProfessionalFactory.create(account=AccountFactory.create())


def give(lead: Actor, work: Membership, substitute: Professional, **said: Any) -> Replacement:
    usual = {"starts_on": TODAY, "ends_on": TODAY, "reason": "Congé.", "now": NOW}
    return replacing.replace(work=work, substitute=substitute, actor=lead, **usual | said)


def refused(code: str) -> Any:
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def seen(somebody: Professional, day: dt.date) -> set[Record]:
    return set(Record.objects.visible_to(actor_for(somebody, day), today=day))


def test_a_replacement_of_a_day_opens_what_the_function_opens_there_and_ends_by_itself(
    unit: Unit, lead: Actor, nurse: Membership, substitute: Professional
) -> None:
    record = RecordFactory.create(establishment=unit.establishment, unit=unit)
    made = give(lead, nurse, substitute)
    assert seen(substitute, TODAY) == {record}
    assert actor_for(substitute, TODAY).may(Permission.READ_HEALTH)
    assert seen(substitute, TODAY + DAY) == set()
    for one in (substitute, nurse.professional):
        assert list(replacing.about(one, TODAY)) == [made], "told to both"
    assert not replacing.about(substitute, TODAY + DAY).exists()
    facts = Entry.objects.get(action="records.replaced").facts
    assert (facts["replaced"], facts["reason"]) == (str(nurse.professional_id), "Congé.")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("replacement_without_reason", {"reason": " "}),
        ("replacement_too_long", {"ends_on": TODAY + 31 * DAY}),
        ("ends_before", {"ends_on": TODAY - DAY}),
    ],
)
def test_what_is_not_a_reasoned_and_short_replacement_is_refused(
    lead: Actor, nurse: Membership, substitute: Professional, code: str, said: dict[str, Any]
) -> None:
    with refused(code):
        give(lead, nurse, substitute, **said)
    assert not Replacement.objects.exists()


def test_nobody_replaces_themselves_nor_gives_a_function_to_themselves(
    lead: Actor, nurse: Membership
) -> None:
    with refused("replaces_oneself"):
        give(lead, nurse, nurse.professional)
    with refused("one_self"):
        give(lead, nurse, lead.professional)


def test_a_function_is_given_where_one_heads_and_below_ones_own(
    unit: Unit, lead: Actor, substitute: Professional
) -> None:
    elsewhere = MembershipFactory.create(role=Role.NURSE)
    above = MembershipFactory.create(establishment=unit.establishment, role=Role.DIRECTOR)
    keeper = MembershipFactory.create(establishment=unit.establishment, role=Role.ADMINISTRATOR)
    for work in (elsewhere, above, keeper):
        with refused("not_yours_to_lend"):
            give(lead, work, substitute)


def test_a_replacement_is_not_replaced_in_turn(
    lead: Actor, nurse: Membership, substitute: Professional
) -> None:
    made = give(lead, nurse, substitute)
    with refused("not_yours_to_lend"):
        give(lead, made.membership, ProfessionalFactory.create(account=AccountFactory.create()))


def test_a_function_that_is_not_held_that_day_is_not_given(
    lead: Actor, nurse: Membership, substitute: Professional
) -> None:
    nurse.ends_on = TODAY
    nurse.save()
    with refused("not_at_work"):
        give(lead, nurse, substitute, starts_on=TODAY + DAY, ends_on=TODAY + DAY)


@pytest.mark.parametrize("began", [0, 2])
def test_a_replacement_that_is_ended_opens_nothing_from_then_on(
    unit: Unit, lead: Actor, nurse: Membership, substitute: Professional, began: int
) -> None:
    RecordFactory.create(establishment=unit.establishment, unit=unit)
    made = give(lead, nurse, substitute, ends_on=TODAY + 9 * DAY)
    day = TODAY + began * DAY
    replacing.end(replacement=made, today=day, by=lead.professional)
    assert seen(substitute, day) == set()
    assert Entry.objects.filter(action="records.replacement_ended").exists()


def test_nobody_lends_a_function_that_grants_or_keeps_accounts_unless_they_are_above_it() -> None:
    for giver, lent in LENDS.items():
        assert giver not in lent
        assert not {role for role in lent if Permission.MANAGE_STAFF in PERMISSIONS[role]}
    assert not {role for role in LENDS[Role.TEAM_LEAD] if Permission.GRANT_ACCESS in PERMISSIONS[role]}

"""A list of staff: each line is judged on who is known; all of them come in, or none."""

import csv
import io

import pytest

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment, ManagingBody, Unit
from jalon.setup import accounts, staff_list
from jalon.setup.staff_list import Outcome, StaffList, errors_of
from jalon.staff.models import Account, Membership, Professional, Ticket
from jalon.staff.rules import Role
from tests.factories import (
    NOW,
    TODAY,
    AccountFactory,
    EstablishmentFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    SeatFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
TITLES = "Nom;Prénom;Courriel;RPPS;Fonction;Établissement;Unité;Déjà connu"


@pytest.fixture
def house(body: ManagingBody) -> Establishment:
    return EstablishmentFactory.create(name="Foyer d’Essai")


@pytest.fixture
def unit(house: Establishment) -> Unit:
    return UnitFactory.create(establishment=house, name="Bleue")


@pytest.fixture
def colleague(house: Establishment, body: ManagingBody) -> Professional:
    one = ProfessionalFactory.create(first_name="Ada", last_name="SAULE", with_account=True)
    MembershipFactory.create(professional=one, establishment=house, role=Role.NURSE)
    SeatFactory.create(account=one.account, managing_body=body)
    return one


def sheet(*lines: str) -> bytes:
    return "\n".join([TITLES, *lines]).encode()


def ana(role: str = "infirmière", unit: str = "", **more: str) -> str:
    said = {
        "last": "ÉRABLE",
        "first": "Ana",
        "email": "ana@exemple.test",
        "rpps": "",
        "house": "Foyer d'essai",
    }
    said |= more
    return ";".join(
        (
            said["last"],
            said["first"],
            said["email"],
            said["rpps"],
            role,
            said["house"],
            unit,
            more.get("known", ""),
        )
    )


def somebody(one: Professional, role: str = "infirmière", **more: str) -> str:
    assert one.account
    named = {"last": one.last_name, "first": one.first_name, "email": one.account.email}
    return ana(role, **named | more)


def look(*lines: str, mine: bool = True) -> StaffList:
    return staff_list.look(sheet(*lines), reach=lambda house, unit: mine, today=TODAY)


def outcomes(found: StaffList) -> list[str]:
    return [one.outcome.value for one in found.verdicts]


def bring_in(*lines: str) -> tuple[StaffList, list[staff_list.Invited]]:
    return staff_list.bring_in(sheet(*lines), reach=lambda house, unit: True, by=None, now=NOW, today=TODAY)


def test_looking_says_line_by_line_and_writes_nothing(
    house: Establishment, colleague: Professional, unit: Unit
) -> None:
    before = Account.objects.count(), Membership.objects.count()
    found = look(
        ana(unit="bleue"), somebody(colleague), somebody(colleague, "cheffe de service"), ana("reine")
    )
    assert outcomes(found) == ["invited", "same", "added", "refused"]
    assert dict(found.columns)["Courriel"] == "Courriel"
    assert (Account.objects.count(), Membership.objects.count()) == before
    assert not Entry.objects.exists()


def test_everybody_of_a_right_list_comes_in_with_a_link(house: Establishment, unit: Unit) -> None:
    bo = ana("educator", last="SAULE", first="Bo", email="bo@exemple.test", rpps="10100000002")
    found, invited = bring_in(ana(unit="Bleue"), ana("cheffe de service"), bo)
    assert not found.stopped
    assert [str(one.professional) for one in invited] == ["Ana ÉRABLE", "Bo SAULE"]
    assert Ticket.objects.count() == 2
    held = Membership.objects.filter(professional=invited[0].professional)
    assert {(one.role, one.unit) for one in held} == {("nurse", unit), ("team_lead", None)}
    assert Account.objects.get(email="bo@exemple.test").rpps == "10100000002"
    assert Entry.objects.get(action="staff.list_brought_in").facts["invited"] == 3


@pytest.mark.parametrize("wrong", [ana("reine"), ana(house="Ailleurs"), ana(unit="Rouge"), ana(email="rien")])
def test_one_wrong_line_leaves_everybody_out(house: Establishment, wrong: str) -> None:
    found, invited = bring_in(ana(email="bo@exemple.test"), wrong)
    assert [one.line.number for one in found.stopped] == [3]
    assert invited == []
    assert not Account.objects.exists()


def test_a_list_brought_in_twice_changes_nothing_the_second_time(house: Establishment) -> None:
    bring_in(ana())
    found, invited = bring_in(ana())
    assert (outcomes(found), invited) == (["same"], [])
    assert Membership.objects.count() == 1


def test_who_left_is_asked_about_and_never_comes_back_by_themselves(
    house: Establishment, colleague: Professional
) -> None:
    accounts.leave(professional=colleague, today=TODAY, by=None)
    found, _ = bring_in(somebody(colleague))
    assert outcomes(found) == ["asked"]
    assert "est parti" in found.verdicts[0].why
    colleague.refresh_from_db()
    assert colleague.account and not colleague.account.is_active
    found, invited = bring_in(somebody(colleague, known="oui"))
    assert outcomes(found) == ["invited"]
    assert invited[0].professional == colleague


def test_another_name_on_a_known_address_is_asked_about(
    house: Establishment, colleague: Professional
) -> None:
    found = look(somebody(colleague, "educator", last="TREMBLE"))
    assert (outcomes(found), "celui de Ada SAULE" in found.verdicts[0].why) == (["asked"], True)


def test_an_address_of_another_managing_body_is_asked_about_and_gets_no_link(house: Establishment) -> None:
    SeatFactory.create(
        account=AccountFactory.create(email="ana@exemple.test"), managing_body=ManagingBodyFactory.create()
    )
    assert outcomes(look(ana())) == ["asked"]
    found, invited = bring_in(ana(known="oui"))
    assert (outcomes(found), invited) == (["added"], [])


def test_a_number_of_another_account_is_refused_even_said_known(
    house: Establishment, colleague: Professional
) -> None:
    line = ana(rpps=colleague.rpps, known="oui")
    assert "autre compte" in look(line).verdicts[0].why
    other = somebody(colleague, "educator", rpps="10100009999", known="oui")
    assert "autre RPPS" in look(other).verdicts[0].why


def test_where_one_keeps_no_account_a_line_is_refused(house: Establishment) -> None:
    found = look(ana(), mine=False)
    assert (outcomes(found), "vous n’y tenez pas" in found.verdicts[0].why) == (["refused"], True)


def test_a_house_of_another_managing_body_is_not_known_here(house: Establishment) -> None:
    with tenant(ManagingBodyFactory.create().pk):
        other = EstablishmentFactory.create(name="Loin")
    assert "n’est pas connu ici" in look(ana(house=other.finess)).verdicts[0].why


def test_the_file_of_errors_is_a_list_that_says_why_and_is_sent_again(house: Establishment) -> None:
    found = look(ana("reine"), ana(email="bo@exemple.test"))
    (titles, line) = list(csv.reader(io.StringIO(errors_of(found).decode("utf-8-sig")), delimiter=";"))
    assert titles[-1] == "Ce qui arrive"
    assert "n’est pas une fonction" in line[-1]
    mended = errors_of(found).replace(b"reine", "infirmière".encode())
    again = staff_list.look(mended, reach=lambda house, unit: True, today=TODAY)
    assert outcomes(again) == ["invited"]


def test_a_list_of_titles_alone_is_refused(house: Establishment) -> None:
    with pytest.raises(DomainError, match="titres"):
        look()


def test_every_outcome_is_counted(house: Establishment) -> None:
    found = look(ana(), ana("reine"))
    assert {outcome: found.count(outcome) for outcome in Outcome if found.count(outcome)} == {
        "invited": 1,
        "refused": 1,
    }

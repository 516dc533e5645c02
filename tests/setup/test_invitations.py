"""A first sign-in: who is invited, by a link that opens once, and who recognizes them."""

import datetime as dt
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.setup import accounts, invitations
from jalon.setup.accounts import Work
from jalon.setup.invitations import Invited, Step, code_of, opened_by, redeem, step_of
from jalon.staff.actions import Newcomer
from jalon.staff.models import Account, Membership, Professional, Session, Ticket
from jalon.staff.queries import bodies_of
from jalon.staff.rules import Role
from tests.factories import (
    NOW,
    TEST_PASSWORD,
    TODAY,
    AccountFactory,
    EstablishmentFactory,
    ManagingBodyFactory,
    MembershipFactory,
    ProfessionalFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(hours=72)
WHO = Newcomer("ana@jalon.example", "Ana", "FICTIVE")


@pytest.fixture
def work(body: ManagingBody) -> Work:
    return Work(Role.NURSE, EstablishmentFactory.create(), None, TODAY)


@pytest.fixture
def keeper(work: Work) -> Professional:
    one = ProfessionalFactory.create(with_account=True)
    MembershipFactory.create(professional=one, role=Role.ADMINISTRATOR, establishment=work.establishment)
    return one


@pytest.fixture
def ana(work: Work, keeper: Professional) -> Invited:
    return invitations.invite(who=WHO, work=work, by=keeper, now=NOW)


def refused(code: str) -> object:
    return pytest.raises(DomainError, check=lambda refusal: refusal.code == code)


def account_of(invited: Invited) -> Account:
    return Account.objects.get(pk=invited.professional.account_id)


def token_of(invited: Invited) -> str:
    return invited.link.rstrip("/").rpartition("/")[2]


def follow(invited: Invited, *, factor: bool = True) -> Account:
    """The newcomer chooses a password, and makes a factor."""
    account = redeem(token=token_of(invited), password=TEST_PASSWORD, now=NOW)
    if factor:
        Authenticator.objects.create(user=account, type="totp", data={"secret": "une-graine-d-essai"})
    return account


def test_who_is_invited_has_a_function_a_seat_and_nothing_that_opens(
    ana: Invited, keeper: Professional, body: ManagingBody
) -> None:
    account = account_of(ana)
    assert not account.vouched
    assert not account.has_usable_password()
    assert bodies_of(account) == [body.pk]
    assert Membership.objects.get(professional=ana.professional).role == Role.NURSE
    assert step_of(account, NOW) == Step.INVITED
    assert Entry.objects.get(action="staff.invited").professional == keeper


def test_a_copy_of_the_base_does_not_hold_the_link(ana: Invited) -> None:
    (ticket,) = Ticket.objects.all()
    assert token_of(ana) not in str(vars(ticket))
    assert len(token_of(ana)) == 43


def test_a_link_opens_once_until_its_end(ana: Invited, settings: Settings) -> None:
    assert LATER.total_seconds() == settings.INVITATION
    last = NOW + LATER - dt.timedelta(seconds=1)
    assert opened_by(token_of(ana), last)
    assert opened_by(token_of(ana), NOW + LATER) is None
    account = redeem(token=token_of(ana), password=TEST_PASSWORD, now=last)
    assert account.check_password(TEST_PASSWORD)
    assert opened_by(token_of(ana), last) is None
    with refused("dead_link"):
        redeem(token=token_of(ana), password="un-autre-essai", now=last)
    assert account_of(ana).check_password(TEST_PASSWORD)


def test_a_link_that_was_never_made_or_is_another_s_opens_nothing(ana: Invited) -> None:
    for forged in ("", "x", token_of(ana)[:-1], token_of(ana).upper(), Ticket.objects.get().digest, "é\0"):
        assert opened_by(forged, NOW) is None
        with refused("dead_link"):
            redeem(token=forged, password=TEST_PASSWORD, now=NOW)


def test_the_code_opens_the_account_to_who_typed_it_right(ana: Invited, keeper: Professional) -> None:
    with refused("not_ready"):
        invitations.confirm(professional=ana.professional, code="000000", by=keeper)
    account = follow(ana)
    assert step_of(account, NOW) == Step.TO_CONFIRM
    code = code_of(account)
    assert len(code) == 6
    wrong = f"{(int(code) + 1) % 10**6:06}"
    with refused("wrong_code"):
        invitations.confirm(professional=ana.professional, code=wrong, by=keeper)
    assert not account_of(ana).vouched
    assert Entry.objects.get(action="staff.confirmation_refused").professional == keeper
    invitations.confirm(professional=ana.professional, code=f" {code[:3]} {code[3:]} ", by=keeper)
    assert account_of(ana).vouched
    assert Entry.objects.get(action="staff.confirmed").professional == keeper
    with refused("is_in"):
        invitations.confirm(professional=ana.professional, code=code, by=keeper)


def test_the_code_is_that_of_a_password_and_of_factors_and_of_no_others(ana: Invited) -> None:
    account = follow(ana, factor=False)
    assert code_of(account) == ""
    assert step_of(account, NOW) == Step.ENTERING
    factor = Authenticator.objects.create(user=account, type="totp", data={"secret": "a"})
    first = code_of(account)
    Authenticator.objects.create(user=account, type="recovery_codes", data={"seed": "b"})
    assert code_of(account) == first
    Authenticator.objects.create(user=account, type="webauthn", data={})
    second = code_of(account)
    factor.delete()
    third = code_of(account)
    account.set_password("un-autre-essai-encore")
    assert len({first, second, third, code_of(account)}) == 4


def test_another_link_shuts_the_former_and_what_it_served_to_make(ana: Invited, keeper: Professional) -> None:
    account = follow(ana)
    Session.objects.create(digest="d" * 64, account=account, content=b"", started_at=NOW, ends_at=NOW + LATER)
    again = invitations.invite_again(professional=ana.professional, by=keeper, now=NOW)
    assert not account_of(ana).has_usable_password()
    assert not Authenticator.objects.filter(user=account).exists()
    assert not Session.objects.exists()
    assert opened_by(token_of(ana), NOW) is None
    assert opened_by(token_of(again), NOW)
    assert Ticket.objects.count() == 1


def test_an_invitation_taken_back_opens_nothing(ana: Invited, keeper: Professional) -> None:
    invitations.cancel(professional=ana.professional, by=keeper)
    assert opened_by(token_of(ana), NOW) is None
    assert step_of(account_of(ana), NOW) == Step.LAPSED
    assert Entry.objects.get(action="staff.invitation_cancelled").object_id == ana.professional.pk


def test_who_leaves_before_coming_has_a_link_that_opens_nothing(ana: Invited) -> None:
    accounts.leave(professional=ana.professional, today=TODAY, by=None)
    assert opened_by(token_of(ana), NOW) is None
    with refused("no_account"):
        invitations.invite_again(professional=ana.professional, by=None, now=NOW)


def test_somebody_known_is_invited_only_when_it_is_said(ana: Invited, work: Work) -> None:
    other = Work(Role.TEAM_LEAD, work.establishment, None, TODAY, dt.date(2027, 3, 31))
    with refused("is_known"):
        invitations.invite(who=WHO, work=other, by=None, now=NOW)
    follow(ana)
    again = invitations.invite(who=WHO, work=other, known=True, by=None, now=NOW)
    assert again.professional == ana.professional
    assert not account_of(ana).has_usable_password(), "nobody had recognized who made it"
    assert Membership.objects.get(role=Role.TEAM_LEAD).ends_on == dt.date(2027, 3, 31)


def test_a_former_colleague_comes_back_by_a_link_and_is_recognized_again(
    work: Work, keeper: Professional, body: ManagingBody
) -> None:
    one = ProfessionalFactory.create(with_account=True)
    MembershipFactory.create(professional=one, establishment=work.establishment)
    SeatFactory.create(account=one.account, managing_body=body)
    assert accounts.leave(professional=one, today=TODAY, by=None)
    who = Newcomer(one.account.email, "Autre", "NOM")
    with refused("is_known"):
        invitations.invite(who=who, work=work, by=keeper, now=NOW)
    back = invitations.invite(who=who, work=work, known=True, by=keeper, now=NOW)
    assert back.professional == one
    assert opened_by(token_of(back), NOW)
    assert not account_of(back).vouched


def test_whose_means_open_elsewhere_has_no_link_here(work: Work, body: ManagingBody) -> None:
    """Who keeps the accounts here would choose the password of somebody who enters another managing body."""
    account = AccountFactory.create(email=WHO.email)
    SeatFactory.create(account=account, managing_body=ManagingBodyFactory.create())
    invited = invitations.invite(who=WHO, work=work, known=True, by=None, now=NOW)
    assert invited.link == ""
    assert not Ticket.objects.exists()
    assert account_of(invited).check_password(TEST_PASSWORD)
    assert account_of(invited).vouched
    assert body.pk in bodies_of(account)


def test_an_account_that_waits_elsewhere_is_given_no_seat_here(ana: Invited, body: ManagingBody) -> None:
    with tenant(ManagingBodyFactory.create().pk):
        work = Work(Role.NURSE, EstablishmentFactory.create(), None, TODAY)
        with refused("awaited_elsewhere"):
            invitations.invite(who=WHO, work=work, known=True, by=None, now=NOW)
    assert bodies_of(account_of(ana)) == [body.pk]


def test_nobody_confirms_oneself_nor_an_account_that_enters_elsewhere(
    ana: Invited, keeper: Professional
) -> None:
    code = code_of(follow(ana))
    with refused("one_self"):
        invitations.confirm(professional=ana.professional, code=code, by=ana.professional)
    SeatFactory.create(account=account_of(ana), managing_body=ManagingBodyFactory.create())
    for gesture in (invitations.cancel, invitations.invite_again):
        with refused("several_bodies"):
            gesture(
                professional=ana.professional,
                by=keeper,
                **({} if gesture is invitations.cancel else {"now": NOW}),
            )
    with refused("several_bodies"):
        invitations.confirm(professional=ana.professional, code=code, by=keeper)
    assert not account_of(ana).vouched


def test_access_given_back_in_person_is_recognized_again(keeper: Professional, body: ManagingBody) -> None:
    one = ProfessionalFactory.create(with_account=True)
    SeatFactory.create(account=one.account, managing_body=body)
    accounts.recover(professional=one, password="un-autre-essai", by=keeper)
    assert not Account.objects.get(pk=one.account_id).vouched


def test_who_was_never_recognized_keeps_no_accounts(work: Work, keeper: Professional) -> None:
    as_keeper = Work(Role.ADMINISTRATOR, work.establishment, None, TODAY)
    invitations.invite(who=WHO, work=as_keeper, by=keeper, now=NOW)
    with refused("last_administrator"):
        accounts.leave(professional=keeper, today=TODAY, by=keeper)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_follow_a_link_at_the_same_instant_one_chooses() -> None:
    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        work = Work(Role.NURSE, EstablishmentFactory.create(), None, TODAY)
        invited = invitations.invite(who=WHO, work=work, by=None, now=NOW)
    chosen: list[str] = []

    def choose(password: str) -> None:
        try:
            redeem(token=token_of(invited), password=password, now=NOW)
            chosen.append(password)
        except DomainError as refusal:
            assert refusal.code == "dead_link"
        finally:
            connection.close()

    both = [threading.Thread(target=choose, args=(f"un-essai-de-plus-{rank}",)) for rank in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(chosen) == 1
    assert Account.objects.get(email=WHO.email).check_password(chosen[0])


def test_links_that_have_ended_are_forgotten(ana: Invited) -> None:
    invitations.forget_tickets(NOW)
    assert Ticket.objects.exists()
    invitations.forget_tickets(NOW + LATER)
    assert not Ticket.objects.exists()

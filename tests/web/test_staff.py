"""The staff: who works here, what they do from one day to another, and the day they leave."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Access, Entry
from jalon.db.tenant import tenant
from jalon.staff.models import Membership
from tests.factories import MembershipFactory
from tests.web.filled import filled
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(story: Story) -> Client:
    """Who keeps the accounts of the whole of our house."""
    return enter(story.hire("administrator"))


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


def page(name: str, row: object) -> str:
    return reverse(f"staff:{name}", args=[row])


def test_a_departure_noted_on_screen_shuts_every_session_at_its_next_page(
    story: Story, keeper: Client
) -> None:
    nurse, tablet = story.professional("nurse"), enter(story.staff["nurse"])
    assert tablet.get(reverse("home:day")).status_code == 200
    address = page("leave", nurse.pk)
    answer = keeper.post(address, filled(keeper, address), follow=True)
    assert "Départ noté. Son accès est fermé." in text(answer)
    assert tablet.get(reverse("home:day")).status_code == 302
    assert str(nurse) not in text(keeper.get(reverse("staff:list")))
    assert str(nurse) in text(keeper.get(reverse("staff:list") + "?partis"))
    with tenant(story.body.pk):
        entry = Entry.objects.get(action="staff.left", object_id=nurse.pk)
        assert entry.professional_id != nurse.pk


def test_functions_are_added_changed_and_ended(story: Story, keeper: Client) -> None:
    nurse = story.professional("nurse")
    address = page("assign", nurse.pk)
    sent = {"role": "team_lead", "place": str(story.house.pk), "ends_on": "2027-01-31"}
    keeper.post(address, filled(keeper, address) | sent)
    with tenant(story.body.pk):
        held = Membership.objects.get(professional=nurse, role="nurse")
        assert Membership.objects.get(professional=nurse, role="team_lead").unit is None
    address = page("function", held.pk)
    here = f"{story.house.pk} {story.other_unit.pk}"
    keeper.post(address, filled(keeper, address) | {"place": here, "starts_on": "2026-12-01"})
    address = page("end", held.pk)
    answer = keeper.post(address, filled(keeper, address) | {"ends_on": "2026-11-25"}, follow=True)
    shown = text(answer)
    for said in ("au 25 novembre 2026", "Rouge, du 1er décembre 2026", "31 janvier 2027"):
        assert said in shown


@pytest.mark.requirement("SC.SSI/IAM.91")
def test_the_former_days_of_a_function_are_in_its_history_with_who_wrote(
    story: Story, keeper: Client
) -> None:
    with tenant(story.body.pk):
        held = Membership.objects.get(professional=story.professional("nurse"))
    address = page("end", held.pk)
    keeper.post(address, filled(keeper, address) | {"ends_on": "2026-11-30"})
    with tenant(story.body.pk):
        latest = held.events.order_by("-pk").first()
        assert str(latest.ends_on) == "2026-11-30"
        assert latest.pgh_context["professional"] == str(Entry.objects.latest("at").professional_id)


def test_what_one_keeps_no_account_of_is_refused_whatever_the_address_names(
    story: Story, keeper: Client
) -> None:
    """Our other house, another managing body, nobody: one answer, one trace, nothing changed."""
    strangers = [story.cases[place].directory for place in ("other_house", "other_body")]
    nobody = story.record.pk
    for named in [*strangers, {"colleague_id": nobody, "membership_id": nobody}]:
        for name, row in [
            *((one, named["colleague_id"]) for one in ("one", "assign", "leave")),
            *((one, named["membership_id"]) for one in ("function", "end")),
        ]:
            answer = keeper.post(page(name, row), {"ends_on": "2026-11-30"}) if name != "one" else None
            answer = answer or keeper.get(page(name, row))
            assert answer.status_code == 403, name
            assert "Vous ne tenez pas les comptes de cet endroit." in text(answer)
    assert len(story.traces(outcome=Access.Outcome.REFUSED)) == 15
    for place in ("other_house", "other_body"):
        case = story.cases[place]
        with tenant(case.record.managing_body_id):
            assert str(Membership.objects.get(pk=case.directory["membership_id"]).ends_on) == "2027-08-31"


def test_a_place_of_elsewhere_cannot_be_given_by_hand(story: Story, keeper: Client) -> None:
    nurse = story.professional("nurse")
    other_body = story.cases["other_body"].record.establishment_id
    for forged in (story.other_house.pk, other_body, f"{story.house.pk} {other_body}", "rien"):
        sent = {"role": "director", "place": str(forged), "starts_on": "2026-11-22"}
        assert keeper.post(page("assign", nurse.pk), sent).status_code == 422
    with tenant(story.body.pk):
        assert Membership.objects.filter(professional=nurse).count() == 1


def test_what_a_form_does_not_ask_is_not_set(story: Story, keeper: Client) -> None:
    with tenant(story.body.pk):
        held = Membership.objects.get(professional=story.professional("nurse"))
    sent = {"ends_on": "2026-11-30", "role": "director", "establishment": str(story.other_house.pk)}
    keeper.post(page("end", held.pk), sent | {"professional": str(story.professional("director").pk)})
    with tenant(story.body.pk):
        after = Membership.objects.get(pk=held.pk)
        assert (after.role, after.establishment_id, after.professional_id, str(after.ends_on)) == (
            "nurse",
            held.establishment_id,
            held.professional_id,
            "2026-11-30",
        )


def test_who_keeps_the_accounts_of_a_unit_reaches_that_unit_alone(story: Story) -> None:
    keeper = enter(story.staff["administrator"])
    shown = text(keeper.get(reverse("staff:list")))
    assert str(story.professional("nurse")) in shown
    assert "Rouge" not in shown
    assert keeper.get(page("one", story.cases["other_unit"].directory["colleague_id"])).status_code == 403


def test_who_also_works_elsewhere_does_not_leave_from_here(story: Story, keeper: Client) -> None:
    nurse = story.professional("nurse")
    with tenant(story.body.pk):
        MembershipFactory.create(professional=nurse, establishment=story.other_house)
    answer = keeper.post(page("leave", nurse.pk))
    assert answer.status_code == 422
    assert "travaille aussi là où vous ne tenez pas les comptes" in text(answer)


@pytest.mark.requirement("SC.SSI/GEN.16")
def test_one_neither_raises_oneself_nor_leaves_the_house_without_anybody(story: Story) -> None:
    account = story.hire("administrator")
    keeper = enter(account)
    with tenant(story.body.pk):
        held = Membership.objects.get(professional__account=account)
    sent = {"role": "director", "place": str(story.house.pk), "starts_on": "2026-11-23"}
    for name, row in (("assign", held.professional_id), ("function", held.pk)):
        assert "Nul ne change sa propre fonction." in text(keeper.post(page(name, row), sent))
    assert "Plus personne ne tiendrait les comptes" in text(keeper.post(page("leave", held.professional_id)))
    assert keeper.get(reverse("staff:list")).status_code == 200


@pytest.mark.requirement("SC.SSI/IE.35")
def test_access_given_back_in_person_shows_a_password_once_and_leads_to_a_new_factor(
    story: Story, keeper: Client
) -> None:
    nurse, tablet = story.professional("nurse"), enter(story.staff["nurse"])
    address = page("recover", nurse.pk)
    shown = text(keeper.post(address, filled(keeper, address)))
    password = shown.partition("<code>")[2].partition("</code>")[0]
    assert len(password) == 23
    assert tablet.get(reverse("home:day")).status_code == 302
    assert password not in text(keeper.get(page("one", nurse.pk)))
    back = Client()
    sent = {"login": story.staff["nurse"].email, "password": password}
    assert back.post(reverse("account_login"), sent).status_code == 302
    assert back.get(reverse("people:list"))["Location"] == reverse("mfa_activate_totp")
    with tenant(story.body.pk):
        assert Entry.objects.get(action="staff.recovered").object_id == nurse.pk

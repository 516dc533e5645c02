"""The gate: one trace a look, a refusal always traced, no right by the back door."""

import datetime as dt
import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Access
from jalon.db.tenant import tenant
from jalon.staff.models import Professional
from jalon.staff.rules import Role
from jalon.web.registry import seen
from tests.factories import (
    TODAY,
    AccessGrantFactory,
    AccountFactory,
    HandoverNoteFactory,
    MembershipFactory,
    SeatFactory,
)
from tests.web.access_table import RECORD_PAGES, Row
from tests.web.pages import UNDER_A_RECORD, every_page
from tests.web.story import SECRET, Story, enter
from tests.web.test_access_table import address

ODD = pytest.mark.urls("tests.web.odd_urls")
DAY = dt.timedelta(days=1)
OPENED = [row for row in RECORD_PAGES if row.method == "get" and row.answer < 400]


def summary(story: Story, place: str = "own") -> str:
    return reverse("records:summary", args=[story.cases[place].record.pk])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def digits(page: str) -> str:
    return "".join(page.split())


def drawn(answer: HttpResponse) -> str:
    """The page without what is drawn anew each time (token and key of its forms) and what was asked."""
    page = re.sub(r'value="[\w-]{32,}"', "", answer.content.decode())
    return re.sub(r"/droits/demander/[\w-]{36}/", "", page)


# ── Traces ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("row", OPENED, ids=str)
def test_each_page_of_a_record_that_is_opened_leaves_exactly_one_trace(story: Story, row: Row) -> None:
    client = enter(story.hire(Role.DIRECTOR))
    assert client.get(address(row, story.cases["own"])).status_code < 400
    (trace,) = story.traces()
    assert (trace.outcome, trace.page) == (Access.Outcome.OPENED, row.name)
    assert (trace.record_id, trace.person_id) == (story.record.pk, story.record.person_id)


@pytest.mark.requirement("SC.INS/va1.39")
def test_showing_the_whole_ins_is_a_gesture_with_a_trace_of_its_own(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    with tenant(story.body.pk):
        hidden = story.record.person.ins[8:13]
    assert hidden not in digits(text(nurse, summary(story)))
    shown = nurse.post(reverse("records:reveal-ins", args=[story.record.pk]))
    assert hidden in digits(shown.content.decode())
    outcomes = [trace.outcome for trace in story.traces()]
    assert outcomes == [Access.Outcome.OPENED, Access.Outcome.OPENED, Access.Outcome.REVEALED]


def test_a_list_of_people_opens_no_record(story: Story, educator: Client) -> None:
    for name in ("home:day", "people:list", "agenda:week"):
        text(educator, reverse(name))
    assert not [trace for trace in story.traces() if trace.record_id]  # shown: tests.web.test_traces


def test_every_page_of_a_record_has_its_words_on_the_page_of_accesses() -> None:
    pages = [page.name for page in every_page() if page.route.startswith(UNDER_A_RECORD)]
    assert pages
    assert [name for name in pages if name not in seen()] == []


def test_the_page_of_accesses_shows_who_looked_and_who_was_refused(story: Story, lead: Client) -> None:
    enter(story.staff["secretary"]).get(reverse("records:plan", args=[story.record.pk]))
    page = text(lead, reverse("records:accesses", args=[story.record.pk]))
    assert "Refusé" in page
    assert "secrétaire d’admission" in page


@ODD
def test_a_refusal_is_traced_even_when_the_view_fails_afterwards(story: Story, educator: Client) -> None:
    educator.raise_request_exception = False
    assert educator.get(reverse("breaks", args=[story.record.pk])).status_code == 500
    opened, refused = story.traces()
    assert opened.outcome == Access.Outcome.OPENED
    assert (refused.outcome, refused.reason) == (Access.Outcome.REFUSED, "Refusé par la vue.")


# ── Rights ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_of_nobody_answers_as_one_that_is_closed_to_me(story: Story, educator: Client) -> None:
    nobody = educator.get(reverse("records:summary", args=[uuid.uuid4()]))
    closed = educator.get(summary(story, "other_body"))
    assert (nobody.status_code, closed.status_code) == (403, 403)
    assert drawn(nobody) == drawn(closed)


def test_a_role_in_the_whole_house_opens_all_its_units_and_nothing_else(story: Story) -> None:
    client = enter(story.hire(Role.TEAM_LEAD))
    opened = {place: client.get(summary(story, place)).status_code for place in story.cases}
    assert opened == {"own": 200, "other_unit": 200, "other_house": 403, "other_body": 403}


def test_a_grant_opens_one_record_with_the_rights_of_ones_role(story: Story, educator: Client) -> None:
    record = story.cases["other_house"].record
    with tenant(story.body.pk):
        AccessGrantFactory.create(record=record, professional=story.professional("educator"))
    page = text(educator, summary(story, "other_house"))
    assert "atelier cuisine" in page
    assert SECRET not in page
    assert reverse("records:plan", args=[record.pk]) in page
    assert f'href="{reverse("records:accesses", args=[record.pk])}"' not in page
    assert educator.get(summary(story, "other_unit")).status_code == 403


@pytest.mark.parametrize(("starts", "ends"), [(TODAY - 9 * DAY, TODAY - DAY), (TODAY + DAY, TODAY + 9 * DAY)])
def test_a_grant_opens_nothing_outside_its_dates(
    story: Story, educator: Client, starts: dt.date, ends: dt.date
) -> None:
    record = story.cases["other_unit"].record
    with tenant(story.body.pk):
        AccessGrantFactory.create(
            record=record, professional=story.professional("educator"), starts_on=starts, ends_on=ends
        )
    assert educator.get(summary(story, "other_unit")).status_code == 403


@pytest.mark.parametrize("period", [{"ended_yesterday": True}, {"starting_tomorrow": True}])
def test_a_role_opens_nothing_outside_its_dates(story: Story, period: dict[str, bool]) -> None:
    account = story.hire(Role.DIRECTOR, story.other_house)
    with tenant(story.body.pk):
        somebody = Professional.objects.get(account=account)
        MembershipFactory.create(professional=somebody, establishment=story.house, role="director", **period)
    assert enter(account).get(summary(story)).status_code == 403


def test_an_account_that_is_nobody_here_is_told_so(story: Story) -> None:
    account = AccountFactory.create()
    SeatFactory.create(account=account, managing_body=story.body)
    answer = enter(account).get(reverse("home:day"))
    assert answer.status_code == 403
    assert "rattaché à aucun professionnel" in answer.content.decode()


def test_an_account_without_any_seat_sees_nothing(story: Story) -> None:
    answer = enter(AccountFactory.create()).get(summary(story))
    assert answer.status_code == 403


def test_a_part_of_anothers_plan_is_not_reached_through_a_record_of_mine(story: Story) -> None:
    client = enter(story.hire(Role.EDUCATOR, unit=story.unit))
    foreign = story.cases["other_unit"].goal
    address = reverse("records:plan-part", args=[story.record.pk, "objectif", foreign])
    assert client.get(address).status_code == 404


def test_a_document_of_another_record_is_not_reached_through_a_record_of_mine(
    story: Story, educator: Client
) -> None:
    own, other = story.cases["own"], story.cases["other_unit"]
    for name, foreign in (("document", other.document), ("file", other.document)):
        assert educator.get(reverse(f"records:{name}", args=[own.record.pk, foreign])).status_code == 404
    decide = reverse("records:decide", args=[own.record.pk, other.delivery])
    assert educator.post(decide, {"geste": "recu"}).status_code == 404


def test_a_message_is_not_filed_in_a_record_that_is_closed_to_me(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    address = reverse("exchange:match", args=[story.cases["own"].reception])
    for sent in (
        str(story.cases["other_house"].record.pk),
        str(story.cases["other_body"].record.pk),
        "zzz",
        "",
    ):
        assert nurse.post(address, {"record": sent}).status_code == 403


# ── Health notes ──────────────────────────────────────────────────────────────────────────────────────────


def pages_of_notes(story: Story) -> list[str]:
    own = summary(story)
    return [own, f"{own}?famille=soin", reverse("handover:list"), f"{reverse('handover:list')}?voir=toutes"]


def test_health_notes_are_read_by_the_roles_of_care_alone(story: Story) -> None:
    nurse, educator = enter(story.staff["nurse"]), enter(story.staff["educator"])
    assert all(SECRET in text(nurse, page) for page in pages_of_notes(story))
    assert not any(SECRET in text(educator, page) for page in pages_of_notes(story))


def test_a_nurse_elsewhere_who_is_an_educator_here_reads_no_health_note_here(story: Story) -> None:
    account = story.hire(Role.EDUCATOR)
    with tenant(story.body.pk):
        somebody = Professional.objects.get(account=account)
        MembershipFactory.create(professional=somebody, establishment=story.other_house, role=Role.NURSE)
    client = enter(account)
    assert not any(SECRET in text(client, page) for page in pages_of_notes(story))
    client.post(reverse("place"), {"establishment": str(story.other_house.pk), "unit": ""})
    assert SECRET in text(client, reverse("handover:list"))


def test_a_health_note_that_may_not_be_read_may_not_be_marked_as_read(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        note = HandoverNoteFactory.create(record=story.record, of_health=True)
    assert educator.post(reverse("handover:read", args=[note.pk])).status_code == 403
    assert enter(story.staff["nurse"]).post(reverse("handover:read", args=[note.pk])).status_code == 302


# ── The chosen place ──────────────────────────────────────────────────────────────────────────────────────


def choose(client: Client, establishment: object, unit: object = "") -> None:
    assert (
        client.post(reverse("place"), {"establishment": str(establishment), "unit": str(unit)}).status_code
        == 302
    )


def listed(client: Client) -> set[str]:
    page = text(client, reverse("people:list"))
    return {name for name in ("ROSEAU", "SAULE", "TREMBLE", "ÉRABLE") if name in page}


def test_the_unit_switcher_narrows_the_lists(story: Story) -> None:
    client = enter(story.hire(Role.TEAM_LEAD))
    assert listed(client) == {"ROSEAU", "SAULE"}
    choose(client, story.house.pk, story.other_unit.pk)
    assert listed(client) == {"SAULE"}
    assert client.get(summary(story)).status_code == 200


def test_the_unit_switcher_gives_no_right(story: Story, educator: Client) -> None:
    choose(educator, story.house.pk, story.other_unit.pk)
    assert listed(educator) == set()
    choose(educator, story.house.pk)
    assert listed(educator) == {"ROSEAU"}


@pytest.mark.parametrize("sent", ["", "n’importe quoi", "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_a_place_that_is_not_mine_leads_back_to_mine(story: Story, educator: Client, sent: str) -> None:
    choose(educator, sent, sent)
    assert listed(educator) == {"ROSEAU"}
    choose(educator, story.other_house.pk)
    assert listed(educator) == {"ROSEAU"}

"""A door is what is shown: whatever page names a person, or says a note of theirs, leaves a trace of it."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Access
from jalon.db.tenant import tenant
from jalon.web.areas.accesses.views import words_of_pages
from tests.factories import HandoverNoteFactory
from tests.web.access_table import ROLES, TABLE, Row
from tests.web.story import NAMES, SECRET, Case, Story, enter, undone
from tests.web.test_access_table import address

NAME = settings.SESSION_COOKIE_NAME
TOLD = "A très mal dormi, à surveiller cette nuit."
WORDS = (NAMES["own"], SECRET, TOLD)
ELSEWHERE = [name for place, name in NAMES.items() if place != "own"]
SEVERAL = {
    "handover:list": {"voir": "toutes"},
    "people:list": {"q": "roseau"},
    "people:search": {"q": "roseau"},
}


@pytest.fixture(scope="module")
def sessions(written: tuple[Story, Path]) -> dict[str, str]:
    return {role: enter(account).cookies[NAME].value for role, account in written[0].staff.items()}


def traced(case: Case, traces: list[Access]) -> bool:
    return any(case.record.pk == one.record_id or case.record.pk in one.shown for one in traces)


def asked(client: Client, row: Row, case: Case) -> str:
    sent = row.sent(case) | (SEVERAL.get(row.name, {}) if row.method == "get" else {})
    answer = getattr(client, row.method)(address(row, case), sent, follow=True)  # what it says is told there
    return b"".join(answer).decode("utf-8", "replace")


@pytest.mark.requirement("SC.SSI/GEN.16")
@pytest.mark.parametrize("role", ROLES.values())
def test_no_page_names_somebody_without_a_trace_of_it_nor_anybody_of_elsewhere(
    story: Story, sessions: dict[str, str], role: str
) -> None:
    with tenant(story.body.pk):
        author = story.professional("psychologist")
        HandoverNoteFactory.create(
            record=story.record, author=author, written_at=story.now, important=True, title=TOLD, text=TOLD
        )
    client = Client()
    client.cookies[NAME] = sessions[role]
    for row in TABLE:
        with undone():
            said, traces = asked(client, row, story.cases["own"]), story.traces()
            if any(word in said for word in WORDS):
                assert traced(story.cases["own"], traces), row
            assert not [name for name in ELSEWHERE if name in said], row
            about = {one.page for one in traces if one.record_id or one.shown}
            assert about <= words_of_pages().keys(), row


def test_a_page_of_several_leaves_one_row_with_the_list_of_those_it_showed(
    story: Story, lead: Client
) -> None:
    for page in ("home:day", "people:list", "agenda:week", "handover:list"):
        with undone():
            lead.get(reverse(page), {"voir": "toutes"})
            (row,) = story.traces()
            assert (row.page, row.shown, row.record_id) == (page, [story.record.pk], None)
            assert row.professional_id == story.professional("team_lead").pk


def test_the_palette_traces_whom_it_found_and_nobody_else(story: Story, educator: Client) -> None:
    educator.get(reverse("people:search"), {"q": "personne de ce nom"})
    assert story.traces() == []
    educator.get(reverse("people:search"), {"q": "roseau"})
    assert [(row.page, row.shown) for row in story.traces()] == [("people:search", [story.record.pk])]


def test_who_saw_the_record_on_a_page_of_several_is_said_in_words(story: Story, lead: Client) -> None:
    enter(story.staff["educator"]).get(reverse("handover:list"), {"voir": "toutes"})
    said = lead.get(reverse("records:accesses", args=[story.record.pk])).content.decode()
    assert "Relève" in said
    assert "Montré" in said
    assert str(story.professional("educator").last_name) in said


def test_the_list_of_accesses_hides_none_of_them(story: Story, lead: Client) -> None:
    with tenant(story.body.pk):
        Access.objects.bulk_create(
            Access(
                professional=story.professional("nurse"),
                at=story.now - dt.timedelta(minutes=number),
                shown=[story.record.pk],
                page="handover:list",
                outcome=Access.Outcome.OPENED,
            )
            for number in range(260)
        )
    last = lead.get(reverse("records:accesses", args=[story.record.pk]), {"page": "6"}).content.decode()
    assert last.count('data-titre="Quand"') > 0

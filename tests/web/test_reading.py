"""A page that is read writes nothing but its trace: the connection refuses, whatever the view calls."""

import pytest
from django.db import InternalError
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Access, Entry
from jalon.db.tenant import tenant
from tests.web.story import Story

ODD = pytest.mark.urls("tests.web.odd_urls")


@ODD
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_is_read_cannot_write_even_by_an_action(story: Story, lead: Client, method: str) -> None:
    url = reverse("writes", args=[story.record.pk])
    with pytest.raises(InternalError, match="read-only transaction"):
        getattr(lead, method)(url)
    with tenant(story.body.pk):
        assert not Entry.objects.exists()


@ODD
def test_the_same_view_may_write_when_something_is_sent(story: Story, lead: Client) -> None:
    assert lead.post(reverse("writes", args=[story.record.pk])).status_code == 200
    with tenant(story.body.pk):
        assert Entry.objects.filter(action="people.edited").count() == 1


def test_the_page_of_accesses_and_every_page_of_a_record_still_leave_their_trace(
    story: Story, lead: Client
) -> None:
    lead.get(reverse("records:accesses", args=[story.record.pk]))
    (trace,) = story.traces()
    assert (trace.page, trace.outcome) == ("records:accesses", Access.Outcome.OPENED)

"""The gate outside the transaction of a test: what it traces is committed, whatever the request becomes."""

import pytest
from django.urls import reverse

from jalon.audit.models import Access
from tests.factories import NOW
from tests.web.story import enter, write_story


@pytest.mark.urls("tests.web.odd_urls")
@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_traced_even_when_the_whole_request_is_rolled_back() -> None:
    story = write_story(NOW)
    client = enter(story.staff["educator"])
    client.raise_request_exception = False
    assert client.post(reverse("cannot-commit", args=[story.record.pk])).status_code == 500
    (trace,) = story.traces()
    assert (trace.outcome, trace.reason) == (Access.Outcome.REFUSED, "Refusé par la vue.")

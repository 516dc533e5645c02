"""A vigilance from the screen that writes it to every place that shows it, until it ends with its reason."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.web.filled import filled
from tests.web.story import Story

pytestmark = pytest.mark.django_db


def under(story: Story, name: str, *more: object) -> str:
    return reverse(f"records:{name}", args=[story.record.pk, *more])


def banner(client: Client, address: str) -> str:
    page = html.fromstring(client.get(address).content.decode())
    return " ".join(page.xpath('//*[@class="identite__alertes"]')[0].text_content().split())


def test_a_vigilance_is_added_corrected_and_ended_on_screen(story: Story, educator: Client) -> None:
    summary, added = under(story, "summary"), under(story, "vigilance-add")
    educator.post(added, filled(educator, added) | {"kind": "swallowing", "text": "Eau gélifiée"})
    assert "Eau gélifiée" in banner(educator, summary)
    listed = html.fromstring(educator.get(under(story, "vigilances")).content.decode())
    (edit,) = [
        link.get("href")
        for link in listed.xpath("//main//li[contains(., 'gélifiée')]//a")
        if "/fin/" not in link.get("href")
    ]
    educator.post(edit, filled(educator, edit) | {"text": "Texture mixée"})
    assert "Texture mixée" in banner(educator, under(story, "agenda"))
    end = f"{edit}fin/"
    assert educator.post(end, filled(educator, end) | {"end_reason": ""}).status_code == 422
    educator.post(end, filled(educator, end) | {"end_reason": "Bilan du 20 novembre : déglutition sûre."})
    assert "mixée" not in banner(educator, summary)
    assert "déglutition sûre" in educator.get(under(story, "vigilances")).content.decode()

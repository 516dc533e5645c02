"""The photo of a person: with an agreement, shown to whoever opens the record, taken away by one gesture."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.people.models import Person
from tests.documents.test_photos import photo
from tests.web.filled import filled
from tests.web.story import Story, enter

MARK = "photo/image/"


def page(story: Story, name: str) -> str:
    return reverse(f"records:{name}", args=[story.record.pk])


def shown(client: Client, story: Story, data: bytes = b"", **said: str) -> Any:
    file = SimpleUploadedFile("moi.jpg", data or photo(), "image/jpeg")
    sent = filled(client, page(story, "photo")) | {"photo_agreed_by": "Elle-même"} | said
    return client.post(page(story, "photo"), sent | {"photo": file}, follow=True)


def kept(story: Story) -> Person:
    with tenant(story.body.pk):
        return Person.objects.get(pk=story.record.person_id)


def test_a_photo_is_shown_in_the_banner_with_its_agreement_and_taken_away(story: Story, lead: Client) -> None:
    assert MARK not in lead.get(page(story, "identity")).content.decode()
    answer = shown(lead, story).content.decode()
    assert "Photo enregistrée." in answer
    assert "accord de Elle-même" in answer
    assert MARK in lead.get(page(story, "summary")).content.decode()
    picture = lead.get(page(story, "photo-picture"))
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Cache-Control"] == "private, max-age=3600"
    assert lead.post(page(story, "photo-hide"), {}).status_code == 302
    assert MARK not in lead.get(page(story, "summary")).content.decode()
    assert lead.get(page(story, "photo-picture")).status_code == 404
    with tenant(story.body.pk):
        acts = Entry.objects.filter(action__startswith="people.photo").order_by("at")
        assert [entry.action for entry in acts] == ["people.photo_shown", "people.photo_hidden"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"photo_agreed_by": " "}, "photo_agreed_by"),
        ({"photo_agreed_on": "2126-01-01"}, "dites qui l’a donné"),
        ({"photo_agreed_on": ""}, "photo_agreed_on"),
    ],
)
def test_a_photo_without_an_agreement_is_refused(
    story: Story, lead: Client, said: dict[str, str], words: str
) -> None:
    answer = shown(lead, story, **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert kept(story).photo_sha256 == ""


def test_what_is_no_photo_is_refused_at_its_field_and_nothing_is_kept(story: Story, lead: Client) -> None:
    answer = shown(lead, story, b"<html><script>1</script></html>")
    assert answer.status_code == 422
    assert "n’est ni un PDF, ni une image" in answer.content.decode()
    assert kept(story).photo_sha256 == ""


def test_another_photo_takes_the_place_of_the_former(story: Story, lead: Client) -> None:
    shown(lead, story)
    former = kept(story).photo_sha256
    shown(lead, story, photo((300, 500)))
    assert kept(story).photo_sha256 not in ("", former)


def test_whoever_does_not_open_the_record_sees_no_photo(story: Story, lead: Client) -> None:
    shown(lead, story)
    other = reverse("records:photo-picture", args=[story.cases["other_unit"].record.pk])
    assert enter(story.staff["educator"]).get(other).status_code == 403
    assert Client().get(page(story, "photo-picture")).status_code == 302


def test_the_database_refuses_a_photo_without_an_agreement(story: Story) -> None:
    with tenant(story.body.pk):
        person = Person.objects.filter(pk=story.record.person_id)
        with pytest.raises(IntegrityError, match="photo_is_agreed"), transaction.atomic():
            person.update(photo_sha256="0" * 64, photo_agreed_on=dt.date(2026, 1, 1))

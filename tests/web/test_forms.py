"""What the forms that correct a row owe: only what a use case takes, and no colleague overwritten unseen."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.forms import ModelForm
from django.urls import get_resolver, reverse

from jalon.db.changes import apply, lock
from jalon.db.tenant import tenant
from jalon.people.changes import PersonChanges
from jalon.people.models import Person
from tests.db.test_changes import EDITED
from tests.factories import NOW
from tests.web.filled import filled
from tests.web.story import enter, write_story

# What a form asks beside what the edit of its row sets: the place, and the entry.
BESIDE = {
    "WelcomeForm": {"where", "starts_on"},
    # Where they work is said once, when it is noted (`records.directory.add_function`).
    "NewFunctionForm": {"structure"},
    # The review and the end of a plan are use cases of their own (`plans.actions.review`, `end`).
    "ReviewForm": {"review", "review_words"},
    "EndForm": {"review", "review_words", "end_reason"},
    # What is to be taken over, and news: asked and told whole, never corrected (`care.relay`).
    "TaskForm": {"what", "due_on", "due_time", "holder"},
    "NewsForm": {"text", "unit", "starts_on", "ends_on"},
    # So is the end of a vigilance (`people.actions.end_vigilance`).
    "EndVigilanceForm": {"end_reason"},
    # A paper and the name of a unit: use cases that take each value (`documents.actions`, `setup.actions`).
    "PaperForm": {"paper", "type_code", "title", "dated", "author_label"},
    "TakeBackForm": {"reason"},
    # A record is opened to somebody whole, and taken back (`records.actions.grant`, `end_grant`).
    "GrantForm": {"to", "reason", "starts_on", "ends_on"},
    "UnitForm": {"name"},
    # So does a photo, whose agreement is said with it (`people.actions.show_face`).
    "PhotoForm": {"photo", "photo_agreed_by", "photo_agreed_on"},
}


def hurry(body: uuid.UUID, person: Person, held: threading.Event, go: threading.Event) -> None:
    """A colleague who holds the row, changes it, and lets it go."""
    try:
        with tenant(body):
            row = lock(person)
            held.set()
            go.wait(5)
            apply(row, {"phone": "01 99 00 00 99"}, allowed=PersonChanges)
            row.save()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_mark_of_a_form_is_compared_once_nobody_else_changes_the_row() -> None:
    """The other window saves while ours waits for the row: ours is told, and overwrites nothing."""
    story = write_story(NOW)
    client = enter(story.staff["team_lead"])
    url = reverse("records:person-edit", args=[story.record.pk])
    sent = filled(client, url) | {"phone": "01 99 00 00 11"}
    held, go = threading.Event(), threading.Event()
    colleague = threading.Thread(target=hurry, args=(story.body.pk, story.record.person, held, go))
    colleague.start()
    held.wait(5)
    threading.Timer(0.3, go.set).start()
    answer = client.post(url, sent)
    colleague.join()
    assert answer.status_code == 422
    assert "Quelqu’un a modifié cette page" in answer.content.decode()
    with tenant(story.body.pk):
        assert Person.objects.get(pk=story.record.person_id).phone == "01 99 00 00 99"


def forms() -> list[Any]:
    """The forms of every page, on a model."""
    assert get_resolver().reverse_dict, "every page is loaded, hence every form"
    found, waiting = [], [ModelForm]
    while waiting:
        waiting += (children := waiting.pop().__subclasses__())
        found += [form for form in children if form.__module__.startswith("jalon.") and form._meta.model]
    return found


def test_a_form_asks_only_what_its_use_case_takes() -> None:
    found = set(forms())
    asked = {form.__name__: (form._meta.model, set(form.base_fields)) for form in found}
    assert len(asked) == len(found), "a form hides another of the same name"
    assert {"PersonForm", "ContactForm", "EventForm", "GoalForm", "StayForm", "StructureForm"} <= asked.keys()
    taken = {model: changes.__optional_keys__ for model, changes in EDITED.items()}
    beyond = {name: fields - taken.get(model, set()) for name, (model, fields) in asked.items()}
    assert {name: fields for name, fields in beyond.items() if fields} == BESIDE

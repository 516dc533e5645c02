"""A paper added by hand, on screen: who may, what is refused, how it is read, how it goes."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.documents.models import Document, Withdrawal
from jalon.web.gate import ALREADY
from tests.documents.papers import PDF, jpeg, png
from tests.factories import RecordFactory
from tests.web.filled import filled
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db
ADD = "Ajouter un document"


def page(story: Story, name: str = "documents", *rest: Any) -> str:
    return reverse(f"records:{name}", args=[story.record.pk, *rest])


def text(answer: Any) -> str:
    return (
        str(answer.content.decode())
        .replace("\N{NO-BREAK SPACE}", " ")
        .replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


def send(client: Client, story: Story, data: bytes, name: str = "ordonnance_de-mars.pdf", **said: str) -> Any:
    """Fill the form as a person does; what the browser declares of the file is a lie."""
    sent = filled(client, page(story, "document-add"))
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    return client.post(page(story, "document-add"), sent | {"paper": file} | said, follow=True)


def only(story: Story) -> Document:
    with tenant(story.body.pk):
        return Document.objects.get(source=Document.Source.ADDED)


def test_a_paper_is_added_read_in_place_and_told_in_the_thread(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    listed = text(send(nurse, story, PDF, dated="03/2024", author_label="Hôpital fictif"))
    assert "Document ajouté." in listed
    document = only(story)
    assert document.title == "Ordonnance de mars"
    assert document.type_code == "57828-6"  # what a nurse files most often
    assert "daté : mars 2024, de Hôpital fictif" in listed
    shown = text(nurse.get(page(story, "document", document.pk)))
    assert f'src="{page(story, "file", document.pk)}' in shown
    assert "ne part ni vers le DMP ni vers Mon espace santé" in shown
    assert "Ordonnance de mars, ajouté" in text(nurse.get(page(story, "summary")))
    assert story.traces(page="records:document-add", record_id=story.record.pk)


@pytest.mark.parametrize(
    ("data", "kind"), [(PDF, "application/pdf"), (jpeg(), "image/jpeg"), (png(), "image/png")]
)
def test_the_file_is_served_as_what_it_is_and_never_as_a_page(story: Story, data: bytes, kind: str) -> None:
    nurse = enter(story.staff["nurse"])
    send(nurse, story, data, "page.html")
    document = only(story)
    answer = nurse.get(page(story, "file", document.pk))
    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == data
    if kind != "application/pdf":
        assert '<img class="recu__image"' in text(nurse.get(page(story, "document", document.pk)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "Ce fichier n’est ni un PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Ce fichier n’est ni un PDF"),
        (jpeg()[:-2], "incomplet ou abîmé"),
        (png(10_000, 10_000), "trop de points"),
        (b"", "Ce fichier est vide"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_words(story: Story, data: bytes, words: str) -> None:
    answer = send(enter(story.staff["nurse"]), story, data, title="Ce que j’ai tapé")
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Ce que j’ai tapé" in text(answer)
    with tenant(story.body.pk):
        assert not Document.objects.filter(source="added").exists()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=2000)
def test_a_file_beyond_the_bound_is_refused_with_its_reason(story: Story) -> None:
    answer = send(enter(story.staff["nurse"]), story, PDF + b" " * 3000)
    assert answer.status_code == 422
    assert "Ce fichier dépasse" in text(answer)


def test_a_date_to_come_is_refused(story: Story) -> None:
    assert "Cette date est à venir." in text(send(enter(story.staff["nurse"]), story, PDF, dated="2031"))


def test_the_same_file_is_said_to_be_there(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    send(nurse, story, PDF)
    again = send(nurse, story, PDF, "autre.pdf")
    assert again.status_code == 422
    assert "Le même fichier est déjà dans ce dossier : « Ordonnance de mars »" in text(again)


def test_the_same_form_twice_is_once_and_another_picture_of_the_same_name_is_another(story: Story) -> None:
    nurse, url = enter(story.staff["nurse"]), page(story, "document-add")
    sent = filled(nurse, url)
    one, other = (SimpleUploadedFile("image.jpg", jpeg(width)) for width in (8, 9))
    nurse.post(url, sent | {"paper": one})
    one.seek(0)
    assert ALREADY in str(nurse.post(url, sent | {"paper": one}, follow=True).content.decode())
    nurse.post(url, sent | {"paper": other})
    with tenant(story.body.pk):
        assert Document.objects.filter(source="added").count() == 2


def test_a_paper_is_taken_back_with_a_reason(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    send(nurse, story, PDF)
    url = page(story, "document-take-back", only(story).pk)
    assert nurse.post(url, filled(nurse, url)).status_code == 422  # why is not said
    answer = nurse.post(url, filled(nurse, url) | {"reason": "Dossier d’une autre personne"}, follow=True)
    assert "Document retiré de ce dossier." in text(answer)
    assert "Ordonnance de mars" not in text(nurse.get(page(story, "summary")))
    with tenant(story.body.pk):
        assert Withdrawal.objects.get().reason == "Dossier d’une autre personne"


def test_who_may_not_add_sees_no_button(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    assert ADD in text(nurse.get(page(story)))
    officer = enter(story.staff["identity_officer"])
    assert officer.get(page(story)).status_code == 403
    assert officer.get(page(story, "document-add")).status_code == 403


def test_a_record_without_document_says_what_goes_there(story: Story) -> None:
    nurse = enter(story.hire("nurse"))
    with tenant(story.body.pk):
        record = RecordFactory.create(establishment=story.house)
    shown = text(nurse.get(reverse("records:documents", args=[record.pk])))
    assert "Rien à vous montrer ici." in shown, "there may be some of a class that a nurse does not read"
    assert ADD in shown


def test_a_paper_is_added_in_no_record_of_elsewhere(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    for place in ("other_unit", "other_house", "other_body"):
        url = reverse("records:document-add", args=[story.cases[place].record.pk])
        assert nurse.post(url, {"paper": SimpleUploadedFile("a.pdf", PDF)}).status_code in (403, 404)

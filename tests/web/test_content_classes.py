"""What each function reads, adds, writes and hears of, by class of content: a table written by hand, held on
every page that shows notes and documents."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jalon.care.models import Family, HandoverNote
from jalon.care.rules import CLASSES as CLASS_OF_FAMILY
from jalon.db.tenant import tenant
from jalon.documents.kinds import class_of
from jalon.documents.models import Document
from jalon.documents.storage import store
from jalon.staff.models import Professional
from jalon.staff.rules import OPENS, PERMISSIONS, Permission, Role, reading
from tests.care.factories import TaskFactory
from tests.documents.papers import PDF
from tests.factories import DocumentFactory, HandoverNoteFactory, MembershipFactory, RecordFactory
from tests.web.filled import filled
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db
# In the order of the columns: E educator, C care worker, K AES, N nurse, P physician, O outside prescriber,
# H pharmacist, T dietician, Y psychologist, L team lead, D director, S secretary, B accounts officer,
# I identity officer; the others open no record.
ROLES = dict(zip("ECKNPOHTYLDSBI", (role for role in Role if role in OPENS), strict=True))
DOCUMENTS = {
    "80771-9": "ECKNPOHTYLD...",  # PAI: daily
    "80788-3": "ECKNP...YLD...",  # personal plan: educational
    "28653-4": "ECKNP...YLD...",  # social
    "11488-4": ".CKNPOHTYLD...",  # consultation: health
    "83901-9": "....P...YL....",  # psychological
    "PIECE-IDENTITE": "ECKNPOHTYLDSB.",  # administrative
    "": ".CKNPOHTYLD...",  # of a type that nobody knows
}
NOTES = {
    Family.DAILY: "ECKNPOHTYLD...",
    Family.EMOTION: "ECKNPOHTYLD...",
    Family.INCIDENT: "ECKNPOHTYLD...",
    Family.EDUCATION: "ECKNP...YLD...",
    Family.RELATIVES: "ECKNP...YLD...",
    Family.HEALTH: ".CKNPOHTYLD...",
    Family.PSYCHOLOGY: "....P...YL....",
    Family.JUSTICE: ".........LD...",
}


def of(table: dict[Any, str], letter: str) -> set[str]:
    """What this column has."""
    return {str(row) for row, letters in table.items() if letter in letters}


def title(code: str) -> str:
    return f"Titre-{code or 'sans-type'}-fin"


@pytest.fixture
def papers(story: Story) -> dict[str, Document]:
    """A document of each type, a note of each family, in the record of the story."""
    with tenant(story.body.pk):
        for family in Family:
            HandoverNoteFactory.create(
                record=story.record, family=family, written_at=story.now, text=f"Dit-{family}-fin"
            )
        file = {"sha256": store(b"%PDF-1.4"), "media_type": "application/pdf", "written_at": story.now}
        return {
            code: DocumentFactory.create(
                record=story.record, source="added", type_code=code, title=title(code), **file
            )
            for code in DOCUMENTS
        }


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else ""


def words(page: str) -> str:
    """What is read of a page: its keys change each time."""
    return re.sub(r"<[^>]*>", " ", page)


def at(story: Story, name: str, *rest: Any) -> str:
    return reverse(f"records:{name}", args=[story.record.pk, *rest])


@pytest.mark.parametrize("letter", ROLES)
def test_a_document_is_listed_opened_and_told_to_whom_its_class_is_open(
    story: Story, papers: dict[str, Document], letter: str
) -> None:
    client, expected = enter(story.staff[ROLES[letter]]), of(DOCUMENTS, letter)
    for page in ("documents", "summary"):
        shown = text(client, at(story, page))
        assert {code for code in DOCUMENTS if title(code) in shown} == expected, page
    for page in ("document", "file", "document-take-back"):
        answers = {code: client.get(at(story, page, one.pk)).status_code for code, one in papers.items()}
        assert {code for code, answer in answers.items() if answer == 200} == expected, page


def test_without_a_document_that_one_may_read_the_page_neither_lies_nor_tells(story: Story) -> None:
    with tenant(story.body.pk):
        bare, told = (RecordFactory.create(establishment=story.house, unit=story.unit) for _ in range(2))
        DocumentFactory.create(record=told, type_code="11488-4", title=title("11488-4"))
    for record in (bare, told):
        page = text(enter(story.staff["educator"]), reverse("records:documents", args=[record.pk]))
        assert "Rien à vous montrer ici" in page.replace("\N{NO-BREAK SPACE}", " ")
        assert "Aucun document." not in page
    assert "Aucun document." in text(
        enter(story.staff["team_lead"]), reverse("records:documents", args=[bare.pk])
    )


@pytest.mark.parametrize("letter", ROLES)
def test_a_note_is_read_in_the_record_and_in_the_releve_by_whom_its_class_is_open(
    story: Story, papers: dict[str, Document], letter: str
) -> None:
    client, expected = enter(story.staff[ROLES[letter]]), of(NOTES, letter)
    for page in (at(story, "summary"), f"{reverse('handover:list')}?voir=toutes"):
        shown = text(client, page)
        assert {family for family in NOTES if f"Dit-{family}-fin" in shown} == expected, page


@pytest.mark.parametrize("letter", ROLES)
def test_what_one_may_not_read_changes_no_word_and_no_count_of_any_page(story: Story, letter: str) -> None:
    """A psychological note and one of justice, important, with a task and a reply: whoever may not read them
    gets the very same pages."""
    client = enter(story.staff[ROLES[letter]])
    pages = [at(story, "summary"), f"{at(story, 'summary')}?famille=psy", reverse("home:day")]
    pages += [f"{reverse('handover:list')}{asked}" for asked in ("", "?voir=toutes", "?famille=psy")]
    before = [words(text(client, page)) for page in pages]
    with tenant(story.body.pk):
        for family in (Family.PSYCHOLOGY, Family.JUSTICE):
            note = HandoverNoteFactory.create(
                record=story.record, family=family, written_at=story.now, important=True, text="Tu."
            )
            TaskFactory.create(note=note, record=story.record, asked_by=note.author)
            HandoverNoteFactory.create(record=story.record, family=family, answers=note, text="Réponse tue.")
    after = [words(text(client, page)) for page in pages]
    may = {family for family in ("psy", "jus") if letter in NOTES[Family(family)]}
    assert (before == after) == (not may)


@pytest.mark.parametrize("letter", ROLES)
def test_nobody_writes_a_note_that_they_could_not_read_again(story: Story, letter: str) -> None:
    client = enter(story.staff[ROLES[letter]])
    for family in NOTES:
        client.post(at(story, "note"), {"famille": family, "texte": f"Du fil {family}"})
        said = {"famille": family, "texte": f"De partout {family}", "record": str(story.record.pk)}
        client.post(reverse("handover:write"), said)
    with tenant(story.body.pk):
        told = set(HandoverNote.objects.values_list("text", flat=True))
    for way in ("Du fil", "De partout"):
        assert {family for family in NOTES if f"{way} {family}" in told} == of(NOTES, letter), way


@pytest.mark.parametrize("letter", ["E", "S", "N"])
def test_nobody_adds_a_document_that_they_could_not_read_again(story: Story, letter: str) -> None:
    client, address = enter(story.staff[ROLES[letter]]), at(story, "document-add")
    sent = filled(client, address)
    for rank, code in enumerate(code for code in DOCUMENTS if code not in ("", "80788-3")):
        paper = SimpleUploadedFile("papier.pdf", PDF + bytes([rank]), content_type="application/pdf")
        client.post(address, sent | {"paper": paper, "type_code": code, "title": "Papier"})
    with tenant(story.body.pk):
        added = set(Document.objects.filter(title="Papier").values_list("type_code", flat=True))
    assert added == of(DOCUMENTS, letter) - {"", "80788-3"}


@pytest.mark.parametrize("letter", ROLES)
def test_vigilances_are_told_to_whoever_accompanies_the_person_and_to_nobody_else(
    story: Story, letter: str
) -> None:
    with tenant(story.body.pk):
        said = "Allergie fictive de la table."
        story.record.person.vigilances.update(text=said)
    client = enter(story.staff[ROLES[letter]])
    for page in (at(story, "summary"), at(story, "vigilances"), reverse("people:list"), reverse("home:day")):
        assert (said in text(client, page)) == (letter in "ECKNPOHTYLD"), page
    assert ("Aucune vigilance" in text(client, at(story, "summary"))) is False


@pytest.mark.parametrize("letter", ROLES)
def test_the_gesture_that_shows_the_ins_is_offered_to_whom_it_is_open(story: Story, letter: str) -> None:
    shown = text(enter(story.staff[ROLES[letter]]), at(story, "summary"))
    assert (at(story, "reveal-ins") in shown) == (letter in "NPOHLDSI")


def test_who_accompanies_in_one_house_and_writes_letters_in_another_reads_vigilances_in_the_first(
    story: Story,
) -> None:
    account = story.hire(Role.SECRETARY)
    with tenant(story.body.pk):
        somebody = Professional.objects.get(account=account)
        MembershipFactory.create(professional=somebody, establishment=story.other_house, role=Role.NURSE)
        here, there = (story.cases[place].record.person for place in ("own", "other_house"))
        said = [person.vigilances.get() for person in (here, there)]
        said[1].text = "Autre allergie."
        said[1].save()
    client = enter(account)
    assert said[0].text not in text(client, reverse("people:list"))
    client.post(reverse("place"), {"establishment": str(story.other_house.pk), "unit": ""})
    assert "Autre allergie." in text(client, reverse("people:list"))


def test_who_reads_a_class_of_notes_reads_and_writes_notes() -> None:
    """So that the class alone is asked of a note."""
    for role, permissions in PERMISSIONS.items():
        if any(reading(content) in permissions for content in CLASS_OF_FAMILY.values()):
            assert {Permission.READ_NOTES, Permission.WRITE_NOTE} <= permissions, role


def test_the_tables_name_every_family_and_agree_with_the_class_of_each_type() -> None:
    assert set(NOTES) == set(Family) == set(CLASS_OF_FAMILY)
    for letter, role in ROLES.items():
        read = {code for code in DOCUMENTS if reading(class_of(code)) in PERMISSIONS[role]}
        assert read == of(DOCUMENTS, letter), role

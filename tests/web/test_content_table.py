"""The written table of content classes × functions, held against the product with a word planted in each."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalon.care.models import HandoverNote
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import store
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Delivery, Reception
from jalon.formats.cda import header
from jalon.staff.rules import READS, ContentClass, Permission, Role, who_may
from jalon.terminology import value_set
from tests.care.factories import TaskFactory
from tests.documents.papers import PDF
from tests.exchange.letters import archive, cda, letter
from tests.factories import DocumentFactory, ExpectationFactory, HandoverNoteFactory
from tests.web.access_table import ROLES
from tests.web.content_table import NOBODY, NOTE, PAPER, TABLE, of
from tests.web.filled import filled
from tests.web.leaks.answers import said_by
from tests.web.leaks.asking import OURS, known
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


def word(content: ContentClass) -> str:
    """What is written in everything of a class."""
    return f"Mot-{content}-fin"


def told(said: str) -> set[ContentClass]:
    """The classes that this text says something of."""
    return {content for content in ContentClass if word(content) in said}


@pytest.fixture
def papers(story: Story) -> dict[ContentClass, Document]:
    """In our record, of each class: an important note with a task, a document, a delivery of it to check."""
    with tenant(story.body.pk):
        file = {"sha256": store(b"%PDF-1.4"), "media_type": "application/pdf", "written_at": story.now}
        for content, family in NOTE.items():
            note = HandoverNoteFactory.create(
                record=story.record, family=family, written_at=story.now, important=True, text=word(content)
            )
            TaskFactory.create(note=note, record=story.record, asked_by=note.author, what=word(content))
        story.record.person.vigilances.update(text=word(ContentClass.DAILY))
        plan = story.record.plans.get()
        ExpectationFactory.create(plan=plan, description=word(ContentClass.EDUCATIONAL))
        found = {
            content: DocumentFactory.create(record=story.record, type_code=code, title=word(content), **file)
            for content, code in PAPER.items()
        }
        for rank, document in enumerate(found.values()):
            Delivery.objects.create(
                document=document, destination="dmp", state="to_check", requested_at=story.now,
                submission_id=f"2.25.9{rank}", message_id=f"urn:uuid:{document.pk}",
            )  # fmt: skip
    return found


@pytest.fixture
def letters(story: Story) -> dict[ContentClass, Reception]:
    """In the mailbox of the house, a letter that waits with a document of each class."""
    with tenant(story.body.pk):
        traits, now = story.record.person.traits, timezone.now()
        waiting = {}
        for content, code in PAPER.items():
            label = value_set("JDV_J07").label(code) or "Document"
            data = cda(traits, None, code=header.Code(code, header.LOINC, label), title=word(content))
            raw = letter(archive(data))
            waiting[content] = process(
                reception=keep_raw(establishment=story.house, raw=raw, now=now), now=now
            )
    return waiting


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    return said_by(answer) if answer.status_code == 200 else ""


def at(story: Story, name: str, *rest: Any) -> str:
    return reverse(f"records:{name}", args=[story.record.pk, *rest])


def test_the_table_names_every_class_and_every_function_and_writing_follows_reading() -> None:
    assert set(TABLE) == set(ContentClass)
    for ways in TABLE.values():
        for letters_of in vars(ways).values():
            assert all(one in (".", own) for one, own in zip(letters_of, ROLES, strict=True))
        assert ways.write == ways.read, "nobody writes what they may not read again"
    assert {role: frozenset(of("read", role)) for role in Role} == READS
    for role in (Role.ADMINISTRATOR, Role.IDENTITY_OFFICER, Role.QUALITY_OFFICER, Role.DPO):
        assert of("read", role) == set()


@pytest.mark.parametrize("role", Role)
def test_what_a_function_reads(story: Story, papers: dict[ContentClass, Document], role: Role) -> None:
    client, read = enter(story.staff[role]), of("read", role)
    for page in ("document", "file"):
        opened = {c for c, one in papers.items() if client.get(at(story, page, one.pk)).status_code == 200}
        assert opened == read & set(PAPER), page
    assert told(text(client, at(story, "summary"))) == read


@pytest.mark.parametrize("role", Role)
def test_what_a_function_hears_of_in_lists(
    story: Story, papers: dict[ContentClass, Document], role: Role
) -> None:
    client, lists = enter(story.staff[role]), of("lists", role)
    assert told(text(client, at(story, "documents"))) == lists & set(PAPER)
    told_today = lists & set(NOTE) if role != Role.SECRETARY else set()
    assert told(text(client, reverse("home:day"))) <= lists | told_today
    assert told(text(client, reverse("exchange:inbox"))) <= lists, "deliveries to check"


@pytest.mark.parametrize("role", Role)
def test_what_a_function_hears_of_in_the_releve(
    story: Story, papers: dict[ContentClass, Document], role: Role
) -> None:
    client = enter(story.staff[role])
    assert told(text(client, f"{reverse('handover:list')}?voir=toutes")) == of("handover", role)


@pytest.mark.parametrize("role", Role)
def test_what_a_function_hears_of_in_a_search(
    story: Story, papers: dict[ContentClass, Document], role: Role
) -> None:
    client, search = enter(story.staff[role]), of("search", role)
    assert told(text(client, f"{reverse('people:list')}?q=roseau")) == search
    assert told(text(client, f"{reverse('people:search')}?q=roseau")) == set(), "the palette says names"
    for page in ("people:list", "people:search"):
        for content in ContentClass:
            found = text(client, f"{reverse(page)}?q={word(content)}")
            assert "ROSEAU" not in found.upper(), "nobody is found by what was written of them"


@pytest.mark.parametrize("role", Role)
def test_what_a_function_hears_of_in_the_mailbox(
    story: Story, letters: dict[ContentClass, Reception], role: Role
) -> None:
    of_unit, of_house = enter(story.staff[role]), enter(story.hire(role))
    for client, opening in ((of_unit, set()), (of_house, of("mail", role))):
        heard, opened = set(), set()
        for content, one in letters.items():
            heard |= told(text(client, reverse("exchange:message", args=[one.pk])))
            for page in ("document", "file"):
                if client.get(reverse(f"exchange:{page}", args=[one.pk, 0])).status_code == 200:
                    opened.add(content)
        assert (heard, opened) == (of("header", role), opening)
        assert told(text(client, reverse("exchange:inbox"))) == set()


@pytest.mark.parametrize("role", who_may(Permission.READ_INDICATORS))
def test_what_a_function_hears_of_in_figures(story: Story, role: Role, request: Any) -> None:
    client = enter(story.hire(role))
    pages = [reverse("indicators:index"), *(reverse("indicators:proof", args=[f"I{n}"]) for n in range(1, 9))]
    before = [_words(text(client, page)) for page in pages]
    with tenant(story.body.pk):
        for family in (NOTE[ContentClass.PSYCHOLOGICAL], NOTE[ContentClass.JUSTICE]):
            HandoverNoteFactory.create(record=story.record, family=family, written_at=story.now, text="Tu.")
    assert [_words(text(client, page)) for page in pages] == before, "a restricted writing moves no figure"
    request.getfixturevalue("papers")
    assert told("".join(text(client, page) for page in pages)) == of("figures", role) == set()
    assert {ways.figures for ways in TABLE.values()} == {NOBODY}


def _words(page: str) -> str:
    """What is read of a page: its head and its keys change each time."""
    return re.sub(r"<[^>]*>", " ", page.partition("<body")[2])


@pytest.mark.parametrize("role", Role)
def test_what_a_function_writes(story: Story, role: Role) -> None:
    client, write = enter(story.staff[role]), of("write", role)
    for content, family in NOTE.items():
        client.post(at(story, "note"), {"famille": family, "texte": word(content)})
    address = at(story, "document-add")
    for rank, (content, code) in enumerate(PAPER.items()):
        if client.get(address).status_code != 200:
            break
        paper = SimpleUploadedFile("papier.pdf", PDF + bytes([rank]), content_type="application/pdf")
        sent = filled(client, address) | {"paper": paper, "type_code": code, "title": word(content)}
        client.post(address, sent)
    with tenant(story.body.pk):
        notes = told(" ".join(HandoverNote.objects.values_list("text", flat=True)))
        added = told(" ".join(Document.objects.values_list("title", flat=True)))
    assert notes == write & set(NOTE)
    assert added == write & set(PAPER) - {ContentClass.EDUCATIONAL}, "the plan is signed, never added"


@pytest.mark.parametrize("role", Role)
def test_no_page_shows_more_than_it_declares_nor_more_than_its_reader_reads(
    story: Story, papers: dict[ContentClass, Document], role: Role
) -> None:
    """Every page of the product that is read, and what its view says of itself."""
    client, wrong = enter(story.staff[role]), {}
    for page in OURS:
        if "get" in page.methods:
            shown = told(text(client, reverse(page.name, kwargs=known(page, story.cases["own"]))))
            if shown - (page.view.content & READS[role]):
                wrong[page.name] = shown
    assert wrong == {}


def test_a_view_that_declares_less_than_it_shows_is_found(
    story: Story, papers: dict[ContentClass, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = next(page.view for page in OURS if page.name == "records:summary")
    monkeypatch.setattr(view, "content", frozenset({ContentClass.DAILY}))
    shown = told(text(enter(story.staff["nurse"]), at(story, "summary")))
    assert shown - view.content

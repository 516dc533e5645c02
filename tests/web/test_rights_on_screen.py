"""What a page says follows the rights: no link leads to a refusal, what is shut is not said to be empty."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve, reverse
from lxml import html

from jalon.care.models import HandoverNote
from jalon.db.tenant import tenant
from jalon.staff.rules import PERMISSIONS, Permission, Role
from tests.factories import DocumentFactory, HandoverNoteFactory, RecordFactory
from tests.web.access_table import TABLE
from tests.web.story import Story, enter, undone
from tests.web.test_access_table import address

pytestmark = pytest.mark.django_db
NOT_ASKED = ("account_logout", "records:file")
FOR_OTHERS = "pas pour votre fonction"  # a padlock says where it leads: to the rule


def links(page: html.HtmlElement, here: str) -> Iterator[tuple[str, bool]]:
    """Addresses of ours that a page leads to, and whether it says that they are for others."""
    for link in page.xpath("//a[@href]"):
        found = urlsplit(urljoin(f"http://testserver{here}", link.get("href")))
        if found.netloc == "testserver":
            where = f"{found.path}?{found.query}" if found.query else found.path
            yield where, FOR_OTHERS in link.text_content().lower()


def acts(page: html.HtmlElement, here: str) -> Iterator[str]:
    """Where the forms of a page are sent."""
    for form in page.xpath('//form[@method="post"]'):
        yield urlsplit(urljoin(f"http://testserver{here}", form.get("action") or here)).path


def pages_of(role: Role, story: Story) -> list[str]:
    case = story.cases["own"]
    rows = [row for row in TABLE if row.method == "get" and row.answer == 200 and role in row.roles]
    return [address(row, case) for row in rows if row.name not in NOT_ASKED and not row.whole]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_leads_a_role_to_a_refusal(story: Story, role: Role) -> None:
    client = enter(story.staff[role])
    may, wrong, known = PERMISSIONS[role], {}, {}
    with undone():
        for here in ["/", *pages_of(role, story)]:
            answer = client.get(here, follow=True)
            assert answer.status_code == 200, here
            if not answer.content:
                continue  # a search of nothing
            page = html.fromstring(answer.content.decode())
            for where, for_others in set(links(page, here)):
                if where not in known:
                    known[where] = client.get(where).status_code
                if known[where] >= 400 and not for_others:
                    wrong[here, where] = known[where]
            for where in set(acts(page, here)):
                view = getattr(resolve(where).func, "view_class", None)
                needed = getattr(view, "permission", Permission.ENTER)
                if needed not in may:
                    wrong[here, where] = 403
    assert wrong == {}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_lands_on_a_page_that_is_theirs(story: Story, role: Role) -> None:
    answer = enter(story.staff[role]).get("/", follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, reverse("home:day"))


def test_a_padlock_leads_to_the_rule(story: Story) -> None:
    client = enter(story.staff["secretary"])
    page = html.fromstring(client.get(reverse("records:summary", args=[story.record.pk])).content.decode())
    shut = [where for where, for_others in links(page, "/") if for_others]
    assert reverse("records:plan", args=[story.record.pk]) in shut
    said = client.get(shut[0])
    assert said.status_code == 403
    assert "n’a pas ce droit" in said.content.decode()


def summary(story: Story, role: str, record: object = None, **asked: str) -> str:
    address = reverse("records:summary", args=[record or story.record.pk])
    page = html.fromstring(enter(story.staff[role]).get(address, asked).content.decode())
    return re.sub(r"\s+", " ", page.xpath("string(//main)")).replace("\N{NO-BREAK SPACE}", " ")


NOTHING = ("Aucune note ici", "Pas encore de projet", "Rien n’est prévu aujourd’hui")


def test_what_is_shut_is_never_said_to_be_empty(story: Story) -> None:
    said = summary(story, "identity_officer")
    assert [word for word in NOTHING if word in said] == []
    for what in ("Les notes ne vous sont pas ouvertes", "Le projet ne vous est pas ouvert"):
        assert f"{what} (référente identitovigilance)." in said
    assert "L’agenda ne vous est pas ouvert (référente identitovigilance)." in said
    assert "L’agenda ne vous" not in summary(story, "secretary")


def test_what_is_shut_is_said_the_same_whether_there_is_something_or_not(story: Story) -> None:
    with tenant(story.body.pk):
        bare = RecordFactory.create(establishment=story.house, unit=story.unit).pk
    for record in (bare, story.record.pk):
        said = summary(story, "identity_officer", record)
        assert "Le projet ne vous est pas ouvert" in said
        assert "Les notes ne vous sont pas ouvertes" in said


def test_a_record_with_nothing_but_what_one_may_not_read_neither_lies_nor_tells(story: Story) -> None:
    """An educator reads the same words whether there is a note of health or none."""
    with tenant(story.body.pk):
        here = {"establishment": story.house, "unit": story.unit, "person__first_name": "Basile"}
        bare, told = (RecordFactory.create(**here) for _ in range(2))
        HandoverNoteFactory.create(record=told, of_health=True)
    words = [summary(story, "educator", record.pk).split("Fil de")[1] for record in (bare, told)]
    same = [
        said.replace(record.person.usual_first_name, "X")
        for said, record in zip(words, (bare, told), strict=True)
    ]
    assert same[0] == same[1]
    assert "Rien à vous montrer ici" in same[0]
    assert "Aucune note" not in same[0]
    assert "Aucune note ici" in summary(story, "team_lead", bare.pk)


def test_nobody_writes_a_note_of_a_family_that_they_could_not_read_again(story: Story) -> None:
    address = reverse("records:note", args=[story.record.pk])
    sent = {"famille": "soin", "texte": "Fièvre."}
    refused = enter(story.staff["educator"]).post(address, sent, follow=True).content.decode()
    assert "vous ne pourriez pas relire cette note" in refused
    with tenant(story.body.pk):
        assert not HandoverNote.objects.filter(text="Fièvre.").exists()
    assert 'value="soin"' not in refused
    assert "Publié." in enter(story.staff["nurse"]).post(address, sent, follow=True).content.decode()


def test_the_documents_of_the_thread_come_by_pages_and_none_is_lost(story: Story) -> None:
    """The secretary reads no note: only documents, more of them than a page holds."""
    with tenant(story.body.pk):
        for rank in range(40):
            DocumentFactory.create(record=story.record, type_code="51851-4", title=f"Courrier {rank:02}.")
    client, page = enter(story.staff["secretary"]), reverse("records:summary", args=[story.record.pk])
    first = client.get(page).content.decode()
    older = re.search(r'href="([^"#]*nombre=\d+)', first)
    assert older, "the page says that there are others"
    seen = re.findall(r"Courrier \d\d\.", client.get(older[1]).content.decode())
    assert len(set(seen)) == 40

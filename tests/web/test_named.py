"""A page names only what its reader may open, and says how much it leaves out."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.staff.models import Professional
from tests.factories import DocumentFactory, MembershipFactory
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return str(answer.content.decode())


def proofs(client: Client) -> str:
    """The lists that the page of the indicators leads to."""
    index = text(client, reverse("indicators:index"))
    return "".join(text(client, link) for link in re.findall(r'href="(/indicateurs/I\d/\?[^"]+)"', index))


def test_the_indicators_name_the_records_that_one_may_open_and_count_the_others(story: Story) -> None:
    of_a_unit, of_the_house = enter(story.hire("director", unit=story.unit)), enter(story.hire("director"))
    page, whole = proofs(of_a_unit), proofs(of_the_house)
    assert "SAULE" in whole
    assert "SAULE" not in page
    assert "Dont 1 qui ne vous est pas\nouvert" in page
    assert "qui ne vous" not in whole
    index = reverse("indicators:index")
    figures = re.findall(r"(?:le dossier|les \d+ dossiers) à compléter", text(of_the_house, index))
    assert figures
    said = re.findall(r"(?:le dossier|les \d+ dossiers) à compléter", text(of_a_unit, index))
    assert said == figures, "the figure is the house’s"


def test_a_director_elsewhere_reads_no_figure_of_a_house_where_they_only_work(story: Story) -> None:
    account = story.hire("educator")
    with tenant(story.body.pk):
        somebody = Professional.objects.get(account=account)
        MembershipFactory.create(professional=somebody, establishment=story.other_house, role="director")
    client = enter(account)
    client.post(reverse("place"), {"establishment": str(story.house.pk), "unit": ""})
    page = text(client, reverse("indicators:index"))
    assert "ne vous sont pas ouverts" in page
    assert "à compléter" not in page
    assert client.get(reverse("indicators:proof", args=["I2"])).status_code == 404
    client.post(reverse("place"), {"establishment": str(story.other_house.pk), "unit": ""})
    assert "Cible" in text(client, reverse("indicators:index"))


def test_the_thread_leads_to_the_documents_that_it_leaves_out(story: Story) -> None:
    nurse, summary = enter(story.staff["nurse"]), reverse("records:summary", args=[story.record.pk])
    with tenant(story.body.pk):
        for number in range(32):
            DocumentFactory.create(record=story.record, title=f"Courrier {number}")
    page = text(nurse, summary)
    assert len(re.findall(r"Lire le document", page)) == 25
    assert "Voir plus ancien" in page
    assert len(re.findall(r"Lire le document", text(nurse, f"{summary}?nombre=50"))) == 33


def test_a_thread_that_holds_all_its_documents_says_nothing(story: Story, educator: Client) -> None:
    assert "plus ancien" not in text(educator, reverse("records:summary", args=[story.record.pk]))

"""« Fonctions et droits » on screen: the table of the product, and what a director changes of it at home."""

import pytest
from django.test import Client
from django.urls import reverse

from jalon.care.models import Family
from jalon.db.tenant import tenant
from jalon.staff.models import FunctionChange
from jalon.staff.rules import Permission, Role
from tests.factories import HandoverNoteFactory
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


def said(client: Client, page: str, *args: object) -> str:
    return " ".join(client.get(reverse(page, args=args)).content.decode().split())


def give(client: Client, story: Story, role: str, right: str, given: str) -> str:
    address = reverse("settings:function-right", args=[story.house.pk, role])
    answer = client.post(address, {"droit": right, "donner": given}, follow=True)
    return " ".join(answer.content.decode().split())


@pytest.mark.requirement("SC.SSI/GEN.16")
def test_a_director_gives_a_function_a_class_and_its_people_read_it_at_the_next_page(story: Story) -> None:
    director, educator = enter(story.hire("director")), enter(story.hire("educator"))
    record = story.cases["own"].record
    with tenant(story.body.pk):
        HandoverNoteFactory.create(record=record, family=Family.HEALTH, text="Tension-relevée-fin")
    summary = reverse("records:summary", args=[record.pk])
    assert "Tension-relevée-fin" not in educator.get(summary).content.decode()
    assert "Droit donné : lire ce qui touche la santé" in give(
        director, story, "educator", "read_health", "oui"
    )
    assert "Tension-relevée-fin" in educator.get(summary).content.decode()
    page = said(director, "settings:function", story.house.pk, "educator")
    assert "Donné ici par" in page
    listed = said(director, "settings:house-functions", story.house.pk)
    assert "Changée ici" in listed
    give(director, story, "educator", "read_health", "non")
    assert "Tension-relevée-fin" not in educator.get(summary).content.decode()


def test_what_the_product_closes_is_told_and_refused(story: Story) -> None:
    director = enter(story.hire("director"))
    page = said(director, "settings:function", story.house.pk, "secretary")
    assert "Le produit ne l’ouvre pas à cette fonction" in page
    assert "ne peut pas avoir ce droit" in give(director, story, "secretary", "read_health", "oui")
    assert "ne se règle pas" in give(director, story, "secretary", "manage_staff", "oui")
    assert "Nul ne change les droits de sa propre fonction" in give(
        director, story, "director", "read_psychological", "oui"
    )
    with tenant(story.body.pk):
        assert not FunctionChange.objects.exists()


def test_who_sets_up_without_directing_reads_and_changes_nothing(story: Story) -> None:
    administrator = enter(story.hire("administrator"))
    page = said(administrator, "settings:function", story.house.pk, "nurse")
    assert "La direction de l’établissement change ces droits" in page
    assert "Retirer" not in page
    address = reverse("settings:function-right", args=[story.house.pk, "nurse"])
    assert administrator.post(address, {"droit": "write_news", "donner": "non"}).status_code == 403


def test_a_right_or_a_function_that_does_not_exist_is_not_found(story: Story) -> None:
    director = enter(story.hire("director"))
    for role, right, given in (
        ("nurse", "fly", "oui"),
        ("nurse", "write_news", "peut-être"),
        ("king", "enter", "oui"),
    ):
        address = reverse("settings:function-right", args=[story.house.pk, role])
        assert director.post(address, {"droit": right, "donner": given}).status_code == 404


def test_the_table_of_the_product_names_every_function_and_every_right(story: Story) -> None:
    page = said(enter(story.hire("director")), "settings:functions").lower()
    assert all(role.label.lower() in page for role in Role)
    assert all(one.label.lower() in page for one in Permission)

"""What forms ask, miss and answer, in words."""

import re

import pytest
from django.urls import reverse
from lxml import html

from jalon.db.tenant import tenant
from jalon.faces.forms import FormPage
from jalon.faces.wrong import PlainWords
from jalon.staff.models import Professional
from jalon.web.areas.agenda.forms import EventForm
from jalon.web.areas.plans.forms import NeedForm
from jalon.web.areas.stays.forms import StayForm
from tests.factories import DocumentFactory, NeedFactory, StayFactory
from tests.web.filled import filled
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\d+\.\d+|TRE_|JDV_|MED-\d")


def every(kind: type) -> list[type]:
    return [sub for one in kind.__subclasses__() for sub in (one, *every(one))]


def test_every_form_of_ours_says_what_to_do_of_what_is_left_empty() -> None:
    from django.forms import BaseForm

    ours = [form for form in every(BaseForm) if form.__module__.startswith("jalon.")]
    assert len(ours) > 10
    assert [form for form in ours if not issubclass(form, PlainWords)] == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("objectif", "Rien n’est écrit ici. Complétez pour enregistrer."),
        ("action", "Rien n’est choisi. Choisissez dans la liste."),
    ],
)
def test_what_is_left_empty_says_what_to_do(story: Story, kind: str, said: str) -> None:
    client = enter(story.staff["educator"])
    page = client.post(reverse("records:plan-add", args=[story.record.pk, kind]), {}).content.decode()
    assert said in page
    assert "Ce champ est obligatoire" not in page
    assert "Le formulaire n’est pas complet" in page


def test_a_form_is_said_incomplete_only_when_it_is(story: Story) -> None:
    client, page = enter(story.staff["educator"]), reverse("records:event-add", args=[story.record.pk])
    late = {
        "label": "Marché",
        "status": "PLANIFIE",
        "starts_at": "2026-12-01T10:00",
        "ends_at": "2026-12-01T09:00",
    }
    said = client.post(page, late).content.decode()
    assert "Le formulaire n’est pas complet" not in said
    assert "À corriger avant d’enregistrer" in said


def test_an_edit_that_came_second_is_not_said_incomplete(story: Story) -> None:
    clerk, page = enter(story.staff["secretary"]), reverse("records:person-edit", args=[story.record.pk])
    first, second = filled(clerk, page), filled(clerk, page)
    clerk.post(page, first | {"phone": "01 99 00 00 01"})
    said = clerk.post(page, second | {"city": "Brest"}).content.decode()
    assert "Le formulaire n’est pas complet" not in said
    assert "Ce n’est pas enregistré" in said


def offered(field: object) -> list[str]:
    """Every choice as it is read, groups opened."""
    words: list[str] = []
    for _, said in field.choices:  # type: ignore[attr-defined]  # a field of choices
        words += [label for _, label in said] if isinstance(said, (list, tuple)) else [said]
    return words


def test_no_choice_is_a_code(story: Story) -> None:
    forms = (NeedForm(), EventForm(team=Professional.objects.none()), StayForm())
    fields = [field for form in forms for field in form.fields.values() if hasattr(field, "choices")]
    with tenant(story.body.pk):
        words = [word for field in fields for word in offered(field)]
    assert len(words) > 80
    assert [word for word in words if CODE.search(word)] == []
    assert len(offered(NeedForm().fields["category"])) == len(set(offered(NeedForm().fields["category"])))


def test_no_list_asks_with_dashes(story: Story) -> None:
    client = enter(story.staff["team_lead"])
    pages = ("vigilance-add", "measure-add", "parent-add", "event-add", "stay-add", "contact-add")
    said = {
        page: client.get(reverse(f"records:{page}", args=[story.record.pk])).content.decode()
        for page in pages
    }
    assert [page for page, text in said.items() if "<select" in text and "---" in text] == []
    assert "Choisissez</option>" in said["vigilance-add"]


def test_a_code_that_came_from_elsewhere_is_kept_and_read_in_words(story: Story) -> None:
    """A need held at the top of the tree is offered by none of the branches: it keeps its words."""
    with tenant(story.body.pk):
        need = NeedFactory.create(category="1.2")
        field = NeedForm(instance=need).fields["category"]
        assert "Besoins en matière d’autonomie" in offered(field)
        assert "category" not in NeedForm({"category": "1.2"}, instance=need).errors


def test_a_stay_asks_no_code_and_keeps_the_one_it_received(story: Story) -> None:
    with tenant(story.body.pk):
        stay = StayFactory.create(
            record=story.record, mode="46", ends_on="2020-02-01", starts_on="2020-01-01"
        )
    client, page = enter(story.staff["secretary"]), reverse("records:stay", args=[story.record.pk, stay.pk])
    assert "TRE_R338" not in client.get(page).content.decode()
    answer = client.post(page, filled(client, page) | {"comment": "Séjour de répit"}, follow=True)
    assert "Séjour modifié." in answer.content.decode()
    with tenant(story.body.pk):
        stay.refresh_from_db()
        assert (stay.mode, stay.comment) == ("46", "Séjour de répit")


def test_every_form_page_says_what_it_did() -> None:
    pages = [page for page in every(FormPage) if "done" in vars(page)]
    assert len(pages) > 10
    code = [page.done.__code__.co_consts for page in pages]  # type: ignore[attr-defined]  # a plain method
    assert not any("Enregistré." in consts for consts in code)


def test_an_unknown_sex_and_place_are_said_in_words(story: Story) -> None:
    with tenant(story.body.pk):
        person = story.cases["own"].record.person
        person.ins, person.ins_digest, person.sex, person.birth_place = "", "", "U", "99999"
        type(person).objects.filter(pk=person.pk).update(sex="U", birth_place="99999")
    client = enter(story.staff["secretary"])
    for name in ("summary", "identity", "plan"):
        answer = client.get(reverse(f"records:{name}", args=[story.record.pk]))
        page = html.fromstring(answer.content.decode())
        said = re.sub(r"\s+", " ", page.xpath("string(//body)"))
        assert "99999" not in said, name
        assert "Sexe U" not in said, name


def test_the_thread_dates_what_was_signed_here_by_its_signature(story: Story) -> None:
    """What every page of the plan says: the day it was signed, not the day it was filed."""
    with tenant(story.body.pk):
        signed = story.now.replace(month=10, day=9)
        DocumentFactory.create(
            record=story.record, title="Projet signé d’essai", source="own", written_at=signed
        )
    page = (
        enter(story.staff["nurse"]).get(reverse("records:summary", args=[story.record.pk])).content.decode()
    )
    here = page.index("Projet signé d’essai")
    assert page.rindex("9 octobre", 0, here) > page.rfind("novembre", 0, here)

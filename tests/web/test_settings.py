"""The room of settings: everything in one place, with its source; nothing secret shown."""

import pytest
from django.test import Client
from django.urls import reverse

from jalon.core.settings.table import TABLE
from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment, SettingValue
from tests.web.filled import filled
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(story: Story) -> Client:
    return enter(story.staff["director"])


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"settings:{name}", args=args)).content.decode()


def test_the_director_finds_every_house_and_what_holds_there(story: Story, director: Client) -> None:
    assert "Foyer d’Essai" in page(director, "index")
    shown = page(director, "house", story.house.pk)
    for said in ("Un résident, des résidents", "Paris", "Soins et circuit du médicament", "Bleue", "Rouge"):
        assert said in shown
    assert "Par défaut" in shown


def test_a_module_closed_on_screen_says_who_closed_it(story: Story, director: Client) -> None:
    address = reverse("settings:house-edit", args=[story.house.pk, "module.care"])
    answer = director.post(address, filled(director, address) | {"value": "non"}, follow=True)
    shown = answer.content.decode()
    assert "Réglé pour l’établissement" in shown
    assert str(story.professional("director")) in shown
    edit = director.get(address).content.decode()
    assert "Revenir à la valeur par défaut" in edit
    director.post(reverse("settings:house-reset", args=[story.house.pk, "module.care"]))
    with tenant(story.body.pk):
        assert not SettingValue.objects.exists()


@pytest.mark.parametrize(("name", "typed"), [("word", "résident"), ("plans.review_days", "abc")])
def test_a_value_that_does_not_fit_stays_on_the_page_with_its_reason(
    story: Story, director: Client, name: str, typed: str
) -> None:
    address = reverse("settings:house-edit", args=[story.house.pk, name])
    answer = director.post(address, filled(director, address) | {"value": typed})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_value"' in shown
    assert f'value="{typed}"' in shown


def test_the_word_changes_on_every_screen(story: Story, director: Client) -> None:
    address = reverse("settings:house-edit", args=[story.house.pk, "word"])
    director.post(address, {"value": "une personne accueillie, des personnes accueillies"})
    shown = director.get(reverse("people:list")).content.decode()
    assert "<h1>Personnes accueillies</h1>" in shown
    assert ">Personnes<" in shown.replace("</span>", "<")


def test_an_unknown_setting_or_level_is_not_found(story: Story, director: Client) -> None:
    for name, args in (
        ("house-edit", (story.house.pk, "rien.du-tout")),
        ("unit-edit", (story.unit.pk, "time_zone")),
        ("body-edit", ("word",)),
    ):
        assert director.get(reverse(f"settings:{name}", args=args)).status_code == 404


def test_no_secret_of_the_machine_is_shown(director: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = [one.name for one in TABLE if one.secret]
    for name in secrets:
        monkeypatch.setenv(name, f"secret-d-essai-{name}")
    monkeypatch.setenv("JALON_RETRY_AFTER", "37")
    shown = page(director, "machine")
    assert "secret-d-essai" not in shown
    assert shown.count("secret, jamais montré") == len(secrets)
    assert "37" in shown
    assert all(one.name in shown for one in TABLE)


def test_an_establishment_without_a_known_category_is_told_so(story: Story, director: Client) -> None:
    with tenant(story.body.pk):
        Establishment.objects.filter(pk=story.house.pk).update(category="9999")
    assert "seul le socle est ouvert" in page(director, "house", story.house.pk)

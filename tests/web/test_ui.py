"""Components on their own: what they escape, say to a screen reader, and refuse to leave unsaid."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from jinja2 import UndefinedError
from lxml import etree, html

from jalon.faces.jinja import event_tone, paragraphs, sentence, tone_of
from jalon.web.areas.components import samples


def rendered(source: str, **context: Any) -> Any:
    """One component, as the tree a browser would build."""
    return html.fragment_fromstring(
        engines["jinja2"].from_string(source).render(context), create_parent="div"
    )


def words(tree: Any) -> str:
    return " ".join(" ".join(tree.itertext()).split())


def request(**cookies: str) -> HttpRequest:
    """A visitor who is not signed in; nothing is asked of the database."""
    asked = RequestFactory().get("/_composants/")
    asked.COOKIES.update(cookies)
    asked.user, asked.session, asked.resolver_match = AnonymousUser(), SessionStore(), None
    vars(asked)["_messages"] = FallbackStorage(asked)
    return asked


def page_of_components(**cookies: str) -> Any:
    template = engines["jinja2"].get_template("components/index.html")
    return html.document_fromstring(template.render(samples.page(), request(**cookies)))


# ── Text ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_typed_is_never_markup() -> None:
    assert not rendered("{{ ui.badge(word) }}", word="<b>gras</b>").findall(".//b")
    assert paragraphs("<script>x</script>") == "<p>&lt;script&gt;x&lt;/script&gt;</p>"


def test_typed_text_keeps_its_paragraphs_and_lines() -> None:
    assert paragraphs("Un.\r\nDeux.\n\nTrois.\n\n") == "<p>Un.<br>Deux.</p><p>Trois.</p>"


def test_a_badge_begins_with_a_capital_and_keeps_its_acronyms() -> None:
    assert sentence("reçu de l’INSi") == "Reçu de l’INSi"
    assert words(rendered("{{ ui.badge('projet signé') }}")) == "Projet signé"


def test_a_value_that_the_view_forgot_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ ui.badge(forgotten) }}")


# ── Meaning beside color ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("qualified", "Identité qualifiée"),
        ("validated", "Identité validée"),
        ("retrieved", "Identité récupérée"),
        ("provisional", "Identité provisoire"),
    ],
)
def test_an_identity_status_is_a_word_not_only_a_color(status: str, said: str) -> None:
    assert words(rendered("{{ ui.identity_status(status) }}", status=status)) == said


def test_a_doubtful_identity_is_said_whatever_its_status() -> None:
    assert words(rendered("{{ ui.identity_status('qualified', true) }}")) == "Identité douteuse"


def test_an_icon_is_decoration_and_its_button_has_a_name() -> None:
    link = rendered("{{ ui.icon_link('/x', 'Appeler Anne', 'phone') }}").find("a")
    assert words(link) == "Appeler Anne"
    assert link.find("svg").get("aria-hidden") == "true"


def test_the_color_of_a_person_does_not_change() -> None:
    assert tone_of("un identifiant") == tone_of("un identifiant")


def test_an_event_takes_the_color_of_its_branch_of_serafin() -> None:
    assert [event_tone(code) for code in ("2.1.1.2", "2.2.1", "2.3.3", "3.1", "")] == [
        "soin", "vie", "educ", "neutre", "neutre",
    ]  # fmt: skip


# ── Forms ──────────────────────────────────────────────────────────────────────────────────────────────────


class Form(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur la pièce d’identité.")
    sex = forms.ChoiceField(label="Sexe", choices=[("F", "féminin")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="D’accord")
    note = forms.CharField(label="Note", required=False)


def form_page() -> Any:
    form = Form({})
    form.is_valid()
    source = "{{ ui.error_summary(form) }}{% for bound in form %}{{ ui.field(bound) }}{% endfor %}"
    return rendered(source, form=form)


def test_a_field_is_tied_to_its_label_its_help_and_its_error() -> None:
    field = form_page().find(".//input[@name='name']")
    described = field.get("aria-describedby").split()
    page = form_page()
    assert field.get("aria-invalid") == "true"
    assert [words(page.get_element_by_id(each)) for each in described] == [
        "Comme sur la pièce d’identité.",
        "Ce champ est obligatoire.",
    ]
    assert words(page.find(".//label[@for='id_name']")) == "Nom"


def test_each_line_of_the_summary_leads_to_something_that_exists() -> None:
    page = form_page()
    targets = [link.get("href")[1:] for link in page.findall(".//div[@class='recap']//a")]
    assert targets == ["id_name", "id_sex", "id_agreed"]
    assert all(page.get_element_by_id(target) is not None for target in targets)


def test_no_identifier_is_given_twice() -> None:
    for page in (form_page(), page_of_components()):
        given = [element.get("id") for element in page.iter() if element.get("id")]
        assert sorted(given) == sorted(set(given))


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert words(form_page().find(".//label[@for='id_note']")) == "Note (facultatif)"


def test_a_gesture_is_a_real_form_with_its_token() -> None:
    form = rendered("{{ ui.post('/lieu/', 'Verger', csrf, fields={'unit': 7}) }}", csrf="jeton").find("form")
    assert (form.get("method"), form.get("action")) == ("post", "/lieu/")
    assert form.find("input").get("value") == "7"
    assert "jeton" in form.text_content()


# ── States ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_list_says_why_and_offers_the_first_gesture() -> None:
    empty = rendered("{{ ui.empty('Pas encore d’objectif.', '/projet/', 'Commencer') }}")
    assert words(empty) == "Pas encore d’objectif. Commencer"
    assert empty.find(".//a").get("href") == "/projet/"


@pytest.mark.parametrize(("level", "tone"), [("success", "ton-ok"), ("error", "ton-danger")])
def test_a_message_looks_like_what_happened(level: str, tone: str) -> None:
    class Said(SimpleNamespace):
        def __str__(self) -> str:
            return "Publié."

    box = rendered("{{ ui.message(item) }}", item=Said(level_tag=level, extra_tags=""))[0]
    assert tone in box.get("class").split()
    assert words(box) == "Publié."


def test_steps_say_where_one_stands_without_color() -> None:
    items = [
        {"label": "Souhaits", "small": "", "state": "fait"},
        {"label": "Signature", "small": "", "state": "encours"},
    ]
    steps = rendered("{{ ui.steps(items) }}", items=items)
    assert words(steps).startswith("Souhaits (fait)")
    assert steps.xpath("normalize-space(.//li[@aria-current='step'])") == "Signature"


def test_a_chart_tells_its_figures_in_words_and_in_a_table() -> None:
    row = {"label": "DMP", "value": 12, "text": "12 %", "target": 70, "reached": False, "cells": [7, 56]}
    chart = rendered("{{ ui.bars(rows, ('Indicateur', 'Compté', 'Sur')) }}", rows=[row])
    assert "12 %" in words(chart.find(".//ul"))
    assert [words(cell) for cell in chart.findall(".//tbody/tr/*")] == ["DMP", "7", "56"]


def test_the_steps_of_a_delivery_are_dated() -> None:
    step = {
        "at": dt.datetime(2026, 11, 24, 14, 5, tzinfo=dt.UTC),
        "label": "accepté",
        "detail": "Pris.",
        "technical": "250 OK",
    }
    item = {
        "destination": "DMP",
        "state": "accepté",
        "tone": "ok",
        "icon": "check",
        "steps": [step],
        "way": [],
        "silent": None,
    }
    shown = rendered("{{ ui.deliveries(items) }}", items=[item])
    assert "24 novembre 2026 à 15 h 05 accepté Pris. Détail technique 250 OK" in words(shown).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert words(shown.find(".//details[@class='technique']")) == "Détail technique 250 OK"
    assert shown.find(".//details").get("open") is None


# ── The page of components ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_components_has_one_title_and_no_level_is_skipped() -> None:
    levels = [int(head.tag[1]) for head in page_of_components().xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_theme_is_kept_by_the_server() -> None:
    assert page_of_components().get("data-theme") is None
    night = page_of_components(affichage="nuit")
    assert night.get("data-theme") == "nuit"
    assert night.find(".//form[@action='/affichage/']//input[@name='theme']").get("value") == ""


def test_every_control_works_without_a_script() -> None:
    """A link leads somewhere, a submit button is in a form; only printing needs a script."""
    page = page_of_components()
    assert page.xpath("//a[not(@href) or @href='']") == []
    lonely = page.xpath("//button[@type='submit' and not(ancestor::form)]|//button[not(@type)]")
    assert [etree.tostring(button) for button in lonely] == []
    idle = page.xpath(
        "//button[@type='button' and not(@data-imprimer) and not(@disabled) and not(@aria-busy)]"
    )
    assert [words(button) for button in idle] == []

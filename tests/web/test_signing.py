"""To sign and to publish on screen: two acts, each with its page; a closed plan has a successor."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.exchange.models import Delivery
from jalon.plans.models import Action, Expectation, Goal, PersonalPlan, PlanVersion
from tests.support import SHARED, needs_shared
from tests.web.filled import filled
from tests.web.story import Story

CASES = SHARED / "cases"


def address(story: Story, name: str, *arguments: Any) -> str:
    return reverse(f"records:{name}", args=[story.record.pk, *arguments])


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " "))


def counts(story: Story) -> tuple[int, int, int]:
    with tenant(story.body.pk):
        versions = PlanVersion.objects.filter(plan__record=story.record).count()
        documents = Document.objects.filter(record=story.record, type_code="80788-3").count()
        return versions, documents, Delivery.objects.filter(document__type_code="80788-3").count()


def test_the_page_says_what_is_frozen_who_agreed_and_that_nothing_leaves(story: Story, lead: Client) -> None:
    page = text(lead, address(story, "plan-sign"))
    for said in (
        "Cela ne se reprend pas",
        "2 objectifs",
        "Personne accompagnée",
        "Rien ne part",
        "Signer le projet",
    ):
        assert said in page, said
    assert counts(story) == (0, 0, 0), "a page that is read signs nothing"


def test_signing_sends_nothing(story: Story, lead: Client) -> None:
    page = lead.post(address(story, "plan-sign"), follow=True).content.decode()
    assert "Rien n’est encore parti." in page
    assert counts(story) == (1, 1, 0)


@needs_shared
def test_two_windows_sign_one_content_once(story: Story, lead: Client) -> None:
    assert "says that this version is signed already" in (CASES / "sign_twice.txt").read_text("utf-8")
    windows = [filled(lead, address(story, "plan-sign")) for _ in range(2)]
    assert windows[0]["envoi"] != windows[1]["envoi"]
    for sent in (*windows, {}):
        page = lead.post(address(story, "plan-sign"), sent, follow=True).content.decode()
    assert "Rien n’a changé depuis la version 1, déjà signée" in page
    assert counts(story) == (1, 1, 0)
    assert "Signer le projet</button>" not in lead.get(address(story, "plan-sign")).content.decode()


def test_what_changed_since_the_last_version_is_said_before_the_next(story: Story, lead: Client) -> None:
    lead.post(address(story, "plan-sign"))
    lead.post(address(story, "plan-add", "objectif"), {"title": "Voir la mer", "status": "ACTIF"})
    page = text(lead, address(story, "plan-sign"))
    assert "1 objectif ajouté" in page
    assert "L’accord de la personne date d’avant la dernière version signée" in page
    assert lead.post(address(story, "plan-sign")).status_code == 302
    assert counts(story) == (2, 2, 0)


def test_what_is_missing_is_said_and_leaves_no_button(story: Story, lead: Client) -> None:
    with tenant(story.body.pk):
        plan = story.record.plans.get()
        plan.agreements.all().delete()
        plan.needs.all().delete()
        plan.goals.update(title="Écrire 汉")
    page = text(lead, address(story, "plan-sign"))
    assert "L’accord n’est pas recueilli (à demander : la personne)" in page
    assert "le caractère « 汉 » ne s’imprime pas (objectif" in page.replace("Le car", "le car")
    assert "Aucun besoin n’est évalué" in page
    assert "Signer le projet </button" not in page
    assert (
        "ne peut pas encore être signé"
        in lead.post(address(story, "plan-sign"), follow=True).content.decode()
    )


def test_an_identity_that_is_not_qualified_is_said_before_the_signature_and_stops_publishing(
    story: Story, lead: Client
) -> None:
    with tenant(story.body.pk):
        person = story.record.person
        person.proven_on, person.proof = None, ""
        person.save()
    assert "L’identité n’est pas qualifiée" in text(lead, address(story, "plan-sign"))
    lead.post(address(story, "plan-sign"))
    page = text(lead, address(story, "plan-publish"))
    assert page.count("L’identité n’est pas qualifiée") == 2
    assert "Publier ce document" not in page
    told = lead.post(address(story, "plan-publish"), {"vers": ["dmp"]}, follow=True).content.decode()
    assert "L’identité n’est pas qualifiée" in told
    assert counts(story) == (1, 1, 0)


def test_nothing_chosen_publishes_nothing(story: Story, lead: Client) -> None:
    lead.post(address(story, "plan-sign"))
    assert "Rien n’est encore parti" in text(lead, address(story, "plan-publish"))
    for sent in ({}, {"vers": ["ailleurs"]}):
        page = lead.post(address(story, "plan-publish"), sent, follow=True).content.decode()
        assert "Choisissez où publier." in page
    assert counts(story) == (1, 1, 0)


# --- closed, then followed ----------------------------------------------------------------------------------


def closed(story: Story, client: Client) -> Any:
    client.post(address(story, "plan-sign"))
    return client.post(address(story, "plan-end"), {"end_reason": "bilan", "review": "Une bonne année."})


def test_closing_asks_why_and_one_click_closes_nothing(story: Story, lead: Client) -> None:
    lead.post(address(story, "plan-sign"))
    why = re.search(
        r"Pourquoi ce projet se termine([^/]*)", lead.get(address(story, "plan-end")).content.decode()
    )
    assert why
    assert "facultatif" not in why[1]
    answer = lead.post(address(story, "plan-end"), {"review": "Une bonne année."})
    assert answer.status_code == 422
    assert "Dites pourquoi le projet se termine." in answer.content.decode()
    assert "Une bonne année." in answer.content.decode()
    assert lead.post(address(story, "plan-move"), {"to": "TERMINE"}).status_code == 404


def test_a_closed_plan_offers_its_review_and_its_successor_and_keeps_its_goals(
    story: Story, lead: Client
) -> None:
    with tenant(story.body.pk):
        before = set(PersonalPlan.objects.get(record=story.record).goals.values_list("key", flat=True))
    assert closed(story, lead).status_code == 302
    page = text(lead, address(story, "plan"))
    assert "Nouveau projet à partir de celui-ci" in page
    assert "Une bonne année." in page
    assert "Modifier le bilan" in page
    followed = lead.post(address(story, "plan-succeed"), follow=True).content.decode()
    assert "Le nouveau projet est ouvert." in followed
    assert "Projets précédents" in followed
    with tenant(story.body.pk):
        new = PersonalPlan.objects.get(record=story.record, follows__isnull=False)
        assert set(new.goals.values_list("key", flat=True)) == before
        assert Entry.objects.filter(action="plans.succeeded", object_id=new.pk).count() == 1


def test_a_review_not_written_is_not_shown_as_done(story: Story, lead: Client) -> None:
    lead.post(address(story, "plan-sign"))
    lead.post(address(story, "plan-end"), {"end_reason": "depart"})
    steps = lead.get(address(story, "plan")).content.decode()
    assert re.search(r"<b>Bilan</b>[^<]*<span", steps) is None


# --- what cannot be printed ---------------------------------------------------------------------------------


@needs_shared
@pytest.mark.parametrize(
    ("kind", "field"), [("attente", "description"), ("objectif", "title"), ("action", "expected")]
)
def test_a_bullet_of_a_word_processor_is_replaced_and_an_emoji_refused_at_its_field(
    story: Story, lead: Client, kind: str, field: str
) -> None:
    bullet, emoji = (CASES / "plan_word_bullet.txt").read_text("utf-8").strip("\n").splitlines()
    base = {"title": "Essai", "status": "ACTIF", "description": "Essai"}
    page = address(story, "plan-add", kind)
    assert lead.post(page, base | {field: bullet}).status_code == 302
    with tenant(story.body.pk):
        parts = {"attente": Expectation, "objectif": Goal, "action": Action}[kind].objects.order_by("-pk")
        assert getattr(parts[0], field) == "• aller au marché le mardi"
    refused = lead.post(page, base | {field: emoji})
    assert refused.status_code == 422
    assert f'href="#id_{field}"' in refused.content.decode()
    assert "🙂" in refused.content.decode()
    assert "ne peut pas être imprimé" in refused.content.decode()


def test_an_agreement_with_a_sign_that_cannot_be_printed_is_refused_with_its_field(
    story: Story, lead: Client
) -> None:
    page = lead.post(address(story, "plan-agree"), {"words": "Oui 🙂"}, follow=True).content.decode()
    assert "Ce qu’en dit la personne" in page
    assert "ne peut pas être imprimé" in page

"""The relève and the notes: what one marks is what one saw, what is important stays, a slip is taken back."""

import datetime as dt
import re
from typing import Any

import lxml.html
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from jalon.care.actions import acknowledge
from jalon.care.models import Acknowledgement, Family, HandoverNote
from jalon.db.past import versions
from jalon.db.tenant import tenant
from tests.factories import NOW, HandoverNoteFactory, ProfessionalFactory
from tests.support import SHARED, needs_shared
from tests.web.story import Story, enter

LIST = "/releve/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def told(story: Story, **changes: Any) -> HandoverNote:
    with tenant(story.body.pk):
        author = changes.pop("author", None) or ProfessionalFactory.create()
        said = {
            "record": story.record,
            "written_at": NOW,
            "author": author,
            "text": "Fait nouveau.",
        } | changes
        return HandoverNoteFactory.create(**said)


def read_by(story: Story, role: str) -> set[Any]:
    with tenant(story.body.pk):
        return set(
            Acknowledgement.objects.filter(professional=story.professional(role)).values_list(
                "note_id", flat=True
            )
        )


def shown(client: Client, url: str = LIST) -> list[str]:
    """The notes that the button of the page names."""
    page = lxml.html.fromstring(client.get(url).content.decode())
    return list(
        page.xpath(
            f'//form[starts-with(@action, "{reverse("handover:all-read")}")]//input[@name="note"]/@value'
        )
    )


# --- what one saw -------------------------------------------------------------------------------------------


@needs_shared
def test_marking_all_marks_what_the_page_showed_and_nothing_that_came_after(story: Story) -> None:
    assert "it stays to be read" in (SHARED / "cases/handover_all_read.txt").read_text("utf-8")
    nurse = enter(story.staff["nurse"])
    ids = shown(nurse)
    after = told(story, important=True, text="Chute dans la douche.")
    nurse.post(reverse("handover:all-read"), {"note": ids})
    assert {str(pk) for pk in read_by(story, "nurse")} == set(ids)
    assert str(after.pk) in shown(nurse)


@needs_shared
def test_marking_all_of_a_filter_leaves_what_it_hides(story: Story) -> None:
    nurse, urgent = enter(story.staff["nurse"]), told(story, important=True)
    ids = shown(nurse, f"{LIST}?voir=importantes")
    assert ids == [str(urgent.pk)]
    nurse.post(reverse("handover:all-read"), {"note": ids})
    assert read_by(story, "nurse") == {urgent.pk}


def test_a_note_that_one_may_not_read_is_not_marked_by_naming_it(story: Story, educator: Client) -> None:
    secret = told(story, family=Family.HEALTH)
    elsewhere = HandoverNoteFactory.build().pk
    educator.post(reverse("handover:all-read"), {"note": [str(secret.pk), str(elsewhere), "rien"]})
    assert read_by(story, "educator") == set()


def test_marking_all_may_be_taken_back(story: Story) -> None:
    nurse = enter(story.staff["nurse"])
    page = nurse.post(reverse("handover:all-read"), {"note": shown(nurse)}, follow=True).content.decode()
    assert f'action="{reverse("handover:unread")}"' in page
    undone = re.findall(r'name="note" value="([0-9a-f-]{36})"', page)
    nurse.post(reverse("handover:unread"), {"note": undone})
    assert read_by(story, "nurse") == set()
    with tenant(story.body.pk):
        events = versions(Acknowledgement)
        assert set(events.values_list("pgh_label", flat=True)) == {"insert", "delete"}, "history keeps both"


def test_a_note_marked_by_htmx_answers_alone_with_the_same_button_and_may_be_taken_back(story: Story) -> None:
    nurse, note = enter(story.staff["nurse"]), told(story)
    answer = nurse.post(reverse("handover:read", args=[note.pk]), **HTMX).content.decode()
    assert "<html" not in answer
    assert f'id="lu-{note.pk}"' in answer, "the focus has the same button to come back to"
    assert "Annuler" in answer
    again = nurse.post(reverse("handover:unread"), {"note": str(note.pk)}, **HTMX).content.decode()
    assert f'id="lu-{note.pk}"' in again
    assert "J’ai lu" in again
    assert read_by(story, "nurse") == set()


def test_a_reading_is_not_taken_back_later(story: Story) -> None:
    nurse, note = enter(story.staff["nurse"]), told(story)
    nurse.post(reverse("handover:read", args=[note.pk]))
    with time_machine.travel(NOW + dt.timedelta(hours=2, minutes=5), tick=True):
        page = nurse.post(reverse("handover:unread"), {"note": str(note.pk)}, follow=True).content.decode()
    assert "Trop tard pour annuler" in page
    assert read_by(story, "nurse") == {note.pk}


# --- the order and what stays -------------------------------------------------------------------------------


def test_what_is_important_comes_first_then_what_is_to_be_taken_over_then_the_rest(story: Story) -> None:
    told(story, title="Z-calme")
    told(story, title="Z-suite", text="", data="Plaie propre.", result="Refaire jeudi.", family=Family.DAILY)
    told(story, title="Z-urgent", important=True)
    told(story, title="Z-incident", family=Family.INCIDENT)
    page = enter(story.staff["nurse"]).get(LIST).content.decode()
    places = [
        page.index(title)
        for title in ("À savoir tout de suite", "Z-urgent", "À suivre", "Z-suite", "Le reste", "Z-calme")
    ]
    assert places == sorted(places)
    assert page.index("Z-incident") < page.index("À suivre")
    assert page.count("Hier") == 0
    assert "aujourd’hui 10 h 30" in page.replace("\u00a0", " ")


def test_an_important_note_that_was_not_read_never_leaves(story: Story) -> None:
    old = NOW - dt.timedelta(days=60)
    urgent, plain = told(story, important=True, written_at=old), told(story, written_at=old)
    nurse = enter(story.staff["nurse"])
    assert str(urgent.pk) in shown(nurse)
    assert str(plain.pk) not in shown(nurse)
    nurse.post(reverse("handover:all-read"), {"note": str(urgent.pk)})
    assert str(urgent.pk) not in shown(nurse)


def test_the_releve_begins_at_my_last_passage(story: Story) -> None:
    nurse = story.professional("nurse")
    before, between = (
        told(story, written_at=NOW - dt.timedelta(days=5)),
        told(story, written_at=NOW - dt.timedelta(days=3)),
    )
    with tenant(story.body.pk):
        acknowledge(note=told(story), by=nurse, now=NOW - dt.timedelta(days=4))
    page = enter(story.staff["nurse"]).get(LIST).content.decode()
    assert "depuis votre dernier passage (mercredi 18 novembre" in page
    assert str(between.pk) in page
    assert str(before.pk) not in page


def test_the_vigilances_of_a_person_are_under_the_name_and_readers_under_the_note(story: Story) -> None:
    note = told(story)
    with tenant(story.body.pk):
        reader = ProfessionalFactory.create(first_name="Inès", last_name="LECTRICE")
        acknowledge(note=note, by=reader, now=NOW)
        (vigilance,) = story.record.person.vigilances.all()
    page = enter(story.staff["nurse"]).get(LIST).content.decode()
    assert vigilance.text[1:] in page
    assert "Lue par 1 personne" in page
    assert "Inès LECTRICE" in page


# --- by family ----------------------------------------------------------------------------------------------


def families(page: str) -> dict[str, str]:
    """The chips of the families: their word and where each leads."""
    found = lxml.html.fromstring(page).xpath('//div[@aria-label="Filtrer"]/a[contains(@href, "famille=")]')
    return {chip.text_content().strip(): chip.get("href") for chip in found}


def test_the_releve_of_a_family_shows_that_family_with_its_icon_and_its_word(story: Story) -> None:
    told(story, title="Z-santé", family=Family.HEALTH)
    told(story, title="Z-famille", family=Family.RELATIVES)
    nurse = enter(story.staff["nurse"])
    chips = families(nurse.get(LIST).content.decode())
    assert list(chips) == ["Santé", "Éducatif", "Quotidien", "Émotions", "Famille", "Événement"]
    page = nurse.get(LIST + chips["Famille"]).content.decode()
    assert "Z-famille" in page
    assert "Z-santé" not in page
    assert "1 transmission de la famille « Famille » depuis" in page.replace("\u00a0", " ")
    assert re.search(r'class="puce ton-lien"[^>]*aria-current="true">\s*<svg', page)


def test_only_the_families_that_one_may_read_are_offered_or_answered(story: Story, educator: Client) -> None:
    told(story, title="Z-santé", family=Family.HEALTH)
    assert "Santé" not in families(educator.get(LIST).content.decode())
    page = educator.get(LIST + "?famille=soin").content.decode()
    assert "Z-santé" not in page
    assert "de la famille" not in page, "a family that is not open is no filter"


def test_a_family_is_kept_with_the_other_filters_across_pages_and_gestures(story: Story) -> None:
    note = [told(story, family=Family.EMOTION, title=f"Z-{rank}") for rank in range(41)][0]
    nurse = enter(story.staff["nurse"])
    page = nurse.get(f"{LIST}?voir=toutes&famille=emo").content.decode()
    assert 'href="?voir=toutes&amp;famille=emo&amp;page=2" rel="next"' in page
    assert 'href="?voir=importantes&amp;famille=emo"' in page
    assert 'href="?voir=toutes&amp;famille=vie"' in page
    assert 'href="?voir=toutes"' in page, "the chosen one, pressed again, is left"
    address = f"{reverse('handover:read', args=[note.pk])}?voir=toutes&famille=emo"
    answer = nurse.post(address)
    assert answer["Location"] == f"{LIST}?voir=toutes&famille=emo"
    undo = f"{reverse('handover:unread')}?voir=toutes&amp;famille=emo"
    assert undo in nurse.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?famille=emo", "Rien à lire dans la famille « Émotions »."),
        ("?famille=emo&voir=toutes", "Rien dans la famille « Émotions »."),
        ("?famille=emo&voir=importantes", "Rien d’important dans la famille « Émotions »."),
        ("?voir=importantes", "Rien d’important depuis votre dernier passage."),
    ],
)
def test_an_empty_releve_says_which_filter_made_it_so(story: Story, asked: str, said: str) -> None:
    page = enter(story.staff["nurse"]).get(LIST + asked).content.decode().replace("\u00a0", " ")
    assert said in page


# --- a note taken back, corrected ---------------------------------------------------------------------------


def publish(client: Client, story: Story, **changes: str) -> str:
    sent = {"famille": "vie", "texte": "Écrit chez la mauvaise personne."} | changes
    return str(
        client.post(reverse("records:note", args=[story.record.pk]), sent, follow=True).content.decode()
    )


def last(story: Story) -> HandoverNote:
    with tenant(story.body.pk):
        return HandoverNote.objects.order_by("-pk")[0]


def test_a_note_just_published_is_taken_back_and_told_as_such_without_its_words(
    story: Story, educator: Client
) -> None:
    page, note = publish(educator, story), last(story)
    undo = reverse("records:note-withdraw", args=[story.record.pk, note.pk])
    assert f'action="{undo}"' in page
    for _ in range(2):
        after = educator.post(undo, follow=True).content.decode()
    assert "La note est retirée." in after
    assert "mauvaise personne" not in after
    assert "Note retirée par" in after
    assert str(note.pk) not in enter(story.staff["nurse"]).get(LIST).content.decode()
    with tenant(story.body.pk):
        assert HandoverNote.objects.get(pk=note.pk).text, "the history of the record keeps it"


def test_a_note_is_taken_back_by_its_author_alone_and_not_later(
    story: Story, educator: Client, lead: Client
) -> None:
    publish(educator, story)
    undo = reverse("records:note-withdraw", args=[story.record.pk, last(story).pk])
    assert lead.post(undo).status_code == 404
    with time_machine.travel(NOW + dt.timedelta(hours=2, minutes=5), tick=True):
        assert "Trop tard pour annuler" in educator.post(undo, follow=True).content.decode()


def test_a_correction_replaces_the_note_and_the_former_text_stays_readable(
    story: Story, educator: Client, lead: Client
) -> None:
    publish(educator, story, texte="A refusé le repas.")
    note = last(story)
    page = reverse("records:note-correct", args=[story.record.pk, note.pk])
    assert page in educator.get(reverse("records:summary", args=[story.record.pk])).content.decode()
    assert "A refusé le repas." in educator.get(page).content.decode()
    assert lead.get(page).status_code == 404
    after = educator.post(
        page, {"famille": "vie", "texte": "A accepté le repas."}, follow=True
    ).content.decode()
    assert "A accepté le repas." in after
    assert re.search(r"<summary>Corrigée.*?</summary>.*?A refusé le repas\.", after, re.DOTALL)
    undo = reverse("records:note-withdraw", args=[story.record.pk, last(story).pk])
    educator.post(undo)
    assert page in educator.get(reverse("records:summary", args=[story.record.pk])).content.decode()


def test_a_correction_of_a_health_note_does_not_show_it_to_whoever_may_not_read_health(
    story: Story, educator: Client
) -> None:
    nurse = enter(story.staff["nurse"])
    publish(nurse, story, famille="soin", texte="Mot de santé.")
    nurse.post(
        reverse("records:note-correct", args=[story.record.pk, last(story).pk]),
        {"famille": "vie", "texte": "Mot de tous les jours."},
    )
    page = educator.get(reverse("records:summary", args=[story.record.pk])).content.decode()
    assert "Mot de tous les jours." in page
    assert "Mot de santé." not in page


# --- nobody writes what they may not read again -------------------------------------------------------------


def test_a_family_that_one_may_not_read_is_not_offered_and_is_refused(story: Story, educator: Client) -> None:
    summary = educator.get(reverse("records:summary", args=[story.record.pk])).content.decode()
    assert 'value="soin"' not in summary
    assert 'value="soin"' not in educator.get(reverse("handover:write")).content.decode()
    assert "vous ne pourriez pas relire cette note" in publish(educator, story, famille="soin")
    sent = {"record": str(story.record.pk), "famille": "soin", "texte": "Santé."}
    assert educator.post(reverse("handover:write"), sent).status_code == 403
    assert not read_by(story, "educator")
    with tenant(story.body.pk):
        assert not HandoverNote.objects.filter(author=story.professional("educator")).exists()


@pytest.mark.parametrize(
    ("role", "family"),
    [("nurse", "soin"), ("educator", "educ"), ("care_worker", "vie"), ("psychologist", "psy")],
)
def test_the_family_of_the_profession_is_chosen_before_it_is_asked(
    story: Story, role: str, family: str
) -> None:
    client = enter(story.staff[role])
    for page in (reverse("handover:write"), reverse("records:summary", args=[story.record.pk])):
        assert re.search(rf'name="famille" value="{family}" checked', client.get(page).content.decode()), page


def test_a_note_from_anywhere_goes_to_the_person_whose_face_was_pressed(
    story: Story, educator: Client
) -> None:
    page = educator.get(reverse("handover:write")).content.decode()
    assert f'name="record" value="{story.record.pk}"' in page
    assert f'name="record" value="{story.cases["other_unit"].record.pk}"' not in page
    sent = {"record": str(story.record.pk), "famille": "educ", "texte": "A pris le bus."}
    after = educator.post(reverse("handover:write"), sent, follow=True).content.decode()
    assert "Publié pour Fictive ROSEAU." in after
    assert (last(story).record_id, last(story).text) == (story.record.pk, "A pris le bus.")
    (trace,) = story.traces(page="records:note")
    assert trace.record_id == story.record.pk


@pytest.mark.parametrize("chosen", ["", "rien"])
def test_a_note_for_nobody_keeps_its_text(story: Story, educator: Client, chosen: str) -> None:
    answer = educator.post(
        reverse("handover:write"), {"record": chosen, "famille": "educ", "texte": "A pris le bus."}
    )
    assert answer.status_code == 422
    assert "A pris le bus.</textarea>" in answer.content.decode()


def test_a_note_is_not_written_in_a_record_of_elsewhere(story: Story, educator: Client) -> None:
    sent = {"record": str(story.cases["other_house"].record.pk), "famille": "educ", "texte": "Rien."}
    assert educator.post(reverse("handover:write"), sent).status_code == 403

"""On screen: a reply under its note, what is to be taken over and who has it, the news of the unit."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from jalon.care.models import Acknowledgement, Family, HandoverNote, News, Task
from jalon.care.relay import take
from jalon.db.tenant import tenant
from tests.care.factories import NewsFactory, TaskFactory
from tests.factories import NOW, TODAY, HandoverNoteFactory
from tests.web.filled import filled
from tests.web.story import SECRET, Story, enter

LIST, DAY = "/releve/", "/ma-journee/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def seen(client: Client, url: str) -> str:
    return told(client.get(url))


def told(answer: Any) -> str:
    """What a page says, no-break spaces as spaces."""
    text: str = answer.content.decode()
    return re.sub(r"[\u00a0\u202f]", " ", text)


def at(name: str, story: Story, one: Any) -> str:
    return reverse(f"records:{name}", args=[story.record.pk, one])


def note_of(story: Story, **changes: Any) -> HandoverNote:
    with tenant(story.body.pk):
        return HandoverNoteFactory.create(record=story.record, **{"written_at": NOW, **changes})


def task_of(story: Story, **changes: Any) -> Task:
    with tenant(story.body.pk):
        note = changes.pop("note", None) or HandoverNoteFactory.create(record=story.record, written_at=NOW)
        return TaskFactory.create(note=note, **{"what": "Z-rappeler", **changes})


def again(story: Story, task: Task) -> Task:
    with tenant(story.body.pk):
        return Task.objects.select_related("holder", "done_by").get(pk=task.pk)


# --- replies ------------------------------------------------------------------------------------------------


def test_a_question_and_its_answer_are_read_under_the_note_in_the_releve_and_in_the_thread(
    story: Story, educator: Client, lead: Client
) -> None:
    note = note_of(story, title="Z-note", author=story.professional("team_lead"))
    page = at("note-answer", story, note.pk) + "?depuis=releve"
    assert f'href="{page}"' in seen(educator, LIST)
    assert "Z-note" in seen(educator, page)
    after = educator.post(page, {"texte": "Z-question : depuis quand ?"}, follow=True)
    assert after.redirect_chain == [(LIST, 302)]
    assert "Réponse publiée." in told(after)
    releve = seen(lead, LIST)
    assert releve.index("On vous répond") < releve.index("Z-note") < releve.index("Z-question")
    lead.post(at("note-answer", story, note.pk), {"texte": "Z-réponse : mardi."})
    assert "On vous répond" in seen(educator, LIST)
    thread = seen(educator, reverse("records:summary", args=[story.record.pk]))
    assert thread.index("Z-note") < thread.index("Z-question") < thread.index("Z-réponse")
    assert thread.count("Z-question") == 1


def test_a_reply_is_taken_back_with_annuler(story: Story, educator: Client) -> None:
    note = note_of(story)
    page = told(educator.post(at("note-answer", story, note.pk), {"texte": "Z-question ?"}, follow=True))
    with tenant(story.body.pk):
        reply = note.answered_by.get()
    undo = at("note-withdraw", story, reply.pk)
    assert f'action="{undo}"' in page
    after = told(educator.post(undo, follow=True))
    assert "Z-question" not in after
    assert "Réponse retirée par" in after


def test_an_empty_reply_and_one_to_what_was_corrected_say_so_and_lose_no_word(
    story: Story, educator: Client
) -> None:
    note = note_of(story)
    page = at("note-answer", story, note.pk)
    assert educator.post(page, {"texte": " "}).status_code == 422
    with tenant(story.body.pk):
        HandoverNoteFactory.create(record=story.record, author=note.author, supersedes=note)
    answer = educator.post(page, {"texte": "Z-question ?"})
    assert answer.status_code == 422
    assert "vient d’être corrigée" in told(answer)
    assert "Z-question ?</textarea>" in told(answer)


def test_a_note_that_one_may_not_read_is_neither_answered_nor_handed_over(
    story: Story, educator: Client
) -> None:
    note = note_of(story, of_health=True)
    task = task_of(story, note=note)
    for address in (at("note-answer", story, note.pk), at("task-add", story, note.pk)):
        assert educator.get(address).status_code == 404
        assert educator.post(address, {"texte": "Quoi ?", "what": "Quoi ?"}).status_code == 404
    assert educator.post(at("task-take", story, task.pk)).status_code == 404
    for page in (LIST, DAY, reverse("records:summary", args=[story.record.pk])):
        assert "Z-rappeler" not in seen(educator, page), page
        assert "Z-rappeler" in seen(enter(story.staff["nurse"]), page), page


def test_the_correction_of_a_reply_asks_no_family_and_keeps_its_own(story: Story) -> None:
    nurse, note = enter(story.staff["nurse"]), note_of(story, of_health=True)
    nurse.post(at("note-answer", story, note.pk), {"texte": "Z-question ?"})
    with tenant(story.body.pk):
        reply = note.answered_by.get()
    page = at("note-correct", story, reply.pk)
    assert 'name="famille"' not in seen(nurse, page)
    nurse.post(page, {"texte": "Z-mieux dit ?", "famille": "vie"})
    with tenant(story.body.pk):
        (right,) = note.answered_by.filter(supersedes=reply)
    assert (right.text, right.family) == ("Z-mieux dit ?", Family.HEALTH)


# --- what is to be taken over -------------------------------------------------------------------------------


def test_a_task_is_written_with_the_note_and_comes_back_to_whom_it_is_left(
    story: Story, educator: Client
) -> None:
    nurse = story.professional("nurse")
    sent = {"famille": "vie", "texte": "Z-note", "reprendre": "1"}
    answer = educator.post(reverse("records:note", args=[story.record.pk]), sent)
    page = answer["Location"]
    typed = filled(educator, page) | {"what": "Z-appeler", "due_time": "16:30", "holder": str(nurse.pk)}
    after = told(educator.post(page, typed, follow=True))
    assert f"Demandé à {nurse} : Z-appeler" in after
    assert "Pour aujourd’hui à 16 h 30" in after, "under its note in the thread"
    assert "Z-appeler" in seen(enter(story.staff["nurse"]), DAY)
    assert "Z-appeler" not in seen(enter(story.staff["care_worker"]), DAY), "somebody has it"
    for role in ("nurse", "care_worker"):
        assert "Z-appeler" in seen(enter(story.staff[role]), LIST), "the relève says what is under way"


def test_a_note_from_anywhere_leads_to_its_task_and_back_to_the_day(story: Story, educator: Client) -> None:
    said = {"record": str(story.record.pk), "famille": "educ", "texte": "Z-note", "reprendre": "1"}
    page = educator.post(reverse("handover:write"), said)["Location"]
    assert page.endswith("?depuis=journee")
    assert educator.post(page, {"what": "Z-appeler"})["Location"] == DAY
    assert "Z-appeler" in seen(enter(story.staff["care_worker"]), DAY), "of the team while nobody has it"


def test_what_was_asked_is_taken_back_at_once(story: Story, educator: Client) -> None:
    page = at("task-add", story, note_of(story).pk)
    after = told(educator.post(page, {"what": "Z-appeler"}, follow=True))
    with tenant(story.body.pk):
        task = Task.objects.get(what="Z-appeler")
    undo = at("task-cancel", story, task.pk)
    assert f'action="{undo}"' in after
    assert "rien n’est demandé" in told(educator.post(undo, follow=True))
    assert "Z-appeler" not in seen(educator, LIST)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": ""}, "Ce champ"),
        ({"what": "Z", "due_on": "2026-11-21"}, "Ce jour est passé"),
    ],
)
def test_a_task_that_says_nothing_or_is_of_yesterday_is_shown_again(
    story: Story, educator: Client, typed: dict[str, str], said: str
) -> None:
    answer = educator.post(at("task-add", story, note_of(story).pk), typed)
    assert answer.status_code == 422
    assert said in told(answer) or 'aria-invalid="true"' in told(answer)


def test_taken_and_done_without_reload_each_with_its_way_back(story: Story, educator: Client) -> None:
    task = task_of(story)
    answer = told(educator.post(at("task-take", story, task.pk), **HTMX))
    assert "<html" not in answer
    assert "Vous vous en chargez" in answer
    assert f'id="prise-{task.pk}"' in answer, "the focus has the same button to come back to"
    assert "Rendre à l’équipe" in answer
    back = told(educator.post(at("task-hand-back", story, task.pk), **HTMX))
    assert "Je m’en charge" in back
    done = told(educator.post(at("task-done", story, task.pk), **HTMX))
    assert f"Fait par {story.professional('educator')}, aujourd’hui 12 h 30" in done
    assert f'id="fait-{task.pk}"' in done
    assert "Z-rappeler" not in seen(educator, LIST)
    assert "C’est fait" in told(educator.post(at("task-reopen", story, task.pk), **HTMX))
    assert "Z-rappeler" in seen(educator, LIST)


def test_without_script_the_gesture_leads_back_where_it_was_made_with_annuler(
    story: Story, educator: Client
) -> None:
    task = task_of(story)
    after = educator.post(at("task-take", story, task.pk) + "?depuis=journee", follow=True)
    assert after.redirect_chain == [(DAY, 302)]
    assert f'action="{at("task-hand-back", story, task.pk)}?depuis=journee"' in told(after)
    after = educator.post(at("task-done", story, task.pk) + "?depuis=releve", follow=True)
    assert after.redirect_chain == [(LIST, 302)]
    assert f'action="{at("task-reopen", story, task.pk)}?depuis=releve"' in told(after)


def test_whoever_comes_second_is_told_who_has_it_and_who_did_it(
    story: Story, educator: Client, lead: Client
) -> None:
    task, first = task_of(story), story.professional("team_lead")
    with tenant(story.body.pk):
        take(task=task, by=first, today=TODAY)
    assert f"{first} s’en charge déjà." in told(educator.post(at("task-take", story, task.pk), **HTMX))
    assert again(story, task).holder == first
    lead.post(at("task-done", story, task.pk))
    late = told(educator.post(at("task-done", story, task.pk), **HTMX))
    assert f"C’est déjà fait par {first}." in late
    assert "Annuler" not in late
    page = told(educator.post(at("task-done", story, task.pk), follow=True))
    assert f"C’est déjà fait par {first}." in page
    assert f"Fait par {first}, aujourd’hui" in page, "the thread keeps by whom and when"


def test_a_task_past_its_hour_says_it_is_late(story: Story, educator: Client) -> None:
    task_of(story, due_on=TODAY, due_time=dt.time(13))
    assert "En retard" not in seen(educator, LIST)
    with time_machine.travel(NOW + dt.timedelta(hours=5), tick=True):
        assert "En retard" in seen(enter(story.staff["educator"]), LIST)


def test_the_tasks_of_who_died_leave_the_lists_and_the_thread_says_why(
    story: Story, educator: Client
) -> None:
    task = task_of(story)
    with tenant(story.body.pk):
        person = story.record.person
        person.died_on = TODAY
        person.save()
    for page in (LIST, DAY):
        assert "Z-rappeler" not in seen(educator, page)
    thread = seen(educator, reverse("records:summary", args=[story.record.pk]))
    assert "Z-rappeler" in thread
    assert "La personne est décédée : il n’y a plus rien à reprendre." in thread
    assert at("task-done", story, task.pk) not in thread
    assert "il n’y a plus rien à reprendre" in seen(educator, at("task-add", story, task.note_id))
    assert educator.post(at("task-add", story, task.note_id), {"what": "Z"}).status_code == 422


def test_a_family_that_is_chosen_is_that_of_the_tasks_too(story: Story, educator: Client) -> None:
    task_of(story)
    assert "Z-rappeler" in seen(educator, f"{LIST}?famille=vie")
    page = seen(educator, f"{LIST}?famille=emo")
    assert "Z-rappeler" not in page
    assert "Rien n’est à reprendre dans la famille « Émotions »." in page


def test_a_list_that_names_somebody_for_a_task_leaves_a_trace(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        HandoverNote.objects.filter(record=story.record).update(written_at=NOW - dt.timedelta(days=20))
    task_of(story, note=note_of(story, written_at=NOW - dt.timedelta(days=20)))
    for page, address in (("handover:list", LIST), ("home:day", DAY)):
        seen(educator, address)
        assert story.record.pk in story.traces(page=page)[-1].shown


# --- news ---------------------------------------------------------------------------------------------------

TYPED = {"text": "Z-ascenseur en panne", "starts_on": "2026-11-22", "ends_on": "2026-11-24"}


def test_news_are_told_to_the_unit_and_the_form_warns_that_nobody_is_named(
    story: Story, educator: Client
) -> None:
    page = reverse("handover:news-add")
    assert "n’y nommez personne" in seen(educator, page)
    after = told(educator.post(page, filled(educator, page) | TYPED, follow=True))
    assert "Z-ascenseur en panne" in after
    assert "Unité Bleue, jusqu’au 24 novembre 2026." in after
    nurse = enter(story.staff["nurse"])
    assert "Z-ascenseur en panne" in seen(nurse, LIST)
    red = enter(story.hire("nurse", unit=story.other_unit))
    assert "Z-ascenseur en panne" not in seen(red, LIST)
    with tenant(story.body.pk):
        news = News.objects.get(text=TYPED["text"])
    assert red.post(reverse("handover:news-read", args=[news.pk])).status_code == 403


def test_somebody_of_a_unit_tells_neither_another_unit_nor_the_whole_house(
    story: Story, educator: Client
) -> None:
    page = reverse("handover:news-add")
    for unit in ("", str(story.other_unit.pk)):
        assert educator.post(page, filled(educator, page) | TYPED | {"unit": unit}).status_code == 422
    director = enter(story.hire("director"))
    assert director.post(page, filled(director, page) | TYPED | {"unit": ""}).status_code == 302


def test_news_are_read_like_a_note_alone_or_with_what_is_shown_and_taken_back(story: Story) -> None:
    with tenant(story.body.pk):
        news = NewsFactory.create(establishment=story.house, unit=story.unit, text="Z-minibus")
        Acknowledgement.objects.all().delete()
    nurse, address = enter(story.staff["nurse"]), reverse("handover:news-read", args=[news.pk])
    answer = told(nurse.post(address, **HTMX))
    assert "<html" not in answer
    assert f'id="lu-{news.pk}"' in answer
    undone = told(nurse.post(reverse("handover:unread"), {"news": str(news.pk)}, **HTMX))
    assert "J’ai lu" in undone
    shown = re.findall(r'name="(note|news)" value="([0-9a-f-]{36})"', seen(nurse, LIST))
    assert ("news", str(news.pk)) in shown
    sent: dict[str, list[str]] = {"note": [], "news": []}
    for name, pk in shown:
        sent[name].append(pk)
    after = told(nurse.post(reverse("handover:all-read"), sent, follow=True))
    assert re.search(r"\d transmissions et \d nouvelles lues\.", after)
    with tenant(story.body.pk):
        assert news.acknowledgements.filter(professional=story.professional("nurse")).exists()


def test_news_that_hold_no_more_are_taken_away_by_the_team_and_brought_back_after_a_slip(
    story: Story, educator: Client
) -> None:
    with tenant(story.body.pk):
        news = NewsFactory.create(establishment=story.house, text="Z-minibus")
    page = told(educator.post(reverse("handover:news-end", args=[news.pk]), follow=True))
    assert "Z-minibus" not in page
    restore = reverse("handover:news-restore", args=[news.pk])
    assert f'action="{restore}"' in page
    assert "Z-minibus" in told(educator.post(restore, follow=True))


def test_a_secret_of_health_is_in_no_part_of_the_releve_of_who_does_not_read_health(
    story: Story, educator: Client
) -> None:
    note = note_of(story, of_health=True, title=SECRET)
    with tenant(story.body.pk):
        HandoverNoteFactory.create(record=story.record, answers=note, family=note.family, text=SECRET)
        TaskFactory.create(note=note, what=SECRET)
    for page in (LIST, f"{LIST}?voir=toutes&famille=soin", DAY):
        assert SECRET not in seen(educator, page)
    assert seen(enter(story.staff["nurse"]), LIST).count(SECRET) >= 3

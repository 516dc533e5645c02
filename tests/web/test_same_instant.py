"""Real threads at a barrier: the same form is one act, and no edit erases another in silence."""

import copy
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.people.models import Person
from jalon.plans.actions import end
from tests.factories import NOW, TODAY
from tests.web.filled import filled, sent_by
from tests.web.story import Story, enter, write_story

HANDS = 3
MORNING = {"label": "Sortie d’essai", "starts_at": "2026-11-23T10:00", "ends_at": "2026-11-23T11:00"}
TWIN = {"birth_name": "ARBRE-FICTIF", "first_name": "Ada", "sex": "F", "birth_date": "03/02/1990"}


@pytest.fixture
def told(transactional_db: None) -> Story:
    """The story, committed: each hand has a connection of its own."""
    return write_story(NOW)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """The answers of these acts, started at the same instant."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def hand(number: int) -> None:
        try:
            start.wait()
            answers[number] = acts[number]()
        finally:
            connection.close()

    hands = [threading.Thread(target=hand, args=(number,)) for number in range(len(acts))]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    return answers


def forms(story: Story) -> Iterator[tuple[str, str, str, dict[str, str], Callable[[], int]]]:
    """Who, the page, where it sends, what is typed, how many rows there are of what it makes."""
    record = story.record
    plan = record.plans.get()

    def under(name: str, *arguments: str) -> str:
        return reverse(f"records:{name}", args=[record.pk, *arguments])

    def added(who: str, url: str, typed: dict[str, str], rows: Callable[[], int]) -> Any:
        return who, url, url, typed, rows

    summary, project = under("summary"), under("plan")
    yield "nurse", summary, under("note"), {"famille": "vie", "texte": "A bien dormi."}, record.notes.count
    yield added("nurse", reverse("handover:write"), _note(record), record.notes.count)
    yield added("nurse", under("event-add"), MORNING, record.agenda_events.count)
    yield added(
        "team_lead", under("contact-add"), {"last_name": "PROCHE-FICTIF"}, record.person.contacts.count
    )
    yield added("team_lead", under("stay-add"), {"planned_start": "2027-01-04"}, record.stays.count)
    for kind, field, relation in PARTS:
        yield added("nurse", under("plan-add", kind), {field: "Voir la mer."}, getattr(plan, relation).count)
    yield "nurse", project, under("plan-agree"), {"words": "Oui."}, plan.agreements.count
    yield "team_lead", under("plan-sign"), under("plan-sign"), {}, plan.versions.count


PARTS = (
    ("attente", "description", "expectations"),
    ("besoin", "description", "needs"),
    ("objectif", "title", "goals"),
    ("action", "title", "actions"),
)


def _note(record: Any) -> dict[str, str]:
    return {"record": str(record.pk), "famille": "vie", "texte": "A bien mangé."}


def test_one_form_sent_by_several_hands_at_the_same_instant_is_one_act(told: Story) -> None:
    with tenant(told.body.pk):
        cases = list(forms(told))
    for who, page, url, typed, rows in cases:
        clients = [enter(told.staff[who]) for _ in range(HANDS)]
        sent = (filled(clients[0], page) if page == url else key_of(clients[0], page)) | typed
        with tenant(told.body.pk):
            before = rows()
        answers = at_once([partial(client.post, url, sent) for client in clients])
        assert [answer.status_code for answer in answers] == [302] * HANDS, url
        assert len({answer["Location"] for answer in answers}) == 1, url
        with tenant(told.body.pk):
            assert rows() == before + 1, url


def test_one_person_welcomed_by_several_hands_at_the_same_instant_is_one(told: Story) -> None:
    clients, url = [enter(told.staff["secretary"]) for _ in range(HANDS)], reverse("people:new")
    asked = {name: TWIN[name] for name in ("birth_name", "first_name", "birth_date")}
    searched = clients[0].post(url, filled(clients[0], url) | asked)
    sent = sent_by(searched) | TWIN | {"starts_on": "2026-11-20"}
    answers = at_once([partial(client.post, url, sent) for client in clients])
    assert [answer.status_code for answer in answers] == [302] * HANDS
    assert len({answer["Location"] for answer in answers}) == 1
    with tenant(told.body.pk):
        assert Person.objects.filter(birth_name="ARBRE-FICTIF").count() == 1


def key_of(client: Client, page: str) -> dict[str, str]:
    keys = lxml.html.fromstring(client.get(page).content.decode()).xpath('//input[@name="envoi"]/@value')
    return {"envoi": keys[0]}


def test_two_windows_with_two_keys_follow_a_closed_plan_once(told: Story) -> None:
    with tenant(told.body.pk):
        plan = told.record.plans.get()
        plan.status = "ENCOURS"
        plan.save()
        end(plan=plan, end_reason="bilan", on=TODAY, by=None)
    url = reverse("records:plan-succeed", args=[told.record.pk])
    clients = [enter(told.staff[who]) for who in ("nurse", "team_lead")]
    at_once([partial(client.post, url, {}) for client in clients])
    with tenant(told.body.pk):
        assert plan.followed_by.count() == 1


EDITS = {
    "person-edit": "city",
    "contact": "comment",
    "stay": "comment",
    "event": "place",
    "agreement": "words",
    "plan-edit": "description",
    "plan-part": "expected",
    "plan-review": "review",
    "directory:structure": "city",
    "directory:professional": "email",
    "directory:function": "phone",
}


def pages(story: Story) -> Iterator[tuple[str, str]]:
    """Each form that edits, and the field that both hands change."""
    case = story.cases["own"]
    named = {
        "contact": {"contact_id": case.contact},
        "stay": {"stay_id": case.stay},
        "event": {"event_id": case.event},
        "agreement": {"agreement_id": case.agreement},
        "plan-part": {"kind": "objectif", "part_id": case.goal},
    }
    for name, field in EDITS.items():
        if ":" in name:
            kind = name.partition(":")[2]
            yield reverse(name, kwargs={f"{kind}_id": case.directory[f"{kind}_id"]}), field
        else:
            yield (
                reverse(f"records:{name}", kwargs={"record_id": case.record.pk, **named.get(name, {})}),
                field,
            )


def test_of_two_edits_at_the_same_instant_one_is_kept_and_the_other_is_shown_both(told: Story) -> None:
    clients = [enter(told.staff[who]) for who in ("director", "team_lead")]
    for url, field in pages(told):
        sent = [filled(client, url) for client in clients]
        assert f"{field}:" in sent[0]["vu"], url
        texts = ["un@exemple.test", "deux@exemple.test"] if field == "email" else ["Texte un", "Texte deux"]
        answers = at_once(
            [
                partial(client.post, url, form | {field: text})
                for client, form, text in zip(clients, sent, texts, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [302, 422], url
        lost = next(number for number, answer in enumerate(answers) if answer.status_code == 422)
        page = lxml.html.fromstring(answers[lost].content.decode())
        assert filled(clients[lost], url)[field] == texts[1 - lost], url
        (line,) = page.xpath('//table[caption="Ce qui a changé entre-temps"]/tbody/tr')
        assert [cell.text for cell in line.xpath("./td")] == [texts[1 - lost], texts[lost]], url
        kept = page.xpath(f'//form//*[@name="{field}"]')[0]
        assert (kept.get("value") or kept.text or "").strip() == texts[lost], url
        writer = told.professional(("director", "team_lead")[1 - lost])
        assert f"{writer} a modifié cette page" in page.text_content(), url


def test_what_was_not_touched_here_is_shown_as_the_other_left_it(told: Story) -> None:
    clients = [enter(told.staff[who]) for who in ("director", "team_lead")]
    url = next(iter(pages(told)))[0]
    first, second = (filled(client, url) for client in clients)
    assert clients[0].post(url, first | {"city": "Rennes"}).status_code == 302
    answer = clients[1].post(url, copy.copy(second) | {"phone": "01 99 00 11 22"})
    page = lxml.html.fromstring(answer.content.decode())
    assert answer.status_code == 422
    assert page.xpath('//*[@name="city"]/@value') == ["Rennes"]
    assert page.xpath('//*[@name="phone"]/@value') == ["01 99 00 11 22"]
    assert "vous n’y avez pas touché" in page.text_content()


WORDS = ("un habitant, des habitants", "un hôte, des hôtes")
OTHER_WORDS = ("un élève, des élèves", "un stagiaire, des stagiaires")


def test_of_two_who_set_the_same_thing_at_the_same_instant_one_is_kept_and_the_other_is_shown_both(
    told: Story,
) -> None:
    """Nobody had set it: there is no row to lock yet, then there is one."""
    who = ("director", "administrator")
    clients = [enter(told.staff[one]) for one in who]
    places = [
        (reverse("settings:house-edit", args=[told.house.pk, "word"]), "value", WORDS),
        (reverse("settings:unit-edit", args=[told.unit.pk, "word"]), "value", OTHER_WORDS),
        (reverse("settings:unit-name", args=[told.unit.pk]), "name", ("Mésange", "Hirondelle")),
    ]
    for url, field, texts in places:
        sent = [filled(client, url) for client in clients]
        pairs = zip(clients, sent, texts, strict=True)
        answers = at_once([partial(client.post, url, form | {field: text}) for client, form, text in pairs])
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [302, 422], url
        lost = next(number for number, answer in enumerate(answers) if answer.status_code == 422)
        page = lxml.html.fromstring(answers[lost].content.decode())
        (line,) = page.xpath('//table[caption="Ce qui a changé entre-temps"]/tbody/tr')
        assert [cell.text for cell in line.xpath("./td")] == [texts[1 - lost], texts[lost]], url
        assert filled(clients[lost], url)[field] == texts[1 - lost], url
        assert f"{told.professional(who[1 - lost])} a modifié cette page" in page.text_content(), url

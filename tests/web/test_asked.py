"""A refusal is no wall: it says its rule and leads to a request or an emergency, told, answered, reviewed."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Access, Entry
from jalon.db.tenant import tenant
from jalon.records.models import AccessGrant, AccessRequest, Replacement
from jalon.staff.rules import Role
from tests.factories import NOW
from tests.web.filled import filled
from tests.web.story import SECRET, Story, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(story: Story) -> Client:
    return enter(story.staff["nurse"])


@pytest.fixture
def head(story: Story) -> Client:
    """Who keeps the door of the whole house."""
    return enter(story.hire(Role.TEAM_LEAD))


def words(answer: Any) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode().replace("\u00a0", " ")))


def closed(story: Story, place: str = "other_unit") -> Any:
    return story.cases[place].record.pk


def summary(record: Any) -> str:
    return reverse("records:summary", args=[record])


def day(client: Client) -> str:
    return words(client.get(reverse("home:day")))


def ask(client: Client, record: Any, reason: str = "Je remplace Inès demain.") -> Any:
    address = reverse("accesses:ask", args=[record])
    return client.post(address, filled(client, address) | {"reason": reason, "days": "7"}, follow=True)


def break_glass(client: Client, record: Any) -> Any:
    address = reverse("accesses:emergency", args=[record])
    return client.post(address, filled(client, address) | {"reason": "Malaise à table."}, follow=True)


def test_a_refusal_says_its_rule_its_text_and_leads_to_a_request(story: Story, educator: Client) -> None:
    refusal = educator.get(summary(closed(story)))
    assert refusal.status_code == 403
    said = words(refusal)
    assert "On voit les personnes de son établissement et de son unité" in said
    assert "CSP L1110-4" in said
    assert reverse("accesses:ask", args=[closed(story)]) in refusal.content.decode()
    assert "Urgence" not in said, "an educator gives no care in an emergency"


def test_a_function_that_does_not_carry_the_act_is_told_so_and_is_offered_no_request(
    story: Story, educator: Client
) -> None:
    said = words(educator.get(reverse("indicators:index")))
    assert "Chaque fonction a ses gestes" in said
    assert "Demander l’accès" not in said


def test_a_record_that_was_asked_for_is_answered_on_screen_and_told_to_whoever_asked(
    story: Story, educator: Client, head: Client
) -> None:
    record = closed(story)
    assert "Demande envoyée" in words(ask(educator, record))
    with tenant(story.body.pk):
        asked = AccessRequest.objects.get(professional=story.professional("educator"))
    assert "Je remplace Inès demain." in day(head)
    assert "Je remplace" not in day(enter(story.staff["team_lead"])), "the head of another unit"
    address = reverse("accesses:answer", args=[asked.pk])
    page = head.get(address)
    assert "SAULE" in page.content.decode()
    head.post(address, filled(head, address) | {"decision": "oui"}, follow=True)
    assert "Accordé" in day(educator)
    opened = educator.get(summary(record))
    assert opened.status_code == 200
    assert SECRET not in opened.content.decode()
    assert educator.get(summary(closed(story, "other_house"))).status_code == 403


def test_a_request_that_is_refused_says_why(story: Story, educator: Client, head: Client) -> None:
    ask(educator, closed(story))
    with tenant(story.body.pk):
        asked = AccessRequest.objects.get(professional=story.professional("educator"))
    address = reverse("accesses:answer", args=[asked.pk])
    missing = head.post(address, filled(head, address) | {"decision": "non"})
    assert (missing.status_code, "Dites pourquoi" in words(missing)) == (422, True)
    head.post(address, filled(head, address) | {"decision": "non", "answer": "L’équipe suffit."})
    assert "L’équipe suffit." in day(educator)
    assert educator.get(summary(closed(story))).status_code == 403


def test_asking_for_a_record_of_nobody_or_of_another_body_tells_nothing(
    story: Story, educator: Client
) -> None:
    answers = {words(ask(educator, one)) for one in (uuid.uuid4(), closed(story, "other_body"))}
    with tenant(story.body.pk):
        AccessRequest.objects.filter(professional=story.professional("educator")).delete()
    assert len({re.sub("une semaine", "", one) for one in answers}) <= 2
    assert not any("ÉRABLE" in one for one in answers)


def test_an_emergency_opens_at_once_and_is_told_reviewed_and_traced(
    story: Story, nurse: Client, head: Client
) -> None:
    record = closed(story)
    assert "Urgence : ouvrir maintenant" in words(nurse.get(summary(record)))
    opened = break_glass(nurse, record)
    assert "Dossier ouvert en urgence" in words(opened)
    assert SECRET in opened.content.decode(), "a nurse reads what is of health"
    assert "Malaise à table." in day(head)
    with tenant(story.body.pk):
        given = AccessGrant.objects.get(professional=story.professional("nurse"))
        assert Access.objects.filter(record_id=record, outcome=Access.Outcome.OPENED).exists()
        assert Entry.objects.filter(action="records.glass_broken", object_id=record).exists()
    address = reverse("accesses:review", args=[given.pk])
    answer = {"decision": "non", "words": "Rien ne pressait."}
    head.post(address, filled(head, address) | answer)
    assert "Rien ne pressait." in words(head.get(reverse("accesses:index")))
    assert nurse.get(summary(record)).status_code == 403, "what was no emergency ends"


def test_an_emergency_runs_out_by_itself(story: Story, nurse: Client) -> None:
    break_glass(nurse, closed(story))
    with tenant(story.body.pk):
        AccessGrant.objects.filter(professional=story.professional("nurse")).update(until=NOW)
    assert nurse.get(summary(closed(story))).status_code == 403


def test_no_emergency_where_the_house_closed_it_and_the_words_are_those_of_a_record_of_nobody(
    story: Story, nurse: Client
) -> None:
    director = enter(story.staff["director"])
    setting = reverse("settings:house-edit", args=[story.house.pk, "records.emergency"])
    director.post(setting, filled(director, setting) | {"value": "0"})
    answers = []
    for record in (closed(story), uuid.uuid4()):
        address = reverse("accesses:emergency", args=[record])
        answers.append(nurse.post(address, filled(nurse, address) | {"reason": "Malaise."}))
    assert [answer.status_code for answer in answers] == [422, 422]
    assert words(answers[0]) == words(answers[1])
    assert nurse.get(summary(closed(story))).status_code == 403


def test_each_part_of_a_record_says_by_which_rule_it_is_open_or_not(story: Story, educator: Client) -> None:
    said = words(educator.get(reverse("records:why", args=[story.record.pk])))
    assert "Projet personnalisé Voit et écrit" in said
    assert "Santé Ne voit pas Chaque contenu est pour qui en a besoin" in said
    assert "Éducatrice, Foyer d’Essai, unité Bleue" in said


def simulate(client: Client, who: Any, name: str, **said: str) -> Any:
    address = reverse("accesses:simulator")
    return client.post(address, filled(client, address) | {"who": str(who.pk), "name": name} | said)


def test_the_simulator_says_what_a_colleague_sees_and_opens_nothing(story: Story, head: Client) -> None:
    who = story.professional("care_worker")
    said = words(simulate(head, who, "roseau"))
    assert f"{who} voit" in said
    assert "Écrits psychologiques, réservés Ne voit pas" in said
    assert "Santé Voit" in said
    with tenant(story.body.pk):
        entry = Entry.objects.get(action="records.rights_simulated")
        assert (entry.object_id, entry.facts["who"]) == (story.record.pk, str(who.pk))
        assert not Access.objects.filter(record_id=story.record.pk).exists()


def test_the_simulator_answers_as_of_an_hour(story: Story, head: Client) -> None:
    who = story.professional("care_worker")
    said = words(simulate(head, who, "roseau", at="2020-01-06T23:30"))
    assert "voit 0 parties" in said
    assert "Il faut une affectation en cours" in said


def test_the_simulator_asks_which_of_several_and_knows_only_the_people_of_ones_houses(
    story: Story, head: Client
) -> None:
    who = story.professional("care_worker")
    assert "Personne de ce nom ici" in words(simulate(head, who, "tremble"))
    with_others = simulate(head, who, "fictive")
    assert (with_others.status_code, "Choisissez." in words(with_others)) == (422, True)
    chosen = simulate(head, who, "fictive", dossier=str(closed(story)))
    assert "Aucune ne couvre ce dossier" in words(chosen)


def test_a_function_is_given_for_a_day_on_screen_told_to_both_and_ended(story: Story, head: Client) -> None:
    nurse, substitute = story.professional("nurse"), story.professional("secretary")
    with tenant(story.body.pk):
        work = nurse.memberships.get()
    address = reverse("accesses:replace")
    said = {"work": str(work.pk), "substitute": str(substitute.pk), "reason": "Arrêt du jour."}
    shown = words(head.post(address, filled(head, address) | said, follow=True))
    told = f"{substitute} remplace {nurse}"
    assert told in shown
    other = enter(story.staff["secretary"])
    for client in (other, enter(story.staff["nurse"])):
        assert told in words(client.get(reverse("accesses:index")))
    assert SECRET in other.get(summary(story.record.pk)).content.decode()
    with tenant(story.body.pk):
        made = Replacement.objects.get()
    head.post(reverse("accesses:replace-end"), {"remplacement": str(made.pk)})
    assert SECRET not in other.get(summary(story.record.pk)).content.decode()


def test_the_rights_of_a_house_are_reviewed_signed_and_extracted_on_screen(
    story: Story, head: Client
) -> None:
    other = enter(story.hire(Role.DIRECTOR))
    address = reverse("accesses:yearly", args=[story.house.pk])
    assert "Droits à relire, Foyer d’Essai" in day(head)
    for client in (head, other):
        for right in re.findall(r'name="droit" value="([\w-]{36})"', client.get(address).content.decode()):
            client.post(address, {"droit": right, "geste": "garder", "motif": ""})
    assert "Revue signée" in words(other.post(address, {"geste": "signer"}, follow=True))
    table = other.get(reverse("accesses:yearly-file", args=[story.house.pk])).content.decode()
    assert table.startswith("À qui;Droit;Décision;Motif;Relu par;Le")
    assert "Droits à relire, Foyer d’Essai" not in day(head)

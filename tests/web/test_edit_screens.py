"""The pages that correct a record: refused with words and in their place, and nothing typed is lost."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalon.agenda.models import Event
from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.people.models import Contact, Person
from jalon.plans.actions import sign
from jalon.plans.models import Agreement, Goal
from jalon.records.models import Record, Stay
from jalon.web.areas.identity.forms import PersonForm
from tests.factories import (
    NOW,
    TODAY,
    EventFactory,
    NeedFactory,
    PersonFactory,
    ProfessionalFactory,
    StayFactory,
    UnitFactory,
)
from tests.web.filled import filled
from tests.web.story import Story

THINGS = {"contact": Contact, "stay": Stay, "event": Event, "agreement": Agreement}


def address(story: Story, name: str, **arguments: Any) -> str:
    return reverse(f"records:{name}", kwargs={"record_id": story.record.pk} | arguments)


def of_the_record(story: Story, name: str, place: str = "own") -> str:
    """The page, in our record, of something that belongs to the record of that place."""
    return address(story, name, **{f"{name}_id": getattr(story.cases[place], name)})


def typed(client: Client, page: str, **changes: str) -> Any:
    return client.post(page, filled(client, page) | changes)


def told(answer: Any, *words: str) -> None:
    """422, and the page says each of these."""
    page = answer.content.decode()
    assert answer.status_code == 422, page
    for said in words:
        assert said in page, said


# ── What is not of this record ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("place", ["other_unit", "other_house", "other_body"])
def test_what_belongs_to_somebody_else_is_not_found_under_my_record(
    story: Story, lead: Client, name: str, place: str
) -> None:
    for answer in (
        lead.get(of_the_record(story, name, place)),
        lead.post(of_the_record(story, name, place), {"comment": "Lu", "words": "Lu", "place": "Lu"}),
    ):
        assert answer.status_code == 404
        assert "PROCHE-FICTIF" not in answer.content.decode()
    owner = story.cases[place].record.managing_body_id
    with tenant(owner):
        assert THINGS[name]._default_manager.get(pk=getattr(story.cases[place], name))
        assert not Entry.objects.exists()


# ── The person ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("SC.INS/va1.47")
def test_the_traits_that_an_ins_vouches_for_are_locked_even_for_a_forged_form(
    story: Story, lead: Client
) -> None:
    page = address(story, "person-edit")
    assert "viennent de l’INS" in lead.get(page).content.decode()
    assert "birth_name" not in filled(lead, page)
    forged = filled(lead, page) | {"birth_name": "AUTRE", "birth_date": "01/01/1900", "city": "Rennes"}
    assert lead.post(page, forged).status_code == 302
    with tenant(story.body.pk):
        person = Person.objects.get(pk=story.record.person_id)
        assert (person.birth_name, person.city, person.is_qualified) == ("ROSEAU", "Rennes", True)
        (entry,) = Entry.objects.filter(action="people.edited")
        assert entry.facts == {"fields": ["city"]}


@pytest.fixture
def provisional(story: Story) -> Story:
    """The person of our record, without INS."""
    with tenant(story.body.pk):
        story.record.person = PersonFactory.create(birth_name="ROSEAU", first_name="Fictive")
        story.record.save()
    return story


@pytest.mark.parametrize(
    ("said", "day", "precision"),
    [
        ("12/03/1950", dt.date(1950, 3, 12), "day"),
        ("03/1950", dt.date(1950, 3, 1), "month"),
        ("1950", dt.date(1950, 12, 31), "year"),
    ],
)
def test_a_birth_date_is_known_to_the_day_the_month_or_the_year(
    provisional: Story, lead: Client, said: str, day: dt.date, precision: str
) -> None:
    page = address(provisional, "person-edit")
    assert typed(lead, page, birth_date=said).status_code == 302
    assert filled(lead, page)["birth_date"] == said
    with tenant(provisional.body.pk):
        person = provisional.record.person
        person.refresh_from_db()
        assert (person.birth_date, person.birth_date_precision) == (day, precision)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("birth_date", "31/02/1950", "n’existe pas au calendrier"),
        ("birth_date", "hier", "ne se lit pas"),
        ("birth_date", "01/01/0001", "Vérifiez"),
        ("birth_date", "", "Rien n’est écrit ici. Complétez pour enregistrer."),
        ("birth_place", "Trifouilly", "Aucun lieu ne porte ce nom"),
        ("email", "sans arobase", "adresse"),
        ("died_on", "1900-01-01", "Le décès est avant la naissance."),
        ("birth_order", "99999", "32767"),
    ],
)
def test_what_is_wrong_of_a_person_is_said_at_its_field_and_kept(
    provisional: Story, lead: Client, field: str, value: str, sentence: str
) -> None:
    answer = typed(lead, address(provisional, "person-edit"), **{field: value, "city": "Rennes"})
    told(answer, sentence, f'href="#id_{field}"', 'value="Rennes"')
    with tenant(provisional.body.pk):
        assert Person.objects.get(pk=provisional.record.person_id).city == ""


def test_a_page_refused_still_shows_who_the_person_is(provisional: Story, lead: Client) -> None:
    answer = typed(lead, address(provisional, "person-edit"), birth_name="SAPIN", birth_date="hier")
    told(answer, 'class="identite__nom">ROSEAU', 'value="SAPIN"')


# ── The entourage ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_of_no_list_is_shown_as_it_is_and_stays(story: Story, lead: Client) -> None:
    page = of_the_record(story, "contact")
    assert filled(lead, page)["role"] == "NOK"
    assert typed(lead, page, phone="01 99 00 00 99").status_code == 302
    with tenant(story.body.pk):
        contact = Contact.objects.get(pk=story.cases["own"].contact)
        assert (contact.role, contact.phone) == ("NOK", "01 99 00 00 99")


def test_lines_end_in_the_record_as_everywhere(story: Story, lead: Client) -> None:
    assert typed(lead, of_the_record(story, "contact"), comment="Le soir\r\nou le midi").status_code == 302
    with tenant(story.body.pk):
        assert Contact.objects.get(pk=story.cases["own"].contact).comment == "Le soir\nou le midi"


def test_a_code_that_was_not_there_is_not_taken(story: Story, lead: Client) -> None:
    told(typed(lead, of_the_record(story, "contact"), relation="ZZZ"), 'href="#id_relation"')


def test_a_contact_without_a_name_is_refused_at_its_name(story: Story, lead: Client) -> None:
    answer = typed(lead, address(story, "contact-add"), phone="01 99 00 00 99")
    told(answer, "Un contact a un nom ou un prénom.", 'href="#id_last_name"', 'value="01 99 00 00 99"')


def test_the_entourage_says_the_link_in_words(story: Story, lead: Client) -> None:
    typed(lead, of_the_record(story, "contact"), relation="SIS", protection="TUTEUR")
    page = lead.get(address(story, "circle")).content.decode()
    assert "Sœur. Personne de confiance. Tuteur" in page


# ── The stays ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stay_over_another_one_is_refused_at_its_entry(story: Story, lead: Client) -> None:
    answer = typed(lead, address(story, "stay-add"), starts_on=TODAY.isoformat(), comment="Accueil d’essai")
    told(answer, "Un autre séjour tient déjà ces dates.", 'href="#id_starts_on"', "Accueil d’essai")


@pytest.mark.parametrize(("start", "end"), [("starts_on", "ends_on"), ("planned_start", "planned_end")])
def test_a_stay_that_ends_before_it_begins_is_refused_at_its_end(
    story: Story, lead: Client, start: str, end: str
) -> None:
    answer = typed(lead, of_the_record(story, "stay"), **{start: "2026-11-20", end: "2026-11-19"})
    told(answer, "La sortie est avant l’entrée.", f'href="#id_{end}"', 'value="2026-11-19"')


def test_a_stay_without_any_date_is_refused(story: Story, lead: Client) -> None:
    told(typed(lead, address(story, "stay-add"), comment="À venir"), "Ce séjour n’a pas de date.")


def test_stays_are_told_latest_first_planned_ones_before(story: Story, lead: Client) -> None:
    with tenant(story.body.pk):
        StayFactory.create(
            record=story.record, starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 2, 1), exit_mode="ICI"
        )
        StayFactory.create(record=story.record, starts_on=None, planned_start=dt.date(2027, 1, 4))
    page = lead.get(address(story, "stays")).content.decode()
    lines = [
        "Prévu le 4 janvier 2027",
        "Depuis le 12 octobre 2026",
        "Du 1er janvier 2020 au 1er février 2020",
    ]
    assert [page.index(line) for line in lines] == sorted(page.index(line) for line in lines)
    assert "ICI" in page
    assert page.count("En cours") == 1


def test_the_way_of_receiving_is_chosen_and_read_by_words_and_one_received_of_no_list_stays(
    story: Story, lead: Client
) -> None:
    page = of_the_record(story, "stay")
    assert '<option value="20">Accueil en unité protégée</option>' in lead.get(page).content.decode()
    assert filled(lead, page)["mode"] == "46"  # received, of no list
    assert typed(lead, page, comment="Autre").status_code == 302
    with tenant(story.body.pk):
        assert Stay.objects.get(pk=story.cases["own"].stay).mode == "46"
    assert typed(lead, page, mode="20").status_code == 302
    assert "Accueil en unité protégée" in lead.get(address(story, "stays")).content.decode()
    told(typed(lead, page, mode="99"), 'href="#id_mode"')


# ── The place in the house ────────────────────────────────────────────────────────────────────────────────


def test_unit_room_and_key_worker_are_written_and_shown_in_the_banner(story: Story, lead: Client) -> None:
    page = address(story, "placing")
    assert page in lead.get(address(story, "stays")).content.decode()
    nurse = story.professional("nurse")
    assert typed(lead, page, room="14 bis", key_worker=str(nurse.pk))["Location"] == address(story, "stays")
    shown = lead.get(address(story, "summary")).content.decode()
    assert "Chambre <b>14 bis</b>" in shown
    assert f"Référent <b>{nurse}</b>" in shown


def test_a_place_offers_units_of_the_house_and_the_team_of_the_house_alone(
    story: Story, lead: Client
) -> None:
    page = address(story, "placing")
    with tenant(story.body.pk):
        here = UnitFactory.create(establishment=story.house, name="Les Aulnes")
        elsewhere = UnitFactory.create(establishment=story.other_house, name="Les Ormes")
        stranger = ProfessionalFactory.create()
    shown = lead.get(page).content.decode()
    assert "Les Aulnes" in shown
    assert "Les Ormes" not in shown
    told(typed(lead, page, unit=str(elsewhere.pk)), 'href="#id_unit"')
    told(typed(lead, page, key_worker=str(stranger.pk)), 'href="#id_key_worker"')
    assert typed(lead, page, unit=str(here.pk)).status_code == 302
    with tenant(story.body.pk):
        assert Record.objects.get(pk=story.record.pk).unit == here


# ── The agenda ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_event_is_written_in_the_time_of_paris_and_leads_to_its_week(
    story: Story, educator: Client
) -> None:
    answer = typed(
        educator, address(story, "event-add"), label="Marché", starts_at="2026-07-07T09:00",
        ends_at="2026-07-07T10:30",
    )  # fmt: skip
    assert answer["Location"].endswith("/agenda/?semaine=2026-07-07")
    with tenant(story.body.pk):
        event = Event.objects.get(label="Marché")
        assert event.starts_at == dt.datetime(2026, 7, 7, 7, tzinfo=dt.UTC)
    week = educator.get(answer["Location"]).content.decode()
    assert reverse("records:event", args=[story.record.pk, event.pk]) in week


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-03-29T02:30", "demain", ""])
def test_a_moment_that_no_clock_shows_is_refused_at_its_field(
    story: Story, educator: Client, moment: str
) -> None:
    answer = typed(educator, of_the_record(story, "event"), ends_at=moment, place="Salle bleue")
    told(answer, 'href="#id_ends_at"', 'value="Salle bleue"')


def test_an_event_cancelled_without_a_reason_is_refused_at_its_reason(story: Story, educator: Client) -> None:
    answer = typed(educator, of_the_record(story, "event"), status="ANNULE", place="Salle bleue")
    told(answer, "Dites pourquoi c’est annulé.", 'href="#id_reason"', 'value="Salle bleue"')
    assert typed(educator, of_the_record(story, "event"), status="ANNULE", reason="Pluie").status_code == 302


def test_an_event_names_somebody_of_the_house_or_whoever_it_named(story: Story, educator: Client) -> None:
    with tenant(story.body.pk):
        stranger, other = ProfessionalFactory.create(), ProfessionalFactory.create()
        event = EventFactory.create(record=story.record, starts_at=NOW, responsible=stranger)
    page = address(story, "event", event_id=event.pk)
    assert filled(educator, page)["responsible"] == str(stranger.pk)
    assert typed(educator, page, responsible=str(story.professional("nurse").pk)).status_code == 302
    told(typed(educator, page, responsible=str(other.pk)), 'href="#id_responsible"')


# ── The plan ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_links_of_a_goal_keep_their_order_and_those_of_elsewhere(story: Story, educator: Client) -> None:
    goal_id = story.cases["own"].goal
    with tenant(story.body.pk):
        goal = Goal.objects.get(pk=goal_id)
        (first,) = goal.need_keys
        second = NeedFactory.create(plan=goal.plan).key
        Goal.objects.filter(pk=goal_id).update(need_keys=["d’ailleurs", first], responsible=None)
    page = address(story, "plan-part", kind="objectif", part_id=goal_id)
    held = filled(educator, page)
    assert sorted(held["need_keys"]) == sorted(["d’ailleurs", first])
    answer = educator.post(page, held | {"need_keys": [second, first, "d’ailleurs"]})
    assert answer.status_code == 302
    with tenant(story.body.pk):
        assert Goal.objects.get(pk=goal_id).need_keys == ["d’ailleurs", first, second]


# ── Agreements ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agreement_is_corrected_until_it_is_signed(story: Story, lead: Client) -> None:
    page = of_the_record(story, "agreement")
    assert page in lead.get(address(story, "plan")).content.decode()
    assert typed(lead, page, words="Oui, mais au printemps.", valid_from="2026-11-22").status_code == 302
    with tenant(story.body.pk):
        agreement = Agreement.objects.get(pk=story.cases["own"].agreement)
        assert (agreement.words, agreement.signed_at) == ("Oui, mais au printemps.", NOW)
        sign(plan=agreement.plan, by=story.professional("team_lead"), now=NOW)
    assert page not in lead.get(address(story, "plan")).content.decode()
    told(typed(lead, page, words="Non."), "Une version signée du projet repose sur cet accord", "Non.")


def test_the_buttons_are_for_those_who_may(story: Story, educator: Client, lead: Client) -> None:
    for name, link in (("identity", "person-edit"), ("circle", "contact-add"), ("stays", "stay-add")):
        shown = re.compile(re.escape(f'href="{address(story, link)}"'))
        assert shown.search(lead.get(address(story, name)).content.decode())
        assert not shown.search(educator.get(address(story, name)).content.decode())


# ── What is typed is read ─────────────────────────────────────────────────────────────────────────────────

SAID = {
    "birth_name": "EXEMPLE-LU", "sex": "M", "first_name": "Jean", "birth_first_names": "Jean Aimé",
    "birth_date": dt.date(1981, 3, 2), "birth_place": "59350", "birth_order": 4,
    "died_on": dt.date(2026, 1, 5),
    "used_name": "FICTIF-LU", "used_first_name": "Aimé", "address_line": "7 rue Inventée",
    "postal_code": "59999", "city": "Villefictive", "phone": "01 99 00 12 34", "email": "aime@example.org",
    "comment": "Préfère le matin",
}  # fmt: skip
READ = {"sex": "masculin", "birth_date": "2 mars 1981", "birth_place": "Lille",
        "birth_order": "Rang de naissance", "died_on": "5 janvier 2026"}  # fmt: skip


def test_every_answer_of_the_form_of_an_identity_is_read_on_its_sheet(story: Story, lead: Client) -> None:
    asked = set(PersonForm.base_fields) - {"death_reported"}  # a death whose day is known says it
    assert asked == set(SAID), "say the value, and the word that is read on the sheet"
    with tenant(story.record.managing_body_id):
        Person.objects.filter(pk=story.record.person_id).update(**SAID)
    sheet = " ".join(lead.get(address(story, "identity")).content.decode().split())
    for name, value in SAID.items():
        assert READ.get(name, str(value)) in sheet, name

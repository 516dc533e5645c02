"""The mailbox on screen: who sees what of a letter, both sides of each trait, and where a filed one leads."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalon.audit.models import Access, Entry
from jalon.core.identity import Ins, Traits
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.exchange.inbox.deciding import confirm_match
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import Delivery, Reception, ReceptionState
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon.web.shown.papers import served
from tests.exchange.letters import PDF, archive, cda, letter
from tests.factories import DocumentFactory, MembershipFactory, RecordFactory
from tests.support import SHARED, needs_shared
from tests.web.story import Case, Story, enter

pytestmark = pytest.mark.django_db
WHY = "Sexe mal saisi par l’hôpital, appelé ce matin."
WORDS = "Compte rendu de consultation"


def traits_of(person: Person, **changed: Any) -> Traits:
    return replace(person.traits, **changed)


def received(story: Story, raw: bytes, house: Any = None) -> Reception:
    with tenant(story.body.pk):
        now = timezone.now()
        return process(reception=keep_raw(establishment=house or story.house, raw=raw, now=now), now=now)


def about(story: Story, case: Case, **changed: Any) -> Reception:
    """A letter about the person of that record, without INS: somebody has to look."""
    with tenant(story.body.pk):
        case.record.person.refresh_from_db()
        traits = traits_of(case.record.person, **changed)
    reception = received(story, letter(archive(cda(traits, None)), subject=f"CR {traits.birth_name}"))
    assert reception.state == ReceptionState.TO_MATCH
    return reception


def address(page: str, reception: Reception, *rest: int) -> str:
    return reverse(f"exchange:{page}", args=[reception.pk, *rest])


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return str(answer.content.decode())


def rows(page: str) -> dict[str, str]:
    """Trait → the word of its result."""
    table = page[page.index('class="donnees comparaison"') :]
    found = re.findall(
        r'<th scope="row">(.*?)<span class="et ton-\w+">.*?</svg>(.*?)</span></th>', table, re.S
    )
    return {label: word.strip() for label, word in found}


def posted(client: Client, page: str, reception: Reception, **data: Any) -> str:
    answer = client.post(address(page, reception), data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def nurse(story: Story) -> Client:
    """A nurse of the whole house."""
    return enter(story.hire("nurse"))


@pytest.fixture
def unit_nurse(story: Story) -> Client:
    """A nurse of one unit, not that of « SAULE »."""
    return enter(story.staff["nurse"])


def file_it(story: Story, reception: Reception, record: Record, reason: str = WHY) -> None:
    with tenant(story.body.pk):
        by = story.professional("nurse")
        confirm_match(reception=reception, record=record, by=by, now=timezone.now(), reason=reason)


# ── Both sides, trait by trait ────────────────────────────────────────────────────────────────────────────


def test_both_sides_of_each_trait_are_shown_with_a_word_for_each(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["own"], sex="M", birth_place="99999")
    page = text(nurse, f"{address('message', reception)}?dossier={story.record.pk}")
    sex = "Différent" if story.record.person.sex == "F" else "Égal"
    assert rows(page) == {
        "Nom de naissance": "Égal",
        "Prénoms de naissance": "Égal",
        "Sexe": sex,
        "Date de naissance": "Égal",
        "Lieu de naissance": "Non dit",
        "INS": "Non dit",
    }


def test_a_candidate_carries_birth_date_house_and_what_differs(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["own"], birth_name="ROSIER")
    page = text(nurse, address("message", reception))
    born = re.search(r"<small>(né\S* le [^<]+), Foyer d’Essai", page)
    assert born, "the birth date, then the house"
    assert "Différent : nom de naissance" in page
    assert "Comparer" in page


def test_the_button_names_the_person_with_their_birth_date(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["own"])
    page = text(nurse, f"{address('message', reception)}?dossier={story.record.pk}")
    assert re.search(r"Classer dans le dossier de Fictive ROSEAU \(né\S* le \d", page)
    assert 'name="reason"' not in page[: page.index("t-ecarter")], "no reason asked: every trait agrees"
    assert "C’est une autre personne" in page


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_page_files_over_a_differing_trait_without_a_reason(
    story: Story, nurse: Client, reason: str
) -> None:
    reception = about(story, story.cases["own"], birth_name="ROSIER")
    page = text(nurse, f"{address('message', reception)}?dossier={story.record.pk}")
    assert 'name="reason"' in page[: page.index("t-ecarter")]
    after = posted(nurse, "match", reception, record=story.record.pk, reason=reason)
    assert "Dites pourquoi ce document est quand même celui de cette personne : nom de naissance." in after
    with tenant(story.body.pk):
        reception.refresh_from_db()
        assert reception.state == ReceptionState.TO_MATCH
        assert not Document.objects.filter(source="received").exists()


def test_with_a_reason_it_is_filed_says_where_and_keeps_why(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["own"], birth_name="ROSIER")
    after = posted(nurse, "match", reception, record=story.record.pk, reason=WHY)
    assert re.search(r"Classé dans le dossier de Fictive ROSEAU \(né\S* le ", after)
    assert "Rapproché malgré : nom de naissance." in after
    with tenant(story.body.pk):
        filed = Document.objects.get(source="received")
        entry = Entry.objects.get(action="exchange.matched")
    assert filed.record_id == story.record.pk
    assert entry.facts["reason"] == WHY
    assert reverse("records:document", args=[story.record.pk, filed.pk]) in after


def test_a_letter_that_carries_the_ins_of_another_offers_no_button(story: Story, nurse: Client) -> None:
    with tenant(story.body.pk):
        person = story.cases["other_unit"].record.person
        person.refresh_from_db()
        raw = letter(archive(cda(traits_of(person, sex="U"), Ins(person.ins, person.ins_oid))))
    reception = received(story, raw)
    page = text(nurse, f"{address('message', reception)}?dossier={story.record.pk}")
    assert "Ce message porte l’INS d’une autre personne" in page
    assert "Classer dans le dossier" not in page


@needs_shared
def test_a_birth_year_alone_never_becomes_a_day(story: Story, nurse: Client) -> None:
    reception = received(story, letter(archive((SHARED / "cases/cda_birth_year_only.xml").read_bytes())))
    page = text(nurse, f"{address('message', reception)}?dossier={story.record.pk}")
    assert "née en 1951" in page
    assert "31 décembre" not in page
    assert "<td>1951</td>" in page


def test_a_search_says_how_many_it_found(story: Story, nurse: Client) -> None:
    with tenant(story.body.pk):
        for number in range(10):
            RecordFactory.create(
                establishment=story.house, unit=story.unit, person__birth_name=f"BOULEAU{number}"
            )
    reception = about(story, story.cases["own"])
    assert "1 à 8 sur 10" in text(nurse, f"{address('message', reception)}?q=bouleau")


# ── The way back ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_in_the_wrong_record_is_taken_back_with_a_reason(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["other_unit"])
    file_it(story, reception, story.record)
    with tenant(story.body.pk):
        filed = Document.objects.get(source="received")
    page = text(nurse, address("message", reception))
    assert "Retirer de ce dossier" in page
    refused = posted(nurse, "take-back", reception, reason=" ")
    assert "Dites pourquoi ce document n’est pas celui de cette personne." in refused
    after = posted(nurse, "take-back", reception, reason="C’est sa voisine.")
    assert "Le message attend de nouveau" in after
    assert "C’est sa voisine." in after
    gone = nurse.get(reverse("records:document", args=[story.record.pk, filed.pk]))
    assert gone.status_code == 404
    assert WORDS not in text(nurse, reverse("records:documents", args=[story.record.pk]))


def test_a_message_set_aside_waits_again(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["own"])
    aside = posted(nurse, "set-aside", reception, reason="Inconnue.")
    assert "Remettre en attente" in aside
    assert "ROSEAU" in text(nurse, address("message", reception)), "who takes it back reads whose it is"
    assert "Remis en attente : Elle arrive." in posted(nurse, "put-back", reception, reason="Elle arrive.")


# ── Who sees what ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["identity_officer", "nurse of one unit"])
def test_whoever_sorts_without_the_mailbox_reads_the_header_and_opens_nothing(story: Story, who: str) -> None:
    account = story.staff["nurse"] if who != "identity_officer" else story.hire("identity_officer")
    client, reception = enter(account), about(story, story.cases["own"])
    page = text(client, address("message", reception))
    assert "ROSEAU" in page
    assert (WORDS in page) == (who != "identity_officer"), (
        "what it is, who reads no such document is not told"
    )
    assert "Ouvrir le document" not in page
    for name, rest in (("document", (0,)), ("file", (0,)), ("joined", (0, 0))):
        assert client.get(address(name, reception, *rest)).status_code == 403, name
    assert PDF not in client.get(address("file", reception, 0)).content


def test_whoever_sorts_the_mailbox_opens_its_pdf_in_place_and_each_opening_is_traced(
    story: Story, nurse: Client
) -> None:
    reception = about(story, story.cases["own"])
    assert "Ouvrir le document" in text(nurse, address("message", reception))
    page = text(nurse, address("document", reception, 0))
    assert f'<iframe class="recu__pdf" src="{address("file", reception, 0)}#' in page
    file = nurse.get(address("file", reception, 0))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Type"] == "application/pdf"
    assert file["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in file["Content-Security-Policy"]
    assert nurse.get(address("document", reception, 9)).status_code == 404
    traces = [trace for trace in story.traces(outcome=Access.Outcome.OPENED) if trace.reason]
    assert [trace.page for trace in traces] == ["exchange:message", "exchange:document", "exchange:file"]
    assert {trace.reason for trace in traces} == {f"message {reception.pk}"}
    assert {trace.professional_id for trace in traces} == {_of(story, nurse).pk}


def _of(story: Story, client: Client) -> Professional:
    with tenant(story.body.pk):
        return Professional.objects.get(account_id=client.session["_auth_user_id"])


def test_once_filed_no_door_of_the_mailbox_gives_the_document(story: Story, nurse: Client) -> None:
    reception = about(story, story.cases["own"])
    file_it(story, reception, story.record)
    for name, rest in (("document", (0,)), ("file", (0,)), ("joined", (0, 0))):
        assert nurse.get(address(name, reception, *rest)).status_code == 403, name
    page = text(nurse, address("message", reception))
    assert 'class="cda"' not in page
    trace = story.traces(page="exchange:message")[-1]
    assert (trace.record_id, trace.person_id) == (story.record.pk, story.record.person_id)


def test_a_letter_filed_in_another_unit_is_counted_and_not_named(story: Story, unit_nurse: Client) -> None:
    reception = about(story, story.cases["other_unit"])
    file_it(story, reception, story.cases["other_unit"].record)
    inbox = text(unit_nurse, reverse("exchange:inbox"))
    assert "Classé dans un dossier qui ne vous est pas ouvert" in inbox
    assert "SAULE" not in inbox
    for page in ("message", "document", "file"):
        answer = unit_nurse.get(address(page, reception, *([] if page == "message" else [0])))
        assert answer.status_code == 403
        assert b"SAULE" not in answer.content
    assert unit_nurse.post(address("take-back", reception), {"reason": WHY}).status_code == 403


def test_a_letter_in_a_record_of_mine_says_whose(story: Story, unit_nurse: Client) -> None:
    reception = about(story, story.cases["own"])
    file_it(story, reception, story.record)
    assert re.search(r"Dossier de ROSEAU Fictive", text(unit_nurse, reverse("exchange:inbox")))


def test_the_identity_officer_is_told_the_record_and_led_to_no_document(story: Story) -> None:
    reception = about(story, story.cases["own"])
    file_it(story, reception, story.record)
    page = text(enter(story.staff["identity_officer"]), address("message", reception))
    assert "Classé dans le dossier de Fictive ROSEAU" in page
    assert "Le document se lit dans le dossier. Il ne vous y est pas ouvert." in page
    assert "/documents/" not in page


def test_candidates_of_other_units_are_not_named(story: Story, unit_nurse: Client) -> None:
    reception = about(story, story.cases["other_unit"])
    page = text(unit_nurse, address("message", reception))
    assert "Aucune personne de vos unités ne ressemble à ces traits." in page
    chosen = f"{address('message', reception)}?dossier={story.cases['other_unit'].record.pk}"
    assert "Classer dans le dossier" not in text(unit_nurse, chosen)


def test_deliveries_to_check_name_nobody_of_another_unit(story: Story, unit_nurse: Client) -> None:
    page = text(unit_nurse, reverse("exchange:inbox"))
    assert "ROSEAU" in page
    assert "SAULE" not in page
    secretary = text(enter(story.staff["secretary"]), reverse("exchange:inbox"))
    assert "Envois à vérifier" not in secretary, "whoever may not decide has nothing to check"


def test_the_list_of_what_to_check_is_paged(story: Story, nurse: Client) -> None:
    with tenant(story.body.pk):
        for number in range(60):
            document = DocumentFactory.create(record=story.record)
            Delivery.objects.create(
                document=document, destination="dmp", state="to_check", requested_at=story.now,
                submission_id=f"2.25.{number}", message_id=f"urn:uuid:{document.pk}",
            )  # fmt: skip
    assert "1 à 50 sur 62" in text(nurse, reverse("exchange:inbox"))


# ── Other houses ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_waits_in_another_house_of_mine_shows_from_here(story: Story) -> None:
    account = story.hire("nurse")
    with tenant(story.body.pk):
        somebody = Professional.objects.get(account=account)
        MembershipFactory.create(professional=somebody, establishment=story.other_house, role="nurse")
        here, there = (
            Reception.objects.filter(establishment=house, state="to_match").count()
            for house in (story.house, story.other_house)
        )
    client = enter(account)
    inbox = text(client, reverse("exchange:inbox"))
    assert f"{story.other_house.name} ({there} à rapprocher)" in inbox
    assert re.search(rf"Messagerie.*?{here + there}", inbox, re.S)
    day = text(client, reverse("home:day"))
    assert f"?maison={story.other_house.pk}" in day
    assert f"{there} message" in day
    other = text(client, f"{reverse('exchange:inbox')}?maison={story.other_house.pk}")
    assert f"<p>{story.other_house}." in other


def test_an_educator_there_who_is_a_nurse_here_reads_no_mailbox_there(story: Story) -> None:
    account = story.hire("nurse")
    with tenant(story.body.pk):
        somebody = Professional.objects.get(account=account)
        MembershipFactory.create(professional=somebody, establishment=story.other_house, role="educator")
    client = enter(account)
    asked = text(client, f"{reverse('exchange:inbox')}?maison={story.other_house.pk}")
    assert f"<p>{story.house}." in asked
    assert client.get(address("message", _of_other_house(story))).status_code == 403


def _of_other_house(story: Story) -> Reception:
    with tenant(story.body.pk):
        return Reception.objects.filter(establishment=story.other_house)[0]


# ── Read as on paper ──────────────────────────────────────────────────────────────────────────────────────


@needs_shared
@pytest.mark.parametrize("name", ["BIO-CR-BIO_2024.01_CRP_non_LOINC.xml", "ANEST-CR-CPA_2022.01.xml"])
def test_files_that_came_with_a_document_are_reached_waiting_and_filed(
    story: Story, nurse: Client, name: str
) -> None:
    document = (SHARED / "standards/cda/exemples" / name).read_bytes()
    reception = received(story, letter(archive(document)))
    page = text(nurse, address("document", reception, 0))
    assert address("joined", reception, 0, 0) in page
    file = nurse.get(address("joined", reception, 0, 0))
    waiting = b"".join(file.streaming_content)
    assert waiting
    with tenant(story.body.pk):
        record = RecordFactory.create(establishment=story.house, unit=story.unit)  # of a person without INS
    file_it(story, reception, record)
    with tenant(story.body.pk):
        filed = Document.objects.get(source="received")
    where = reverse("records:joined", args=[record.pk, filed.pk, 0])
    assert where in text(nurse, reverse("records:document", args=[record.pk, filed.pk]))
    assert b"".join(nurse.get(where).streaming_content) == waiting
    assert nurse.get(where.replace("/0/", "/99/")).status_code == 404


def test_bytes_that_are_not_what_they_say_are_only_downloaded(story: Story) -> None:
    assert (
        served(b"<html>", "piece-jointe")["Content-Disposition"] == 'attachment; filename="piece-jointe.bin"'
    )
    assert served(b"<html>", "piece-jointe")["Content-Type"] == "application/octet-stream"
    assert served(b"\x89PNG\r\n\x1a\n", "x")["Content-Type"] == "image/png"
    assert served(PDF, "x")["Content-Disposition"] == 'inline; filename="x.pdf"'


@needs_shared
def test_every_published_document_is_opened_while_it_waits(story: Story, nurse: Client) -> None:
    for path in sorted(Path(SHARED / "standards/cda/exemples").glob("*.xml")):
        reception = received(story, letter(archive(path.read_bytes())))
        if reception.state == ReceptionState.TO_MATCH:
            assert 'class="cda"' in text(nurse, address("document", reception, 0)), path.name

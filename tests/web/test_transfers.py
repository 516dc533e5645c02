"""Bringing records in and giving them back, on screen: what is refused, what it writes, for whom."""

from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.exchange.models import ImportedFile, ImportRun
from jalon.exchange.transfer import runs, undoing
from jalon.formats.tddui import changes
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.web.areas.transfers.views import IN_REQUEST
from jalon_sandbox.bench.letters import copied
from tests.exchange.transfer.files import EXAMPLES, LOU, NOW, sample, tables
from tests.exchange.transfer.test_refusals import forty_goals
from tests.factories import EstablishmentFactory, RecordFactory
from tests.support import needs_shared
from tests.web.filled import filled
from tests.web.story import Story, enter, write_story

IMPORT, REPORT = "/transferts/", "/transferts/rapport/"
SENDER = "010001246"  # of the sample


@pytest.fixture
def director(story: Story) -> Client:
    """Of the whole house."""
    return enter(story.hire("director"))


@pytest.fixture
def administrator(story: Story) -> Client:
    return enter(story.hire("administrator"))


def send(client: Client, *files: bytes, gesture: str = "importer", **told: str) -> HttpResponse:
    """Fill the form of the page as a person does, and send it."""
    named = [SimpleUploadedFile(f"envoi-{number}.json", data) for number, data in enumerate(files, start=1)]
    return client.post(IMPORT, filled(client, IMPORT) | {"gesture": gesture, "sent": named} | told)


def said(answer: Any) -> str:
    """The page, with ordinary spaces."""
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def kept(story: Story) -> dict[str, str]:
    """Every table but what each request writes: who is signed in, and what a page showed."""
    with tenant(story.body.pk):
        return {
            name: rows for name, rows in tables().items() if name not in ("staff_session", "audit_access")
        }


def raw(file: Any = None) -> bytes:
    return orjson.dumps(file or sample())


# ── Coming in ─────────────────────────────────────────────────────────────────────────────────────────────


@needs_shared
def test_the_official_example_comes_in_once_and_a_second_time_changes_nothing(
    story: Story, director: Client
) -> None:
    file = (EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes()
    first = send(director, file, house=story.house.finess)
    assert (first.status_code, first["Location"]) == (302, REPORT)
    page = said(director.get(REPORT))
    with tenant(story.body.pk):
        (record,) = Record.objects.filter(establishment=story.house).exclude(
            pk__in=[case.record.pk for case in story.cases.values()]
        )
    assert reverse("records:summary", args=[record.pk]) in page
    assert reverse("records:identity", args=[record.pk]) in page
    assert "Un import ne qualifie jamais une identité" in page
    assert "Tout était déjà là" not in page
    before = kept(story)
    send(director, file, house=story.house.finess)
    assert "Tout était déjà là : rien n’a changé." in said(director.get(REPORT))
    assert kept(story) == before


def test_the_report_may_be_loaded_again_and_imports_nothing(story: Story, director: Client) -> None:
    send(director, raw(), house=story.house.finess)
    before = kept(story)
    pages = [said(director.get(REPORT)).partition("<main")[2] for _ in range(2)]
    assert pages[0] == pages[1]
    assert "Fichiers importés" in pages[0]
    assert kept(story) == before


def test_without_an_import_there_is_no_report(director: Client) -> None:
    assert director.get(REPORT)["Location"] == IMPORT


def test_an_import_leaves_its_line_in_the_journal_and_no_name(story: Story, director: Client) -> None:
    send(director, raw(), house=story.house.finess)
    with tenant(story.body.pk):
        file = ImportedFile.objects.select_related("by").get()
        person = Person.objects.get(key=LOU)
        assert Entry.objects.get(action="exchange.imported").professional == file.by
    page = said(director.get(IMPORT))
    assert f"{file.by} : {file.created} créés" in page
    assert person.birth_name not in page


def test_an_attempt_tells_what_would_happen_and_writes_nothing(story: Story, director: Client) -> None:
    before = kept(story)
    send(director, raw(), gesture="verifier", house=story.house.finess)
    page = said(director.get(REPORT))
    assert "Rien n’est enregistré" in page
    assert "Projets personnalisés" in page
    assert "tddui-" not in page  # words, and no name of a profile
    assert "/dossiers/" not in page
    assert kept(story) == before


def test_a_check_of_what_is_there_says_that_nothing_would_change(story: Story, director: Client) -> None:
    send(director, raw(), house=story.house.finess)
    send(director, raw(), gesture="verifier", house=story.house.finess)
    assert "un import ne changerait rien" in said(director.get(REPORT))


def test_a_writing_that_would_change_is_said_to_and_not_shown(story: Story, director: Client) -> None:
    send(director, raw(), house=story.house.finess)
    other = sample()
    goal = next(one["resource"] for one in other["entry"] if one["resource"]["resourceType"] == "Goal")
    goal["description"]["text"] = "Un tout autre but."
    send(director, raw(other), gesture="verifier", house=story.house.finess)
    shown = said(director.get(REPORT))
    assert "Le texte diffère." in shown
    assert "Un tout autre but." not in shown
    assert "Valeurs qui changeraient" in shown


def test_files_of_one_sending_are_read_as_one(story: Story, director: Client) -> None:
    entries = [entry["resource"] for entry in sample()["entry"]]
    send(director, *map(orjson.dumps, entries), house=story.house.finess)
    with tenant(story.body.pk):
        assert Record.objects.get(person__key=LOU).establishment == story.house


# ── Refused ───────────────────────────────────────────────────────────────────────────────────────────────


def forty_first() -> bytes:
    file = forty_goals()
    file["entry"][39]["resource"]["lifecycleStatus"] = "perhaps"
    return orjson.dumps(file)


HOSTILE = {
    "truncated": ((raw()[:-40],), "envoi-1.json"),
    "not UTF-8": ((raw().decode().encode("latin-1", "replace") + b"\xe9",), "envoi-1.json"),
    "one entry of many": ((forty_first(),), "Bundle.entry[39]"),
    "the second file": ((raw(), b"{"), "envoi-2.json"),
    "unknown FINESS": ((raw(),), f"L’établissement {SENDER} n’est pas connu ici."),
    "no file": ((), "Choisissez au moins un fichier."),
    "empty": ((b"",), "Un des fichiers est vide."),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_wrong_file_is_refused_with_its_reason_and_nothing_is_written(
    story: Story, director: Client, kind: str
) -> None:
    files, words = HOSTILE[kind]
    before = kept(story)
    answer = send(director, *files)
    assert answer.status_code == 422
    assert words in said(answer)
    assert kept(story) == before
    assert director.get(REPORT).status_code == 302


def test_a_refusal_names_every_place_at_once(story: Story, director: Client) -> None:
    file = sample()
    for rank in (3, 8):
        file["entry"][rank]["resource"]["unheard"] = True
    page = said(send(director, raw(file)))
    assert "rien n’est enregistré" in page
    assert "Bundle.entry[3]" in page
    assert "Bundle.entry[8]" in page


def test_what_is_too_big_is_refused_and_no_file_is_made_of_it(
    story: Story, director: Client, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    before = kept(story)
    answer = send(director, b" " * 60_000, b" " * 60_000)
    assert answer.status_code == 422
    assert "Ce qui est envoyé dépasse" in said(answer)
    assert kept(story) == before


def test_a_file_of_any_size_stays_in_memory(rf: RequestFactory) -> None:
    request = rf.post(IMPORT, {"sent": SimpleUploadedFile("grand.json", b" " * 4_000_000)})
    assert isinstance(request.FILES["sent"], InMemoryUploadedFile)


def test_a_visitor_without_a_token_is_refused_whatever_the_file(story: Story) -> None:
    client = enter(story.hire("director"), Client(enforce_csrf_checks=True))
    assert client.post(IMPORT, {"sent": SimpleUploadedFile("a.json", raw())}).status_code == 403


# ── Whose right ───────────────────────────────────────────────────────────────────────────────────────────


def test_only_houses_where_one_holds_the_right_may_receive(story: Story, director: Client) -> None:
    assert story.other_house.finess not in said(director.get(IMPORT))
    before = kept(story)
    assert send(director, raw(), house=story.other_house.finess).status_code == 422
    assert kept(story) == before


def test_a_file_that_names_another_house_of_the_body_is_refused(story: Story, director: Client) -> None:
    with tenant(story.body.pk):
        EstablishmentFactory.create(finess=SENDER)
    before = kept(story)
    answer = send(director, raw())
    assert answer.status_code == 422
    assert f"Vous ne recevez pas de dossiers dans l’établissement {SENDER}." in said(answer)
    assert kept(story) == before


def test_a_file_adds_no_house_by_itself(story: Story, director: Client) -> None:
    with tenant(story.body.pk):
        before = set(Establishment.objects.values_list("finess"))
        assert send(director, raw()).status_code == 422
        assert set(Establishment.objects.values_list("finess")) == before


def test_somebody_whom_only_another_house_accompanies_is_not_reached(story: Story, director: Client) -> None:
    with tenant(story.body.pk):
        RecordFactory.create(establishment=story.other_house, person__key=LOU)
    before = kept(story)
    answer = send(director, raw(), house=story.house.finess)
    assert answer.status_code == 422
    assert "accompagnée par un autre établissement" in said(answer)
    assert f"<b>envoi-1.json</b> : Usagers, n° {LOU} : " in said(answer)
    assert f"Pour l’éditeur : <code>Patient[{LOU}]</code>" in said(answer)
    assert kept(story) == before


def test_somebody_of_our_house_is_brought_up_to_date_though_another_knows_them_too(
    story: Story, director: Client
) -> None:
    send(director, raw(), house=story.house.finess)
    with tenant(story.body.pk):
        RecordFactory.create(establishment=story.other_house, person=Person.objects.get(key=LOU))
    send(director, raw(sample(Patient__lou=renamed)), house=story.house.finess)
    with tenant(story.body.pk):
        assert Person.objects.get(key=LOU).used_name == "SORBIER"
        assert Record.objects.filter(person__key=LOU).count() == 2


def renamed(resource: Any) -> None:
    resource["name"][1]["family"] = "SORBIER"


def test_the_right_on_a_unit_is_not_enough(story: Story) -> None:
    client = enter(story.staff["director"])
    assert "aucun établissement entier" in said(client.get(IMPORT))
    before = kept(story)
    answer = client.post(
        IMPORT, {"gesture": "importer", "house": story.house.finess, "sent": SimpleUploadedFile("a", raw())}
    )
    assert answer.status_code == 422
    assert kept(story) == before


def test_whoever_opens_no_record_imports_and_reads_no_name(story: Story, administrator: Client) -> None:
    send(administrator, raw(), house=story.house.finess)
    page = said(administrator.get(REPORT))
    with tenant(story.body.pk):
        person = Person.objects.get(key=LOU)
    assert person.birth_name not in page
    assert "/dossiers/" not in page
    assert "1 dossier que votre rôle n’ouvre pas" in page


# ── Going out ─────────────────────────────────────────────────────────────────────────────────────────────


def exported(client: Client, record: Record) -> HttpResponse:
    return client.post(reverse("records:export", args=[record.pk]))


def test_an_export_is_a_file_named_by_the_record_and_the_day_and_is_traced(
    story: Story, director: Client
) -> None:
    record = story.record
    assert "Exporter le dossier (TDDUI)" in said(director.get(reverse("records:documents", args=[record.pk])))
    answer = exported(director, record)
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Content-Disposition"] == f'attachment; filename="dossier-{record.pk}-2026-11-22.json"'
    with tenant(story.body.pk):
        assert Entry.objects.get(action="exchange.exported").object_id == record.pk
    assert [trace.page for trace in story.traces()][-1] == "records:export"


def test_whoever_opens_no_record_exports_none(story: Story, administrator: Client) -> None:
    assert exported(administrator, story.record).status_code == 403
    with tenant(story.body.pk):
        assert not Entry.objects.filter(action="exchange.exported").exists()


def test_a_record_that_goes_out_and_comes_in_elsewhere_is_the_same(story: Story, director: Client) -> None:
    send(director, raw(), house=story.house.finess)
    with tenant(story.body.pk):
        record = Record.objects.get(person__key=LOU)
    mine = exported(director, record).content
    other = write_story(story.now)
    with tenant(other.body.pk):
        other.house.finess = story.house.finess
        other.house.save()
    elsewhere = enter(other.hire("director"))
    send(elsewhere, mine, house=story.house.finess)
    with tenant(other.body.pk):
        theirs = Record.objects.get(person__key=LOU)
    assert changes(mine, exported(elsewhere, theirs).content) == []


# ── Many files, by the worker ─────────────────────────────────────────────────────────────────────────────


def test_many_files_are_left_to_the_worker_and_the_page_says_how_far_it_is(
    story: Story, director: Client
) -> None:
    files = [copied(raw(), number) for number in range(IN_REQUEST + 1)]
    answer = send(director, *files, b"{}", house=story.house.finess)
    with tenant(story.body.pk):
        run = ImportRun.objects.get()
        assert answer["Location"] == f"/transferts/imports/{run.pk}/"
        assert not Person.objects.filter(key__startswith=LOU).exists()
    page = said(director.get(answer["Location"]))
    assert f"0 sur {len(files) + 1}" in page
    assert 'hx-trigger="load delay:1s"' in page
    assert "Actualiser" in page  # without script
    assert director.get(f"{answer['Location']}rapport/")["Location"] == answer["Location"]
    runs.go_on(story.body.pk, run.pk, NOW)
    page = said(director.get(answer["Location"]))
    assert f"{len(files)} importés" in page
    assert 'hx-trigger="load' not in page.partition("<main")[2]
    report = said(director.get(f"{answer['Location']}rapport/"))
    assert "envoi-22.json" in report
    assert "Fichiers refusés" in report
    with tenant(story.body.pk):
        assert Person.objects.filter(key__startswith=LOU).count() == len(files)


def test_a_run_is_shown_to_whoever_asked_for_it_alone(story: Story, director: Client) -> None:
    files = [copied(raw(), number) for number in range(IN_REQUEST + 1)]
    address = send(director, *files, house=story.house.finess)["Location"]
    other = enter(story.hire("director"))
    assert [other.get(f"{address}{end}").status_code for end in ("", "rapport/")] == [404, 404]


def test_an_import_is_taken_back_from_its_report_by_whoever_asked_for_it(
    story: Story, director: Client
) -> None:
    files = [copied(raw(), number) for number in range(IN_REQUEST + 1)]
    address = send(director, *files, house=story.house.finess)["Location"]
    with tenant(story.body.pk):
        run = ImportRun.objects.get()
    runs.go_on(story.body.pk, run.pk, NOW)
    assert "Annuler cette importation" in said(director.get(f"{address}rapport/"))
    assert enter(story.hire("director")).post(f"{address}annuler/").status_code == 404
    assert director.post(f"{address}annuler/")["Location"] == address
    assert "Annulation en cours" in said(director.get(address))
    undoing.take_back(story.body.pk, run.pk)
    page = said(director.get(f"{address}rapport/"))
    assert f"Fichiers annulés : {len(files)}" in page
    assert "Annuler cette importation" not in page
    with tenant(story.body.pk):
        assert not Person.objects.filter(key__startswith=LOU).exists()
    again = director.post(f"{address}annuler/", follow=True)
    assert "tout est déjà annulé" in said(again)

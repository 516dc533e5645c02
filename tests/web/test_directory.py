"""The address book: who finds whom, what a change says in the journal and in the next export."""

import fnmatch
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import SHARED
from jalon.formats.tddui import changes
from jalon.organizations.models import Structure
from jalon.records import directory
from jalon.records.models import Record
from jalon.staff.models import Function, Professional
from tests.exchange.transfer.files import LOU, bring, sample
from tests.exchange.transfer.test_edits import CASES, ELEMENTS, VALUES, place
from tests.factories import FunctionFactory, StructureFactory
from tests.web.filled import filled
from tests.web.story import Story, enter

LIST = "/carnet/"
PAGES = {"organizations": "structure", "practitioners": "professional", "roles": "function"}
COLUMNS = [(kind, column) for kind, column in CASES if kind in SHARED]


@pytest.fixture
def director(story: Story) -> Client:
    return enter(story.hire("director"))


def said(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


# ── Read ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_book_lists_those_of_elsewhere_with_what_they_do_and_no_colleague(
    story: Story, educator: Client
) -> None:
    with tenant(story.body.pk):
        FunctionFactory.create(
            professional__last_name="ALISIER", structure__name="Maison des Rives", profession="G15_10"
        )
    page = said(educator.get(LIST))
    for words in ("ALISIER", "Maison des Rives", "Médecin"):
        assert words in page
    rows = page.partition("<main")[2]
    assert str(story.professional("nurse")) not in rows


@pytest.mark.parametrize("words", ["epinal", "ÉPINAL", "l’Épinal maison", "d'epinal"])
def test_a_search_ignores_accents_capitals_and_order(story: Story, educator: Client, words: str) -> None:
    with tenant(story.body.pk):
        StructureFactory.create(name="Maison de l’Épinal", city="Épinal d’Essai")
        StructureFactory.create(name="Autre lieu")
    page = said(educator.get(LIST, {"q": words}))
    assert "Maison de l’Épinal" in page
    assert "Autre lieu" not in page


def test_a_search_that_finds_nobody_says_so(educator: Client) -> None:
    assert "Personne ne correspond à « zzzz »." in said(educator.get(LIST, {"q": "zzzz"}))


def test_whoever_only_reads_is_offered_no_change(story: Story, educator: Client, lead: Client) -> None:
    address = reverse("directory:structure", args=[story.cases["own"].directory["structure_id"]])
    assert address not in said(educator.get(LIST))
    assert address in said(lead.get(LIST))


# ── Write ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=[f"{kind.name}.{name}" for kind, name in COLUMNS])
def test_one_field_edited_on_screen_changes_that_element_of_the_export_and_no_other(
    story: Story, director: Client, kind: AnyTable, column: str
) -> None:
    with tenant(story.body.pk):
        bring(sample(), house=story.house.finess)
        record, row = Record.objects.get(person__key=LOU), edited_first(kind)
    export = reverse("records:export", args=[record.pk])
    before = director.post(export).content
    address = reverse(f"directory:{PAGES[kind.name]}", args=[row.pk])
    answer = director.post(address, filled(director, address) | {column: VALUES[kind.name][column]})
    assert answer.status_code == 302, said(answer)
    found = changes(before, director.post(export).content)
    assert found
    assert [change.path.partition("[")[0] for change in found] == [kind.type] * len(found)
    pattern = ELEMENTS[kind.name][column].replace("[", "[[]")
    paths = [place(change.path)[1] for change in found]
    assert [path for path in paths if not fnmatch.fnmatchcase(path, pattern)] == []


def edited_first(kind: AnyTable) -> Any:
    """The row the sample brought, among those of the story."""
    told = sorted((row.pk, row) for row in kind.model._default_manager.all() if row.received)
    return told[0][1]


def test_a_form_sent_as_it_was_shown_changes_nothing(story: Story, director: Client) -> None:
    with tenant(story.body.pk):
        bring(sample(), house=story.house.finess)
        record = Record.objects.get(person__key=LOU)
        rows = {kind: edited_first(kind) for kind in SHARED}
    before = director.post(reverse("records:export", args=[record.pk])).content
    for kind, row in rows.items():
        address = reverse(f"directory:{PAGES[kind.name]}", args=[row.pk])
        assert director.post(address, filled(director, address)).status_code == 302
    assert changes(before, director.post(reverse("records:export", args=[record.pk])).content) == []
    with tenant(story.body.pk):
        assert not Entry.objects.filter(action__startswith="directory.").exists()


def test_a_change_is_in_the_journal_by_the_names_of_its_fields_alone(story: Story, lead: Client) -> None:
    pk = story.cases["own"].directory["professional_id"]
    address = reverse("directory:professional", args=[pk])
    lead.post(address, filled(lead, address) | {"last_name": "ALISIER", "phone": "01 99 00 00 02"})
    with tenant(story.body.pk):
        entry = Entry.objects.get(action="directory.professional_edited", object_id=pk)
        assert entry.facts == {"fields": ["last_name", "phone"]}
        assert entry.professional == Professional.objects.get(account=story.staff["team_lead"])


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        ("structure", {"name": ""}, "Une structure a un nom."),
        ("structure", {"kind": "inconnu"}, "Type"),
        ("professional", {"last_name": "", "first_name": ""}, "Un professionnel a un nom ou un prénom."),
        ("professional", {"title": "Professeur des universités"}, "Civilité"),
        ("function", {"profession": "inconnue"}, "Profession"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    story: Story, lead: Client, page: str, typed: dict[str, str], words: str
) -> None:
    address = reverse(f"directory:{page}", args=[story.cases["own"].directory[f"{page}_id"]])
    before = filled(lead, address)
    answer = lead.post(address, before | typed)
    assert (answer.status_code, words in said(answer)) == (422, True)
    apart = dict.fromkeys(("csrfmiddlewaretoken", "envoi"), "")
    assert filled(lead, address) | apart == before | apart


def test_colleagues_are_not_kept_here(story: Story, lead: Client) -> None:
    nurse = story.professional("nurse")
    assert lead.get(reverse("directory:professional", args=[nurse.pk])).status_code == 404
    with tenant(story.body.pk):
        function = Function.objects.create(professional=nurse, key="une-fonction")
        for act in (
            lambda: directory.edit_professional(professional=nurse, by=None, phone="01"),
            lambda: directory.edit_function(function=function, by=None, phone="01"),
        ):
            with pytest.raises(DomainError) as refusal:
                act()
            assert refusal.value.code == "own_staff"
    assert lead.get(reverse("directory:function", args=[function.pk])).status_code == 404


def test_the_book_of_another_body_is_not_found(story: Story, lead: Client) -> None:
    for name in ("structure_id", "professional_id", "function_id"):
        pk = story.cases["other_body"].directory[name]
        assert lead.get(reverse(f"directory:{name.removesuffix('_id')}", args=[pk])).status_code == 404


def test_a_code_received_that_no_list_has_stays_a_choice(story: Story, lead: Client) -> None:
    address = reverse("directory:function", args=[story.cases["own"].directory["function_id"]])
    assert filled(lead, address)["profession"] == "60"
    assert lead.post(address, filled(lead, address)).status_code == 302


def test_a_wide_record_fills_the_book(story: Story, director: Client) -> None:
    with tenant(story.body.pk):
        bring(orjson.dumps(sample()), house=story.house.finess)
        names = [str(one) for one in Structure.objects.exclude(name="")]
    page = said(director.get(LIST))
    assert all(name in page.replace("&#39;", "'") for name in names)


# ── Added ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_structure_and_somebody_who_works_there_are_added_and_found(story: Story, lead: Client) -> None:
    place, somebody = reverse("directory:structure-add"), reverse("directory:professional-add")
    assert all(address in said(lead.get(LIST)) for address in (place, somebody))
    lead.post(place, filled(lead, place) | {"name": "Cabinet des Aulnes", "city": "Rennes"})
    lead.post(somebody, filled(lead, somebody) | {"last_name": "ALISIER", "phone": "01 99 00 00 02"})
    with tenant(story.body.pk):
        structure = Structure.objects.get(name="Cabinet des Aulnes")
        alisier = Professional.objects.get(last_name="ALISIER")
        assert structure.key == f"1{story.house.finess}/{structure.pk.hex}"
        assert alisier.key == f"3{story.house.finess}/{alisier.pk.hex}"
    function = reverse("directory:function-add", args=[alisier.pk])
    lead.post(function, filled(lead, function) | {"structure": str(structure.pk), "profession": "G15_10"})
    with tenant(story.body.pk):
        row = Function.objects.get(professional=alisier)
        assert (row.structure, row.profession) == (structure, "G15_10")
        by = Professional.objects.get(account=story.staff["team_lead"])
        added = Entry.objects.filter(action__startswith="directory.", professional=by).order_by("pk")
        assert [(one.action, one.object_id) for one in added] == [
            ("directory.structure_added", structure.pk),
            ("directory.professional_added", alisier.pk),
            ("directory.function_added", row.pk),
        ]
    page = said(lead.get(LIST, {"q": "alisier"}))
    assert "ALISIER" in page
    assert "Cabinet des Aulnes" in page


@pytest.mark.parametrize(
    ("page", "words"),
    [("structure-add", "Une structure a un nom"), ("professional-add", "Un professionnel a un nom")],
)
def test_nobody_and_nothing_are_not_added(story: Story, lead: Client, page: str, words: str) -> None:
    answer = lead.post(reverse(f"directory:{page}"), {})
    assert (answer.status_code, words in said(answer)) == (422, True)
    with tenant(story.body.pk):
        assert not Entry.objects.filter(action__startswith="directory.").exists()


def test_a_colleague_gets_no_function_of_elsewhere(story: Story, lead: Client) -> None:
    nurse = story.professional("nurse")
    assert lead.get(reverse("directory:function-add", args=[nurse.pk])).status_code == 404
    with tenant(story.body.pk), pytest.raises(DomainError) as refusal:
        directory.add_function(professional=nurse, by=None)
    assert refusal.value.code == "own_staff"

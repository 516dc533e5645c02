"""Read, write, compare: nothing is lost, nothing is added, and the model holds its classes whole."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from jalon.core.errors import DomainError
from jalon.formats.tddui import Transfer, changes, coverage, read, to_bundle, write
from jalon.formats.tddui.catalog import KINDS, kind_of
from jalon.formats.tddui.classes.stay import StayData
from jalon.formats.tddui.coverage import LABELS
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.values import Coded, Link, Status
from tests.formats.tddui.checker import check_files
from tests.formats.tddui.sample import Json, ref
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.support import SHARED, needs_shared

TDDUI = SHARED / "standards/tddui"


def examples() -> list[Path]:
    folders = (TDDUI / "fhir-2.4.0/examples", TDDUI / "official/2.4.0")
    return [path for folder in folders for path in sorted(folder.glob("*example.json"))]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return here + [found for below in node.values() for found in references(below)]
    return [found for below in node for found in references(below)] if isinstance(node, list) else []


def published() -> Json:
    """The published single examples in one Bundle; a contact they cite and that is not there is made up."""
    named: dict[str, Json] = {}
    for path in examples():  # the first folder is recentered on one patient: it wins
        each = orjson.loads(path.read_bytes())
        if each["resourceType"] != "Bundle":
            named.setdefault(f"{each['resourceType']}/{each['id']}", each)
    cited = {reference for each in named.values() for reference in references(each)}
    patient = next(name for name in named if name.startswith("Patient/"))
    for missing in sorted(cited - named.keys()):
        type_, _, id_ = missing.partition("/")
        assert type_ == "RelatedPerson"
        named[missing] = {
            "resourceType": type_,
            "id": id_,
            "identifier": [{"value": id_}],
            "patient": ref(patient),
        }
    return bundle(named)


@pytest.fixture
def transfer() -> Transfer:
    return read(bundle())


def test_the_widest_record_comes_out_as_it_went_in(transfer: Transfer) -> None:
    assert changes(bundle(), write(transfer)) == []


def test_every_class_is_held_whole(transfer: Transfer) -> None:
    shares = coverage(transfer)
    held = {name: (shares[name].resources > 0, shares[name].verbatim, shares[name].ratio) for name in LABELS}
    assert held == dict.fromkeys(LABELS, (True, 0, 0.0))


def test_what_has_no_class_is_kept_named_counted_and_owned(transfer: Transfer) -> None:
    kept = {(each.type, each.profile, each.owner) for each in transfer.verbatim}
    lou = "3010001246/77"
    assert kept == {
        ("Location", "", lou),
        ("DocumentReference", "tddui-document-reference", lou),
        ("QuestionnaireResponse", "tddui-questionnaire-response", lou),
        ("Task", "tddui-task-moyen-ressource", lou),
        ("Task", "tddui-task-bilan", lou),
        ("Goal", "tddui-goal-projet-vie", lou),
    }
    assert coverage(transfer)["Task"].resources == 2


def test_the_same_content_gives_the_same_bytes_whatever_its_order(transfer: Transfer) -> None:
    turned = dict(reversed(RESOURCES.items()))
    assert write(read(bundle(turned, base="urn:other:"))) == write(transfer)
    assert write(read(write(transfer))) == write(transfer)


def test_an_unknown_element_is_kept_and_told_and_comes_out_again() -> None:
    mine = RESOURCES["Patient/lou"]
    unknown = {"url": "https://example.test/favourite-colour", "valueString": "bleu"}
    odd = mine | {"extension": [unknown, *mine["extension"]]}
    name = [mine["name"][0] | {"_family": {"extension": [unknown]}}, *mine["name"][1:]]
    given = bundle(RESOURCES | {"Patient/lou": odd | {"name": name}})
    transfer = read(given)
    paths = {residue.path for residue in transfer.people[0].person.extra if residue.kind == "element"}
    assert paths == {"extension[0]", "name[0]._family"}
    assert coverage(transfer)["person"].verbatim == 4
    assert changes(given, write(transfer)) == []


def test_an_unknown_element_survives_the_edit_of_its_neighbors() -> None:
    mine = RESOURCES["Patient/lou"]
    address = mine["address"][0] | {"_city": {"id": "c1"}}
    given = bundle(RESOURCES | {"Patient/lou": mine | {"address": [mine["address"][1], address]}})
    transfer = read(given)
    person = transfer.people[0].person
    edited = replace(person, addresses=person.addresses[1:], comment="")
    after = write(replace(transfer, people=(replace(transfer.people[0], person=edited),)))
    paths = [change.path.partition("].")[2] for change in changes(given, after)]
    assert paths == ["extension[3]", "address[0]"]
    assert b'"_city":{"id":"c1"}' in after


EDITS: dict[str, tuple[str, Any, str]] = {
    "person": ("birth_date", "1951", "birthDate"),
    "contacts": ("description", "Tutrice", "extension[2].valueString"),
    "stays": ("exit_mode_label", "Fugue", "extension[5].valueString"),
    "events": ("report", "Rien", "extension[5].valueString"),
    "plans": ("title", "Autre titre", "title"),
    "expectations": ("status", Status(code="TERMINE"), "lifecycleStatus"),
    "needs": ("description", Coded(text="Manger"), "code.text"),
    "goals": ("status", Status(code="ACTIF", date="2026-02-01T00:00:00Z"), "lifecycleStatus"),
    "actions": ("title", "Autre trajet", "input[1].valueString"),
    "agreements": ("signed_on", "2026-01-07", "dateTime"),
    "organizations": ("name", "IME Autre", "name"),
    "practitioners": ("birth_date", "1980", "birthDate"),
    "roles": ("availability_exceptions", "Aucune", "availabilityExceptions"),
}


def edited(transfer: Transfer, kind: Kind[Any], change: Json) -> Transfer:
    record = transfer.people[0]
    if kind.name == "person":
        return replace(transfer, people=(replace(record, person=replace(record.person, **change)),))
    if kind.shared:
        return transfer.having(kind.data, turned(transfer.of(kind.data), change))
    return replace(transfer, people=(record.having(kind.data, turned(record.of(kind.data), change)),))


def turned(items: tuple[Any, ...], change: Json) -> tuple[Any, ...]:
    return (replace(items[-1], **change), *items[:-1])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_editing_one_field_changes_exactly_that(transfer: Transfer, kind: Kind[Any]) -> None:
    field, value, path = EDITS[kind.name]
    if kind.name in ("expectations", "goals"):
        value = replace(transfer.people[0].of(kind.data)[0].status, code=value.code)
    after = to_bundle(edited(transfer, kind, {field: value}))
    assert [change.path.partition("].")[2] for change in changes(bundle(), after)] == [path]


def test_a_link_to_something_absent_is_not_written() -> None:
    transfer = read(bundle())
    record = transfer.people[0]
    lost = replace(record.of(StayData)[0], origin=Link("Organization", "1999999999"))
    with pytest.raises(DomainError) as refusal:
        write(replace(transfer, people=(record.having(StayData, (lost,)),)))
    assert refusal.value.code == "tddui_incomplete"
    assert "hospitalization.origin" in refusal.value.place


def test_another_version_is_not_written(transfer: Transfer) -> None:
    with pytest.raises(DomainError, match="2.0.0"):
        write(transfer, version="2.0.0")


@needs_shared
@pytest.mark.parametrize(
    "path", [path for path in examples() if path.name.startswith("Bundle-")], ids=lambda path: path.name
)
def test_a_published_bundle_comes_out_as_it_went_in(path: Path) -> None:
    transfer = read(path.read_bytes())
    assert changes(path.read_bytes(), write(transfer)) == []
    assert all(coverage(transfer)[name].verbatim == 0 for name in LABELS)


@needs_shared
def test_the_published_examples_come_out_as_they_went_in() -> None:
    given = published()
    transfer = read(given)
    assert changes(given, write(transfer)) == []
    shares = coverage(transfer)
    assert {name: shares[name].verbatim for name in LABELS} == dict.fromkeys(LABELS, 0)
    given_kinds = {kind.name for each in given["entry"] if (kind := kind_of(each["resource"]))}
    assert {name for name in LABELS if shares[name].resources} == given_kinds
    assert len(given_kinds) == 12


@needs_shared
@pytest.mark.needs_peer("node")
def test_the_offline_checker_finds_no_error_in_what_is_written(tmp_path: Path) -> None:
    written = {"sample": bundle(), "published": published()}
    written |= {
        path.stem: orjson.loads(path.read_bytes()) for path in examples() if path.name.startswith("Bundle-")
    }
    files = []
    for name, given in written.items():
        files.append(tmp_path / f"{name}.json")
        files[-1].write_bytes(write(read(given)))
    assert check_files(*files) == ""


@needs_shared
def test_two_files_that_hold_the_same_objects_give_each_once() -> None:
    """Conformity review, F8: an import of one file twice kept the transport and the agreement twice."""
    one = (SHARED / "standards/tddui/fhir-2.4.0/examples/Bundle-tddui-bundle-example.json").read_bytes()
    two = orjson.dumps(bundle())  # an agreement without identifier, a room, classes that wait for a table
    for file in (one, two):
        once, twice = read(file), read([file, file])
        assert write(twice) == write(once)
        assert len(twice.verbatim) == len(once.verbatim)


def test_a_resource_of_any_type_of_fhir_is_kept_whole_and_comes_out_again() -> None:
    """Conformity review, F10: an allergy among the rest had the whole file refused."""
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": ref("Patient/lou"),
        "code": {"text": "Arachide"},
    }
    given = bundle(RESOURCES | {"AllergyIntolerance/a1": allergy})
    transfer = read(given)
    assert "AllergyIntolerance" in [each.type for each in transfer.verbatim]
    assert changes(given, write(transfer)) == []
    with pytest.raises(DomainError, match="devrait être un objet"):
        read(bundle(RESOURCES | {"AllergyIntolerance/a1": allergy | {"patient": "lou"}}))


def test_what_a_resource_contains_is_checked_as_its_own_type_is() -> None:
    inside = {"resourceType": "Location", "id": "inside", "unheard": True}
    odd = RESOURCES["Patient/lou"] | {"contained": [inside]}
    with pytest.raises(DomainError) as refusal:
        read(bundle(RESOURCES | {"Patient/lou": odd}))
    assert refusal.value.place.endswith("contained[0].unheard")

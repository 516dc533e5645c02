"""`jalon tddui`: exits 0 done, 1 refused, 2 misuse; a refusal says every place and reason, one a line."""

import stat
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from pytest_django import Settings

from jalon.audit.models import Access, Entry
from jalon.db.tenant import tenant
from jalon.formats.tddui import changes, read
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from jalon.plans.models import PersonalPlan
from jalon.records.models import Record
from jalon_sandbox.bench.letters import copied
from tests.commands.conftest import Jalon, Outcome
from tests.exchange.transfer.files import LOU, sample, tables
from tests.formats.tddui.sample_record import RESOURCES, bundle

pytestmark = pytest.mark.django_db
SHARES = (
    "usagers", "contacts", "séjours", "structures", "professionnels", "évènements", "projets personnalisés",
    "attentes", "besoins", "objectifs", "actions", "accords",
)  # fmt: skip


Run = Callable[..., Outcome]


@pytest.fixture
def run(db: None, jalon: Jalon) -> Run:
    """`jalon tddui …`, its outputs with ordinary spaces."""

    def command(*words: object) -> Outcome:
        done = jalon("tddui", *words)
        out, err = (text.replace("\N{NO-BREAK SPACE}", " ") for text in (done.out, done.err))
        return Outcome(done.code, out, err)

    return command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The widest record, in a file."""
    path = tmp_path / "dossier.json"
    path.write_bytes(orjson.dumps(sample()))
    return path


def wrong(path: Path, *changes: tuple[int, str, Any]) -> Path:
    """The sample with elements of some entries set wrong, in a file."""
    content = sample()
    for index, element, value in changes:
        content["entry"][index]["resource"][element] = value
    path.write_bytes(orjson.dumps(content))
    return path


# --- import -------------------------------------------------------------------------------------------------


def test_a_first_import_into_an_empty_database_counts_what_came_in(run: Run, file: Path) -> None:
    done = run("import", file)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert {"usagers créés : 1", "dossiers créés : 1", "objectifs créés : 1", "accords créés : 2"} <= set(
        lines
    )
    assert "repris tels quels : 1 Location" in lines
    assert {f"{label} : 0 % repris tel quel" for label in SHARES} <= set(lines)
    assert "Location : 100 % repris tel quel" in lines
    with tenant(ManagingBody.objects.get().pk):
        assert Person.objects.get().key == LOU


def test_a_second_import_says_that_nothing_changed(run: Run, file: Path) -> None:
    run("import", file)
    before = tables()
    done = run("import", file)
    assert done.code == 0
    assert "Tout était déjà là : rien n’a changé." in done.out
    assert " créés : " not in done.out
    assert tables() == before


def test_a_program_reads_the_same_in_json(run: Run, file: Path) -> None:
    first, second = run("import", "--json", file).json, run("import", "--json", file).json
    assert first["created"]["person"] == 1
    assert first["records"] == second["records"]
    assert (second["created"], second["changed"], second["unchanged"]["person"]) == ({}, {}, 1)
    assert {first["coverage"][label] for label in SHARES} == {0.0}
    assert first["verbatim"]["Task tddui-task-bilan"] == 1


def test_a_dry_run_counts_and_writes_nothing_not_even_the_managing_body(
    run: Run, file: Path, settings: Settings
) -> None:
    before = tables()
    done = run("import", "--dry-run", file)
    assert done.code == 0
    assert done.out.startswith("Essai : rien n’est enregistré.\n")
    assert "usagers créés : 1" in done.out
    assert tables() == before
    assert not Path(settings.MEDIA_ROOT).exists()


def test_files_given_together_are_one_transfer(run: Run, tmp_path: Path) -> None:
    files = []
    for number, entry in enumerate(sample()["entry"]):
        files.append(tmp_path / f"{number:02}.json")
        files[-1].write_bytes(orjson.dumps(entry["resource"]))
    assert run("import", "--json", *files).json["created"]["goals"] == 1


COLOUR = {"url": "https://example.test/favourite-colour", "valueString": "bleu"}


def test_a_small_share_is_not_told_as_none(run: Run, tmp_path: Path) -> None:
    odd = wrong(tmp_path / "odd.json", (0, "_gender", {"extension": [COLOUR]}))
    done = run("import", odd)
    assert [line for line in done.out.splitlines() if line.startswith("usagers : ")] == [
        "usagers : 1,5 % repris tel quel"
    ]


# --- refusals -----------------------------------------------------------------------------------------------


def test_a_wrong_file_creates_nothing_and_every_fault_is_a_line(run: Run, tmp_path: Path) -> None:
    before = tables()
    bad = wrong(tmp_path / "bad.json", (0, "birthDate", "1950-13-45"), (11, "lifecycleStatus", "perhaps"))
    done = run("import", bad)
    assert (done.code, done.out) == (1, "")
    places = [line.partition(" : ")[0] for line in done.err.splitlines()]
    assert places == ["Bundle.entry[0].resource.birthDate", "Bundle.entry[11].resource.lifecycleStatus"]
    assert tables() == before


def test_a_program_reads_places_and_reasons(run: Run, tmp_path: Path) -> None:
    bad = wrong(tmp_path / "bad.json", (0, "birthDate", "1950-13-45"))
    done = run("import", "--json", bad)
    assert (done.code, done.json["code"]) == (1, "tddui_refused")
    assert done.json["problems"][0]["path"] == "Bundle.entry[0].resource.birthDate"
    assert done.json["problems"][0]["reason"]


def test_the_fault_of_one_file_among_several_names_the_file(run: Run, file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "seconde.json"
    bad.write_bytes(b'{"resourceType": "Patient", "gender": 3}')
    done = run("import", file, bad)
    assert done.code == 1
    assert all(line.startswith("seconde.json Patient") for line in done.err.splitlines())


def test_what_the_record_refuses_is_one_line_with_its_place(run: Run, file: Path, tmp_path: Path) -> None:
    run("import", file)
    with tenant(ManagingBody.objects.get().pk):
        PersonalPlan.objects.update(title="Le nôtre")
    other = wrong(tmp_path / "autre.json", (8, "title", "Le leur"))
    done = run("import", other)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"CarePlan[{LOU}-PPER-1].title : « titre » a changé ici et dans le fichier.")
    assert run("import", "--json", other).json["problems"][0]["path"] == f"CarePlan[{LOU}-PPER-1].title"


def test_a_refused_import_into_an_empty_database_leaves_it_empty(run: Run, file: Path) -> None:
    before = tables()
    assert run("import", "--establishment", "999999999", file).code == 1
    assert tables() == before


@pytest.mark.parametrize("arguments", [(), ("absent.json",), (".",), ("--nonsense", "x.json")])
def test_a_misuse_exits_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("import", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_several_managing_bodies_must_be_told_apart(run: Run, file: Path) -> None:
    for finess in ("350000006", "350000014"):
        ManagingBody.objects.create(name="Association", finess=finess)
    done = run("import", file)
    assert (done.code, "--body" in done.err) == (1, True)
    assert run("import", "--body", "350000006", file).code == 0
    assert run("import", "--body", "999999999", file).code == 1


# --- export -------------------------------------------------------------------------------------------------


def test_every_record_goes_out_in_a_file_of_its_own(run: Run, file: Path, tmp_path: Path) -> None:
    run("import", file)
    out = tmp_path / "sortie" / "ici"
    done = run("export", "--all", "--out", out, "--json")
    with tenant(ManagingBody.objects.get().pk):
        record = Record.objects.get()
        assert Entry.objects.filter(action="exchange.exported", object_id=record.pk).exists()
        assert Access.objects.get(page="tddui export").shown == [record.pk]
    assert done.json == {"files": [str(out / f"{record.pk}.json")]}
    assert stat.S_IMODE((out / f"{record.pk}.json").stat().st_mode) == 0o600, "a whole record, for its owner"
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert changes(file.read_bytes(), (out / f"{record.pk}.json").read_bytes()) == []


def test_one_record_or_one_house_may_go_out(run: Run, file: Path, tmp_path: Path) -> None:
    record = run("import", "--json", file).json["records"][0]
    for option, value in (("--record", record), ("--establishment", "010001246")):
        done = run("export", option, value, "--out", tmp_path / option)
        assert (done.code, done.out) == (0, f"1 fichier(s) écrit(s) dans {tmp_path / option}\n")
        assert read((tmp_path / option / f"{record}.json").read_bytes()).people[0].person.key == LOU


def test_what_belongs_to_nobody_goes_out_on_its_own(run: Run, file: Path, tmp_path: Path) -> None:
    run("import", file)
    lonely = tmp_path / "lieu.json"
    lonely.write_bytes(orjson.dumps(bundle({"Location/room": RESOURCES["Location/room"]})))
    run("import", lonely)
    run("export", "--all", "--out", tmp_path / "sortie")
    assert changes(lonely.read_bytes(), (tmp_path / "sortie/sans-dossier.json").read_bytes()) == []


def test_structures_alone_may_leave(run: Run, tmp_path: Path) -> None:
    """Conformity review, F12: `export --all` ended with 1 in a house that only knows structures."""
    lonely = tmp_path / "lieu.json"
    lonely.write_bytes(orjson.dumps(bundle({"Organization/ime": RESOURCES["Organization/ime"]})))
    run("import", lonely)
    done = run("export", "--all", "--out", tmp_path / "sortie")
    assert (done.code, [file.name for file in (tmp_path / "sortie").iterdir()]) == (0, ["sans-dossier.json"])


def test_an_export_of_nothing_is_refused(run: Run, file: Path, tmp_path: Path) -> None:
    run("import", file)
    for option, value in (("--record", uuid.uuid4()), ("--establishment", "999999999")):
        done = run("export", option, value, "--out", tmp_path)
        assert (done.code, "Aucun dossier" in done.err) == (1, True)


@pytest.mark.parametrize(
    "arguments", [(), ("--all", "--record", str(uuid.uuid4())), ("--record", "77"), ("--record", "../x")]
)
def test_an_export_that_does_not_say_what_exits_2(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run("export", *arguments, "--out", tmp_path / "sortie")
    assert (done.code, done.out) == (2, "")
    assert not (tmp_path / "sortie").exists()


def test_a_folder_that_cannot_be_made_exits_2(run: Run, file: Path) -> None:
    done = run("export", "--all", "--out", file)
    assert (done.code, done.out) == (2, "")
    assert str(file) in done.err


def test_a_folder_comes_in_file_by_file_and_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_bytes(copied(orjson.dumps(sample()), number))
    (tmp_path / "casse.json").write_bytes(b"{}")
    told = run("import", str(tmp_path), "--json")
    assert told.code == 1  # one is refused, and named
    assert [fault["file"] for fault in told.json["faults"]] == ["casse.json"]
    assert told.json["created"]["person"] == 3
    again = run("import", str(tmp_path), "--json").json
    assert again["created"] == again["changed"] == {}
    assert run("import", str(tmp_path), "--dry-run").code == 2


def test_a_folder_brought_in_is_taken_back_by_the_name_of_its_import(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "envois"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.json").write_bytes(copied(orjson.dumps(sample()), number))
    told = run("import", folder, "--json").json
    assert told["created"]["person"] == 3
    back = run("undo", told["run"])
    assert (back.code, back.out) == (0, "3 fichier(s) annulé(s)\n")
    with tenant(ManagingBody.objects.get().pk):
        assert not Person.objects.exists()
    assert [run("undo", one).code for one in (told["run"], uuid.uuid4(), "hier")] == [1, 1, 2]

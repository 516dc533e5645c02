"""The data folder is what the manifest says, and the manifest is what the sources say."""

import csv
import gzip
import hashlib
import json
import shutil
import subprocess
import sys

import pytest

from jalon.formats import xml
from jalon.terminology import code_system, concept_map, value_set
from jalon.terminology.files import DATA, manifest, rows
from tests.support import PROJECT, SHARED, needs_shared

STANDARDS = SHARED / "standards"
CONCEPT = "{urn:ihe:iti:svs:2008}Concept"


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry.name)
def test_a_file_has_the_hash_and_the_entries_of_the_manifest(entry):
    assert hashlib.sha256((DATA / entry.file).read_bytes()).hexdigest() == entry.sha256
    assert sum(1 for _ in rows(entry)) == entry.entries
    assert entry.origin
    assert entry.licence


def test_every_file_is_in_the_manifest():
    listed = {entry.file for entry in manifest()}
    assert {path.name for path in DATA.iterdir()} == listed | {"manifest.toml"}


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 3_000_000


@needs_shared
@pytest.mark.parametrize(
    "entry",
    [
        entry
        for entry in manifest()
        if "TestContenuCDA-3-0" in entry.origin and "jeuxDeValeurs" in entry.origin
    ],
    ids=lambda entry: entry.name,
)
def test_a_list_of_the_cda_test_tool_is_its_source(entry):
    source = xml.parse((STANDARDS / f"cda/jeuxDeValeurs/{entry.name}.xml").read_bytes())
    expected = {
        (one.get("codeSystem"), one.get("code"), one.get("displayName")) for one in source.iter(CONCEPT)
    }
    found = {(coding.system, coding.code, coding.display) for coding in value_set(entry.name)}
    assert found == expected


@needs_shared
def test_the_lists_of_the_terminology_server_are_their_sources():
    paths = list((STANDARDS / "tddui/official/terminologies").glob("*.json"))
    assert len(paths) == 17
    for path in paths:
        source = json.loads(path.read_text("utf-8"))
        found = value_set(source["url"])
        contained = source["expansion"]["contains"]
        assert len(found) == source["expansion"]["total"] == len(contained)
        assert [(one.system, one.code) for one in found] == [
            (one["system"], one["code"]) for one in contained
        ]


@needs_shared
def test_the_code_systems_of_the_nos_have_as_many_codes_as_their_sources():
    for path in (STANDARDS / "nos").glob("TRE_*.json"):
        source = json.loads(path.read_text("utf-8"))
        assert len(code_system(source["name"])) == len(source["concepts"])


@needs_shared
def test_the_lists_of_the_cda_guide_have_the_codes_of_their_sources():
    checked = 0
    for entry in manifest():
        if "transfert-donnees-dui input/images" in entry.origin:
            source = json.loads((STANDARDS / f"tddui/cda/jdv/{entry.name}.json").read_text("utf-8"))
            assert [one.code for one in value_set(entry.name)] == [one["code"] for one in source["concepts"]]
            checked += 1
    assert checked == 8


@needs_shared
def test_the_mappings_have_every_pair_of_their_sources():
    for number, stem in {"A11": "A11-CorresModeleCDA", "X04": "X04-Corr", "X16": "X16-Corr"}.items():
        (path,) = (STANDARDS / "nos").glob(f"ASS-{stem}*.json")
        pairs = {tuple(row[:2]) for row in json.loads(path.read_text("utf-8"))["concepts"]}
        found = concept_map(f"ASS_{number}")
        assert {(source, one.code) for source, targets in found.pairs.items() for one in targets} == pairs


@needs_shared
def test_no_commune_of_today_is_missing():
    with gzip.open(SHARED / "data/cog_communes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        today = [row for row in csv.DictReader(file) if row["type"] == "commune-actuelle"]
    communes = next(entry for entry in manifest() if entry.name == "cog_communes")
    running = {row["code"]: row["label"] for row in rows(communes) if not row["valid_to"]}
    assert [row["nom"] for row in today if running.get(row["code_insee"]) != row["nom"]] == []


def test_the_periods_of_a_commune_never_overlap():
    communes = next(entry for entry in manifest() if entry.name == "cog_communes")
    last = ("", "")
    for row in rows(communes):
        if row["code"] == last[0]:
            assert last[1]
            assert last[1] < row["valid_from"]
        last = (row["code"], row["valid_to"])


@needs_shared
def test_the_refresh_tool_writes_the_same_bytes_again(tmp_path):
    copy = tmp_path / "project"
    (copy / "tools").mkdir(parents=True)
    (copy / "tools/refresh_terminology.py").write_bytes(
        (PROJECT / "tools/refresh_terminology.py").read_bytes()
    )
    data = copy / "jalon/terminology/data"
    data.mkdir(parents=True)
    shutil.copy(DATA / "systems.csv", data)
    run = subprocess.run(
        [sys.executable, str(copy / "tools/refresh_terminology.py"), str(SHARED)],
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    written = {path.name: path.read_bytes() for path in data.iterdir()}
    assert written == {path.name: path.read_bytes() for path in DATA.iterdir()}

"""`jalon cda read`, `jalon xdm build`, `jalon xdm read`, on published documents and on hostile ones."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from jalon.commands.documents import entry_of
from jalon.formats.cda.writer import write
from jalon.formats.xdm import package
from tests.commands.conftest import Jalon
from tests.formats.cda import samples
from tests.formats.xds_samples import NOW, PATIENT, cda, entry, submission
from tests.support import SHARED, needs_shared

EXAMPLES = SHARED / "standards/cda/exemples"
ORIGIN = package.Origin("EHPAD LES TILLEULS (FICTIF)")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.xml"
    file.write_bytes(cda())
    return file


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "recu.zip"
    file.write_bytes(package.build(submission(), [(entry(), cda())], origin=ORIGIN, at=NOW))
    return file


# --- cda read --------------------------------------------------------------------------------------


def test_a_document_is_told_in_json(jalon: Jalon, plan: Path) -> None:
    told = jalon("cda", "read", plan, "--json")
    assert told.code == 0
    found = told.json
    assert found["type"] == {
        "code": "80788-3",
        "system": "2.16.840.1.113883.6.1",
        "display": "Projet personnalisé d'accompagnement",
    }
    assert (found["title"], found["level"]) == ("Projet personnalisé d’accompagnement", 1)
    assert found["date"] == "2026-11-22T10:15:00+01:00"
    assert found["patient"]["matricule"] == PATIENT.matricule
    assert found["patient"]["birth_date"] == "1979-03-28"
    assert [author["name"] for author in found["authors"]] == ["Claire MARTIN"]
    assert found["authors"][0]["structure"]["name"] == "EHPAD LES TILLEULS (FICTIF)"
    assert found["xds"]["class_code"]["code"] == "44"
    assert found["xds"]["format_code"]["code"] == "urn:ihe:iti:xds-sd:pdf:2008"
    assert found["xds"]["hash"] == hashlib.sha1(cda(), usedforsecurity=False).hexdigest()
    assert (found["xds"]["size"], found["xds"]["missing"]) == (len(cda()), [])


def test_a_document_is_told_in_sentences(jalon: Jalon, plan: Path) -> None:
    told = jalon("cda", "read", plan).out
    assert told.startswith("Projet personnalisé d’accompagnement\n")
    assert "Date\u00a0: 22 novembre 2026" in told
    assert "Auteur\u00a0: Claire MARTIN, Infirmier, EHPAD LES TILLEULS (FICTIF)" in told
    assert "classe 44" in told


def test_sections_are_told_with_their_words_and_the_structure_that_keeps_them(
    jalon: Jalon, tmp_path: Path
) -> None:
    file = tmp_path / "sections.xml"
    file.write_bytes(write(samples.structured()))
    found = jalon("cda", "read", file, "--json").json
    assert [section["title"] for section in found["sections"]] == ["Attentes de la personne", "Objectifs"]
    assert "Je veux cuisiner avec « Cœur & Co »." in found["sections"][0]["text"]
    assert found["structure"]["name"] == samples.HOME.name
    assert "  Objectifs" in jalon("cda", "read", file).out.splitlines()


@needs_shared
@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.xml")), ids=lambda file: file.stem)
def test_every_published_document_is_read(jalon: Jalon, file: Path) -> None:
    found = jalon("cda", "read", file, "--json").json
    assert found["type"]["code"]
    assert found["title"]
    assert found["date"]
    assert found["authors"]
    assert found["structure"]["name"]
    assert found["patient"]["birth_name"] or found["patient"]["birth_first_names"]
    assert bool(found["sections"]) is (found["level"] == 3)
    assert found["xds"]["class_code"], "each published type has its class"


@needs_shared
def test_a_self_presenting_document_is_read_inside_its_stylesheet(jalon: Jalon) -> None:
    found = jalon("cda", "read", EXAMPLES / "CANCER-PPS_2022.01_Autopresentable.xml", "--json").json
    assert found["envelope"] == "self-presenting"
    assert found["xds"]["mime_type"] == "application/xslt+xml"
    assert len(found["sections"]) > 5


@needs_shared
def test_a_transfer_document_is_read_as_any_other(jalon: Jalon) -> None:
    found = jalon("cda", "read", EXAMPLES / "CDA_TDDUI_Exemple_v1.0.1.xml", "--json").json
    assert found["type"]["code"] == "EXPORT_DUI"
    assert found["authors"][0]["software"]


def test_a_document_that_cannot_be_shared_says_why_and_is_still_read(jalon: Jalon, tmp_path: Path) -> None:
    file = tmp_path / "sans-personne.xml"
    file.write_bytes(cda().replace(b'extension="279035121518989"', b"").replace(b'extension="U-1"', b""))
    told = jalon("cda", "read", file, "--json")
    assert (told.code, told.json["xds"]) == (0, None)
    assert "recordTarget" in jalon("cda", "read", file).out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"pas du XML", "XML"),
        (b"<a/>", "CDA"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        (cda().replace(b"JVBERi0xLjQK", b"***"), "nonXMLBody"),
    ],
)
def test_a_bad_document_is_refused_in_one_line(
    jalon: Jalon, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "mauvais.xml"
    file.write_bytes(content)
    told = jalon("cda", "read", file)
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)
    assert said in told.err


def test_a_file_that_is_not_there_is_misuse(jalon: Jalon, tmp_path: Path) -> None:
    assert jalon("cda", "read", tmp_path / "rien.xml").code == 2
    assert jalon("cda", "read").code == 2


# --- xdm build -------------------------------------------------------------------------------------


def test_documents_are_put_in_an_archive_and_read_back(jalon: Jalon, plan: Path, tmp_path: Path) -> None:
    other, out = tmp_path / "autre.xml", tmp_path / "lot.zip"
    other.write_bytes(cda("1.2.250.1.999.1.4.2"))
    built = jalon("xdm", "build", "--out", out, plan, other, "--json")
    assert built.code == 0
    assert [one["name"] for one in built.json["documents"]] == ["DOC00001.XML", "DOC00002.XML"]
    assert [one["class"]["code"] for one in built.json["documents"]] == ["44", "44"]
    assert built.json["patient"]["value"] == PATIENT.matricule
    found = jalon("xdm", "read", out, "--json").json
    assert found["documents"] == built.json["documents"]
    assert [patient["value"] for patient in found["patients"]] == [PATIENT.matricule]
    assert found["warnings"] == []


def test_the_kind_of_activity_is_that_of_the_structure_or_the_one_asked(
    jalon: Jalon, plan: Path, tmp_path: Path
) -> None:
    for number, (words, code) in enumerate((((), "SA17"), (("--content-type", "16"), "16"))):
        out = tmp_path / f"{number}.zip"
        assert jalon("xdm", "build", "--out", out, plan, *words).code == 0
        content = package.read(out.read_bytes()).subsets[0].metadata.submission.content_type
        assert content is not None
        assert content.code == code


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("autre-personne.xml", PATIENT.matricule.encode(), b"279035121518990", "autre-personne.xml"),
        ("sans-titre.xml", "Projet personnalisé d’accompagnement".encode(), b"", "title"),
        ("type.xml", b"80788-3", b"00000-0", "classCode"),
        ("sans-identifiant.xml", b'<id root="1.2.250.1.999.1.4.1"/>', b"", "sans-identifiant.xml"),
    ],
)
def test_an_incomplete_or_foreign_document_is_refused_by_its_name(
    jalon: Jalon, plan: Path, tmp_path: Path, name: str, old: bytes, new: bytes, said: str
) -> None:
    odd, out = tmp_path / name, tmp_path / "lot.zip"
    odd.write_bytes(cda().replace(old, new))
    told = jalon("xdm", "build", "--out", out, plan, odd)
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert said in told.err
    assert not out.exists()


def test_an_unknown_activity_is_refused(jalon: Jalon, plan: Path, tmp_path: Path) -> None:
    told = jalon("xdm", "build", "--out", tmp_path / "lot.zip", plan, "--content-type", "ZZ")
    assert (told.code, "JDV_J59" in told.err) == (1, True)


def test_an_archive_never_replaces_a_file(jalon: Jalon, plan: Path, archive: Path) -> None:
    before = archive.read_bytes()
    told = jalon("xdm", "build", "--out", archive, plan)
    assert (told.code, archive.read_bytes()) == (1, before)
    assert "existe déjà" in told.err


def test_a_folder_that_is_not_there_is_misuse(jalon: Jalon, plan: Path, tmp_path: Path) -> None:
    assert jalon("xdm", "build", "--out", tmp_path / "absent/lot.zip", plan).code == 2


# --- xdm read --------------------------------------------------------------------------------------


def test_an_archive_is_told_in_sentences(jalon: Jalon, archive: Path) -> None:
    told = jalon("xdm", "read", archive)
    assert told.code == 0
    assert PATIENT.matricule in told.out
    assert "DOC00001.XML\u00a0: Projet personnalisé" in told.out
    assert hashlib.sha1(cda(), usedforsecurity=False).hexdigest() in told.out


def test_documents_are_extracted_byte_for_byte_and_once(jalon: Jalon, archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "extraits"
    told = jalon("xdm", "read", archive, "--out", out, "--json")
    assert told.json["files"] == [str(out / "SUBSET01/DOC00001.XML")]
    assert (out / "SUBSET01/DOC00001.XML").read_bytes() == cda()
    assert jalon("xdm", "read", archive, "--out", out).code == 1


def _altered(archive: Path, name: str, content: bytes) -> None:
    """The same archive with one file replaced or added."""
    with zipfile.ZipFile(archive) as opened:
        files = {one: opened.read(one) for one in opened.namelist()}
    with zipfile.ZipFile(archive, "w") as written:
        for one, data in (files | {name: content}).items():
            written.writestr(one, data)


def test_a_document_that_changed_on_its_way_is_refused(jalon: Jalon, archive: Path) -> None:
    _altered(archive, "IHE_XDM/SUBSET01/DOC00001.XML", cda().replace(b"Claire", b"Claude"))
    told = jalon("xdm", "read", archive)
    assert told.code == 1
    assert "DOC00001.XML" in told.err


def test_a_path_that_leaves_the_archive_is_refused(jalon: Jalon, archive: Path, tmp_path: Path) -> None:
    _altered(archive, "IHE_XDM/../../dehors.xml", b"<a/>")
    told = jalon("xdm", "read", archive, "--out", tmp_path / "extraits")
    assert told.code == 1
    assert not (tmp_path / "dehors.xml").exists()


def test_a_folder_that_leads_elsewhere_is_refused(jalon: Jalon, archive: Path, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "extraits", tmp_path / "ailleurs"
    out.mkdir()
    elsewhere.mkdir()
    (out / "SUBSET01").symlink_to(elsewhere)
    assert jalon("xdm", "read", archive, "--out", out).code == 1
    assert list(elsewhere.iterdir()) == []


def test_what_is_not_an_archive_is_refused(jalon: Jalon, plan: Path) -> None:
    told = jalon("xdm", "read", plan)
    assert (told.code, told.err.count("\n")) == (1, 1)


def test_a_warning_of_the_metadata_is_told(jalon: Jalon, tmp_path: Path) -> None:
    file = tmp_path / "sans-empreinte.zip"
    file.write_bytes(package.build(submission(), [(entry(), cda())], origin=ORIGIN, at=NOW))
    with zipfile.ZipFile(file) as opened:
        metadata = opened.read("IHE_XDM/SUBSET01/METADATA.XML")
    digest = hashlib.sha1(cda(), usedforsecurity=False).hexdigest().encode()
    _altered(file, "IHE_XDM/SUBSET01/METADATA.XML", metadata.replace(digest, b""))
    found = jalon("xdm", "read", file, "--json").json
    assert len(found["warnings"]) == 1
    assert "À noter" in jalon("xdm", "read", file).out


def test_the_class_of_a_type_comes_from_the_dmp_then_from_the_national_list() -> None:
    found = entry_of(cda()).class_code
    assert found is not None
    assert found.code == "44"
    assert entry_of(cda(type_code="00000-0")).class_code is None


@needs_shared
def test_a_birth_year_alone_is_told_as_a_year(jalon: Jalon) -> None:
    told = jalon("cda", "read", SHARED / "cases/cda_birth_year_only.xml").out
    assert "naissance : 1951," in told.replace("\xa0", " ")
    assert "décembre" not in told

"""The files of `conformity/requirements`: ours are sound, and unsound ones are told."""

from collections import Counter
from pathlib import Path

import pytest

from tests.conformity.catalogue import Catalogue, Family, Requirement, load, mistakes
from tests.support import PROJECT

HEADER = "id;wave;source;nature;profile;summary;status;note\n"
NO_PAGE = "X.1: manual without an existing page of docs/ in its note"
PLANNED = Requirement("X.1", "vague 1", "texte", "Obligatoire", "commun", "Un résumé.", "planned", "")


def _catalogue(*rows: Requirement) -> Catalogue:
    return Catalogue((Family("Référence", "Famille", rows),))


def _row(**changes: str) -> Requirement:
    return Requirement(**{**vars(PLANNED), **changes})


def test_our_own_files_have_no_mistake() -> None:
    assert mistakes(load(PROJECT / "conformity" / "requirements"), root=PROJECT) == []


def test_the_two_hundred_and_fifty_retained_rows_are_followed() -> None:
    catalogue = load(PROJECT / "conformity" / "requirements")
    counts = Counter(family.reference for family in catalogue.families for _ in family.rows)
    assert counts["Ségur, exigences retenues"] == 250


def test_every_file_of_the_folder_is_in_the_index() -> None:
    folder = PROJECT / "conformity" / "requirements"
    listed = {line.partition(";")[0] for line in (folder / "index.csv").read_text("utf-8").splitlines()[1:]}
    assert listed == {path.relative_to(folder).as_posix() for path in folder.glob("*/*.csv")}


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file;reference;title\nx.csv;R;T\n", "utf-8")
    (tmp_path / "x.csv").write_text("id;summary\nX.1;Un résumé.\n", "utf-8")
    with pytest.raises(ValueError, match=r"x\.csv: columns"):
        load(tmp_path)


@pytest.mark.parametrize("cells", ["X.1;v;s;n;p;résumé;planned", "X.1;v;s;n;p;résumé;planned;note;trop"])
def test_a_row_with_too_few_or_too_many_cells_is_refused(tmp_path: Path, cells: str) -> None:
    (tmp_path / "index.csv").write_text("file;reference;title\nx.csv;R;T\n", "utf-8")
    (tmp_path / "x.csv").write_text(HEADER + cells + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"x\.csv: row X\.1"):
        load(tmp_path)


def test_two_rows_of_one_identifier_are_a_mistake(tmp_path: Path) -> None:
    assert mistakes(_catalogue(PLANNED, PLANNED), root=tmp_path) == ["X.1: two rows"]


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"status": "todo"}, "X.1: unknown status 'todo'"),
        ({"summary": " "}, "X.1: no summary"),
        ({"status": "out_of_scope"}, "X.1: out of scope without a note"),
        ({"status": "manual"}, NO_PAGE),
        (
            {"status": "manual", "note": "docs/absent.md"},
            "X.1: manual without an existing page of docs/ in its note",
        ),
    ],
)
def test_a_row_that_says_too_little_is_a_mistake(
    tmp_path: Path, changes: dict[str, str], mistake: str
) -> None:
    assert mistakes(_catalogue(_row(**changes)), root=tmp_path) == [mistake]


def test_a_manual_row_that_names_its_page_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "essai.md").write_text("# Essai\n", "utf-8")
    row = _row(status="manual", note="Suivre docs/essai.md, première partie.")
    assert mistakes(_catalogue(row), root=tmp_path) == []

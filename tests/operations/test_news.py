"""What a version changes, read from the changelog that comes with the software."""

from jalon.operations.news import CHANGELOG, Release, latest, releases, told
from tests.support import PROJECT

TEXT = """# Ce qui change

Pour les utilisateurs.

## 0.2.0 (en cours)

### Dossier

- Une ligne.
- Une autre.

### Agenda

## 0.1.0

### Dossier

- Avant.
"""


def test_lines_are_read_by_version_and_by_area() -> None:
    assert releases(TEXT) == [
        Release("0.2.0", {"Dossier": ["Une ligne.", "Une autre."], "Agenda": []}),
        Release("0.1.0", {"Dossier": ["Avant."]}),
    ]


def test_an_area_where_nothing_changed_is_not_said() -> None:
    assert told(releases(TEXT)[0]) == ["Version 0.2.0", "", "Dossier", "  - Une ligne.", "  - Une autre."]


def test_the_software_brings_the_changelog_of_the_project() -> None:
    assert CHANGELOG.read_bytes() == (PROJECT / "CHANGELOG.md").read_bytes()
    assert latest().areas.keys() >= {"Dossier", "Exploitation"}

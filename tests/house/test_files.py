"""What no file of the project may hold: a machine, an index, a secret, a silence, a straight apostrophe."""

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import CODE, SPOKEN, calls, name_of, python_files
from tests.house.typography import faults_of, french, mended, refusals
from tests.support import PROJECT

THIS = "tests/house/test_files.py"  # it holds the patterns, and tries them
WRITTEN = {".py", ".md", ".toml", ".in", ".txt", ".html", ".css", ".js", ".typ", ".sh", ".cfg", ".json", ""}
NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__"}
VENDORED = (
    "jalon/faces/ui/htmx.min.js",
    "jalon/formats/fhir_schema/",
    "jalon/formats/typst/fonts/",
    "jalon/faces/ui/fonts/",
)
SECRET_NAMES = re.compile(
    r".*\.(pem|key|p12|pfx|jks|crt|env|sqlite3?|dump|kdbx)|\.env.*|id_(rsa|ed25519).*|\.netrc|\.pypirc"
)
SECRET_TEXT = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b"
)
MACHINE = re.compile(r"(?<![\w.~*<>$}])/(?:home|Users|root|work|mnt)/[\w.]+|\b[A-Z]:\\Users\\")
INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-links|PIP_INDEX_URL|UV_(?:DEFAULT_)?INDEX|npm_config_registry|pythonhosted"
)
LEFT_BEHIND = re.compile(r".*(?:\.(?:orig|rej|bak|tmp|log|swp)|~)")
SIDES = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
# A page by its path; a note by a lower-case name and a section, where official documents have a proper name.
PAGE = re.compile(r"[\w./-]*\w\.md\b")
NOTE = re.compile(
    r"(?<![.\w])(?!minimale |and )[a-z][a-z_]+ §\s?\d(?:[\w.]*\w)?|\b(?!the |a )[a-z]+ README\b(?!\.\w)"
)
CITING = (".py", ".html", ".css", ".js", ".typ", ".toml", ".in", ".sh")
# What pages of a folder of their own are called by the tool that writes one, and by its tests.
TRIED = {
    "tests/conformity/plugin.py": ["conformite.md"],
    "tests/conformity/test_plugin.py": ["conformite.md"],
    "tests/conformity/test_catalogue.py": ["docs/absent.md", "essai.md", "docs/essai.md"],
}
ASIDE = re.compile(r"#\s*noqa|#\s*type:\s*ignore")
REASONED = re.compile(r"# (?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* +|type: ignore\[[\w, -]+\] +# )\w.{3,}")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project; what tools write, and what others wrote, apart."""
    return tuple(sorted(path for path in _walk(PROJECT) if not name_of(path).startswith(VENDORED)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in NOT_OURS and not path.name.endswith("_cache"):
            yield from _walk(path) if path.name != ".hypothesis" else ()
        elif path.is_file() and path.name not in NOT_OURS:
            yield path


@cache
def readable() -> dict[str, str]:
    """Name → text of what people write: code, pages, settings."""
    return {name_of(path): path.read_text("utf-8") for path in files() if path.suffix in WRITTEN}


def matching(pattern: re.Pattern[str]) -> list[str]:
    others = {name: text for name, text in readable().items() if name != THIS}
    return [f"{name}: {found[0]}" for name, text in others.items() if (found := pattern.search(text))]


def test_the_patterns_find_what_they_look_for() -> None:
    assert MACHINE.search("see " + "/ho" + "me/claire/jalon")
    assert INDEX.search("pip install " + "--index" + "-url https://packages.example")
    assert SECRET_TEXT.search("-----BEGIN RSA " + "PRIVATE KEY-----\n" + "A" * 64)
    assert UNFINISHED.search("# TO" + "DO later")
    assert not REASONED.search("# no" + "qa: E501")


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert matching(MACHINE) == []


def test_no_file_names_the_index_packages_come_from() -> None:
    assert matching(INDEX) == []


@pytest.mark.parametrize("lock", sorted(PROJECT.glob("requirements/*.txt")), ids=lambda path: path.name)
def test_a_lock_file_pins_by_version_and_hash_and_holds_no_address(lock: Path) -> None:
    text = re.sub(r"\\\n\s*", "", lock.read_text("utf-8"))
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    pinned = re.compile(r"[\w.\[\],-]+==[\w.!+]+(?: ; [^;]+?)?(?:\s?--hash=sha256:[0-9a-f]{64})+")
    assert entries
    assert [line[:80] for line in entries if not pinned.fullmatch(line)] == []


def test_no_file_looks_like_a_secret() -> None:
    assert [name_of(path) for path in files() if SECRET_NAMES.fullmatch(path.name)] == []
    assert matching(SECRET_TEXT) == []


def tracked() -> list[str]:
    """What is committed, or all there is where there is no repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True)
    return listed.stdout.splitlines() if listed.returncode == 0 else [name_of(path) for path in files()]


def test_no_leftover_of_a_tool_is_committed() -> None:
    assert LEFT_BEHIND.fullmatch("jalon/config/settings.py.orig") and LEFT_BEHIND.fullmatch("docs/guide.md~")
    assert [name for name in tracked() if LEFT_BEHIND.fullmatch(name)] == []


def test_no_file_holds_two_sides_of_a_merge() -> None:
    assert SIDES.search("kept\n" + "<" * 7 + " HEAD\n")
    assert matching(SIDES) == []


def cited(text: str) -> list[str]:
    """Notes that a file of code names as a source, and that nobody can open here."""
    return [name for name in PAGE.findall(text) if not (PROJECT / name).exists()] + NOTE.findall(text)


def test_a_note_that_is_not_here_would_be_found() -> None:
    assert cited("The key (tddui.md §1.0), the rescue (recipes §4): see the design README.") == [
        "tddui.md", "recipes §4", "design README"
    ]  # fmt: skip
    assert (
        cited("CI-SIS, Structuration minimale §3.6; IHE ITI TF-3 §4.2.4; docs/glossary.md; README.TXT") == []
    )


def test_a_source_cited_by_the_code_is_an_official_one_or_a_page_of_the_project() -> None:
    code = {name: text for name, text in readable().items() if name.endswith(CITING) and name != THIS}
    assert {name: cited(text) for name, text in code.items() if cited(text)} == TRIED


def test_nothing_is_left_to_do_in_a_comment() -> None:
    assert [found for found in matching(UNFINISHED) if not found.startswith("CONTRIBUTING.md")] == []


def test_only_commands_and_tools_print() -> None:
    silent = [path for path in SPOKEN if "commands" not in path.parts]
    assert [name_of(path) for path in silent if any(name == "print" for name, _ in calls(path))] == []


def asides(path: Path) -> list[str]:
    """Comments that silence a tool without saying why."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT and ASIDE.search(token.string)]
    return [
        f"{name_of(path)}:{token.start[0]} {token.string}"
        for token in comments
        if not REASONED.search(token.string)
    ]


def test_a_tool_is_silenced_with_a_reason() -> None:
    everywhere = (*CODE, *python_files("tests"))
    assert [aside for path in everywhere for aside in asides(path)] == []


# ── French typography of what a user may read ──────────────────────────────────────────────────────────────


def test_a_fault_of_typography_would_be_found() -> None:
    assert faults_of("L'INS manque.") == ["a straight apostrophe"]
    assert (
        faults_of("Réessayez : rien.") == faults_of("Vraiment?") == ["no no-break space before a high sign"]
    )
    assert faults_of("Ouvrez « Usagers\u00a0»\u202f: tout y est.") == ["no no-break space inside quotes"]
    assert faults_of("L’INS de 10:30\u00a0: « Usagers\u00a0».".replace("« ", "«\u00a0")) == []


def test_mending_puts_the_spaces_of_a_string_and_leaves_documentation(tmp_path: Path) -> None:
    module = tmp_path / "actions.py"
    module.write_text(
        '"""Dit : « oui »."""\nraise DomainError(\n    "Réessayez : « oui »."\n    f" Pas {x} ; non.")\n'
    )
    first, _, third, fourth = mended(module).splitlines()
    assert first == '"""Dit : « oui »."""'
    assert third == '    "Réessayez\u00a0: «\u00a0oui\u00a0»."'
    assert fourth == '    f" Pas {x}\u00a0; non.")'


def test_a_refusal_is_a_sentence_in_french_typography() -> None:
    said = [(f"{name_of(path)}:{line}", words) for path in SPOKEN for line, words in refusals(path)]
    assert said
    assert [
        (place, words) for place, words in said if faults_of(words) or not re.search(r"[.?!]$", words)
    ] == []


def test_french_words_of_the_product_are_in_french_typography() -> None:
    """Run `python -m tests.house.typography` to put the no-break spaces."""
    said = [(f"{name_of(path)}:{line}", words) for path in SPOKEN for line, words in french(path)]
    assert said
    assert [(place, words, faults_of(words)) for place, words in said if faults_of(words)] == []

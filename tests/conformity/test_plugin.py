"""The plugin inside a session of its own: a small project, its requirements and its tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

HEADER = "id;wave;source;nature;profile;summary;status;note\n"
QUIET = ["-p", "no:cacheprovider"]
PARALLEL = ["-p", "xdist.plugin", "-n", "1"]
CLAIM = """
import pathlib, runpy
import pytest

here = pathlib.Path(__file__).parent / "jalon"
reads = runpy.run_path(str(here / "formats/code.py"))["reads"]
shows = runpy.run_path(str(here / "web/code.py"))["shows"]

@pytest.mark.requirement("{id}")
def test_it_works():
    assert {called}() and {outcome}
"""
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a project whose only requirement X.1 has the given status and whose only test claims `id`."""
    monkeypatch.delenv("JALON_CONFORMITY", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # only what is under test, far faster
    pytester.makeini("[pytest]\n")
    pytester.makeconftest("pytest_plugins = ['tests.conformity.plugin']\n")
    for place, name in (("web", "shows"), ("formats", "reads")):
        package = pytester.path / "jalon" / place
        package.mkdir(parents=True)
        (package / "code.py").write_text(f"def {name}():\n    return True\n", "utf-8")
    folder = pytester.mkdir("conformity") / "requirements"
    folder.mkdir()
    (folder / "index.csv").write_text("file;reference;title\nx.csv;Référence;Famille\n", "utf-8")

    def go(
        *args: str, status: str = "planned", id: str = "X.1", outcome: bool = True, called: str = "shows"
    ) -> pytest.RunResult:
        row = f"X.1;vague 1;texte;Obligatoire;commun;Un résumé.;{status};\n"
        (folder / "x.csv").write_text(HEADER + row, "utf-8")
        pytester.makepyfile(test_claim=CLAIM.format(id=id, outcome=outcome, called=called))
        return pytester.runpytest_inprocess(*QUIET, *args)

    return go


@pytest.fixture
def page(pytester: pytest.Pytester) -> Path:
    """Where the inner session writes."""
    return pytester.path / "docs" / "conformite.md"


def test_an_ordinary_run_passes_and_writes_nothing(run: Run, page: Path) -> None:
    assert run().ret == pytest.ExitCode.OK
    assert not page.exists()


def test_an_unknown_requirement_fails_the_session(run: Run) -> None:
    result = run(id="X.2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["X.2: unknown, claimed by test_claim.py::test_it_works"])


def test_a_mistake_in_the_files_fails_the_session(run: Run) -> None:
    result = run(status="todo")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["X.1: unknown status 'todo'"])


def test_a_missing_catalogue_fails_the_session(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "conformity" / "requirements" / "index.csv").unlink()
    result = run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["conformity/requirements: *index.csv*"])


def test_a_full_run_writes_what_the_tests_proved(run: Run, page: Path) -> None:
    assert run("--conformity").ret == pytest.ExitCode.OK
    assert "| X.1 | Un résumé. | partielle | `test_claim` it works |  |" in page.read_text("utf-8")


def test_a_claim_on_library_code_alone_is_shown_as_such(run: Run, page: Path) -> None:
    assert run("--conformity", called="reads").ret == pytest.ExitCode.OK
    assert "| X.1 | Un résumé. | bibliothèque seulement |" in page.read_text("utf-8")


def test_a_row_that_claims_more_than_library_code_fails_a_full_run(run: Run, page: Path) -> None:
    result = run("--conformity", called="reads", status="partial")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["X.1: partial, but its tests call library code alone"])


def test_the_marks_reach_the_controller_of_parallel_workers(run: Run, page: Path) -> None:
    assert run("--conformity", *PARALLEL).ret == pytest.ExitCode.OK
    assert "| X.1 | Un résumé. | partielle | `test_claim` it works |  |" in page.read_text("utf-8")


def test_an_unknown_requirement_fails_parallel_workers_too(run: Run) -> None:
    assert run(*PARALLEL, id="X.2").ret == pytest.ExitCode.TESTS_FAILED


def test_the_variable_asks_for_a_full_run(run: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_CONFORMITY", "full")
    assert run().ret == pytest.ExitCode.OK
    assert page.exists()


def test_a_covered_row_without_its_test_fails_a_full_run_only(run: Run, page: Path) -> None:
    assert run("--deselect", "test_claim.py", status="covered").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result = run("--conformity", "-k", "other", status="covered")
    assert result.ret != pytest.ExitCode.OK
    assert not page.exists()


def test_a_covered_row_whose_only_test_was_skipped_fails_a_full_run(
    run: Run, pytester: pytest.Pytester, page: Path
) -> None:
    run(status="covered")
    pytester.makepyfile(
        test_claim="""
        import pytest

        @pytest.mark.requirement("X.1")
        def test_it_works():
            pytest.skip("no peer here")
        """
    )
    result = pytester.runpytest_inprocess(*QUIET, "--conformity")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["X.1: covered, but no passing test claims it"])
    assert not page.exists()


def test_a_failing_session_writes_nothing(run: Run, page: Path) -> None:
    assert run("--conformity", outcome=False).ret == pytest.ExitCode.TESTS_FAILED
    assert not page.exists()


def test_the_check_passes_on_the_page_that_a_full_run_wrote(run: Run) -> None:
    run("--conformity")
    assert run("--conformity=check").ret == pytest.ExitCode.OK


def test_the_check_refuses_an_older_page_and_leaves_it(run: Run, page: Path) -> None:
    page.parent.mkdir()
    page.write_text("# Ancienne\n", "utf-8")
    result = run("--conformity=check")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["docs/conformite.md is not what this run proves*"])
    assert page.read_text("utf-8") == "# Ancienne\n"

"""Pytest plugin: a test claims requirements with `@pytest.mark.requirement("SC.INS/va1.01", …)`.

Always: an unknown identifier, or a mistake in the files of `conformity/requirements`, fails the session.
On a full run, asked with `--conformity` (or `JALON_CONFORMITY=full`): a row that claims more than the tests
that passed fails the session; otherwise `docs/conformite.md` is written. `--conformity=check` (or
`JALON_CONFORMITY=check`) writes nothing and fails when the committed page is not the one this run would
write.

A row whose tests call library code alone is shown as such, whatever a person wrote (`entries`).
With pytest-xdist the marks travel to the controller in the `user_properties` of each report.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.conformity import catalogue, matrix
from tests.conformity.entries import Watch, is_live

PROPERTY = "requirement"
THROUGH = "through the product"
WATCH = pytest.StashKey[Watch]()
MODES = {"": "", "full": "write", "write": "write", "check": "check"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--conformity`; its default is the variable JALON_CONFORMITY."""
    parser.getgroup("jalon").addoption(
        "--conformity",
        nargs="?",
        const="write",
        choices=["write", "check"],
        default=None,
        help="full run: requirements are enforced, docs/conformite.md is written (or only compared: check)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, and keep the record on the process that sees every report."""
    config.addinivalue_line("markers", "requirement(*ids): the requirements this test proves (conformity/)")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Conformity(config.rootpath, _mode(config)), "jalon-conformity")


def _mode(config: pytest.Config) -> str:
    asked = config.getoption("conformity")
    if asked:
        return str(asked)
    variable = os.environ.get("JALON_CONFORMITY", "")
    if variable not in MODES:
        raise pytest.UsageError(f"JALON_CONFORMITY is {variable!r}: full, check or nothing")
    return MODES[variable]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the claimed identifiers where a report carries them."""
    for item in items:
        claimed = {str(name) for mark in item.iter_markers("requirement") for name in mark.args}
        item.user_properties.extend((PROPERTY, name) for name in sorted(claimed))


def _claims(item: pytest.Item) -> bool:
    return item.get_closest_marker("requirement") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """What a test stands on may be what goes through the product."""
    if not _claims(item):
        return (yield)
    item.stash[WATCH] = Watch(item.config.rootpath / "jalon")
    with item.stash[WATCH].watching():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Note on the report whether this test went through the product."""
    watch = item.stash.get(WATCH, None)
    if watch is None:
        return (yield)
    try:
        with watch.watching():
            return (yield)
    finally:
        if watch.entered or is_live(item.nodeid):
            item.user_properties.append((THROUGH, "yes"))


class Conformity:
    """What the reports of one session proved."""

    def __init__(self, root: Path, mode: str) -> None:
        self.root = root
        self.mode = mode
        self.claimed: dict[str, str] = {}
        self.proofs: dict[str, set[str]] = {}
        self.through: set[str] = set()
        self.problems: list[str] = []
        self.written = False

    @property
    def page(self) -> Path:
        """The page that the tests write."""
        return self.root / "docs" / "conformite.md"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what this test claims, and whether it proved it."""
        passed = report.when == "call" and report.passed and not hasattr(report, "wasxfail")
        test = report.nodeid.partition("[")[0]
        if (THROUGH, "yes") in report.user_properties:
            self.through.add(test)
        for name, value in report.user_properties:
            if name == PROPERTY:
                self.claimed.setdefault(str(value), test)
                if passed:
                    self.proofs.setdefault(str(value), set()).add(test)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge, and write the page when there is nothing to say."""
        if session.config.option.collectonly:
            return
        try:
            self._judge(passed=exitstatus == pytest.ExitCode.OK)
        except (OSError, ValueError) as error:
            self.problems.append(f"conformity/requirements: {error}")
        if self.problems and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _judge(self, *, passed: bool) -> None:
        known = catalogue.load(self.root / "conformity" / "requirements")
        self.problems += catalogue.mistakes(known, root=self.root)
        unknown = self.claimed.keys() - known.ids()
        self.problems += [f"{name}: unknown, claimed by {self.claimed[name]}" for name in sorted(unknown)]
        if self.mode and passed:
            self._full_run(known)

    def _full_run(self, known: catalogue.Catalogue) -> None:
        proofs = {name: frozenset(tests) for name, tests in self.proofs.items()}
        self.problems += matrix.contradictions(known, proofs, self.through)
        page = matrix.render(known, proofs, self.through)
        if self.problems or page == self._committed():
            return
        if self.mode == "check":
            self.problems.append("docs/conformite.md is not what this run proves: run with --conformity")
        else:
            self.page.parent.mkdir(exist_ok=True)
            self.page.write_text(page, encoding="utf-8")
            self.written = True

    def _committed(self) -> str:
        return self.page.read_text(encoding="utf-8") if self.page.is_file() else ""

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what is wrong, one line a requirement."""
        if self.problems:
            terminalreporter.section("conformity", red=True)
            for problem in self.problems:
                terminalreporter.write_line(problem)
        if self.written:
            terminalreporter.write_line(
                "docs/conformite.md written: read the difference before you commit it"
            )

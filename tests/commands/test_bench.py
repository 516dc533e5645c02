"""`jalon bench`: that it runs, measures what it says, and tells its ratios; no speed is asserted."""

import datetime as dt
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
import time_machine

from jalon.audit.models import Access
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.formats.cda.validate import check
from jalon.formats.cda.writer import write
from jalon.staff.rules import Role
from jalon.terminology import value_set
from jalon_sandbox.bench import cda as bench_cda
from jalon_sandbox.bench import dossier as bench_dossier
from jalon_sandbox.bench import plan as bench_plan
from jalon_sandbox.bench.report import Report
from tests.commands.conftest import Jalon
from tests.factories import NOW
from tests.support import needs_shared
from tests.web.story import Story, write_story

TINY = ("--seconds", "0.05", "--json")


# --- the report ------------------------------------------------------------------------------------


def test_a_bar_is_told_as_held_or_not_and_never_fails_a_run() -> None:
    report = Report("essai", ratios={"fast": 0.5}, figures={"slow": 80}, conditions={"cores": 2})
    report.floors, report.ceilings = {"fast": 0.35}, {"slow": 50}
    assert report.as_json()["bars"] == {
        "fast": {"bar": 0.35, "held": True},
        "slow": {"bar": 50, "held": False},
    }
    told = "\n".join(report.sentences())
    assert "fast\u00a0: 0.5 (barre ≥ 0.35, tenue)" in told
    assert "slow\u00a0: 80 (barre ≤ 50, NON TENUE)" in told
    assert "cores 2" in told


@pytest.mark.parametrize("words", [("rien",), ("dossier", "--here", "--records", "10"), ()])
def test_what_cannot_be_measured_is_misuse(jalon: Jalon, words: tuple[str, ...]) -> None:
    assert jalon("bench", *words).code == 2


# --- documents -------------------------------------------------------------------------------------


def test_the_documents_ratios_are_told_with_each_stage(jalon: Jalon) -> None:
    told = jalon("bench", "cda", *TINY).json
    assert set(told["ratios"]) == {bench_cda.RATIO, bench_cda.EMBEDDED, bench_cda.PLAIN}
    assert all(value > 0 for value in told["ratios"].values())
    for shape in ("structured", "embedded"):
        shares = told["figures"][shape]["shares"]
        assert set(shares) == set(bench_cda.STAGES)
        assert sum(shares.values()) == pytest.approx(1, abs=0.01)
    assert told["figures"]["pdf_per_second"] > 0
    assert {"cores", "python", "lxml", "schema"} <= set(told["conditions"])


def test_the_measured_plan_is_a_real_one_of_the_size_told() -> None:
    document = bench_plan.structured(7)
    assert check(document, value_sets=value_set, shared=True) == []
    assert 30_000 < len(write(document)) < 36_000


@needs_shared
def test_the_measured_plan_is_valid_against_the_official_schema() -> None:
    folder = bench_cda.schemas()
    assert folder is not None
    assert bench_cda.Schema(folder).problems(write(bench_plan.structured(7))) == []


def test_a_refused_document_is_not_measured() -> None:
    problems = check(bench_plan.embedded(7, b"not a PDF"), value_sets=value_set, shared=True)
    with pytest.raises(DomainError, match="refusé"):
        bench_cda._accepted(problems)


def test_the_plain_baseline_writes_the_same_text() -> None:
    text = write(bench_plan.structured(7)).decode()
    pieces = bench_cda._pieces(text)
    assert "".join(constant + value for constant, value in pieces) == text
    assert len(bench_cda.escaped(pieces)) >= len(text.encode())
    assert sum(escape(value) != value for _, value in pieces) > 0


# --- records ---------------------------------------------------------------------------------------


@pytest.fixture
def story(transactional_db: None, settings: Any) -> Iterator[Story]:
    """Committed, since the bare driver reads through a connection of its own."""
    settings.WHITENOISE_AUTOREFRESH = True
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=True):
        yield write_story(NOW)


def test_the_page_ratio_is_told_with_its_queries_and_its_traces(jalon: Jalon, story: Story) -> None:
    told = jalon("bench", "dossier", "--here", *TINY).json
    figures = told["figures"]
    assert 0 < told["ratios"][bench_dossier.RATIO] < 2
    assert 5 < figures["queries"] <= figures["queries_with_frame"]
    assert figures["p50_ms"] <= figures["p95_ms"]
    assert set(told["bars"]) == {"page_over_raw", "p95_ms", "queries"}
    assert figures["pages"] >= bench_dossier.WARM_UP
    with tenant(story.body.pk):
        # Each page left its trace, and so did each bare run, which writes what the page writes.
        opened = Access.objects.filter(page=bench_dossier.PAGE, record_id=story.record.pk).count()
        assert opened == figures["accesses"] > 2 * figures["pages"]


def test_a_named_account_opens_only_its_own_records(story: Story) -> None:
    educator = bench_dossier.visitor(story.staff[Role.EDUCATOR].email)
    assert educator.records == [story.record.pk]
    assert educator.body == story.body.pk
    with pytest.raises(DomainError, match="403"):
        educator.open(story.cases["other_unit"].record.pk)


@pytest.mark.parametrize("email", ["personne@exemple.test", None])
def test_an_account_that_opens_nothing_measures_nothing(
    jalon: Jalon, story: Story, email: str | None
) -> None:
    told = jalon(
        "bench", "dossier", "--here", "--account", email or story.staff[Role.ADMINISTRATOR].email, *TINY
    )
    assert (told.code, told.err.count("\n")) == (1, 1)


def test_the_bare_run_asks_what_the_page_asked(story: Story) -> None:
    who = bench_dossier.visitor(story.staff[Role.NURSE].email)
    page = bench_dossier._data(bench_dossier.spy(who, story.record.pk))
    with tenant(story.body.pk):
        before = Access.objects.count()
    with bench_dossier._bare() as bare:
        bench_dossier._replay(bare, page)
        bench_dossier._replay(bare, page)
    with tenant(story.body.pk):
        assert Access.objects.count() == before + 2

"""`jalon bench load`, `soak`, `lists` and `indicators`: people at work, pages that areas declare, figures."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from jalon.care.models import HandoverNote
from jalon.db.tenant import tenant
from jalon_sandbox.bench import indicators, lists, load, soak
from jalon_sandbox.bench.dossier import visitor
from tests.factories import NOW
from tests.web.story import Story, write_story


@pytest.fixture
def story(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """Committed: a server asks the database from threads of its own."""
    settings.WHITENOISE_AUTOREFRESH, settings.STATIC_ROOT = True, tmp_path
    with time_machine.travel(NOW, tick=True):
        yield write_story(NOW)


@pytest.fixture
def port(story: Story, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The story, served on loopback; a thread of the server keeps no connection."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    server = LiveServer("127.0.0.1")
    server._live_server_modified_settings.enable()
    yield int(urlsplit(server.url).port or 0)
    server.stop()
    server._live_server_modified_settings.disable()


@contextmanager
def at_work(client: load.Client) -> Iterator[load.Client]:
    """One of them, for a gesture."""
    yield client
    client.link.close()


def test_people_at_work_read_search_and_write(story: Story, port: int) -> None:
    who = visitor()
    seen = load.work([who, who], port, 1)
    with at_work(load.Client(who, 0, port, 0, seen)) as client:
        client._note()
    assert seen.errors == []
    assert set(seen.times) <= set(load.SHARE)
    with tenant(story.body.pk):
        assert HandoverNote.objects.filter(text="Bonne journée.").exists()
    told = load._told(seen, 1)
    assert told.figures["errors"] == 0
    assert told.figures["requests_per_second"] == sum(map(len, seen.times.values()))


def test_what_does_not_answer_is_counted_as_an_error(story: Story, port: int) -> None:
    who, seen = visitor(), load.Seen()
    with at_work(load.Client(who, 0, port, 0, seen)) as client:
        client._ask("day", "/nulle-part/")
    assert seen.errors == ["day: 404"]


def test_lists_are_those_that_areas_declare_each_with_its_cost(story: Story) -> None:
    pages = {one.name: one for one in lists.pages()}
    assert {"people:list", "agenda:week", "handover:list", "home:day", "records:summary"} <= pages.keys()
    costs = lists.measure(pages["people:list"], 0)
    assert costs["kilobytes"] < costs["clear_kilobytes"]
    assert 0 < costs["queries"] <= 12
    table = list(lists._table({60: {"people:list": costs}, 120: {"people:list": costs}}))
    assert "× 1.0" in table[1]


def test_a_soak_looks_at_the_memory_of_living_processes_and_compares_its_end_with_its_beginning() -> None:
    mine = os.getpid()
    memory = soak.Memory([mine, 2**22 + 1], every=0.01, ends=time.monotonic() + 0.1)
    memory.run()
    assert len(memory.looks) > 1
    assert min(memory.looks) > 1
    memory.looks = [900, 100, 100, 100, 100, 100, 110, 110]
    assert memory.growth == 1.1
    told = soak._told(load.Seen(errors=["note: 500"]), memory, 1)
    assert not told.held(soak.GROWTH)
    assert told.figures["met"] == ["note: 500"]


def test_figures_are_read_and_counted_in_turn_and_compared(story: Story) -> None:
    told = indicators._kept_up(story.body.pk)
    assert told[indicators.DIFFERENT] == 0
    assert told["events"] > 0
    spent = indicators._in_turn(indicators._questions([(1, story.body.pk)]), 0)
    assert set(spent) == {("read", 1), ("count", 1), ("past", 1)}
    assert min(spent.values()) > 0
    line = indicators._line(told | {name: 1.0 for name, _ in spent})
    assert "0 lignes différentes" in line

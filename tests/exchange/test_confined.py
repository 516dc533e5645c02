"""What a stranger sends is read by a child, within limits: a page pays neither its time nor its memory."""

import io
import pickle
import subprocess
import sys
from typing import Any

import pytest

from jalon.core.errors import DomainError
from jalon.exchange import confined
from jalon.exchange.inbox.reading import read_documents
from jalon.formats import mime
from jalon.formats.cda import reader
from tests.exchange.letters import archive, cda, letter


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "KNOWN", confined.Kept())


def test_a_child_reads_what_we_read() -> None:
    data = cda()
    mail = letter(archive(data))
    assert confined.document(data) == reader.read(data)
    assert confined.carried(mail, 0) == read_documents(mime.read(mail))


def test_a_refusal_comes_back_with_its_words() -> None:
    with pytest.raises(DomainError) as here:
        reader.read(b"<rien>")
    with pytest.raises(DomainError) as there:
        confined.document(b"<rien>")
    assert (str(there.value), there.value.code) == (str(here.value), here.value.code)


def child(limited: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every child does this instead of reading; how many there were."""
    run, count = subprocess.run, []

    def limited_run(command: list[str], **options: Any) -> Any:
        count.append(1)
        setup = f"from jalon.exchange import confined\nconfined.SECONDS = {confined.SECONDS}\n"
        costly = f"def costly(*_):\n    {limited}\nconfined._done = costly\n"
        code = f"{setup}{costly}confined.main('document', '0')"
        return run([sys.executable, "-c", code], **options)

    monkeypatch.setattr(subprocess, "run", limited_run)
    return count


@pytest.mark.parametrize("work", ["while True: pass", "return len(bytes(2**30))"], ids=["time", "memory"])
def test_a_document_that_costs_too_much_is_refused_once(work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 1)
    count = child(work, monkeypatch)
    for _ in range(2):
        with pytest.raises(DomainError, match="trop de travail") as refused:
            confined.document(b"<long/>")
        assert refused.value.code == "too_costly"
    assert count == [1], "it is paid for once"


def test_a_fault_of_ours_is_no_refusal_and_tells_nothing_of_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child("raise KeyError('FICTIF')", monkeypatch)
    with pytest.raises(RuntimeError, match="KeyError") as failed:
        confined.document(b"<rien/>")
    assert "FICTIF" not in str(failed.value)


def test_a_child_taken_over_makes_us_run_nothing() -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return print, ("taken over",)

    for value in (Evil(), confined.document, subprocess.run):
        with pytest.raises(pickle.UnpicklingError):
            confined._Values(io.BytesIO(pickle.dumps(value))).load()


def test_the_latest_readings_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = confined.Kept()
    for number in range(confined.KEPT + 3):
        kept.put(("document", str(number), 0), number)
    assert len(kept.answers) == confined.KEPT
    assert (kept.get(("document", "0", 0)), kept.get(("document", "5", 0))) == (None, 5)

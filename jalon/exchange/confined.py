"""What strangers send is read by a child process, within limits of time and memory: a page never pays for it.

    python -m jalon.exchange.confined WHAT PART    reads the bytes on its input, answers on its output

The bounds of the readers (`formats.xml`, `formats.xdm`) refuse what they foresee; the limits hold whatever
they do not. What was read, or why it was not, is kept: a document is paid for once a process.
"""

import builtins
import datetime as dt
import hashlib
import io
import pickle
import resource
import signal
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from jalon.core.errors import DomainError

SECONDS: Final = 5  # of the processor
PATIENCE: Final = 20  # seconds in all, on a machine that has other work
MEMORY: Final = 512 * 2**20
OUT_OF_MEMORY: Final = 12  # how the child says so
KEPT: Final = 16
"""Documents whose reading is kept in a process."""
TOGETHER: Final = threading.BoundedSemaphore(2)
"""Children of a process at once: what a stranger sends takes no more than that."""
PLAIN: Final = {
    "builtins": ("frozenset", "set", "bytearray"),
    "datetime": ("date", "datetime", "timezone", "timedelta"),
}
COSTLY = (
    "Ce document demande trop de travail pour être lu. Il est gardé tel qu’il est arrivé : "
    "demandez-en un autre à qui l’a envoyé."
)


@dataclass(frozen=True)
class Refused:
    """The refusal of a reader, as it comes from the child."""

    words: str
    code: str


class Kept:
    """The latest answers, by what was read."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: OrderedDict[tuple[str, str, int], Any] = OrderedDict()

    def get(self, key: tuple[str, str, int]) -> Any:
        with self.lock:
            if key in self.answers:
                self.answers.move_to_end(key)
            return self.answers.get(key)

    def put(self, key: tuple[str, str, int], answer: Any) -> None:
        with self.lock:
            self.answers[key] = answer
            while len(self.answers) > KEPT:
                self.answers.popitem(last=False)


KNOWN = Kept()


def document(data: bytes) -> Any:
    """The clinical document of these bytes (`ReadDocument`). Raises DomainError."""
    return _read("document", data)


def carried(mail: bytes, part: int) -> Any:
    """What an archive of this mail carries (`Received`). Raises DomainError."""
    return _read("carried", mail, part)


def _read(what: str, data: bytes, part: int = 0) -> Any:
    key = (what, hashlib.sha256(data).hexdigest(), part)
    answer = KNOWN.get(key)
    if answer is None:
        with TOGETHER:
            answer = _asked(what, data, part)
        KNOWN.put(key, answer)
    if isinstance(answer, Refused):
        raise DomainError(answer.words, code=answer.code)
    return answer


def _asked(what: str, data: bytes, part: int) -> Any:
    """The child's answer. Raises DomainError when the machine is too busy, RuntimeError when we fail."""
    command = [sys.executable, "-m", "jalon.exchange.confined", what, str(part)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603  ourselves
    except subprocess.TimeoutExpired as late:
        raise DomainError(COSTLY, code="too_costly") from late
    if done.returncode in (OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL):
        return Refused(COSTLY, "too_costly")
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"a reader failed: {last.partition(':')[0]}")  # its kind: never its words
    return _Values(io.BytesIO(done.stdout)).load()


class _Values(pickle.Unpickler):
    """Values of ours, dates and plain containers: nothing that a child taken over could run."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(("jalon.core.", "jalon.formats.", "jalon.exchange.")) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        elif name in PLAIN.get(module, ()):
            return getattr(builtins if module == "builtins" else dt, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


# --- the child ----------------------------------------------------------------------------------------------


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _done(what: str, data: bytes, part: int) -> Any:
    if what == "document":
        from jalon.formats.cda import reader

        return reader.read(data)
    from jalon.exchange.inbox.reading import read_documents
    from jalon.formats import mime

    return read_documents(mime.read(data), part)


def main(what: str, part: str) -> None:
    data = sys.stdin.buffer.read()
    _confine()
    try:
        answer = _done(what, data, int(part))
    except DomainError as refusal:
        answer = Refused(str(refusal), refusal.code)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    from jalon.exchange.confined import main as ours  # by its name: a value says the module it is of

    ours(*sys.argv[1:])

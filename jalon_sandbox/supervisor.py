"""Foreground children, each in its own session, stopped in reverse order; none outlives us (Linux: prctl)."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

GRACE = 10  # seconds a child has to stop by itself
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def stop_on_signals() -> None:
    """Install the handlers explicitly: a child of a shell that started it with `&` ignores SIGINT."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


class House:
    """The processes we started, and only those."""

    def __init__(self) -> None:
        self.children: list[tuple[str, subprocess.Popen[bytes], signal.Signals]] = []
        self._last: list[Callable[[], None]] = []

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once every child is stopped."""
        self._last.append(act)

    def start(
        self, name: str, args: list[str], *, stop: signal.Signals = signal.SIGTERM, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start `args`; it receives `stop` when we end, and when we are killed."""

        def die_with_parent() -> None:
            if LIBC:
                LIBC.prctl(1, int(stop))  # PR_SET_PDEATHSIG, after the change of user

        child = subprocess.Popen(  # noqa: S603  our own commands
            args, start_new_session=True, preexec_fn=die_with_parent, **options
        )
        self.children.append((name, child, stop))
        return child

    def dead(self) -> str | None:
        """The name and code of a child that stopped by itself, if any."""
        for name, child, _ in self.children:
            if child.poll() is not None:
                return f"{name} s’est arrêté ({child.returncode})"
        return None

    def wait(self) -> None:
        """Until a child stops: then SystemExit with its name."""
        while not (dead := self.dead()):
            time.sleep(0.2)
        raise SystemExit(dead)

    def close(self) -> None:
        """Stop everything, last started first; whatever remains of a child's session is killed."""
        for _, child, stop in reversed(self.children):
            if child.poll() is None:
                child.send_signal(stop)
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.children.clear()
        while self._last:
            self._last.pop()()

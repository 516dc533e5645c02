"""Foreground children, each in its own session, stopped in reverse order; none outlives us (Linux: prctl).

One that dies is started again, within a bound.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

GRACE = 10  # seconds a child has to stop by itself
LOOK = 0.5  # seconds between two looks at the parts; a part that cannot start dies as slowly
DEATHS, WHILE = 5, 60.0
"""More deaths of one part in so many seconds: something is wrong that a new start does not mend."""
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def stop_on_signals() -> None:
    """Install the handlers explicitly: a child of a shell that started it with `&` ignores SIGINT."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


@dataclass
class Part:
    """One process, how it is started, and how it is started again when it dies."""

    name: str
    args: list[str]
    stop: signal.Signals
    replaced: bool
    options: dict[str, Any]
    child: "subprocess.Popen[bytes]" = field(init=False)
    deaths: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start it; it receives `stop` when we end, and when we are killed."""

        def die_with_parent() -> None:
            if LIBC:
                LIBC.prctl(1, int(self.stop))  # PR_SET_PDEATHSIG, after the change of user

        self.child = subprocess.Popen(  # noqa: S603  our own commands
            self.args, start_new_session=True, preexec_fn=die_with_parent, **self.options
        )

    def gone(self) -> str | None:
        """Its name and code when it stopped by itself."""
        code = self.child.poll()
        return None if code is None else f"{self.name} s’est arrêté ({code})"

    def sweep(self) -> None:
        """Kill whatever remains of its session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)

    def revive(self, now: float) -> None:
        """Start it again. Raises SystemExit when it dies too often, or cannot be replaced alone."""
        gone = self.gone()
        self.deaths = [each for each in self.deaths if now - each < WHILE] + [now]
        if not self.replaced:
            raise SystemExit(f"{gone}. Les autres ne peuvent pas continuer sans lui : tout s’arrête.")
        if len(self.deaths) > DEATHS:
            raise SystemExit(f"{gone} {len(self.deaths)} fois en {WHILE:.0f} secondes : tout s’arrête.")
        self.sweep()
        self.start()

    def close(self) -> None:
        """Stop it, then whatever remains of its session."""
        if self.child.poll() is None:
            self.child.send_signal(self.stop)
        try:
            self.child.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.child.kill()
        self.sweep()


class House:
    """The processes we started, and only those."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._last: list[Callable[[], None]] = []

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once every part is stopped."""
        self._last.append(act)

    def start(
        self, name: str, args: list[str], *, stop: signal.Signals = signal.SIGTERM, replaced: bool = True,
        **options: Any,
    ) -> Part:  # fmt: skip
        """Start `args`. `replaced`: the others bear that it is started again."""
        part = Part(name, args, stop, replaced, options)
        self.parts.append(part)
        return part

    def dead(self) -> str | None:
        """The name and code of a part that stopped by itself, if any."""
        return next(filter(None, (part.gone() for part in self.parts)), None)

    def wait(self, tell: Callable[[str], None]) -> None:
        """For ever: a part that stops is started again, and told. Raises SystemExit when it is in vain."""
        while True:
            for part in self.parts:
                if gone := part.gone():
                    part.revive(time.monotonic())
                    tell(f"{gone} : il redémarre.")
            time.sleep(LOOK)

    def close(self) -> None:
        """Stop everything, last started first."""
        for part in reversed(self.parts):
            part.close()
        self.parts.clear()
        while self._last:
            self._last.pop()()

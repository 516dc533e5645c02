"""Behind pgbouncer in transaction mode, a page is of its own managing body whatever server it is lent."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from jalon.db.tenant import tenant
from jalon_sandbox.drills.cluster import free_port
from jalon_sandbox.server_place import place_of
from jalon_sandbox.supervisor import House
from tests.factories import EstablishmentFactory, ManagingBodyFactory
from tests.operations.test_drill_restore import server
from tests.peers_present import PATH
from tests.support import PROJECT, process_environment

# Two connections of the product, in turn, each in its managing body; three times, for what is prepared.
ASKED = """
import json, sys
from jalon.commands.django_setup import setup
setup()
from django.db import connections
from jalon.db.tenant import tenant
from jalon.organizations.models import Establishment
told = []
for _ in range(4):
    for body in sys.argv[1:]:
        with tenant(body):
            told.append([house.name for house in Establishment.objects.iterator()])
told.append(Establishment.objects.count())
print(json.dumps(told))
"""


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[str]:
    """The tests' database through pgbouncer, by the file that the manual ships, with one server to lend."""
    folder, port, house = Path(tempfile.mkdtemp(prefix="jalon-pool-", dir="/tmp")), free_port(), House()
    shipped = ConfigParser()
    shipped.read(PROJECT / "docs/exploitation/echelle/pgbouncer.ini", "utf-8")
    name, there = connection.settings_dict["NAME"], server()
    shipped["databases"] = {name: f"host={there.socket} port={there.port}"}
    shipped["pgbouncer"].update({
        "listen_port": str(port), "auth_type": "trust", "auth_file": str(folder / "users"),
        "default_pool_size": "1", "unix_socket_dir": "",
    })  # fmt: skip
    (folder / "users").write_text('"jalon_app" ""\n', "ascii")
    with (folder / "pgbouncer.ini").open("w", encoding="ascii") as file:
        shipped.write(file)
    place = place_of(folder / "pg")
    for path in (folder, *folder.iterdir()):
        if place.user:
            shutil.chown(path, place.user.pw_uid, place.user.pw_gid)
    program = str(shutil.which("pgbouncer", path=PATH))
    try:
        house.start("pgbouncer", [program, "-q", str(folder / "pgbouncer.ini")], cwd="/", **place.as_user)
        address = f"postgres://jalon_app@127.0.0.1:{port}/{name}"
        _wait(address)
        yield address
    finally:
        house.close()
        shutil.rmtree(folder)


def _wait(address: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.needs_peer("pgbouncer")
def test_pages_of_two_bodies_share_a_server_and_see_their_own_rows_alone(pooled: str) -> None:
    bodies = [ManagingBodyFactory.create() for _ in range(2)]
    for body, name in zip(bodies, ("Les Tilleuls", "Les Cèdres"), strict=True):
        with tenant(body.pk):
            EstablishmentFactory.create(name=name)
    told = process_environment() | {
        "DATABASE_URL": pooled, "JALON_DATABASE_POOLED": "true", "JALON_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }  # fmt: skip
    command = [sys.executable, "-c", ASKED, *(str(body.pk) for body in bodies)]
    done = subprocess.run(command, env=told, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Outside a managing body nothing is seen: the setting of a transaction stays in no lent server.
    assert json.loads(done.stdout) == [["Les Tilleuls"], ["Les Cèdres"]] * 4 + [0]

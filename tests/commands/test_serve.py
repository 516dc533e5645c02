"""The server as it is run: behind a proxy, with real sockets and processes."""

import base64
import contextlib
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.conftest import _template
from tests.releases.database import address, database
from tests.support import PROJECT, process_environment

JALON = Path(sys.executable).with_name("jalon")
HOUSE = "350000022"
STRANGER, OFFICE = "203.0.113.9", "198.51.100.7"
SECONDS = 30


def keys() -> dict[str, str]:
    drawn = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2)]
    secret = secrets.token_urlsafe(48)
    return {"JALON_SECRET_KEY": secret, "JALON_KEYS": f"a:{drawn[0]}", "JALON_HASH_KEY": drawn[1]}


@dataclass
class Site:
    """An installation in production, behind a proxy of this machine."""

    environment: dict[str, str]
    port: int = 0
    server: "subprocess.Popen[bytes] | None" = None
    passwords: dict[str, str] = field(default_factory=dict)

    def jalon(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [JALON, *words], env=self.environment, cwd=PROJECT, capture_output=True, text=True, check=False
        )

    def start(self) -> "subprocess.Popen[bytes]":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [JALON, "serve", "--port", str(self.port), "--workers", "1"]
        self.server = subprocess.Popen(command, env=self.environment, cwd=PROJECT, stderr=subprocess.DEVNULL)
        try:
            wait_for(self.answers)
        except AssertionError:
            self.server.terminate()
            raise
        return self.server

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/compte/login/")[0] == 200
        return False

    def ask(
        self, method: str, path: str, data: dict[str, str] | None = None, *, of: str = OFFICE, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """What the proxy hears, asking for a client at the address `of`."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        said = {"Host": "jalon.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": f"192.0.2.66, {of}"}
        said |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://jalon.test/"}
        with contextlib.closing(link):
            link.request(method, path, urlencode(data) if data else None, said | headers)
            answer = link.getresponse()
            cookies: SimpleCookie = SimpleCookie()
            for each in answer.headers.get_all("Set-Cookie", []):
                cookies.load(each)
            return answer.status, answer.read().decode(), {name: one.value for name, one in cookies.items()}

    def enter(self, email: str, password: str, of: str) -> int:
        """The status of a try to sign in from that address."""
        _, page, cookies = self.ask("GET", "/compte/login/", of=of)
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
        assert token
        sent = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return self.ask("POST", "/compte/login/", sent, of=of, Cookie=kept)[0]


def wait_for(happens: Callable[[], Any]) -> None:
    end = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three accounts in one house; the server is started by whoever asks for it."""
    var = tmp_path_factory.mktemp("var")
    with override_settings(STATIC_ROOT=var / "static"):
        manifest = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
        with override_settings(STORAGES={"default": {}, **manifest}):
            call_command("collectstatic", verbosity=0, interactive=False)
    bare = {name: value for name, value in process_environment().items() if not name.startswith("JALON_")}
    with database("jalon_serve", _template()) as name:
        given = {
            **bare, **keys(), "DATABASE_URL": address(name), "JALON_VAR": str(var),
            "JALON_HOSTS": "jalon.test",
            "DJANGO_SETTINGS_MODULE": "jalon.config.settings", "JALON_PUBLIC_URL": "https://jalon.test",
            "JALON_PROXIES": "127.0.0.1",
        }  # fmt: skip
        found = Site(given)
        places = var / "places.csv"
        places.write_text(f"body_finess,body_name,finess,name,category,unit\n350000006,A,{HOUSE},F,500,\n")
        assert found.jalon("establishment", "add", str(places)).returncode == 0
        for person in ("ana", "bo", "cleo"):
            email = f"{person}@jalon.example"
            named = (
                "--first-name",
                person,
                "--last-name",
                "FICTIVE",
                "--role",
                "nurse",
                "--establishment",
                HOUSE,
            )
            done = found.jalon("account", "add", email, *named, "--json")
            assert done.returncode == 0, done.stderr
            found.passwords[email] = json.loads(done.stdout)["password"]
        yield found


@pytest.fixture
def served(site: Site) -> Iterator[Site]:
    server = site.start()
    yield site
    server.terminate()
    server.wait(SECONDS)


def test_mistakes_of_a_stranger_close_the_door_to_the_stranger_alone(served: Site) -> None:
    for number in range(11):
        assert served.enter(f"inconnu{number}@jalon.example", "rien-de-vrai-du-tout", STRANGER) == 422
    for email, password in served.passwords.items():
        assert served.enter(email, password, OFFICE) == 302, "eleven mistakes of elsewhere"
    first = next(iter(served.passwords))
    tries = [served.enter(first, "rien-de-vrai-du-tout", STRANGER) for _ in range(12)]
    assert tries[:9] == [422] * 9
    assert tries[10:] == [429, 429], "this account, from there"
    assert served.enter(first, served.passwords[first], STRANGER) == 429, "even with the right password"
    assert served.enter(first, served.passwords[first], OFFICE) == 302, "not from its usual place"


def test_a_usual_place_is_slowed_and_never_closed(served: Site) -> None:
    email, password = list(served.passwords.items())[1]
    assert served.enter(email, password, OFFICE) == 302
    assert 429 in [served.enter(email, "rien-de-vrai-du-tout", OFFICE) for _ in range(12)]
    wait_for(lambda: served.enter(email, password, OFFICE) == 302)


def test_idle_senders_hold_no_thread(served: Site) -> None:
    waiting = []
    for _ in range(12):
        link = socket.create_connection(("127.0.0.1", served.port))
        link.sendall(
            b"POST /compte/login/ HTTP/1.1\r\nHost: jalon.test\r\nContent-Length: 100000\r\n\r\nlogin="
        )
        waiting.append(link)
    started = time.monotonic()
    assert [served.ask("GET", "/compte/login/")[0] for _ in range(5)] == [200] * 5
    assert time.monotonic() - started < 5
    for link in waiting:
        link.close()


def workers(pid: int) -> set[int]:
    """The processes that serve, under the one that watches."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


def test_a_process_that_dies_is_replaced_and_a_signal_stops_the_site(site: Site) -> None:
    server = site.start()
    try:
        (worker,) = workers(server.pid)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: workers(server.pid) - {worker})
        wait_for(site.answers)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(SECONDS)
    assert not site.answers()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", site.port))


def test_an_address_that_is_not_ours_gets_our_own_page(served: Site) -> None:
    status, page, _ = served.ask("GET", "/compte/login/", Host="ailleurs.test")
    assert (status, "L’adresse demandée n’est pas celle de ce service" in page) == (400, True)


def test_what_production_shows_a_browser(served: Site) -> None:
    link = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    with contextlib.closing(link):
        link.request("GET", "/compte/login/", headers={"Host": "jalon.test", "X-Forwarded-Proto": "https"})
        headers = link.getresponse().headers
    cookies = " ".join(headers.get_all("Set-Cookie", []))
    assert "__Host-csrftoken" in cookies
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    for absent in ("/_composants/", "/entrer/"):
        assert served.ask("GET", absent)[0] in (404, 405), absent


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"JALON_PUBLIC_URL": "http://jalon.test"}, "https"),
        ({"JALON_MODE": "demo"}, "localhost"),
        ({"JALON_MODE": "test"}, "localhost"),
        ({"JALON_INSI_URL": "http://insi.test"}, "JALON_INSI_URL"),
        ({"JALON_PROXIES": ""}, "JALON_PROXIES"),
        ({"JALON_SECRET_KEY": "x"}, "JALON_SECRET_KEY"),
    ],
)
def test_nothing_that_the_check_refuses_is_started(
    site: Site, command: str, change: dict[str, str], said: str
) -> None:
    other = Site(site.environment | change)
    done = other.jalon(command)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert other.jalon("check").returncode in (1, 2)


def test_a_role_that_sees_everything_is_not_served(site: Site) -> None:
    strong = site.environment["DATABASE_URL"].replace("jalon_app@", "postgres@")
    done = Site(site.environment | {"DATABASE_URL": strong}).jalon("serve")
    assert (done.returncode, "trop fort" in done.stderr) == (2, True)


def test_the_demonstration_listens_to_this_machine_alone(site: Site) -> None:
    demo = Site(
        site.environment
        | {"JALON_MODE": "demo", "JALON_PUBLIC_URL": "http://localhost:1", "JALON_PROXIES": ""}
    )
    done = demo.jalon("serve", "--host", "192.0.2.1")
    assert (done.returncode, "--host 192.0.2.1" in done.stderr) == (2, True)

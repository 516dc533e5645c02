"""Groups of managing bodies on two databases: by the host, by the table, and refused by any other."""

import contextlib
import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jalon.core.settings.kinds import GROUPS
from tests.commands.test_serve import SECONDS, Site, keys
from tests.conftest import _template
from tests.releases.database import address, database, superuser
from tests.support import PROJECT, process_environment

FIRST, SECOND = "350000006", "350000014"
HOUSES = {FIRST: "350000022", SECOND: "350000030"}
TAKEN_AWAY = PROJECT / "docs/exploitation/echelle/retirer.sql"


@pytest.fixture(scope="module")
def names(django_db_setup: None) -> Iterator[dict[str, str]]:
    with database("jalon_group_a", _template()) as first, database("jalon_group_b", _template()) as second:
        yield {"a": first, "b": second}


def table(names: dict[str, str], **bodies: list[str]) -> str:
    """The routing table, with these managing bodies in each group."""
    return json.dumps({
        group: {"database": address(names[group]), "hosts": [f"{group}.jalon.test"], "bodies": bodies[group]}
        for group in names
    })  # fmt: skip


@pytest.fixture(scope="module")
def site(names: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A house and a nurse in each group, both made by the commands of that group."""
    var = tmp_path_factory.mktemp("groups")
    bare = {name: value for name, value in process_environment().items() if not name.startswith("JALON_")}
    bare.pop("DATABASE_URL")
    site = Site({
        **bare, **keys(), "JALON_MODE": "test", "JALON_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "JALON_HOSTS": "a.jalon.test,b.jalon.test,c.jalon.test", "JALON_PUBLIC_URL": "http://localhost:8000",
        "JALON_GROUPS": table(names, a=[FIRST], b=[SECOND]),
    })  # fmt: skip
    for group, body in (("a", FIRST), ("b", SECOND)):
        one = Site(site.environment | {"JALON_GROUP": group})
        places = var / f"{group}.csv"
        places.write_text(
            f"body_finess,body_name,finess,name,category,unit\n{body},A,{HOUSES[body]},F,500,\n"
        )
        done = one.jalon("establishment", "add", str(places))
        assert done.returncode == 0, done.stderr
        who = ("--first-name", "Ana", "--last-name", "FICTIVE", "--role", "nurse")
        email = f"ana@{group}.example"
        done = one.jalon("account", "add", email, *who, "--establishment", HOUSES[body], "--json")
        assert done.returncode == 0, done.stderr
        site.passwords[email] = json.loads(done.stdout)["password"]
    return site


class Grouped(Site):
    """The screens of every group."""

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/compte/login/", Host="a.jalon.test")[0] == 200
        return False


@contextlib.contextmanager
def served(environment: dict[str, str], passwords: dict[str, str]) -> Iterator[Site]:
    site = Grouped(environment, passwords=passwords)
    server = site.start()
    try:
        yield site
    finally:
        server.terminate()
        server.wait(SECONDS)


def enter(site: Site, host: str, email: str) -> tuple[int, str]:
    """The status of a try to sign in there, and the cookies that it leaves."""
    _, page, cookies = site.ask("GET", "/compte/login/", Host=host)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert token
    sent = {"login": email, "password": site.passwords[email], "csrfmiddlewaretoken": token[1]}
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    referer = {"Referer": f"http://{host}/", "Origin": f"http://{host}"}
    status, _, given = site.ask("POST", "/compte/login/", sent, Host=host, Cookie=kept, **referer)
    return status, "; ".join(f"{name}={value}" for name, value in given.items())


def test_each_host_reaches_its_group_and_another_reaches_none(site: Site) -> None:
    with served(site.environment, site.passwords) as server:
        assert enter(server, "a.jalon.test", "ana@a.example")[0] == 302
        assert enter(server, "b.jalon.test", "ana@b.example")[0] == 302
        assert enter(server, "b.jalon.test", "ana@a.example")[0] == 422, "she is of the other group"
        assert server.ask("GET", "/compte/login/", Host="c.jalon.test")[0] == 400
        status, said, _ = server.ask("GET", "/sante/pret", Host="c.jalon.test")
        assert (status, {"base a", "base b"} <= json.loads(said).keys()) == (200, True)


def test_a_managing_body_that_the_table_says_elsewhere_is_refused_where_its_rows_still_are(
    site: Site, names: dict[str, str]
) -> None:
    moved = {"JALON_GROUPS": table(names, a=[], b=[FIRST, SECOND])}
    told = Site(site.environment | moved | {"JALON_GROUP": "a"}).jalon("audit", "verify", "--body", FIRST)
    assert (told.returncode, "n’est pas servi ici" in told.stderr) == (1, True)
    with served(site.environment | moved, site.passwords) as server:
        status, cookies = enter(server, "a.jalon.test", "ana@a.example")
        assert status == 302
        status, page, _ = server.ask("GET", "/", Host="a.jalon.test", Cookie=cookies)
        assert (status, "n’est pas servi à cette adresse" in page) == (421, True)


def test_the_command_says_who_is_served_where_and_what_is_not(site: Site, names: dict[str, str]) -> None:
    done = site.jalon("groups")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "a (a.jalon.test)", f"  {FIRST} A : servi", "b (b.jalon.test)", f"  {SECOND} A : servi",
    ]  # fmt: skip
    moved = Site(site.environment | {"JALON_GROUPS": table(names, a=[], b=[FIRST, SECOND])})
    said = moved.jalon("groups").stdout
    assert f"{FIRST} A : dans la base, servi ailleurs" in said
    assert f"{FIRST} : dans la table, absent de la base" in said


def test_a_command_on_no_group_or_on_an_unknown_one_is_refused(site: Site) -> None:
    for change, words in (({}, "JALON_GROUP manque"), ({"JALON_GROUP": "z"}, "n’est pas un groupe")):
        done = Site(site.environment | change).jalon("audit", "verify")
        assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"a": {"database": "postgres://x/y", "hosts": []}}',
        '{"a": {"database": "mysql://x/y", "hosts": [], "bodies": []}}',
        '{"a": {"database": "postgres://x/y", "hosts": [], "bodies": ["1"]}}',
        '{"default": {"database": "postgres://x/y", "hosts": [], "bodies": []}}',
        '{"a": {"database": "postgres://x/y", "hosts": ["h"], "bodies": []},'
        ' "b": {"database": "postgres://x/z", "hosts": ["h"], "bodies": []}}',
        '{"a": {"database": "postgres://x/y", "hosts": ["g"], "bodies": ["350000006"]},'
        ' "b": {"database": "postgres://x/z", "hosts": ["h"], "bodies": ["350000006"]}}',
    ],
)
def test_a_table_that_says_two_things_or_half_of_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever it is, the setting says that it cannot be read
        GROUPS.read(text)


def test_what_is_left_of_a_body_that_moved_is_taken_away_and_nothing_else(
    site: Site, names: dict[str, str], tmp_path: Path
) -> None:
    with database("jalon_group_left", names["a"]) as left:
        other = Site(
            site.environment | {"JALON_GROUPS": table({"a": left}, a=[FIRST, SECOND]), "JALON_GROUP": "a"}
        )
        places = tmp_path / "other.csv"
        places.write_text(
            f"body_finess,body_name,finess,name,category,unit\n{SECOND},B,{HOUSES[SECOND]},F,500,U\n"
        )
        assert other.jalon("establishment", "add", str(places)).returncode == 0
        with superuser(left) as reader:
            with reader.transaction():
                reader.execute(f"set local retirer.finess = '{FIRST}'")
                reader.execute(TAKEN_AWAY.read_text("utf-8"))
            assert reader.execute("select finess from organizations_managingbody").fetchall() == [(SECOND,)]
            assert reader.execute("select finess from organizations_establishment").fetchall() == [
                (HOUSES[SECOND],)
            ]
            assert reader.execute("select count(*) from organizations_unit").fetchone() == (1,)
            assert reader.execute("select bool_or(is_active) from staff_account").fetchone() == (False,)
            assert reader.execute("select count(*) from staff_professional").fetchone() == (0,)

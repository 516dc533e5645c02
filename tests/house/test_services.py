"""No page waits for a national service: none imports a module that holds a client of one."""

from pathlib import Path

from tests.house.source import imported, name_of, python_files

CLIENTS = "jalon.exchange.clients"
PAGES = [*python_files("jalon/web"), *python_files("jalon/faces")]
# Signing in with Pro Santé Connect waits for it by nature: outside any transaction, for a bounded time.
SIGN_IN = {
    "jalon/web/account/psc.py",
    "jalon/web/account/adapter.py",
    "jalon/web/account/ended.py",
    "jalon/web/account/telephone.py",
    "jalon/web/account/renewing.py",  # the worker's, and the name of what a session keeps
}


def holders() -> list[str]:
    """The modules through which a service is reached: the clients, and whatever imports them."""
    found = [path for path in python_files("jalon/exchange") if imported(path, CLIENTS)]
    return [CLIENTS, *(name_of(path).removesuffix(".py").replace("/", ".") for path in found)]


def test_the_modules_that_reach_a_service_are_found() -> None:
    assert set(holders()) >= {
        "jalon.exchange.sign_in",
        "jalon.exchange.identity.answering",
        "jalon.exchange.inbox.fetching",
        "jalon.exchange.outbox.routes.dmp",
        "jalon.exchange.outbox.routes.citizen_mail",
    }


def reaching(path: Path) -> list[str]:
    return imported(path, *holders(), "jalon.exchange.tasks", "jalon.exchange.outbox.sending")


def test_a_page_that_reaches_one_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "views.py"
    page.write_text("def post():\n    from jalon.exchange.identity.answering import answer\n", "utf-8")
    assert reaching(page) == ["jalon.exchange.identity.answering.answer"]


def test_no_page_reaches_a_service() -> None:
    found = {name_of(path): reaching(path) for path in PAGES if reaching(path)}
    assert set(found) == SIGN_IN
    assert {name.rpartition(".")[0] for name in sum(found.values(), [])} <= {
        "jalon.exchange",
        "jalon.exchange.sign_in",
        "jalon.exchange.telephone",
        "jalon.exchange.renewing",
    }

"""Groups of managing bodies, a database each (`JALON_GROUPS`): which one is spoken to, and what it may serve.

A process of one group (`JALON_GROUP`: a worker, a command) has its database and no other. The screens serve
every group: what comes by the name of a host is done on the database of its group, under Django's one name
for a database. Without a group nothing is reached. A managing body is served by the group that the table
says, and refused by any other: its rows may be there too, of before a move.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.utils import ConnectionHandler

from jalon.core.errors import DomainError
from jalon.core.settings.reading import SettingsRefused

_chosen: ContextVar[str] = ContextVar("group", default="")
_known: dict[tuple[str, str], str] = {}
FINESS = "select finess from organizations_managingbody where id = %s"


class Routed(ConnectionHandler):
    """Connections, the one by default being that of the group of the moment.

    Without one it still tells what PostgreSQL is like (Django asks as it starts), and connects to nothing.
    """

    def __getitem__(self, alias: str) -> Any:
        return super().__getitem__(_chosen.get() or alias if alias == DEFAULT_DB_ALIAS else alias)

    def create_connection(self, alias: str) -> Any:
        made: Any = super().create_connection(alias)
        if alias == DEFAULT_DB_ALIAS:
            made.get_new_connection = lambda _: _here()
        return made


def route() -> None:
    """Make it so in this process, when it serves several groups."""
    if settings.GROUPS and not settings.GROUP:
        connections.__class__ = Routed


def _here() -> str:
    name = _chosen.get() or settings.GROUP
    if not name:
        raise SettingsRefused(["JALON_GROUP manque : dites de quel groupe de JALON_GROUPS."])
    return name


@contextmanager
def within(name: str) -> Iterator[None]:
    """On the database of this group, for the time of the block."""
    token = _chosen.set(name)
    try:
        yield
    finally:
        _chosen.reset(token)


def public_url() -> str:
    """Where people come by: the address of the site, of the group of the moment when there are several."""
    if not settings.GROUPS:
        return str(settings.PUBLIC_URL).rstrip("/")
    scheme = settings.PUBLIC_URL.partition(":")[0]
    return f"{scheme}://{min(settings.GROUPS[_here()].hosts)}"


def group_of(host: str) -> str:
    """The group whose people come by this name of host. Raises DisallowedHost."""
    name = host.partition(":")[0].lower()
    found = next((group for group, one in settings.GROUPS.items() if name in one.hosts), None)
    if found is None:
        raise DisallowedHost(f"no group is served as {name}")
    return found


def is_served(body: Any) -> bool:
    """Is this managing body of the group of the moment?"""
    if not settings.GROUPS:
        return True
    here = _here()
    key = here, str(body)
    if key not in _known:
        with connection.cursor() as cursor:
            cursor.execute(FINESS, [str(body)])
            row = cursor.fetchone()
        if row is None:
            return False
        _known[key] = row[0]
    return _known[key] in settings.GROUPS[here].bodies


def refuse_elsewhere(body: Any) -> None:
    """Raises DomainError when the table has this managing body served by another group, or by none."""
    if body and not is_served(body):
        raise DomainError(
            "Cet organisme n’est pas servi ici : ses dossiers sont à une autre adresse, ou en cours de "
            "déplacement. Demandez-la à votre administrateur.",
            code="served_elsewhere",
        )


def each() -> Iterator[str]:
    """Each group that this process serves, on its database in turn; one without a name when there is none."""
    for name in [settings.GROUP] if settings.GROUP or not settings.GROUPS else settings.GROUPS:
        with within(name):
            yield name

"""The record's summary page, rights and trace on, against the bare driver running the page's own queries."""

import io
import itertools
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from uuid_utils.compat import uuid7

from jalon.core.errors import DomainError
from jalon.core.memory import settle
from jalon_sandbox.bench.base import base
from jalon_sandbox.bench.report import Options, Report

PAGE = "records:summary"
RATIO, P95, QUERIES = "page_over_raw", "p95_ms", "queries"
SAMPLE = 200  # distinct records, drawn at random: a page read again and again would flatter the cache
WARM_UP = 30
# What only frames a transaction: left out, and one transaction stands for all in the bare run.
FRAMES = ("SAVEPOINT", "RELEASE", "ROLLBACK")
READ_ONLY = "transaction_read_only"  # what a page that is read sets in its savepoint
# What every page pays, whatever it shows: its tenant, the session, who is asking. Replayed, counted apart.
EVERY_PAGE = re.compile(
    r"select (?:set_config|current_setting)"
    r'|SELECT (?:[^()]|ARRAY\(.*?\))* FROM "staff_(?:session|account|seat|professional|membership)" '
)


@dataclass
class Statement:
    """One statement of a page: what the driver was given, and how long it took."""

    sql: str
    params: Any
    seconds: float


@dataclass
class Visitor:
    """A session of a professional, and the application as a server calls it."""

    application: Callable[..., Any]
    cookie: str
    host: str
    body: Any
    records: list[Any] = field(default_factory=list)
    accepts: str = ""  # encodings, as a browser says them

    def open(self, record_id: Any) -> int:
        """The summary of a record; its length in bytes. Anything but 200 is a benchmark of nothing."""
        from django.urls import reverse

        return self.get(reverse(PAGE, args=[record_id]))

    def get(self, path: str) -> int:
        """A page; its length in bytes, as they are sent."""
        status: list[str] = []
        body = self.application(self._environ(path), lambda line, *_: status.append(line))
        length = sum(map(len, body))
        body.close()
        if not status[0].startswith("200"):
            moved = status[0].startswith("3")
            raise DomainError(
                f"La page {path} répond {status[0]}.", code="bench_moved" if moved else "bench_page"
            )
        return length

    def _environ(self, path: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.partition("?")[0],
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self.host,
            "HTTP_ACCEPT_ENCODING": self.accepts,
            "HTTP_COOKIE": self.cookie,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def run(options: Options) -> Report:
    """Open records for a while, replay their queries for as long, turn by turn."""
    with base(options) as described:
        settle()  # as a process that serves does
        report = Report("dossier", floors={RATIO: 0.35}, ceilings={P95: 50, QUERIES: 12})
        report.conditions = described
        who = visitor(options.account)
        if not who.records:
            raise DomainError("Ce compte n’ouvre aucun dossier.", code="bench_account")
        _measure(report, who, options.seconds)
    return report


# --- who opens what --------------------------------------------------------------------------------


def visitor(email: str = "", role: str = "nurse") -> Visitor:
    """A session of this account, or of somebody of this role in the largest house (a nurse reads it all)."""
    from django.conf import settings
    from django.core.servers.basehttp import get_internal_wsgi_application

    from jalon.staff.queries import bodies_of

    account = _account(email, role)
    cookie = f"{settings.SESSION_COOKIE_NAME}={_session(account)}"
    application, body = get_internal_wsgi_application(), bodies_of(account)[0]
    return Visitor(application, cookie, settings.ALLOWED_HOSTS[0], body, _records(account, body))


def _account(email: str, role: str) -> Any:
    from django.db.models import Count, F

    from jalon.db.tenant import tenant
    from jalon.organizations.models import ManagingBody
    from jalon.staff.models import Account, Membership

    with tenant(ManagingBody.objects.values_list("pk", flat=True).first()):
        team = Membership.objects.filter(role=role, professional__account__is_active=True)
        whole = F("unit").asc(nulls_first=True)
        busiest = team.annotate(people=Count("establishment__records")).order_by("-people", whole, "pk")
        named = {"email": email} if email else {"pk__in": busiest.values("professional__account")[:1]}
        account = Account.objects.filter(**named).first()
    if account is None:
        raise DomainError("Aucun compte pour ouvrir des dossiers.", code="bench_account")
    return account


def _session(account: Any) -> str:
    """A session as signing in with two factors leaves it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from jalon.web.account.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session["account_authentication_methods_user"] = str(account.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    return str(session.session_key)


def _records(account: Any, body: Any) -> list[Any]:
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.records.models import Record
    from jalon.staff.queries import actor_of

    now = timezone.now()
    with tenant(body):
        actor = actor_of(account, now)
        visible = Record.objects.none()
        if actor:
            visible = Record.objects.visible_to(actor, today=actor.moment(now).today)
        return list(visible.order_by("?").values_list("pk", flat=True)[:SAMPLE])


# --- the measure -----------------------------------------------------------------------------------


def _measure(report: Report, who: Visitor, seconds: float) -> None:
    for record in who.records[:WARM_UP]:
        who.open(record)
    spied = [spy(who, record) for record in who.records[: WARM_UP * 2]]
    pages, raws = _in_turn(who, spied, seconds)
    length = who.open(who.records[0])
    # Medians: a run that a neighbor delayed says nothing of either.
    page, raw = statistics.median(pages), statistics.median(raws)
    own = [sum(not EVERY_PAGE.match(one.sql) for one in _data(told)) for told in spied]
    in_database = statistics.median(sum(one.seconds for one in told) for told in spied)
    ranked = sorted(pages)
    report.ratios[RATIO] = round(raw / page, 3)
    report.figures |= {
        QUERIES: max(own),
        "queries_with_frame": max(len(_data(told)) for told in spied),
        "pages_per_second": round(1 / page, 1),
        "raw_per_second": round(1 / raw, 1),
        "p50_ms": round(1000 * page, 2),
        P95: round(1000 * ranked[len(ranked) * 95 // 100], 2),
        "raw_p50_ms": round(1000 * raw, 2),
        "in_database_ms": round(1000 * in_database, 2),
        "pages": len(pages),
        "page_bytes": length,
        **_held(who.body),
    }
    report.lines = _sentences(report.figures)


def _sentences(told: dict[str, Any]) -> list[str]:
    return [
        f"{told['records']} dossiers, {told['notes']} transmissions dans la base ; "
        f"{told['pages']} synthèses ouvertes, droits vérifiés, {told['accesses']} accès tracés.",
        f"Page entière ({told['page_bytes']} octets) : {told['pages_per_second']}/s, "
        f"p50 {told['p50_ms']} ms, p95 {told['p95_ms']} ms, "
        f"dont {told['in_database_ms']} ms à attendre la base.",
        f"Requêtes : {told[QUERIES]} pour la page, {told['queries_with_frame']} avec ce que paie toute "
        "page (organisme, session, qui demande).",
        f"psycopg nu, les {told['queries_with_frame']} mêmes requêtes : {told['raw_per_second']}/s, "
        f"p50 {told['raw_p50_ms']} ms.",
    ]


def _in_turn(who: Visitor, spied: list[list[Statement]], seconds: float) -> tuple[list[float], list[float]]:
    """Durations of pages and of bare runs, one of each in turn: what disturbs the one disturbs the other."""
    pages: list[float] = []
    raws: list[float] = []
    records, replays = itertools.cycle(who.records), itertools.cycle(_data(page) for page in spied)
    with _bare() as connection:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(pages) < WARM_UP:
            start = time.perf_counter()
            who.open(next(records))
            middle = time.perf_counter()
            _replay(connection, next(replays))
            pages.append(middle - start)
            raws.append(time.perf_counter() - middle)
    return pages, raws


def spy(who: Visitor, record: Any) -> list[Statement]:
    """The statements of one page, in order: of a record, or at an address."""
    from django.db import connection

    seen: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seen.append(Statement(sql, params, time.perf_counter() - start))

    with connection.execute_wrapper(note):
        who.get(record) if isinstance(record, str) else who.open(record)
    return seen


def _data(page: list[Statement]) -> list[Statement]:
    return [one for one in page if not one.sql.startswith(FRAMES) and READ_ONLY not in one.sql]


@contextmanager
def _bare() -> Iterator[psycopg.Connection[Any]]:
    """The driver alone, as the same role: prepared statements, values bound by the server."""
    from django.db import connection

    settings = connection.get_connection_params()
    names = ("dbname", "host", "port", "user", "password")
    known = {name: settings[name] for name in names if settings.get(name)}
    with psycopg.connect(**known) as bare:
        yield bare


def _replay(connection: psycopg.Connection[Any], page: list[Statement]) -> None:
    """One page's statements in one transaction, every row fetched; what is inserted gets a new key."""
    with connection.transaction():
        for one in page:
            params = one.params
            if one.sql[:6].upper() == "INSERT":
                params = (uuid7(), *params[1:])
            cursor = connection.execute(one.sql, params)
            if cursor.description:
                cursor.fetchall()


def _held(body: Any) -> dict[str, int]:
    """How much the managing body holds, and the traces that the pages left in it."""
    from jalon.audit.models import Access
    from jalon.care.models import HandoverNote
    from jalon.db.tenant import tenant
    from jalon.records.models import Record

    with tenant(body):
        return {
            "records": Record.objects.count(),
            "notes": HandoverNote.objects.count(),
            "accesses": Access.objects.count(),
        }

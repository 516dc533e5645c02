"""Alive, ready, measured: by whoever watches over the site; and what a page says when the machine fails."""

import errno
import json
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from jalon.documents.storage import EncryptedStorage
from jalon.exchange import breaker
from jalon.exchange.models import MailboxRound
from jalon.faces import errors, metrics
from jalon.organizations.models import ManagingBody
from tests.factories import EstablishmentFactory

pytestmark = pytest.mark.django_db
ELSEWHERE = {"HTTP_HOST": "203.0.113.9", "SERVER_PORT": "8000"}


def heard(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - %s * interval '1 second')",
            [seconds],
        )


def test_a_process_that_answers_is_alive_by_any_name_and_without_https(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/sante/vivant", **ELSEWHERE)
    assert (answer.status_code, answer.json(), answer.cookies) == (
        200, {"pret": True, "processus": "en ordre"}, {},
    )  # fmt: skip


def test_a_site_that_lacks_nothing_is_ready_and_says_when_no_worker_lives(client: Client) -> None:
    heard(5)
    assert set(client.get("/sante/pret").json().values()) == {True, "en ordre"}
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")
    heard(90)
    answer = client.get("/sante/pret")
    assert (answer.status_code, answer.json()["taches"]) == (200, "aucun exécuteur de tâches ne répond")


def test_a_base_behind_its_code_is_not_ready(client: Client) -> None:
    behind = mock.patch("jalon.exchange.watching._wanted", return_value={("exchange", "9999_a_venir")})
    with behind:
        answer = client.get("/sante/pret")
    assert (answer.status_code, "jalon migrate" in answer.json()["migrations"]) == (503, True)


def test_a_disk_that_takes_nothing_is_not_ready_and_nothing_of_the_trial_stays(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    assert client.get("/sante/pret").json()["documents"] == "en ordre"
    assert list(Path(settings.MEDIA_ROOT).iterdir()) == []
    (tmp_path / "taken").write_text("a file where the folder should be")
    settings.MEDIA_ROOT = tmp_path / "taken"
    answer = client.get("/sante/pret")
    assert (answer.status_code, answer.json()["documents"]) == (
        503, "le disque des documents ne prend plus rien",
    )  # fmt: skip


# --- figures ------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.VAR = tmp_path
    counts = metrics.Counts()
    with mock.patch.object(metrics, "COUNTS", counts), mock.patch("jalon.faces.watch.COUNTS", counts):
        yield tmp_path / "metrics"


def read(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/sante/mesures", **headers)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_figures_add_up_every_process_and_name_nobody(
    client: Client, counted: Path, body: ManagingBody
) -> None:
    house = EstablishmentFactory.create(mailbox="maison@jalon.mssante.test")
    MailboxRound.objects.create(establishment=house, ended_at=timezone.now())
    for _ in range(3):
        breaker.failed("dmp", timezone.now())
    counted.mkdir()
    key = json.dumps(["GET", "account_login", "200"])
    (counted / "1.json").write_text(json.dumps([{key: 2}, {key: 0.5}]))
    client.get("/compte/login/")
    found = read(client)
    assert found['jalon_requests_total{method="GET",route="account_login",status="200"}'] == 3
    assert found['jalon_destination_silent{destination="dmp"}'] == 1
    assert found[f'jalon_mailbox_failing{{establishment="{house.pk}"}}'] == 0
    assert found["jalon_database_up"] == 1
    assert house.name not in str(found)


def test_jobs_that_wait_are_counted_by_lane_with_the_age_of_the_oldest(client: Client, counted: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, scheduled_at) values"
            " ('dmp', 'x', '{}', now() - interval '400 seconds'),"
            " ('dmp', 'x', '{}', now() + interval '1 hour')"
        )
    found = read(client)
    assert found['jalon_jobs_waiting{lane="dmp"}'] == 2
    assert 400 <= found['jalon_jobs_oldest_seconds{lane="dmp"}'] < 460
    assert found['jalon_jobs_late{lane="dmp"}'] == 1


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(
    client: Client, counted: Path, settings: Settings
) -> None:
    assert client.get("/sante/mesures", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 404
    assert client.get("/sante/mesures", REMOTE_ADDR="203.0.113.9").status_code == 404
    settings.METRICS_TOKEN = "un-jeton-d-essai"
    assert client.get("/sante/mesures").status_code == 404
    assert client.get("/sante/mesures", HTTP_AUTHORIZATION="Bearer autre").status_code == 404
    told = {"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer un-jeton-d-essai"}
    assert read(client, **told)["jalon_database_up"] == 1


# --- the log ------------------------------------------------------------------------------------------------


def test_a_line_a_request_says_the_page_and_never_the_address_nor_the_query(
    client: Client, settings: Settings, counted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ACCESS_LOG = True
    client.get("/usagers/?q=FICTIF")
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["page"], told["status"], told["method"]) == ("people:list", 302, "GET")
    assert told["at"].endswith("Z") and len(told["reference"]) == 8
    assert "FICTIF" not in line and "usagers" not in line


# --- a machine that fails -----------------------------------------------------------------------------------


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(errno.ENOSPC, "full"), errors.FULL),
        (caused(OperationalError(), psycopg.errors.DiskFull()), errors.FULL),
        (caused(OperationalError(), psycopg.errors.AdminShutdown()), errors.AWAY),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), errors.LONG),
        (OSError(errno.EACCES, "closed"), None),
        (ZeroDivisionError(), None),
    ],
    ids=["files", "base full", "base away", "too long", "rights", "ours"],
)
def test_what_the_machine_does_is_a_503_that_says_what_to_do(
    error: Exception, trouble: errors.Words | None
) -> None:
    request = RequestFactory().get("/")
    request.resolver_match = None
    try:
        raise error
    except Exception:  # whatever it is: the handler is called as Django calls it
        answer = errors.broken(request)
    words = answer.content.decode()
    if trouble is None:
        assert answer.status_code == 500
    else:
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert trouble.title in words


def test_a_file_that_a_full_disk_refuses_leaves_nothing_behind(settings: Settings) -> None:
    place = EncryptedStorage()
    full = mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "full"))
    with full, pytest.raises(OSError, match="full"):
        place.save("a/ab/abc", ContentFile(b"essai"))
    assert [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()] == []
    place.save("a/ab/abc", ContentFile(b"essai"))
    assert place.open("a/ab/abc").read() == b"essai"

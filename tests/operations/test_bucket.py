"""Documents in an S3 store, over real HTTP: encrypted as on a disk, nowhere else when it is away."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jalon.commands.safety import source_of
from jalon.core.errors import DomainError
from jalon.core.settings.dangers import dangers
from jalon.core.settings.table import settings_of
from jalon.db.tenant import tenant
from jalon.db.trouble import OutOfReach
from jalon.documents.models import Document
from jalon.documents.storage import load, store
from jalon.operations.backup import Collected, take
from jalon.operations.integrity import Found, bring
from jalon.operations.kept import Kept
from jalon.operations.programs import programs
from jalon_sandbox.drills.cluster import free_port
from jalon_sandbox.server_place import place_of
from tests.documents.papers import PDF
from tests.factories import DocumentFactory, ManagingBodyFactory
from tests.support import process_environment
from tests.web.story import enter, write_story
from tests.web.test_adding import page, send, text

LETTER = b"%PDF-1.4 Compte rendu de Camille FICTIF, personne d'essai"
BUCKET = "documents"
KEYS = {"aws_access_key_id": "essai", "aws_secret_access_key": "essai", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A store of its own process."""
    found = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(found)]
    process = subprocess.Popen(
        command, env=process_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", found), 1):
                break
            assert time.monotonic() < end, "the store does not answer"
            time.sleep(0.1)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest.fixture
def bucket(port: int, settings: Settings) -> Iterator[Any]:
    """An empty bucket, and the product set on it."""
    at = f"http://127.0.0.1:{port}"
    found = boto3.resource("s3", endpoint_url=at, **KEYS).Bucket(BUCKET)
    found.create()
    reached(settings, at)
    yield found
    found.objects.delete()
    found.delete()


def reached(settings: Settings, address: str) -> None:
    """The product keeps its documents at this address."""
    settings.S3_BUCKET = BUCKET
    options = {
        "bucket_name": BUCKET, "endpoint_url": address, "access_key": "essai", "secret_key": "essai",
        "region_name": "us-east-1", "verify": None,
    }  # fmt: skip
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "jalon.documents.bucket.EncryptedBucket", "OPTIONS": options}
    }


def nowhere(settings: Settings) -> None:
    reached(settings, f"http://127.0.0.1:{free_port()}")


@pytest.mark.django_db
def test_what_is_stored_comes_back_and_the_store_holds_nothing_readable(body: Any, bucket: Any) -> None:
    digest = store(LETTER)
    assert store(LETTER) == digest
    (one,) = bucket.objects.all()
    assert one.key == f"{body.pk}/{digest[:2]}/{digest}"
    assert b"FICTIF" not in one.get()["Body"].read()
    assert load(digest) == LETTER


@pytest.mark.django_db
def test_what_is_not_there_is_altered_or_is_of_another_body_is_never_believed(body: Any, bucket: Any) -> None:
    with pytest.raises(FileNotFoundError):
        load("0" * 64)
    digest = store(LETTER)
    with tenant(ManagingBodyFactory().pk), pytest.raises(FileNotFoundError):
        load(digest)
    (one,) = bucket.objects.all()
    kept = one.get()["Body"].read()
    one.put(Body=kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(ValueError, match="altered"):
        load(digest)


@pytest.mark.django_db
def test_a_store_that_is_away_or_refuses_takes_nothing_and_nothing_is_kept_elsewhere(
    body: Any, bucket: Any, settings: Settings
) -> None:
    settings.STORAGES["default"]["OPTIONS"]["bucket_name"] = "another"
    settings.STORAGES = dict(settings.STORAGES)  # said again: the storage is made anew
    with pytest.raises(OutOfReach):
        store(LETTER)
    nowhere(settings)
    with pytest.raises(OutOfReach):
        store(LETTER)
    with pytest.raises(OutOfReach):
        load("0" * 64)
    assert list(bucket.objects.all()) == []
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
def test_pages_without_the_store_say_503_and_what_to_do_and_the_rest_is_read(
    bucket: Any, settings: Settings
) -> None:
    settings.WHITENOISE_AUTOREFRESH = True
    story = write_story(timezone.now())
    nurse = enter(story.staff["nurse"])
    nurse.raise_request_exception = False
    assert "Document ajouté." in text(send(nurse, story, PDF))
    with tenant(story.body.pk):
        document, number = Document.objects.get(source="added"), Document.objects.count()
    assert Client().get("/sante/pret").json()["documents"] == "en ordre"

    nowhere(settings)
    for answer in (send(nurse, story, PDF + b"%2"), nurse.get(page(story, "file", document.pk))):
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "Les documents ne répondent pas" in text(answer)
    assert nurse.get(page(story, "summary")).status_code == 200
    with tenant(story.body.pk):
        assert Document.objects.count() == number
    ready = Client().get("/sante/pret")
    assert (ready.status_code, ready.json()["documents"]) == (
        503,
        "le stockage des documents ne prend plus rien",
    )


@pytest.mark.django_db(transaction=True)
def test_a_backup_takes_the_documents_of_the_store_and_they_are_read_again(
    bucket: Any, settings: Settings, tmp_path: Path
) -> None:
    body, kept, found = ManagingBodyFactory.create(), Kept(tmp_path / "kept"), Found()
    with tenant(body.pk):
        digest = store(LETTER)
        DocumentFactory.create(sha256=digest)
    default_storage.try_out()  # type: ignore[attr-defined]  # of our storages
    source = source_of()
    copies = source.mirror(kept)
    assert isinstance(copies, Collected)
    assert (copies.copy(), copies.copy()) == (1, 0)
    with source.connect() as reader:
        assert isinstance(reader, psycopg.Connection)
        bring(reader, kept.files, tmp_path / "back", found)
    assert (found.documents, found.faults) == (1, [])

    nowhere(settings)
    with pytest.raises(DomainError, match="ne répond pas"):
        take(source_of(), kept, programs(place_of(tmp_path / "pg").programs))
    assert kept.bases() == []


def test_a_bucket_that_nothing_reaches_is_not_served() -> None:
    told = settings_of({"JALON_MODE": "test", "JALON_S3_BUCKET": BUCKET, "JALON_S3_URL": "http://s3.test"})
    said = " ".join(dangers(told | {"JALON_MODE": "production"}))
    assert "JALON_S3_URL n’est pas en https" in said
    assert "(JALON_S3_KEY)" in said and "(JALON_S3_SECRET)" in said

"""The page of whoever runs the site: what must be done first, in each of its states, and nobody's name."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.exchange import breaker
from jalon.exchange.jobs import Job, ask
from jalon.operations import facts
from jalon.operations.kept import Kept, Proof
from jalon_sandbox.common.pki import Authority
from tests.factories import NOW
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(story: Story) -> Client:
    return enter(story.staff["administrator"])


def page(client: Client) -> str:
    return client.get(reverse("operations:index")).content.decode()


def test_a_machine_that_knows_no_backup_nor_certificate_says_so(
    administrator: Client, settings: Settings
) -> None:
    settings.BACKUPS = ""
    shown = page(administrator)
    assert "réglez JALON_BACKUPS" in shown
    assert "Aucune tâche n’attend" in shown
    assert "Aucun certificat n’est réglé" in shown
    assert f"Jalon {settings.SOFTWARE_VERSION}" in shown


def test_a_backup_that_nobody_restored_proves_nothing_then_its_proof_ages(
    administrator: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUPS = tmp_path
    assert "Aucune sauvegarde n’a été vérifiée" in page(administrator)
    Kept(tmp_path).prove(Proof(NOW, "20261101T010000Z", NOW, 5.0, 90, 12))
    shown = page(administrator)
    assert "12 documents relus" in shown
    assert "plus d’un mois" not in shown
    Kept(tmp_path).prove(Proof(NOW - dt.timedelta(days=40), "20261001T010000Z", NOW, 5.0, 90, 12))
    assert "plus d’un mois" in page(administrator)


def test_late_jobs_are_counted_by_what_they_do(
    story: Story, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(story.body.pk):
        ask(Job.FETCH, establishment_id="canari-0042")
    monkeypatch.setattr(facts, "LATE", dt.timedelta(days=-36500))  # the base keeps its own clock
    shown = page(administrator)
    assert "Relève d’une boîte" in shown
    assert "l’exécuteur est arrêté" in shown
    assert "canari-0042" not in shown
    assert ProcrastinateJob.objects.filter(task_name=Job.FETCH).count() == 1


def test_services_that_do_not_answer_are_told_with_what_waits_for_them(
    story: Story, administrator: Client
) -> None:
    assert "Aucun exécuteur de tâches ne répond" in page(administrator)
    for _ in range(breaker.PATIENCE):
        breaker.failed("dmp", NOW)
    breaker.failed("insi", NOW)
    with tenant(story.body.pk):
        ask(Job.DELIVER, lane="dmp", delivery_id="canari-0043")
    shown = page(administrator)
    assert shown.index("<b>DMP</b>") < shown.index("<b>Boîtes MSSanté</b>")
    assert "1 en attente" in shown
    assert "Ne répond plus" in shown and "prochain essai" in shown
    assert "Un essai a échoué" in shown
    assert "canari-0043" not in shown


def test_certificates_say_when_they_end_and_a_disk_when_it_fills(
    administrator: Client, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SERVICES_CERTIFICATE, _ = Authority.create(NOW - dt.timedelta(days=3640)).own.write(
        tmp_path, "a"
    )
    settings.INSI_CERTIFICATE = tmp_path / "absent"
    monkeypatch.setattr(facts, "FULL", 1.1)
    shown = page(administrator)
    assert "TLS de la structure" in shown
    assert "Finit le" in shown
    assert "Illisible" in shown
    assert "Bientôt plein" in shown


def test_the_news_are_told_by_area(administrator: Client) -> None:
    shown = administrator.get(reverse("operations:news")).content.decode()
    assert "Nouveautés" in shown
    assert "Exploitation" in shown
    assert "`" not in shown.partition("<main")[2]

"""Leaks planted in the product (view, list, export, command, mail), each a filter dropped: all found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jalon.commands import asking
from jalon.db.tenant import tenant
from jalon.exchange.compose import parcel
from jalon.exchange.models import Delivery, Reception
from jalon.exchange.outbox.publish import sign
from jalon.exchange.queries import documents_of
from jalon.exchange.transfer import exporter
from jalon.organizations.models import Establishment
from jalon.people.models import Contact, ProtectionMeasure
from jalon.people.queries import vigilances_told
from jalon.records import queries as records
from jalon.records.models import Record, RecordQuerySet
from jalon.web import gate
from jalon.web.areas.documents import export
from jalon.web.areas.exchange.mailbox import Mailbox
from tests.commands.conftest import Jalon, jalon
from tests.web.leaks.answers import opened
from tests.web.leaks.asking import OURS, of_elsewhere, openers, told_by, whole
from tests.web.leaks.commanding import orders
from tests.web.leaks.world import World
from tests.web.story import undone

__all__ = ["jalon"]
pytestmark = pytest.mark.django_db
Plant = Callable[[pytest.MonkeyPatch], None]


def in_the_view(plant: pytest.MonkeyPatch) -> None:
    """The page of a record forgets whose record one may open."""

    def opened(actor: Any, record_id: Any, *, permission: Any, today: Any) -> Record | None:
        every = Record.objects.with_identity().with_rights_of(actor, today)
        return every.annotate(vigilances=vigilances_told("person")).filter(pk=record_id).first()

    plant.setattr(gate, "open_to", opened)


def in_the_list(plant: pytest.MonkeyPatch) -> None:
    """A list forgets where one works."""
    plant.setattr(RecordQuerySet, "visible_to", lambda every, actor, **asked: every)


def in_the_export(plant: pytest.MonkeyPatch) -> None:
    """The file of a record holds those of everybody."""

    def whole_body(record: Record, *, by: Any) -> bytes:
        return b"".join(exporter.export_file(one, by=by) for one in Record.objects.all())

    plant.setattr(export, "export_file", whole_body)


def in_the_mail(plant: pytest.MonkeyPatch) -> None:
    """The mailbox forgets whose it is."""
    plant.setattr(Mailbox, "mine", lambda view: Reception.objects.all())


PLANTED = {
    "view": (in_the_view, "records:summary"),
    "list": (in_the_list, "people:list"),
    "export": (in_the_export, "records:export"),
    "mail": (in_the_mail, "exchange:message"),
}


def leaks(world: World, client: Client, role: str, name: str, logs: Any) -> list[str]:
    """What the matrix finds on one page, by its content."""
    pages = [page for page in OURS if page.name == name]
    asked = [*whole(world, role, pages), *of_elsewhere(world, pages)]
    told = [word for one in asked for word in told_by(world, client, one, role, logs)]
    return [word for word in told if word.startswith("Canari")]


@pytest.mark.requirement("SC.SSI/GEN.16")
@pytest.mark.parametrize("kind", PLANTED)
def test_a_leak_planted_in_a_page_is_found(
    world: World, clients: dict[str, Client], kind: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    plant, page = PLANTED[kind]
    role = openers(next(one for one in OURS if one.name == page))[-1]
    assert leaks(world, clients[role], role, page, caplog) == []
    plant(monkeypatch)
    assert leaks(world, clients[role], role, page, caplog)


def posted(world: World, number: int) -> bytes:
    """The mail that takes a signed plan of ours to the citizen's mailbox."""
    story = world.story
    with tenant(story.body.pk):
        Establishment.objects.filter(pk=story.house.pk).update(mailbox="maison@jalon.mssante.test")
        by, plan = story.professional("team_lead"), story.record.plans.get()
        sign(plan=plan, by=by, now=story.now)
        document = documents_of(story.record.pk, plan.pk)[1]
        delivery = Delivery.objects.create(
            document=document, destination="citizen_mail", state="prepared", requested_at=story.now,
            requested_by=by, submission_id=f"2.25.77{number}", message_id=f"{number}@exemple.test",
            recipient="personne@patient.mssante.test",
        )  # fmt: skip
        return parcel.message(parcel.read(delivery))


def test_a_leak_planted_in_a_mail_that_leaves_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def everybody(person: Any, on: Any) -> Any:
        return list(Contact.objects.all()), list(ProtectionMeasure.objects.all())

    with undone():
        assert world.told(opened(posted(world, 1))) == []
    monkeypatch.setattr(records, "representatives", everybody)
    assert world.told(opened(posted(world, 2)))


def test_a_leak_planted_in_a_command_is_found(
    world: World, jalon: Jalon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = world.story.staff["nurse"]
    shown = [one for one in orders(world, stranger, tmp_path) if one.name == "record show"]

    def told() -> list[str]:
        return [word for one in shown for word in world.told(jalon(*one.line).out, one.closed)]

    def visible(actor: Any, wanted: Any, permission: Any) -> Record | None:
        return Record.objects.with_identity().filter(pk=wanted).first()

    assert told() == []
    monkeypatch.setattr(asking, "_visible", visible)
    assert told()

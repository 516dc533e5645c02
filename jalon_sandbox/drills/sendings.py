"""What the killed workers have to send: some people, some signed documents each, to every destination.

    python -m jalon_sandbox.drills.sendings write PEOPLE DOCUMENTS    prints the managing body
    python -m jalon_sandbox.drills.sendings waiting BODY    prints how many deliveries wait for somebody

run beside the drill, on the database of the environment. Documents of one person share their PDF: what is
counted is sendings, not pages.
"""

import datetime as dt
import sys
import uuid
from typing import TYPE_CHECKING

from jalon.commands.django_setup import setup
from jalon.core.moment import PARIS, local_day
from jalon_sandbox.demo.population import Someone, population

if TYPE_CHECKING:
    from jalon.documents.models import Document
    from jalon.plans.models import PlanVersion

EACH = 60  # people of the smallest demonstration
SIGNED = 2  # of so many people, at least one has a signed plan


def everybody(people: int) -> list[Someone]:
    """Enough people of the demonstration for `people` of them to have a signed plan."""
    today = local_day(dt.datetime.now(dt.UTC), PARIS)
    return population(today, -(-people * SIGNED // EACH))[: people * SIGNED]


def write(people: int, documents: int) -> uuid.UUID:
    """Ask for `people` × `documents` deliveries to each destination, and return their managing body."""
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.plans.actions import sign
    from jalon.plans.models import PlanVersion
    from jalon_sandbox.demo.build import build

    known = everybody(people)
    body = build(known, timezone.now(), lambda _: None)
    with tenant(body.pk):
        _qualify(known)
        signed = PlanVersion.objects.select_related("plan__record__person", "signed_by").order_by("pk")
        chosen = list(signed.distinct()[:people])
        if len(chosen) < people:
            raise SystemExit(f"{len(chosen)} signed plans, {people} were wanted")
    for version in chosen:  # signed before the identity was qualified: that one names nobody
        with tenant(body.pk):
            again = sign(plan=version.plan, by=version.signed_by, now=timezone.now())
            _publish(again, documents)
    return body.pk


def _qualify(known: list[Someone]) -> None:
    """Every identity, as INSi and a paper would: the drill is about what leaves, not about who may."""
    from django.utils import timezone

    from jalon.people.actions import attach_ins, prove_identity
    from jalon.people.models import Person

    now = timezone.now()
    by_name = {one.traits.birth_name: one for one in known}
    for person in Person.objects.order_by("pk"):
        someone = by_name[person.birth_name]
        attach_ins(person=person, ins=someone.ins, official=person.traits, by=None, now=now)
        prove_identity(person=person, proof="cni", by=None, today=local_day(now, PARIS))


def _publish(version: "PlanVersion", documents: int) -> None:
    from django.utils import timezone

    from jalon.exchange.outbox.papers import paper_of
    from jalon.exchange.outbox.publish import request_delivery
    from jalon.exchange.outbox.routes import routes

    pdf, by = paper_of(version).pdf(version), version.signed_by
    for _ in range(documents):
        document = _document(version, pdf)
        for destination in routes():
            request_delivery(document=document, destination=destination, by=by, now=timezone.now())


def _document(version: "PlanVersion", pdf: bytes) -> "Document":
    """One more document, of its own set, as `publish.file` files it."""
    from uuid_utils.compat import uuid7

    from jalon.documents.models import Document
    from jalon.documents.storage import store
    from jalon.exchange.compose import clinical
    from jalon.exchange.compose.identifiers import Identifiers
    from jalon.exchange.outbox.papers import paper_of
    from jalon.formats.cda import writer

    paper, ids = paper_of(version), Identifiers.of(uuid7(), uuid7())
    cda = clinical.document(
        paper.signed(version), type_code=paper.type_code, title=paper.title, pdf=pdf, ids=ids, replaces=""
    )
    return Document.objects.create(
        record=version.plan.record, source=Document.Source.OWN, type_code=paper.type_code, title=paper.title,
        written_at=version.signed_at, author=version.signed_by, media_type="application/pdf",
        sha256=store(pdf), size=len(pdf), unique_id=ids.document, set_id=ids.set,
        cda_sha256=store(writer.write(cda)),
    )  # fmt: skip


def waiting(body: str) -> int:
    """How many deliveries the house's people are shown as « à vérifier »."""
    from jalon.db.tenant import tenant
    from jalon.exchange import queries
    from jalon.records.models import Record
    from jalon.staff.rules import EVERY_CONTENT

    with tenant(body):
        return queries.to_check(Record.objects.all(), EVERY_CONTENT).count()


if __name__ == "__main__":
    setup()
    told = write(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "write" else waiting(sys.argv[2])
    sys.stdout.write(f"{told}\n")

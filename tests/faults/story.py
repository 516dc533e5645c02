"""What the killed workers have to send: some people, some signed documents each, two destinations a document.

    python -m tests.faults.story write PEOPLE DOCUMENTS    prints the managing body
    python -m tests.faults.story waiting BODY              prints how many deliveries people see to check

run beside the test, on the database of the environment. Documents of one person share their PDF: what is
counted is sendings, not pages.
"""

import sys
import uuid
from typing import TYPE_CHECKING

from jalon.commands.django_setup import setup

if TYPE_CHECKING:
    from jalon.documents.models import Document
    from jalon.organizations.models import Establishment
    from jalon.plans.models import PlanVersion
    from jalon.staff.models import Professional

HOME = "tilleuls@jalon.sante.test"


def write(people: int, documents: int) -> uuid.UUID:
    """Ask for `people` × `documents` × 2 deliveries, and return their managing body."""
    from jalon.db.tenant import tenant
    from tests.factories import EstablishmentFactory, ManagingBodyFactory, ProfessionalFactory

    body = ManagingBodyFactory.create()
    with tenant(body.pk):
        house = EstablishmentFactory.create(
            name="Foyer d’Essai", category="437", sector="SA16", mailbox=HOME,
            address_line="1 rue de l’Exemple", postal_code="35000", city="Rennes", phone="01 99 00 00 00",
        )  # fmt: skip
        signer = ProfessionalFactory.create(profession="345", job="cheffe de service")
        for number in range(people):
            _publish(number, documents, house, signer)
    return body.pk


def _publish(number: int, documents: int, house: "Establishment", signer: "Professional") -> None:
    from django.utils import timezone

    from jalon.exchange.outbox.papers.plan import PAPER
    from jalon.exchange.outbox.publish import request_delivery
    from jalon.exchange.outbox.routes import routes
    from jalon.plans.actions import sign
    from tests.factories import PlanFactory

    plan = PlanFactory.create(
        record__establishment=house, record__person__number=number,
        record__person__with_qualified_identity=True, ready=True,
    )  # fmt: skip
    version = sign(plan=plan, by=signer, now=timezone.now())
    pdf = PAPER.pdf(version)
    for _ in range(documents):
        document = _document(version, pdf)
        for destination in routes():
            request_delivery(document=document, destination=destination, by=signer, now=timezone.now())


def _document(version: "PlanVersion", pdf: bytes) -> "Document":
    """One more document, of its own set, as `publish.file` files it."""
    from uuid_utils.compat import uuid7

    from jalon.documents.storage import store
    from jalon.exchange.compose import clinical
    from jalon.exchange.compose.identifiers import Identifiers
    from jalon.exchange.outbox.papers.plan import PAPER
    from jalon.formats.cda import writer
    from tests.factories import DocumentFactory

    ids, signed = Identifiers.of(uuid7(), uuid7()), PAPER.signed(version)
    about = {"type_code": PAPER.type_code, "title": PAPER.title}
    cda = writer.write(clinical.document(signed, pdf=pdf, ids=ids, **about))
    return DocumentFactory.create(
        record=version.plan.record, written_at=version.signed_at,
        author=version.signed_by, sha256=store(pdf), size=len(pdf), unique_id=ids.document, set_id=ids.set,
        cda_sha256=store(cda), **about,
    )  # fmt: skip


def waiting(body: str) -> int:
    """How many deliveries the house's people are shown as « à vérifier »."""
    from jalon.db.tenant import tenant
    from jalon.exchange import queries
    from jalon.records.models import Record

    with tenant(body):
        return queries.to_check(Record.objects.all()).count()


if __name__ == "__main__":
    setup()
    if sys.argv[1] == "write":
        print(write(int(sys.argv[2]), int(sys.argv[3])))  # noqa: T201  read by the test
    else:
        print(waiting(sys.argv[2]))  # noqa: T201  read by the test

"""Signing files the document of what was signed; publishing, another act, asks for its deliveries."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Model
from uuid_utils.compat import uuid7

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.locks import one_at_a_time
from jalon.documents.models import Document
from jalon.documents.storage import store
from jalon.exchange import jobs
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.models import Delivery, DeliveryState
from jalon.exchange.outbox import state
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.outbox.papers import paper_of
from jalon.exchange.outbox.routes import label, routes
from jalon.formats.cda import validate, writer
from jalon.formats.cda.body import Document as ClinicalDocument
from jalon.plans import actions as plans
from jalon.plans.models import PersonalPlan, PlanVersion
from jalon.staff.models import Professional
from jalon.terminology import value_set


@transaction.atomic
def sign(*, plan: PersonalPlan, by: Professional, now: dt.datetime) -> PlanVersion:
    """Sign the plan and file its document: both, or nothing. Nothing leaves."""
    version = plans.sign(plan=plan, by=by, now=now)
    file(source=version, by=by)
    return version


@transaction.atomic
def publish(*, document: Document, to: Collection[str], by: Professional, now: dt.datetime) -> list[Delivery]:
    """Ask for a delivery of this document to each of these destinations: all of them, or none.

    Raises DomainError `nowhere_to_publish` when none is chosen, `version_replaced`, `already_published`, or
    `sending_refused` with the reason, as `check_sending` says it before.
    """
    one_at_a_time(f"publish {document.pk}")
    if not to or not set(to) <= routes().keys():
        raise DomainError("Choisissez où publier.", code="nowhere_to_publish")
    if _is_replaced(document):
        raise DomainError(
            "Une version plus récente remplace ce document. Publiez plutôt cette version.",
            code="version_replaced",
        )
    if already := [name for name in to if document.deliveries.filter(destination=name).exists()]:
        raise DomainError(
            f"L’envoi vers {label(already[0])} est déjà demandé : rien ne part une seconde fois.",
            code="already_published",
        )
    for name in to:
        if reason := check_sending(document, name):
            raise DomainError(reason, code="sending_refused")
    return [request_delivery(document=document, destination=name, by=by, now=now) for name in to]


@transaction.atomic
def file(*, source: Model, by: Professional) -> Document:
    """The PDF/A-1 and the CDA of what was signed, kept in the record; the PDF alone for somebody unknown."""
    paper = paper_of(source)
    record, signed = paper.record_of(source), paper.signed(source)
    ids, pdf = paper.identifiers(source), paper.pdf(source)
    former = Document.objects.filter(record=record, set_id=ids.set).order_by("-version").first()
    clinical = paper.clinical(source, pdf, former.unique_id if former else "")
    cda = _written(clinical) if clinical else b""
    document = Document.objects.create(
        record=record,
        source=Document.Source.OWN,
        type_code=paper.type_code,
        title=f"{paper.title}, version {signed.number}",
        written_at=signed.at,
        author=by,
        media_type="application/pdf",
        sha256=store(pdf),
        size=len(pdf),
        cda_sha256=store(cda) if cda else "",
        unique_id=ids.document,
        set_id=ids.set,
        version=signed.number,
        replaces=former,
    )
    # A signed row is append-only for the application, so its document is found by set and number.
    record_entry("exchange.filed", on=document.pk, by=by)
    return document


def _written(clinical: ClinicalDocument) -> bytes:
    """The bytes. Raises AssertionError when they break the rules: our bug, stopped before it is kept."""
    named = clinical.header.patient.ins is not None
    problems = validate.check(clinical, value_sets=value_set, shared=named)
    if problems:
        raise AssertionError(f"invalid CDA: {problems[0].place} {problems[0].code}")
    return writer.write(clinical)


@transaction.atomic
def request_delivery(
    *, document: Document, destination: str, by: Professional | None, now: dt.datetime
) -> Delivery:
    """Ask for a delivery. What may not leave is refused at once, with its reason, and shown as such.

    Identifiers are drawn here: after a cut, the other side can be asked whether it has this very one.
    """
    reason, route = check_sending(document, destination), routes()[destination]
    delivery = Delivery(
        document=document,
        destination=destination,
        requested_at=now,
        requested_by=by,
        submission_id=oid(uuid7()),
        message_id=route.message_id(uuid7()),
        recipient="" if reason else route.recipient(document),
    )
    to = DeliveryState.REFUSED if reason else DeliveryState.PREPARED
    state.move(delivery, to=to, at=now, label=reason or "")
    if not reason:
        jobs.deliver(delivery)
    return delivery


@transaction.atomic
def request_again(*, delivery: Delivery, by: Professional, now: dt.datetime) -> Delivery:
    """A person looked, and decided to send a delivery again (refused, or to check).

    A version that another replaces is refused, and not changed into that other one: the newer version has its
    own delivery, whose state says whether it left, and this one would send it a second time.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if delivery.state not in (DeliveryState.REFUSED, DeliveryState.TO_CHECK):
        raise DomainError("Cet envoi n’attend pas de décision.", code="delivery_not_waiting")
    if _is_replaced(delivery.document):
        raise DomainError(
            "Une version plus récente remplace ce document. Envoyez plutôt cette version.",
            code="version_replaced",
        )
    if reason := check_sending(delivery.document, delivery.destination):
        raise DomainError(reason, code="sending_refused")
    route = routes()[delivery.destination]
    delivery.content_left_at = delivery.sent_at = None
    delivery.requested_by, delivery.requested_at = by, now
    delivery.submission_id, delivery.message_id = oid(uuid7()), route.message_id(uuid7())
    delivery.recipient = route.recipient(delivery.document)
    state.move(delivery, to=DeliveryState.PREPARED, at=now, words="demandé de nouveau")
    record_entry("exchange.requested_again", on=delivery.pk, by=by)
    jobs.deliver(delivery)
    return delivery


def _is_replaced(document: Document) -> bool:
    return Document.objects.filter(
        record=document.record_id, set_id=document.set_id, version__gt=document.version
    ).exists()


@transaction.atomic
def mark_received(*, delivery: Delivery, by: Professional, now: dt.datetime) -> Delivery:
    """A person looked, and found that the receiver has it."""
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if delivery.state != DeliveryState.TO_CHECK:
        raise DomainError("Cet envoi n’attend pas de vérification.", code="delivery_not_waiting")
    delivery.sent_at = delivery.content_left_at or now
    state.move(delivery, to=DeliveryState.SENT, at=now, words="vérifié par une personne")
    record_entry("exchange.checked", on=delivery.pk, by=by)
    return delivery

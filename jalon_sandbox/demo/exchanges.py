"""The demonstration's exchanges: signed plans published, three messages received from elsewhere."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import httpx
from django.db.models import QuerySet
from django.utils import timezone
from uuid_utils.compat import uuid7

from jalon.core.identity import Ins, Traits
from jalon.core.moment import PARIS, local_day
from jalon.db.tenant import tenant
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.compose.parcel import class_of
from jalon.exchange.inbox.fetching import fetch
from jalon.exchange.models import Delivery, Reception
from jalon.exchange.outbox.publish import publish as ask_for
from jalon.exchange.outbox.publish import sign
from jalon.exchange.outbox.routes import routes
from jalon.exchange.queries import documents_of
from jalon.formats import mime, paper, pdf, xds
from jalon.formats.cda import body, header, writer
from jalon.formats.papers.document import DocumentPdf
from jalon.formats.xdm import package
from jalon.gateways.mssante import messages as mail
from jalon.organizations.models import Establishment, ManagingBody
from jalon.people.models import Person
from jalon.plans.models import PersonalPlan, PlanStatus
from jalon.terminology import value_set
from jalon_sandbox.demo.population import mailbox

PUBLISHED = 34
NEAR = dt.timedelta(days=60)
EHPAD = mailbox("ehpad")
ELSEWHERE = header.Organization(
    header.Id(header.STRUCTURES, "1990000069"), "Centre hospitalier de l’Exemple", setting=header.ESSMS
)
DOCTOR = header.Entity(
    header.Id(header.PROFESSIONALS, "889970000991"),
    header.Code("G15_10", "1.2.250.1.213.1.1.4.5", "Médecin"),
    header.PersonName("PETITBOIS", "Hervé", "M"),
    ELSEWHERE,
)
REPORT = "11488-4"
CONCLUSION = "Bon état général. Poursuivre la marche quotidienne."
RADIOGRAPH = "Pas de fracture du bassin ni du col du fémur. Reprise de la marche avec déambulateur."


@dataclass(frozen=True)
class Letter:
    """A report sent to one of our mailboxes, with the traits its sender knows."""

    mailbox: str
    traits: Traits
    ins: Ins | None
    conclusion: str


def publish(say: Callable[[str], None]) -> None:
    """Sign again, and publish, the plans signed before their identity was qualified: those name nobody."""
    managing_body = ManagingBody.objects.get(finess="990000002")
    with tenant(managing_body.pk):
        if Delivery.objects.exists():
            return
        plans = PersonalPlan.objects.filter(
            record__person__identity_status="qualified", versions__isnull=False, status=PlanStatus.RUNNING
        ).order_by("versions__pk")
        # Publishing signs again: a project near its review must stay near it.
        plans = plans.filter(review_on__gt=timezone.localdate() + NEAR)
        now, count = timezone.now(), 0
        for plan in plans[:PUBLISHED]:
            count += 1
            by = plan.versions.get().signed_by
            version = sign(plan=plan, by=by, now=now)
            document = documents_of(plan.record_id, plan.pk)[version.number]
            ask_for(document=document, to=list(routes()), by=by, now=now)
        say(f"{count} projets publiés vers le DMP et Mon espace santé (simulés)")


def receive(say: Callable[[str], None]) -> None:
    """Letters of a hospital, once: where each role that files them lands, one waits to be decided.

    Fetched at once: the simulated operator forgets them when it stops.
    """
    managing_body = ManagingBody.objects.get(finess="990000002")
    with tenant(managing_body.pk):
        if Reception.objects.exists():
            return
        letters = [*_of_the_old(), *_with_another_name("fam"), *_with_another_name("ime")]
        houses = list(Establishment.objects.exclude(mailbox=""))
    for letter in letters:
        at = timezone.localtime().replace(microsecond=0)
        sent = message(letter.traits, letter.ins, at, to=letter.mailbox, conclusion=letter.conclusion)
        _post(letter.mailbox, sent)
    count = sum(fetch(managing_body.pk, house.pk, timezone.now()) for house in houses)
    say(f"{count} comptes rendus reçus d’un hôpital")


def _of_the_old() -> Iterator[Letter]:
    """The radiograph of who fell, which is filed by itself; a report on nobody we know."""
    if hurt := _qualified(EHPAD).filter(vigilances__kind="fall").first():
        yield Letter(EHPAD, hurt.traits, Ins(hurt.ins, hurt.ins_oid), RADIOGRAPH)
    yield from _with_another_name("ehpad")
    stranger = Traits("COMÈTE", "Halley", "Halley", "F", dt.date(1940, 2, 9), "35238")
    yield Letter(EHPAD, stranger, None, CONCLUSION)


def _with_another_name(house: str) -> Iterator[Letter]:
    """A report whose traits differ from ours by the first name: somebody must look."""
    box = mailbox(house)
    women = _qualified(box).filter(sex="F").exclude(vigilances__kind="fall")
    if person := women.first():
        other = replace(person.traits, first_name="YVETTE", birth_first_names="YVETTE")
        yield Letter(box, other, Ins(person.ins, person.ins_oid), CONCLUSION)


def _qualified(box: str) -> QuerySet[Person]:
    qualified = Person.objects.filter(identity_status="qualified")
    return qualified.filter(records__establishment__mailbox=box).order_by("pk")


def message(
    traits: Traits, ins: Ins | None, now: dt.datetime, *, to: str = EHPAD, conclusion: str = CONCLUSION
) -> bytes:
    """What a hospital's software would send."""
    printed = pdf.render(
        DocumentPdf(
            title="Compte rendu de consultation",
            establishment=paper.Establishment(ELSEWHERE.name),
            written=now,
            authors=("Dr Hervé PETITBOIS, médecin",),
            sections=(body.Section("Conclusion", (body.Paragraph(conclusion),)),),
        )
    )
    document = body.Document(_header(traits, ins, now), body.Embedded(printed))
    cda = writer.write(document)
    entry = xds.entry_of(cda, class_code=class_of(REPORT))
    submission = xds.SubmissionSet(
        oid(uuid7()), "1.2.250.1.999.2", entry.patient_id, now, value_set("JDV_J59").get("07"), entry.authors
    )
    archive = package.build(submission, [(entry, cda)], origin=package.Origin(ELSEWHERE.name), at=now)
    post = mail.Post(
        message_id=f"{uuid7()}@ch-exemple.mssante.test",
        date=now,
        product="AUTRE-LOGICIEL",
        sender=mime.Address(ELSEWHERE.name, "neurologie@ch-exemple.mssante.test"),
        recipients=(mime.Address("", to),),
        text="Veuillez trouver le compte rendu joint.",
    )
    label = value_set("JDV_J07").label(REPORT)
    shipment = mail.Shipment(
        traits, ins, (mail.Document(REPORT, label, local_day(now, PARIS), printed),), archive
    )
    return mime.write(mail.documents_mail(post, shipment))


def _header(traits: Traits, ins: Ins | None, now: dt.datetime) -> header.Header:
    sector = value_set("JDV_J02").get("SA12")  # établissement de soins
    return header.Header(
        id=header.Id(oid(uuid7())),
        set_id=header.Id(oid(uuid7())),
        version=1,
        code=header.Code(REPORT, header.LOINC, value_set("JDV_J07").label(REPORT)),
        title="Compte rendu de consultation",
        effective_time=now,
        patient=header.Patient(
            traits.birth_name,
            traits.first_name,
            traits.birth_first_names,
            traits.sex,
            traits.birth_date,
            birth_place=traits.birth_place,
            ins=ins,
            local_ids=(header.Id("1.2.250.1.999.2.2", "CH-12345"),),
        ),
        authors=(header.Author(now, DOCTOR),),
        custodian=ELSEWHERE,
        legal_authenticator=header.LegalAuthenticator(now, DOCTOR),
        events=(header.ServiceEvent(now, DOCTOR),),
        encounter=header.Encounter(header.Code(sector.code, sector.system, sector.display)),
    )


def _post(address: str, message: bytes) -> None:
    control = os.environ["JALON_MSSANTE_CONTROL"]
    url, headers = f"{control}/_sandbox/messages?address={address}", {"Content-Type": "message/rfc822"}
    httpx.post(url, content=message, headers=headers, timeout=10).raise_for_status()

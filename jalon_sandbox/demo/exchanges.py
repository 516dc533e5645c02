"""The demonstration's exchanges: signed plans published, three messages received from elsewhere."""

import datetime as dt
from collections.abc import Callable

import httpx
from django.utils import timezone
from uuid_utils.compat import uuid7

from jalon.core.identity import Ins, Traits
from jalon.db.tenant import tenant
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.compose.parcel import class_of
from jalon.exchange.outbox.publish import file_version, request_delivery
from jalon.exchange.outbox.routes import routes
from jalon.formats import mime, pdf, xds
from jalon.formats.cda import body, header, writer
from jalon.formats.xdm import package
from jalon.gateways.mssante import messages as mail
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from jalon.plans.models import PlanVersion
from jalon.terminology import value_set

PUBLISHED = 34
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


def publish(say: Callable[[str], None]) -> None:
    """Publish the signed plans of qualified people, once."""
    managing_body = ManagingBody.objects.get(finess="990000002")
    with tenant(managing_body.pk):
        signed = PlanVersion.objects.filter(plan__record__person__identity_status="qualified").select_related(
            "plan__record__person", "plan__record__establishment", "signed_by"
        )
        now = timezone.now()
        for version in signed.order_by("pk")[:PUBLISHED]:
            document = file_version(version=version, by=version.signed_by)
            for destination in routes():
                request_delivery(document=document, destination=destination, by=version.signed_by, now=now)
        say(f"{min(PUBLISHED, signed.count())} projets publiés vers le DMP et Mon espace santé (simulés)")


def receive(control: str) -> None:
    """Three reports in the EHPAD's mailbox: one certain, one whose traits differ, one of nobody."""
    managing_body = ManagingBody.objects.get(finess="990000002")
    with tenant(managing_body.pk):
        here = Person.objects.filter(
            identity_status="qualified", records__establishment__category="500"
        ).order_by("pk")
        certain, other = here[0], here[1]
    known, differing = certain.traits, other.traits
    stranger = Traits("COMÈTE", "Halley", "Halley", "F", dt.date(1940, 2, 9), "35238")
    cases = (
        (known, Ins(certain.ins, certain.ins_oid)),
        (
            Traits(
                differing.birth_name, "YVETTE", "YVETTE", "F", differing.birth_date, differing.birth_place
            ),
            Ins(other.ins, other.ins_oid),
        ),
        (stranger, None),
    )
    for traits, ins in cases:
        _post(
            control,
            "ehpad@jalon.mssante.test",
            _message(traits, ins, timezone.localtime().replace(microsecond=0)),
        )


def _message(traits: Traits, ins: Ins | None, now: dt.datetime) -> bytes:
    """What a hospital's software would send."""
    printed = pdf.document_pdf(
        pdf.DocumentPdf(
            title="Compte rendu de consultation",
            establishment=pdf.Establishment(ELSEWHERE.name),
            written=now,
            authors=("Dr Hervé PETITBOIS, médecin",),
            sections=(body.Section("Conclusion", (body.Paragraph(CONCLUSION),)),),
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
        recipients=(mime.Address("", "ehpad@jalon.mssante.test"),),
        text="Veuillez trouver le compte rendu joint.",
    )
    label = value_set("JDV_J07").label(REPORT)
    shipment = mail.Shipment(traits, ins, (mail.Document(REPORT, label, now.date(), printed),), archive)
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


def _post(control: str, address: str, message: bytes) -> None:
    url, headers = f"{control}/_sandbox/messages?address={address}", {"Content-Type": "message/rfc822"}
    httpx.post(url, content=message, headers=headers, timeout=10).raise_for_status()

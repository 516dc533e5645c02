"""Messages as another hospital's software would send them, and as somebody who means harm would."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from uuid_utils.compat import uuid7

from jalon.core.identity import Ins, Traits
from jalon.exchange.compose.identifiers import oid
from jalon.formats import mime, xds
from jalon.formats.cda import body, header, writer
from jalon.formats.mime import Report
from jalon.formats.xdm import package
from jalon.gateways.mssante import messages
from jalon.terminology import value_set
from tests.exchange import world as worlds
from tests.factories import TEST_OID, matricule

REPORT = "11488-4"
HOSPITAL = header.Organization(
    header.Id(header.STRUCTURES, "1990000069"), "Centre hospitalier d’Exemple", setting=header.ESSMS
)
DOCTOR = header.Entity(
    header.Id(header.PROFESSIONALS, "889970000991"),
    header.Code("G15_10", "1.2.250.1.213.1.1.4.5", "Médecin"),
    header.PersonName("ESSAI-MÉDECIN", "Hervé"),
    HOSPITAL,
)
PDF = b"%PDF-1.4 Compte rendu d'essai"
WRITTEN = dt.datetime(2026, 11, 20, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
CAMILLE = Traits("FICTIF", "CAMILLE", "CAMILLE ANNE", "F", worlds.BORN, "38185")
INS = Ins(matricule(worlds.CAMILLE), TEST_OID)
ARCHIVE = "application/zip"


def cda(traits: Traits = CAMILLE, ins: Ins | None = INS, **changes: Any) -> bytes:
    """A consultation report of this person; `changes` are fields of its header."""
    sector = value_set("JDV_J02").get("SA12")
    facts: dict[str, Any] = {
        "id": header.Id(oid(uuid7())),
        "set_id": header.Id(oid(uuid7())),
        "version": 1,
        "code": header.Code(REPORT, header.LOINC, value_set("JDV_J07").label(REPORT)),
        "title": "Compte rendu de consultation",
        "effective_time": WRITTEN,
        "authors": (header.Author(WRITTEN, DOCTOR),),
        "custodian": HOSPITAL,
        "legal_authenticator": header.LegalAuthenticator(WRITTEN, DOCTOR),
        "events": (header.ServiceEvent(WRITTEN, DOCTOR),),
        "encounter": header.Encounter(header.Code(sector.code, sector.system, sector.display)),
    }
    return writer.write(
        body.Document(header.Header(patient=_patient(traits, ins), **(facts | changes)), body.Embedded(PDF))
    )


def _patient(traits: Traits, ins: Ins | None) -> header.Patient:
    return header.Patient(
        traits.birth_name,
        traits.first_name,
        traits.birth_first_names,
        traits.sex,
        traits.birth_date,
        birth_place=traits.birth_place,
        ins=ins,
        local_ids=(header.Id("1.2.250.1.999.2.2", "CH-12345"),),
    )


def entry(document: bytes, ins: Ins | None = None) -> xds.DocumentEntry:
    """The metadata of a CDA, of its own person unless another is told."""
    described = xds.entry_of(document, class_code=xds.NORMAL)
    return replace(described, patient_id=xds.PatientId.of(ins)) if ins else described


def archive(*documents: bytes, of: Sequence[Ins | None] = ()) -> bytes:
    """IHE_XDM.zip of these documents; `of`: whose their metadata say they are."""
    owners = of or [None] * len(documents)
    entries = [entry(data, ins) for data, ins in zip(documents, owners, strict=True)]
    submission = xds.SubmissionSet(
        oid(uuid7()),
        "1.2.250.1.999.9",
        entries[0].patient_id,
        WRITTEN,
        value_set("JDV_J59").get("03"),
        entries[0].authors,
    )
    origin = package.Origin(HOSPITAL.name)
    return package.build(submission, list(zip(entries, documents, strict=True)), origin=origin, at=WRITTEN)


def mail(attached: bytes | None, to: str, **changes: Any) -> mime.Mail:
    """The mail that carries an archive (or nothing) to this mailbox."""
    twin = mime.Attachment("20261120_Compte rendu_FICTIF_CAMILLE.pdf", "application/pdf", PDF)
    zipped = (mime.Attachment("IHE_XDM.zip", ARCHIVE, attached), twin) if attached is not None else ()
    facts: dict[str, Any] = {
        "message_id": f"{uuid7()}@ch-exemple.mssante.test",
        "sender": mime.Address("Centre hospitalier d’Exemple", "neurologie@ch-exemple.mssante.test"),
        "recipients": (mime.Address("", to),),
        "subject": f"{messages.PREFIX}CR de consultation FICTIF CAMILLE 17/05/1951",
        "date": WRITTEN,
        "text": "Veuillez trouver le compte rendu joint.",
        "headers": {"X-MSS-NIL": "AUTRE", "X-MSS-CODECDA": REPORT, "X-MSS-INS": "O"},
        "attachments": zipped,
    }
    return mime.Mail(**(facts | changes))


def letter(attached: bytes | None, to: str = "maison@jalon.mssante.test", **changes: Any) -> bytes:
    """The bytes of `mail`."""
    return mime.write(mail(attached, to, **changes))


def report(of: str, **facts: Any) -> bytes:
    """A receipt or a bounce about the mail of this Message-ID."""
    told = Report(facts.pop("kind", "disposition"), of, **facts)
    return letter(None, subject="Lu : votre message", reports=(told,), headers={})


def files(zipped: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(zipped)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rezipped(content: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in content.items():
            opened.writestr(name, data)
    return written.getvalue()

"""What is spoilt, and who reads it: every door by which the bytes of others come in, by family."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from lxml import etree

from jalon.core.moment import PARIS, local_day
from jalon.exchange.inbox.reading import read_documents
from jalon.formats import mime, soap, tddui, xds
from jalon.formats.cda import reader, render, writer
from jalon.formats.xdm import package
from jalon.formats.xds import codes
from jalon.gateways.dmp import messages as dmp
from jalon.gateways.insi import messages as insi
from jalon.gateways.mssante.receipts import reports_of
from jalon_sandbox.bench import plan
from jalon_sandbox.demo.population import population
from jalon_sandbox.dmp import answers
from jalon_sandbox.insi import simulator

METADATA: Final = "IHE_XDM/SUBSET01/METADATA.XML"
DAY: Final = dt.datetime(2026, 11, 24, 14, 15, tzinfo=plan.PARIS)


@dataclass(frozen=True)
class Target:
    """A reader, and a file it reads well. `family` is what one asks for."""

    name: str
    read: Callable[[bytes], object]
    sound: bytes
    family: str = ""


def targets(transfers: Sequence[bytes]) -> list[Target]:
    """A mail and what it carries, clinical documents, answers of services, and these transfers."""
    from jalon_sandbox.demo import exchanges

    someone = population(local_day(DAY, PARIS))[0]
    mail = exchanges.message(someone.official, someone.ins, DAY)
    (archive,) = [one.data for one in mime.read(mail).attachments if one.name.lower().endswith(".zip")]
    document = package.read(archive).documents[0].data
    return [
        Target("mail", _read_mail, mail, "mail"),
        Target("xdm", package.read, archive, "xdm"),
        Target("xdm metadata", partial(_read_around, archive), _members(archive)[METADATA], "xdm"),
        Target("cda received", _show, document, "cda"),
        Target("cda n1", _show, writer.write(plan.embedded(1, b"%PDF-1.4 essai")), "cda"),
        Target("cda n3", _show, writer.write(plan.structured(1)), "cda"),
        *_answers(document),
        *(Target(f"tddui {n}", tddui.read, data, "tddui") for n, data in enumerate(transfers, start=1)),
    ]


def _read_mail(data: bytes) -> object:
    """All that becomes of a mail before a base is asked anything."""
    mail = mime.read(data)
    return reports_of(mail) or read_documents(mail)


def _show(data: bytes) -> object:
    return render.fragment(reader.read(data))


def _answers(document: bytes) -> list[Target]:
    """Of the DMP, and of INSi."""
    entry = xds.entry_of(document, class_code=xds.NORMAL)
    kind = soap.content_type("urn:essai")
    known = _enveloped(answers.found([entry]))
    read = answers.success("RegistryResponse", codes.RS)
    refused = answers.refusal(answers.Seen(), "XDSRepositoryError", "Lot refusé")
    patient = entry.patient_id.ins
    if patient is None:
        raise AssertionError("the document names somebody")
    exists = _enveloped(answers.existence(patient, "open", DAY))
    citizen = simulator.Citizen(
        patient.matricule, patient.oid, "FICTIF", "CAMILLE ANNE", "F", "1951-05-17", "38185"
    )
    return [
        Target("dmp entries", partial(dmp.parse_documents, kind), known, "soap"),
        Target("dmp response", partial(dmp.parse_response, kind), _enveloped(read), "soap"),
        Target("dmp refusal", partial(_told, partial(dmp.parse_response, kind)), refused, "soap"),
        Target("dmp existence", partial(dmp.parse_existence, kind), exists, "soap"),
        Target("insi", insi.parse_answer, simulator.result([citizen]), "soap"),
    ]


def _enveloped(payload: etree._Element) -> bytes:
    return soap.envelope(soap.Addressing("urn:essai", "urn:uuid:1", relates_to="urn:uuid:2"), payload)


def _told(parse: Callable[[bytes], object], data: bytes) -> object:
    """A refusal is an answer too."""
    from jalon.core.errors import Rejected

    try:
        return parse(data)
    except Rejected as refusal:
        return refusal


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _read_around(archive: bytes, metadata: bytes) -> object:
    """The archive with other metadata: spoilt as a whole, its checksums alone would refuse it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, content in (_members(archive) | {METADATA: metadata}).items():
            written.writestr(name, content)
    return package.read(made.getvalue())

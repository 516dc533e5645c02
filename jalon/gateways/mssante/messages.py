"""What a MSSanté mail says: subject, headers, attachments. Pure; time and identifiers come in.

The rules are those of the référentiel socle MSSanté #2 (ECO.2.1.1 to ECO.2.1.6, ECO.2.2.6) as collected in
the Ségur list (SC.MSS). One mail that carries documents is about one person, whom the receiver recognizes by
the `patientId` of METADATA.XML, never by the subject.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from jalon.core.errors import DomainError
from jalon.core.identity import INS_OIDS, Ins, Traits
from jalon.core.typography import NBSP
from jalon.formats.mime import Address, Attachment, Mail

SERVICE = "MSSanté"
PREFIX = "XDM/1.0/DDM+"
REPLACEMENT = "[Annule et remplace] "
END = "[FIN]"
ARCHIVE = "IHE_XDM.zip"
REAL_DOMAIN = "mssante.fr"
SIZE_LIMIT = 25 * 10**6  # bytes of the mail as it travels; megabytes read the strict way
LABEL_LIMIT = 40

MATRICULE = re.compile(r"[1-9]\d{4}(?:\d{2}|2[AB])\d{6}\d{2}", re.ASCII)
NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|_]+')
# The two that the norm writes, as software in the field does: case, accents and the code may lack.
FAILURE_PREFIX = re.compile(
    r"\[\s*(?:KO\s+|Erreur\s+(?:d\s*[’'´`ʼ]?\s*)?)int[ée]gration[^\]]*\]\s*(?:\[([^\]]*)\]\s*)?",
    re.IGNORECASE,
)
ARCHIVE_NAME = re.compile(r"ihe_xdm[^/]*\.zip", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """One clinical document: type (code and display name), date of its act, PDF/A-1 twin (ECO.2.1.5)."""

    code: str
    label: str
    act_date: dt.date
    pdf: bytes


@dataclass(frozen=True)
class Shipment:
    """The documents of one person, and the archive that holds their CDA.

    `ins` is given only when the identity is qualified. `record_number` is the record's own, in PDF names.
    `replaces`: the documents take the place of others sent before.
    """

    traits: Traits
    ins: Ins | None
    documents: tuple[Document, ...]
    archive: bytes
    record_number: str = ""
    replaces: bool = False


@dataclass(frozen=True)
class Post:
    """What every mail has. `product` is the product's reference (NIL) of the Convergence platform.

    `contact` is set when an application's mailbox sends: the PER or ORG mailbox where one answers (va1.09).
    `last` tells the citizen's side that no answer is expected (X-MSS-MES: FIN).
    """

    message_id: str
    date: dt.datetime
    sender: Address
    recipients: tuple[Address, ...]
    product: str
    text: str = ""
    contact: str = ""
    reading_receipt: bool = True
    delivery_receipt: bool = False
    last: bool = False
    allow_real_domains: bool = False


@dataclass(frozen=True)
class Subject:
    """A received subject taken apart; `shown` is what a screen writes (SC.MSS/UX.28).

    `fails`: the mail itself announces an integration failure, and is not an answer to such a notice.
    """

    stored: str
    shown: str
    carries_documents: bool
    replaces: bool
    failure_code: str
    fails: bool


# --- composing -------------------------------------------------------------------------------------


def documents_mail(post: Post, shipment: Shipment) -> Mail:
    """The mail of these documents: zip and PDF twins, subject and headers as ECO.2.1.1 to ECO.2.1.6 want.

    Raises DomainError `mssante_no_document`, `mssante_pdf_missing`, `mssante_too_large`, those of `letter`.
    """
    _check_shipment(shipment)
    mail = letter(post, documents_subject(shipment))
    codes = dict.fromkeys(document.code for document in shipment.documents)
    own = {"X-MSS-CODECDA": ",".join(codes), "X-MSS-INS": "O" if shipment.ins else "N"}
    return replace(mail, headers={**mail.headers, **own}, attachments=_files(shipment))


def letter(post: Post, subject: str) -> Mail:
    """A mail without documents: a question, an answer.

    Raises DomainError `mssante_real_domain` when an address is of the real network and the installation is
    not connected to it, `mssante_mailbox` when there is no recipient.
    """
    check_addresses(post)
    return Mail(
        message_id=post.message_id,
        sender=post.sender,
        recipients=post.recipients,
        subject=subject,
        date=post.date,
        text=_text(post),
        headers=_headers(post),
        reply_to=post.contact,
        disposition_notification_to=post.sender.address if post.reading_receipt else "",
        return_receipt_to=post.sender.address if post.delivery_receipt else "",
    )


def documents_subject(shipment: Shipment) -> str:
    """`XDM/1.0/DDM+<label> <NAME> <first name> <DD/MM/YYYY>` (ECO.2.1.3); a partial date is left out."""
    traits, documents = shipment.traits, shipment.documents
    label = documents[0].label[:LABEL_LIMIT] if len(documents) == 1 else f"{len(documents)} documents"
    born = f"{traits.birth_date:%d/%m/%Y}" if traits.birth_date_precision == "day" else ""
    words = [label, capitals(traits.birth_name), traits.first_name, born]
    subject = PREFIX + " ".join(" ".join(words).split())
    return REPLACEMENT + subject if shipment.replaces else subject


def pdf_name(document: Document, traits: Traits, record_number: str = "") -> str:
    """`<YYYYMMDD of the act>_<type, 40>_<NAME>_<first name>[_<record>].pdf` (ECO.2.1.6)."""
    label = _file_word(document.label)[:LABEL_LIMIT].strip()
    words = [
        f"{document.act_date:%Y%m%d}",
        label,
        capitals(traits.birth_name),
        traits.first_name,
        record_number,
    ]
    return "_".join(_file_word(word) for word in words if word) + ".pdf"


def capitals(name: str) -> str:
    """A birth name in capitals without accents; apostrophes and hyphens stay."""
    spread = (
        name.replace("’", "'").replace("Œ", "OE").replace("œ", "oe").replace("Æ", "AE").replace("æ", "ae")
    )
    plain = "".join(each for each in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(each))
    return plain.upper()


def _check_shipment(shipment: Shipment) -> None:
    if not shipment.documents or not shipment.archive:
        raise DomainError(
            "Aucun document à envoyer. Choisissez au moins un document.", code="mssante_no_document"
        )
    if not all(document.pdf for document in shipment.documents):
        raise DomainError(
            "Un document n’a pas sa version PDF, que la messagerie de santé exige. Publiez-le à nouveau.",
            code="mssante_pdf_missing",
        )
    carried = len(shipment.archive) + sum(len(document.pdf) for document in shipment.documents)
    if carried * 78 / 57 > SIZE_LIMIT:  # base64: 57 bytes a line of 76 characters and its end
        raise DomainError(
            f"Les documents dépassent 25{NBSP}Mo, la limite de la messagerie de santé. "
            "Envoyez-les en plusieurs fois.",
            code="mssante_too_large",
        )


def _files(shipment: Shipment) -> tuple[Attachment, ...]:
    names = _distinct(
        pdf_name(document, shipment.traits, shipment.record_number) for document in shipment.documents
    )
    twins = zip(names, shipment.documents, strict=True)
    return (
        Attachment(ARCHIVE, "application/zip", shipment.archive),
        *(Attachment(name, "application/pdf", document.pdf) for name, document in twins),
    )


def _distinct(names: Iterable[str]) -> list[str]:
    """The same names, numbered where two are equal: one file must not hide another at the receiver's."""
    given: list[str] = []
    for name in names:
        rank, candidate = 1, name
        while candidate in given:
            rank += 1
            candidate = f"{name.removesuffix('.pdf')}_{rank}.pdf"
        given.append(candidate)
    return given


def _file_word(text: str) -> str:
    return " ".join(NOT_IN_FILE_NAMES.sub(" ", text).split())


def _headers(post: Post) -> dict[str, str]:
    headers = {"X-MSS-NIL": post.product}
    if post.last:
        headers["X-MSS-MES"] = "FIN"
    if post.contact:
        headers["Auto-Submitted"] = "auto-generated"
    return headers


def _text(post: Post) -> str:
    if not post.contact:
        return post.text
    mention = (
        "Ce message a été généré automatiquement. Pour joindre son émetteur, "
        f"écrivez à l’adresse {post.contact}."
    )
    return f"{post.text.rstrip()}\n\n{mention}\n".lstrip()


# --- addresses -------------------------------------------------------------------------------------


def citizen_address(ins: Ins, domain: str, *, qualified: bool) -> str:
    """`<matricule>@patient.<domain>`, from a qualified INS only (ECO.2.2.6, SC.MSS/va1.19).

    `domain` is `mssante.fr` on the real network, where a test or demonstration INS is refused.
    Raises DomainError `mssante_ins_not_qualified`, `mssante_ins_format` or `mssante_test_identity`.
    """
    if not qualified:
        raise DomainError(
            f"L’identité de cette personne n’est pas qualifiée{NBSP}: son adresse Mon espace santé ne peut "
            "pas être utilisée. Récupérez son INS et vérifiez sa pièce d’identité.",
            code="mssante_ins_not_qualified",
        )
    if not MATRICULE.fullmatch(ins.matricule):
        raise DomainError("Le matricule INS est mal formé. Interrogez INSi.", code="mssante_ins_format")
    if is_real(f"@{domain}") and INS_OIDS.get(ins.oid) not in {"NIR", "NIA"}:
        raise DomainError(
            "Un matricule de test ne peut pas servir sur la messagerie réelle.", code="mssante_test_identity"
        )
    return f"{ins.matricule}@patient.{domain}"


def citizen_matricule(address: str) -> str:
    """The matricule in a citizen's address, whatever the domain; empty for any other (SC.MSS/UX.25)."""
    local, _, domain = address.strip().partition("@")
    found = domain.lower().startswith("patient.") and MATRICULE.fullmatch(local.upper())
    return local.upper() if found else ""


def is_real(address: str) -> bool:
    """Whether an address is of the real MSSanté network."""
    domain = address.rpartition("@")[2].strip().lower().rstrip(".")
    return domain == REAL_DOMAIN or domain.endswith(f".{REAL_DOMAIN}")


def check_addresses(post: Post) -> None:
    """Raises DomainError `mssante_mailbox` or `mssante_real_domain`."""
    if not post.recipients:
        raise DomainError("Aucun destinataire. Choisissez-en un.", code="mssante_mailbox")
    addresses = [post.sender.address, post.contact, *(each.address for each in post.recipients)]
    if not post.allow_real_domains and any(is_real(address) for address in addresses):
        raise DomainError(
            "Cette installation n’est pas raccordée à la messagerie de santé réelle. Une adresse mssante.fr "
            "y est refusée.",
            code="mssante_real_domain",
        )


# --- receiving -------------------------------------------------------------------------------------


def parse_subject(subject: str) -> Subject:
    """A subject taken apart: its prefixes are hidden from the screen and kept in `stored`."""
    composed = unicodedata.normalize("NFC", subject)
    failure = FAILURE_PREFIX.search(composed)
    rest = FAILURE_PREFIX.sub("", composed)
    shown = rest.replace(PREFIX, "").replace(REPLACEMENT.strip(), "").replace(END, "")
    return Subject(
        stored=subject,
        shown=" ".join(shown.split()),
        carries_documents=PREFIX in rest,
        replaces=REPLACEMENT.strip() in rest,
        failure_code=(failure[1] or "").strip() if failure else "",
        fails=bool(failure and not composed[: failure.start()].strip()),
    )


def archives_of(mail: Mail) -> tuple[Attachment, ...]:
    """The IHE_XDM archives of a received mail, whatever the case of their name and the number added to it.

    The norm wants one; some send several, and a forwarded mail repeats the one inside: equal bytes are one.
    """
    named = (each for each in mail.attachments if ARCHIVE_NAME.fullmatch(each.name))
    return tuple({each.data: each for each in named}.values())

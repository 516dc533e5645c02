"""A sandbox of INSi: the same protocol over mutual TLS, a register of fictional people, switches for trouble.

`POST /_sandbox` with `{"mode": "refuse" | "slow" | "cut" | "broken" | "normal", "code": …, "label": …,
"seconds": …}` changes how the next searches are answered; `GET /_sandbox` says how it stands.
"""

import dataclasses
import re
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import orjson
from lxml import etree

from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError
from jalon.core.names import NameKind, insi_name
from jalon.formats import xml
from jalon.formats.soap import SOAP12, WSA
from jalon.gateways.insi import messages
from jalon.gateways.insi.messages import BAM, LPS, RESULT, SEARCH
from jalon_sandbox.common.server import CLIENT_NAME

REQUEST_LIMIT = 2**20
CERTIFICATE_NAMES = ("INSI-AUTO", "INSI-MANU")
_NS = {"s": SOAP12, "w": WSA, "b": BAM, "l": LPS, "q": SEARCH}
_ORDER = ("NomNaissance", "Prenom", "Sexe", "DateNaissance", "LieuNaissance")
_MESSAGE_ID = re.compile(r"uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


# --- the register -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastNumber:
    matricule: str
    oid: str
    starts_on: str = ""
    ends_on: str = ""


@dataclass(frozen=True)
class Citizen:
    """A person of the register, in its own words: an empty trait and a date with 00 happen there."""

    matricule: str
    oid: str
    birth_name: str
    birth_first_names: str
    sex: str
    birth_date: str
    birthplace: str = ""
    first_name: str = ""
    history: tuple[PastNumber, ...] = ()


def load(path: Path) -> tuple[Citizen, ...]:
    """The register of a JSON file: a list of objects with the fields of `Citizen`.

    Raises TypeError on a field that does not exist or is missing.
    """
    return tuple(_citizen(entry) for entry in orjson.loads(path.read_bytes()))


def _citizen(entry: dict[str, Any]) -> Citizen:
    history = tuple(PastNumber(**number) for number in entry.get("history", ()))
    return Citizen(**(entry | {"history": history}))


@dataclass(frozen=True)
class _Query:
    birth_name: str
    given_names: str
    sex: str
    birth_date: str
    birthplace: str

    def finds(self, citizen: Citizen) -> bool:
        """Strictly, hyphens included; the given names are the beginning of the list; a lunar date counts as
        the date it is completed to."""
        return (
            (self.birth_name, self.sex) == (citizen.birth_name, citizen.sex)
            and f"{citizen.birth_first_names} ".startswith(f"{self.given_names} ")
            and self.birth_date in (citizen.birth_date, _completed(citizen.birth_date))
            and self.birthplace in ("", citizen.birthplace)
        )


def _completed(text: str) -> str:
    try:
        return PartialDate.parse(text).completed().isoformat()
    except DomainError:
        return text


# --- the service --------------------------------------------------------------------------------------------


class _FaultError(Exception):
    """A SOAP fault: `code` of WS-Addressing or siram, and the insurance's own error when there is one."""

    def __init__(self, reason: str, *, code: str = "", error: str = "", label: str = "") -> None:
        super().__init__(reason)
        self.reason, self.code, self.error, self.label = reason, code, error, label


Mode = Literal["normal", "refuse", "slow", "cut", "broken"]


@dataclass(frozen=True)
class Behavior:
    """How searches are answered: `code` and `label` are those of a refusal, `seconds` those of slowness."""

    mode: Mode = "normal"
    code: str = "desir_500"
    label: str = "Service momentanément indisponible."
    seconds: float = 5.0


class Simulator:
    """The service as a WSGI application. `idams` are the authorization numbers it knows."""

    def __init__(self, citizens: Iterable[Citizen], *, idams: Collection[str]) -> None:
        self.citizens = tuple(citizens)
        self.idams = frozenset(idams)
        self.behavior = Behavior()
        self.received: deque[bytes] = deque(maxlen=100)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/_sandbox":
            return self._sandbox(environ, start_response)
        if environ["PATH_INFO"] != messages.PATH or environ["REQUEST_METHOD"] != "POST":
            return _reply(start_response, "404 Not Found", "text/plain; charset=utf-8", b"POST /lps\n")
        if self.behavior.mode == "cut":
            # More is announced than sent: the client sees the connection end inside the answer.
            start_response("200 OK", [("Content-Type", "application/soap+xml"), ("Content-Length", "4096")])
            return [b"<?xml "]
        return self._answer(environ, start_response)

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = _body(environ)
        self.received.append(request)
        try:
            self._misbehave()
            status, content = "200 OK", self._search(environ, request)
        except _FaultError as fault:
            status, content = "500 Internal Server Error", _fault(fault, _message_id(request))
        if self.behavior.mode == "broken":
            content = b"<html>Service en maintenance</html>"
        return _reply(start_response, status, "application/soap+xml; charset=utf-8", content)

    def _misbehave(self) -> None:
        if self.behavior.mode == "slow":
            time.sleep(self.behavior.seconds)
        if self.behavior.mode == "refuse":
            raise _FaultError(
                "Contactez votre responsable informatique.",
                code="siram_100",
                error=self.behavior.code,
                label=self.behavior.label,
            )

    def _search(self, environ: Environ, request: bytes) -> bytes:
        envelope = _envelope(environ, request)
        _check_certificate(environ)
        self._check_header(envelope)
        query = _query(envelope)
        return result([citizen for citizen in self.citizens if query.finds(citizen)])

    def _check_header(self, envelope: etree._Element) -> None:
        for needed in ("w:Action", "w:MessageID", "b:ContexteBAM/b:COUVERTURE", "l:ContexteLPS/l:LPS"):
            if envelope.find(f"s:Header/{needed}", _NS) is None:
                raise _FaultError(
                    f"L’en-tête {needed[2:]} manque.", code="wsa:MessageAddressingHeaderRequired"
                )
        if not _MESSAGE_ID.fullmatch(envelope.findtext("s:Header/w:MessageID", "", _NS)):
            raise _FaultError("MessageID attendu\u00a0: uuid:<v4>.", code="wsa:InvalidAddressingHeader")
        if envelope.findtext("s:Header/w:Action", "", _NS) != messages.ACTION:
            raise _FaultError("Cette action n’est pas servie ici.", code="wsa:ActionNotSupported")
        if envelope.findtext("s:Header/l:ContexteLPS/l:LPS/l:IDAM", "", _NS) not in self.idams:
            raise _FaultError(
                "L'accès par ce progiciel au service n'est pas autorisé.",
                code="siram_100",
                error="desir_550",
                label="Numéro d'autorisation du logiciel inconnu.",
            )

    def _sandbox(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            self.behavior = Behavior(**orjson.loads(_body(environ) or b"{}"))
        state = orjson.dumps(dataclasses.asdict(self.behavior))
        return _reply(start_response, "200 OK", "application/json", state)


def _check_certificate(environ: Environ) -> None:
    if environ.get(CLIENT_NAME, CERTIFICATE_NAMES[0]) not in CERTIFICATE_NAMES:
        raise _FaultError(
            "Niveau d'accès insuffisant.",
            code="siram_100",
            error="desir_560",
            label="Vous ne disposez pas des droits suffisants pour accéder à ce service.",
        )


# --- reading ------------------------------------------------------------------------------------------------


def _body(environ: Environ) -> bytes:
    size = min(int(environ.get("CONTENT_LENGTH") or 0), REQUEST_LIMIT)
    data: bytes = environ["wsgi.input"].read(size)
    return data


def _envelope(environ: Environ, request: bytes) -> etree._Element:
    if not environ.get("CONTENT_TYPE", "").startswith("application/soap+xml"):
        raise _FaultError("Le type attendu est application/soap+xml (SOAP 1.2).")
    try:
        envelope = xml.parse(request, limit=REQUEST_LIMIT)
    except DomainError as error:
        raise _FaultError(str(error)) from error
    if envelope.tag != f"{{{SOAP12}}}Envelope":
        raise _FaultError("Une enveloppe SOAP 1.2 est attendue.", code="soap:VersionMismatch")
    return envelope


def _message_id(request: bytes) -> str:
    try:
        return xml.parse(request, limit=REQUEST_LIMIT).findtext("s:Header/w:MessageID", "", _NS)
    except DomainError:
        return ""


def _query(envelope: etree._Element) -> _Query:
    asked = envelope.find("s:Body/q:RECSANSVITALE", _NS)
    if asked is None:
        raise _FaultError("Le corps attendu est RECSANSVITALE.")
    tags = [etree.QName(child).localname for child in asked.iterchildren(etree.Element)]
    if any(tag not in _ORDER for tag in tags) or tags != sorted(tags, key=_ORDER.index):
        raise _FaultError("Les éléments de RECSANSVITALE ne suivent pas le schéma.")
    if missing := set(_ORDER[:4]) - set(tags):
        raise _FaultError(f"Il manque {', '.join(sorted(missing))}.")
    names = [_national(name.text or "", "given") for name in asked.iterfind("q:Prenom", _NS)]
    return _Query(
        birth_name=_national(asked.findtext("q:NomNaissance", "", _NS), "family"),
        given_names=" ".join(names),
        sex=asked.findtext("q:Sexe", "", _NS),
        birth_date=asked.findtext("q:DateNaissance", "", _NS),
        birthplace=asked.findtext("q:LieuNaissance", "", _NS),
    )


def _national(name: str, kind: NameKind) -> str:
    """The service refuses lower case, accents and ligatures (SEL-MP-043 §2)."""
    try:
        written = insi_name(name, kind)
    except DomainError as error:
        raise _FaultError(str(error)) from error
    if written != name:
        raise _FaultError(f"«\u00a0{name}\u00a0» n’est pas en capitales sans accent.")
    return name


# --- writing ------------------------------------------------------------------------------------------------


def _reply(start_response: StartResponse, status: str, kind: str, content: bytes) -> list[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(content)))])
    return [content]


def result(found: list[Citizen]) -> bytes:
    if not found:
        return _enveloped(_outcome("01", "Aucune identite trouvee"))
    if len(found) > 1:
        return _enveloped(_outcome("02", "Plusieurs identites trouvees"))
    return _enveloped(_outcome("00", "OK", _individual(found[0])))


def _outcome(code: str, label: str, individual: str = "") -> str:
    summary = _tag("CR", _leaf("CodeCR", code) + _leaf("LibelleCR", label))
    return f'<RESULTAT xmlns="{RESULT}">{summary}{individual}</RESULTAT>'


def _individual(citizen: Citizen) -> str:
    past = (
        _tag("INSHISTO", _number(old.matricule, old.oid, old.starts_on, old.ends_on))
        for old in citizen.history
    )
    traits = (
        _leaf("NomNaissance", citizen.birth_name, always=True)
        + _leaf("Prenom", citizen.first_name)
        + _leaf("ListePrenom", citizen.birth_first_names, always=True)
        + _leaf("Sexe", citizen.sex)
        + _leaf("DateNaissance", citizen.birth_date)
        + _leaf("LieuNaissance", citizen.birthplace)
    )
    active = _tag("INSACTIF", _number(citizen.matricule, citizen.oid))
    return _tag("INDIVIDU", active + "".join(past) + _tag("TIQ", traits))


def _number(matricule: str, oid: str, starts_on: str = "", ends_on: str = "") -> str:
    numbers = _leaf("NumIdentifiant", matricule[:13]) + _leaf("Cle", matricule[13:])
    dates = _leaf("DateDeb", starts_on) + _leaf("DateFin", ends_on)
    return _tag("IdIndividu", numbers) + _leaf("OID", oid) + dates


def _tag(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _leaf(name: str, text: str, *, always: bool = False) -> str:
    return _tag(name, escape(text)) if text or always else ""


def _fault(fault: _FaultError, message_id: str) -> bytes:
    subcode = fault.code if ":" in fault.code else f"soap:{fault.code}"
    subcodes = f"<soap:Subcode><soap:Value>{subcode}</soap:Value></soap:Subcode>" if fault.code else ""
    detail = (
        f'<soap:Detail><siram:Erreur xmlns:siram="{messages.SIRAM}" code={quoteattr(fault.error)} '
        f'messageID={quoteattr(message_id)} severite="erreur">{escape(fault.label)}</siram:Erreur>'
        "</soap:Detail>"
    )
    return _enveloped(
        f'<soap:Fault xmlns:wsa="{WSA}"><soap:Code><soap:Value>soap:Sender</soap:Value>{subcodes}</soap:Code>'
        f'<soap:Reason><soap:Text xml:lang="fr">{escape(str(fault.reason))}</soap:Text></soap:Reason>'
        f"{detail if fault.error else ''}</soap:Fault>"
    )


def _enveloped(content: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="{SOAP12}"><soap:Body>'
    return f"{head}{content}</soap:Body></soap:Envelope>".encode()

"""The DMP's sandbox: a WSGI application that answers the real protocol, and a TLS server to put it behind.

It verifies what the DMP verifies (`registry.py` has the rules) and fails on demand: `refuse`, `slow`, `cut`.
`/_sandbox`, for the loopback only, shows what was received (GET) and turns the switches (POST). In memory.
"""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats import soap, xds
from jalon.formats.xades import verify_manifest
from jalon.formats.xds import codes
from jalon.formats.xdsig import Trust
from jalon.gateways.common import vihf as vihfs
from jalon.gateways.common.trace import utc_now
from jalon.gateways.dmp import messages
from jalon_sandbox.common.server import CLIENT_SERIAL, serve
from jalon_sandbox.dmp import answers
from jalon_sandbox.dmp.registry import Incoming, PatientState, Policy, Registry, RegistryError

__all__ = ["CutError", "PatientState", "Policy", "Received", "Simulator", "Switches", "serve"]

CONTROL: Final = "/_sandbox"
LOOPBACK: Final = ("127.0.0.1", "::1")
SOAP_TYPE: Final = "application/soap+xml; charset=UTF-8"
Moment = Literal["before", "after", "middle"]


class CutError(httpx.RemoteProtocolError, ConnectionAbortedError):
    """The cable. The server closes the socket without a word; in process, the client sees the same error."""


@dataclass(frozen=True)
class Switches:
    """What goes wrong, for the next `times` messages (for ever when None).

    `refuse` is an error code to answer; `slow` a wait in seconds; `cut` when the cable breaks: "before"
    anything is stored, "after" storing and before answering, in the "middle" of the answer.
    """

    refuse: str = ""
    slow: float = 0.0
    cut: Moment | None = None
    times: int | None = None


@dataclass(frozen=True)
class Received:
    """One message that came in, and what was answered: `Success`, an error code, or `cut`."""

    action: str
    message_id: str
    submission_id: str
    unique_ids: tuple[str, ...]
    outcome: str


class Simulator:
    """The WSGI application. `now` tells the time certificates are judged at."""

    def __init__(
        self,
        policy: Policy,
        patients: Mapping[Ins, PatientState],
        *,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.registry = Registry(policy, patients)
        self.now = now
        self.received: list[Received] = []
        self.switches = Switches()
        self._lock = threading.Lock()
        self._schema = answers.schema(policy.schemas)

    # --- switches ----------------------------------------------------------------------------------

    def refuse(self, code: str, *, times: int | None = None) -> None:
        """Answer the next messages with this error code."""
        self.switches = Switches(refuse=code, times=times)

    def slow(self, seconds: float, *, times: int | None = None) -> None:
        """Wait before answering."""
        self.switches = Switches(slow=seconds, times=times)

    def cut(self, moment: Moment, *, times: int | None = None) -> None:
        """Break the cable: "before" storing, "after" storing, in the "middle" of the answer."""
        self.switches = Switches(cut=moment, times=times)

    def heal(self) -> None:
        """Everything works again; what was received stays."""
        self.switches = Switches()

    def _spend(self) -> Switches:
        """The switches that apply to this message."""
        with self._lock:
            present = self.switches
            if present.times is not None:
                left = present.times - 1
                self.switches = replace(present, times=left) if left > 0 else Switches()
            return present

    # --- WSGI --------------------------------------------------------------------------------------

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == CONTROL:
            return self._control(environ, start_response)
        if method != "POST":
            return _answer(start_response, "405 Method Not Allowed", "text/plain", b"")
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > soap.MAX_MESSAGE:
            return _answer(start_response, "413 Content Too Large", "text/plain", b"")
        body = environ["wsgi.input"].read(int(length))
        return self._exchange(environ, start_response, body)

    def _exchange(
        self, environ: WSGIEnvironment, start_response: StartResponse, body: bytes
    ) -> Iterable[bytes]:
        switches = self._spend()
        time.sleep(switches.slow)
        kind = environ.get("CONTENT_TYPE", "")
        if switches.cut == "before":
            self._note(answers.peek(kind, body), "cut")
            raise CutError("cut before anything was done")
        status, answer = self._handle(kind, body, environ, switches)
        if switches.cut == "after":
            raise CutError("cut after the work, before the answer")
        sent = _answer(start_response, status, SOAP_TYPE, answer)
        return _half(answer) if switches.cut == "middle" else sent

    def _handle(
        self, kind: str, body: bytes, environ: WSGIEnvironment, switches: Switches
    ) -> tuple[str, bytes]:
        """(HTTP status, answer). Every message is counted, whatever became of it."""
        seen = answers.peek(kind, body)
        try:
            if switches.refuse:
                raise RegistryError(switches.refuse, "refus demandé au bac à sable")
            payload = self._do(kind, body, environ)
        except RegistryError as refusal:
            self._note(seen, refusal.code)
            return "200 OK", answers.refusal(seen, refusal.code, refusal.context)
        except DomainError as error:
            self._note(seen, error.code)
            subcode = "" if error.code in ("soap_refused", "xml_refused") else "FailedAuthentication"
            reason = soap.fault(answers.addressing(seen), str(error), subcode=subcode)
            return "400 Bad Request", reason
        self._note(seen, "Success")
        return "200 OK", soap.envelope(answers.addressing(seen), payload)

    def _note(self, seen: answers.Seen, outcome: str) -> None:
        with self._lock:
            self.received.append(
                Received(seen.action, seen.message_id, seen.submission_id, seen.unique_ids, outcome)
            )

    # --- transactions ------------------------------------------------------------------------------

    def _do(self, kind: str, body: bytes, environ: WSGIEnvironment) -> etree._Element:
        """The payload of the answer. Raises RegistryError, or a DomainError which becomes a fault."""
        unpacked = soap.unpack(kind, body)
        message = soap.read(unpacked.soap)
        if message.version != "1.2" or message.payload is None:
            raise soap.refused("Le DMP attend un message SOAP 1.2.")
        verified = self._authenticate(message, environ)
        payload = message.payload
        handlers = {
            messages.SUBMIT: lambda: self._feed(payload, unpacked, verified.vihf),
            messages.QUERY: lambda: self._query(payload, verified.vihf),
            messages.UPDATE: lambda: self._update(payload, verified.vihf),
            messages.EXISTS: lambda: self._exists(payload),
        }
        handler = handlers.get(message.addressing.action)
        if handler is None:
            raise soap.refused("Action inconnue.", place=message.addressing.action)
        return handler()

    def _authenticate(self, message: soap.Message, environ: WSGIEnvironment) -> vihfs.Verified:
        header = message.header
        found = [] if header is None else header.findall(f"{{{soap.WSSE}}}Security/{{{vihfs.SAML}}}Assertion")
        if len(found) != 1:
            raise DomainError("Un jeton VIHF et un seul est attendu.", code="vihf_refused")
        verified = vihfs.read_and_verify(found[0], self.registry.policy.ca_pem, self.now())
        if environ.get(CLIENT_SERIAL) == verified.certificate.serial_number:
            raise DomainError("Le certificat TLS ne doit pas signer le VIHF.", code="vihf_refused")
        return verified

    def _feed(self, payload: etree._Element, unpacked: soap.Unpacked, vihf: vihfs.Vihf) -> etree._Element:
        documents = answers.documents(payload, unpacked.parts)
        soap.inline(payload, unpacked.parts)
        if self._schema is not None and not self._schema.validate(payload):
            raise RegistryError("XDSRepositoryMetadataError", str(self._schema.error_log)[:500])
        try:
            metadata = xds.decode(payload)
        except DomainError as error:
            raise RegistryError("XDSRegistryMetadataError", str(error)) from error
        self.registry.feed(Incoming(metadata, documents, vihf, self._digests(metadata, documents)))
        return answers.success("RegistryResponse", codes.RS)

    def _digests(self, metadata: xds.Metadata, documents: Mapping[str, bytes]) -> Mapping[str, str] | None:
        """What the submission's signature covers, once verified; None when there is none."""
        signatures = [entry.id for entry in metadata.entries if xds.is_signature(entry)]
        if not signatures or signatures[0] not in documents:
            return None
        try:
            trust = Trust(self.registry.policy.ca_pem)
            return verify_manifest(documents[signatures[0]], trust, self.now())
        except DomainError as error:
            raise RegistryError("XDSRepositoryError", str(error)) from error

    def _query(self, payload: etree._Element, vihf: vihfs.Vihf) -> etree._Element:
        query = payload.find(f"{{{codes.RIM}}}AdhocQuery")
        if query is None or query.get("id") != messages.GET_DOCUMENTS:
            raise RegistryError("XDSUnknownStoredQuery", "seule GetDocuments est servie en INDIRECTE")
        unique_ids = answers.unique_ids(query)
        if not unique_ids:
            raise RegistryError("XDSStoredQueryMissingParam", "$XDSDocumentEntryUniqueId")
        return answers.found(self.registry.find(unique_ids, vihf))

    def _update(self, payload: etree._Element, vihf: vihfs.Vihf) -> etree._Element:
        try:
            metadata = xds.decode(payload)
        except DomainError as error:
            raise RegistryError("XDSRegistryMetadataError", str(error)) from error
        self.registry.change_status(metadata, vihf)
        return answers.success("RegistryResponse", codes.RS)

    def _exists(self, payload: etree._Element) -> etree._Element:
        patient = answers.asked_patient(payload)
        return answers.existence(patient, self.registry.patients.get(patient), self.now())

    # --- control -----------------------------------------------------------------------------------

    def _control(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR") not in LOOPBACK:
            return _answer(start_response, "403 Forbidden", "text/plain", b"")
        if environ["REQUEST_METHOD"] == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            try:
                self.switches = Switches(**json.loads(environ["wsgi.input"].read(length) or b"{}"))
            except (ValueError, TypeError):
                return _answer(start_response, "400 Bad Request", "text/plain", b"")
        return _answer(start_response, "200 OK", "application/json", self._report())

    def _report(self) -> bytes:
        with self._lock:
            report: dict[str, Any] = {
                "messages": len(self.received),
                "received": [asdict(one) for one in self.received],
                "stored": [
                    {
                        "unique_id": one.entry.unique_id,
                        "entry_uuid": one.entry.id,
                        "status": one.entry.status,
                        "submission": one.submission_id,
                    }
                    for one in self.registry.stored
                ],
                "switches": asdict(self.switches),
            }
        return json.dumps(report, ensure_ascii=False).encode()


def _answer(start_response: StartResponse, status: str, kind: str, body: bytes) -> list[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _half(answer: bytes) -> Iterator[bytes]:
    yield answer[: len(answer) // 2]
    raise CutError("cut in the middle of the answer")

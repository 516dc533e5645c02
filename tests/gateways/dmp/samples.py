"""A structure, its seal, its user, and feeds ready to send, for the tests of the DMP."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx

from jalon.core.identity import Ins
from jalon.formats import xds
from jalon.formats.xdsig import Signer
from jalon.gateways.common.vihf import PASSWORD, Software, Vihf, build_with
from jalon.gateways.dmp.client import Client
from jalon.gateways.dmp.messages import Application, Lot
from jalon.terminology import Coding
from jalon_sandbox.common.pki import Authority, Credential
from jalon_sandbox.dmp.simulator import PatientState, Policy, Simulator
from tests.formats.xds_samples import NOW, PATIENT, PLAN_CLASS, STRUCTURE_ID, cda, submission

ABSENT = Ins("275126322074974", "1.2.250.1.213.1.4.10")
CLOSED = Ins("180032B02040123", "1.2.250.1.213.1.4.10")
OPPOSED = Ins("109076322083489", "1.2.250.1.213.1.4.10")
PATIENTS: Mapping[Ins, PatientState] = {PATIENT: "open", CLOSED: "closed", OPPOSED: "opposed"}
APPLICATION = Application("1.2.250.1.999.1", "Jalon")
AUTHORITY = Authority.create(NOW)


@dataclass(frozen=True)
class House:
    """An establishment that feeds the DMP: its seal and who is signed in."""

    authority: Authority
    seal: Credential
    now: dt.datetime

    @classmethod
    def of(cls, authority: Authority = AUTHORITY, now: dt.datetime = NOW) -> "House":
        return cls(authority, authority.signing("Sceau EHPAD", unit=STRUCTURE_ID), now)

    @property
    def signer(self) -> Signer:
        return Signer(self.seal.key_pem, self.seal.cert_pem)

    def vihf(self, patient: Ins = PATIENT) -> Vihf:
        return Vihf(
            user_id="801234567897",
            user_name="MARTIN Claire, EHPAD LES TILLEULS (FICTIF)",
            roles=(Coding("1.2.250.1.71.1.2.7", "60", "Infirmier"),),
            structure_id=STRUCTURE_ID,
            sector="SA17",
            signed_in_at=self.now,
            software=Software("Jalon", "0.1", "HOMOL-TEST"),
            patient=patient,
            authentication=PASSWORD,
        )

    def assertion(self, vihf: Vihf | None = None) -> bytes:
        return build_with(vihf or self.vihf(), self.signer, self.now, f"_{uuid.uuid4()}")

    def sign(self, lot: Lot) -> Lot:
        return lot.signed(self.signer, unique_id=oid(), signature_id=f"_{uuid.uuid4()}", at=self.now)

    def lot(
        self, patient: Ins = PATIENT, *, unique_id: str = "", replaces: str = "", text: str = "JVBE"
    ) -> Lot:
        """A signed feed of one plan, under new identifiers."""
        document_id = unique_id or oid()
        data = cda(document_id, patient=patient, text=text)
        entry = xds.entry_of(data, class_code=PLAN_CLASS)
        sent = replace(submission(oid(), patient=patient), submission_time=self.now)
        return self.sign(Lot.of(sent, [(entry, data)], replaces={document_id: replaces}))


def oid() -> str:
    """A new identifier, from a UUID (ITU X.667)."""
    return f"2.25.{uuid.uuid4().int}"


def message_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def simulator(policy: Policy | None = None) -> Simulator:
    return Simulator(policy or Policy(AUTHORITY.ca_pem), PATIENTS, now=lambda: NOW)


def client(service: Simulator) -> Client:
    """A client of the simulator, in the same process."""
    return Client(httpx.Client(transport=httpx.WSGITransport(service), base_url="https://dmp.test"))

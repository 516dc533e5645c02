"""The simulators of the national services, together, on loopback, with a throw-away authority."""

import contextlib
import datetime as dt
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

from jalon.core.identity import Ins
from jalon.terminology import value_set
from jalon_sandbox.common import server
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.dmp import simulator as dmp
from jalon_sandbox.dmp.registry import PatientState
from jalon_sandbox.insi import simulator as insi
from jalon_sandbox.mssante import simulator as mssante
from jalon_sandbox.psc import people as psc_people
from jalon_sandbox.psc import simulator as psc
from jalon_sandbox.psc.parties import Party

IDAM = "JALONDEMO00001"
MAIL_DOMAIN = "mssante.test"
PSC_CLIENT = "jalon-demo"
PSC_SECRET = "jalon-demo-secret"  # noqa: S105  of the sandbox, on loopback


def identities(folder: Path, authority: Authority) -> dict[str, str]:
    """The structure's certificates: TLS, INSi, and the seal that signs (never the TLS one)."""
    authority.write(folder)
    structure = authority.client("JALON-DEMO", unit="1990000002").write(folder, "structure")
    manual = authority.client("INSI-MANU", unit="1990000002").write(folder, "insi")
    seal = authority.signing("JALON-DEMO-SCEAU", unit="1990000002").write(folder, "seal")
    return {
        "JALON_SERVICES_CA": str(folder / "ca.crt"),
        "JALON_SERVICES_CERTIFICATE": str(structure[0]),
        "JALON_SERVICES_KEY": str(structure[1]),
        "JALON_INSI_CERTIFICATE": str(manual[0]),
        "JALON_INSI_KEY": str(manual[1]),
        "JALON_SIGNATURE_CERTIFICATE": str(seal[0]),
        "JALON_SIGNATURE_KEY": str(seal[1]),
    }


@contextlib.contextmanager
def running(folder: Path, public_url: str) -> Iterator[dict[str, str]]:
    """Every simulator, as long as the block lasts; gives the environment that connects the product to them.

    `folder` may hold `insi.json` and `psc.json` (who the services know); certificates are written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(dt.UTC)
    authority = Authority.create(now)
    services = authority.server(["localhost"])
    context = server.server_context(authority.ca_pem, services.cert_pem, services.key_pem)
    with contextlib.ExitStack() as stack:
        environment = identities(folder, authority)
        known = folder / "insi.json"
        register = insi.Simulator(insi.load(known) if known.exists() else (), idams=[IDAM])
        environment["JALON_INSI_URL"] = stack.enter_context(server.serve(register, context))
        environment["JALON_INSI_IDAM"] = IDAM
        environment |= stack.enter_context(_psc(folder, public_url))
        environment |= stack.enter_context(_dmp(folder, authority, context))
        environment |= stack.enter_context(_mssante(folder, authority))
        yield environment


@contextlib.contextmanager
def _psc(folder: Path, public_url: str) -> Iterator[dict[str, str]]:
    """Pro Santé Connect: plain HTTP on loopback, since a browser would refuse a throw-away authority."""
    known = folder / "psc.json"
    people = psc_people.load(known) if known.exists() else ()
    party = Party(
        PSC_CLIENT,
        PSC_SECRET,
        (f"{public_url}/compte/oidc/psc/login/callback/",),
        (f"{public_url}/compte/deconnexion/",),
    )
    provider = psc.Simulator("", people, [party])
    with server.serve(provider, None) as address:
        base = address.replace("127.0.0.1", "localhost")
        provider.settle(base)
        yield {
            "JALON_PSC_DISCOVERY": base + psc.DISCOVERY,
            "JALON_PSC_ORIGIN": base,
            "JALON_PSC_CLIENT_ID": PSC_CLIENT,
            "JALON_PSC_CLIENT_SECRET": PSC_SECRET,
            "JALON_PSC_TELEPHONE": "true",
        }


@contextlib.contextmanager
def _dmp(folder: Path, authority: Authority, context: ssl.SSLContext) -> Iterator[dict[str, str]]:
    """The DMP: everyone the simulated INSi knows has one; a few oppose it."""
    types = frozenset(coding.code for coding in value_set("JDV_J66"))
    policy = dmp.Policy(authority.ca_pem, types=types)
    known = folder / "insi.json"
    citizens = insi.load(known) if known.exists() else ()
    people: dict[Ins, PatientState] = {Ins(one.matricule, one.oid): "open" for one in citizens}
    with dmp.serve(dmp.Simulator(policy, people), context) as address:
        yield {"JALON_DMP_URL": address, "JALON_DMP_APPROVAL": "JALON-DEMO"}


@contextlib.contextmanager
def _mssante(folder: Path, authority: Authority) -> Iterator[dict[str, str]]:
    """The MSSanté operator: a mailbox for each address of `mssante.json`; citizens' as mail comes to them."""
    known = folder / "mssante.json"
    secrets = json.loads(known.read_text("utf-8")) if known.exists() else {}
    boxes = [mssante.Box(address, secret) for address, secret in secrets.items()]
    with mssante.Operator(authority, MAIL_DOMAIN, boxes) as operator:
        yield {
            "JALON_MSSANTE_SMTP": f"localhost:{operator.ports.smtp}",
            "JALON_MSSANTE_IMAP": f"localhost:{operator.ports.imap}",
            "JALON_MSSANTE_CONTROL": f"http://127.0.0.1:{operator.ports.control}",
            "JALON_MSSANTE_SECRETS": json.dumps(secrets),
            "JALON_MSSANTE_CITIZEN_DOMAIN": MAIL_DOMAIN,
            "JALON_MSSANTE_HOST": f"jalon.{MAIL_DOMAIN}",
            "JALON_NIL": "JALON-DEMO",
        }

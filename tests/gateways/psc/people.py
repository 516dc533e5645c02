"""The professionals of the PSC tests: visibly fictional; the nurse is the one of the shared sample."""

from jalon_sandbox.psc.simulator import Party, Professional, Site
from tests.gateways.psc.browser import Registered
from tests.support import SHARED

SAMPLES = SHARED / "standards/psc"
NURSE_SAMPLE = SAMPLES / "UserInfo_synthetic_ide_ehpad.json"

NURSE = Professional(
    national_id="899700999901",
    given_name="Amina",
    family_name="TESTIDE",
    profession="60",
    label="Infirmière, EHPAD LES TILLEULS FICTIFS",
    sites=(Site("EHPAD LES TILLEULS FICTIFS", "990000001", "990000002"),),
)
DOCTOR = Professional(
    national_id="899700999902",
    given_name="Paul",
    family_name="TESTMED",
    profession="10",
    label="Médecin, sans lieu d’exercice connu",
    auth_mode="CARD",
)
SOFTWARE = Registered()


def party(software: Registered = SOFTWARE) -> Party:
    return Party(software.client_id, software.secret, (software.redirect_uri,), (software.logout_uri,))

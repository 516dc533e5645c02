"""The sign-in that the product uses, django-allauth's, against the sandbox, apart from our settings."""

import json
import subprocess
import sys

from jalon_sandbox.common.server import serve
from jalon_sandbox.psc.simulator import DISCOVERY, Simulator
from tests.gateways.psc.allauth_site import CALLBACK
from tests.gateways.psc.browser import Registered
from tests.gateways.psc.people import NURSE, party
from tests.support import PROJECT


def test_django_allauth_signs_a_professional_in_through_the_odd_discovery_address() -> None:
    app = Simulator("", [NURSE], [party(Registered(redirect_uri=CALLBACK))])
    with serve(app, None) as url:
        app.settle(url)
        done = subprocess.run(
            [sys.executable, "-m", "tests.gateways.psc.allauth_site", url + DISCOVERY],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "to": "/entree/",
        "uid": NURSE.sub,
        "national_id": NURSE.national_id,
        "acr": "eidas1",
        "signed_in": True,
    }

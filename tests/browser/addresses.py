"""Every page a browser may open, from the URL configuration; a new one is visited without being named."""

import re
from dataclasses import dataclass

from django.urls import reverse

from tests.browser.scene import ADMINISTRATOR, LEAD, OFFICER, Scene
from tests.web.access_table import PUBLIC, TABLE, setting_of
from tests.web.pages import every_page

# Not pages: files, fragments, ends of a way that start elsewhere, addresses that only redirect.
NOT_PAGES = {
    "root", "security-contact", "theme", "place", "demo-sign-in", "records:file", "records:joined",
    "accesses:yearly-file", "records:reveal-ins", "people:search", "exchange:file", "exchange:joined",
    "mfa_authenticate", "mfa_download_recovery_codes",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_login_webauthn",
    "openid_connect_login", "openid_connect_callback", "psc-signed-out", "psc-ended", "psc-situation",
    "psc-telephone", "psc-telephone-wait",
    "post-door", "post-change", "ticket", "waiting", "forgotten", "staff:import-errors",
}  # fmt: skip
VISITORS = {"account_login", "sign-in-conditions", "account_inactive", "asleep", "components:index"}


@dataclass(frozen=True)
class Stop:
    """One page to look at, and who looks."""

    name: str
    address: str
    who: str

    @property
    def file(self) -> str:
        return self.name.replace(":", "-").replace(" ", "-")


def stops(scene: Scene) -> list[Stop]:
    """Pages of the table seen by somebody who may, then the public ones, then what goes wrong."""
    found = [
        Stop(f"{row.name} {row.kind}".strip(), _address(row.name, scene, row.kind), _who(row.who))
        for row in TABLE
        if row.method == "get" and row.name not in NOT_PAGES
    ]
    named = [page.name for page in every_page() if page.name in PUBLIC and "/" not in page.name]
    found += [
        Stop(name, reverse(name), "" if name in VISITORS else LEAD) for name in named if name not in NOT_PAGES
    ]
    nothing = [Stop("404", "/rien/", LEAD), Stop("403", "/comptes/", LEAD)]
    empty = [
        Stop("people:list empty", "/usagers/?q=zzzz", LEAD),
        Stop("handover:list all", "/releve/?voir=toutes", LEAD),
        Stop("agenda:week empty", "/agenda/?semaine=2030-01-07", LEAD),
    ]
    return [*found, *nothing, *empty]


def _address(name: str, scene: Scene, kind: str) -> str:
    """What the route of the page asks for, taken from the scene."""
    known = {**scene.arguments, "kind": kind, "name": setting_of(name), "code": "I1"}
    (route,) = {page.route for page in every_page() if page.name == name}
    return reverse(name, kwargs={one: known[one] for one in re.findall(r"<\w+:(\w+)>", route)})


def _who(letters: str) -> str:
    return LEAD if "L" in letters else OFFICER if "I" in letters else ADMINISTRATOR

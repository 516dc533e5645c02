"""What may not be served: every reason is told, in French, with the name of its setting."""

import pytest

from jalon.core.settings.dangers import dangers, is_loopback
from jalon.core.settings.table import TEST_KEY, TEST_SECRET, settings_of

KEYS = ("a2V5IG9mIHRoZSB0ZXN0cywgdGhpcnR5LXR3byBieS4=", "YW5vdGhlciBrZXksIG9mIHRoaXJ0eS10d28gYnl0ZXM=")
SAFE = {
    "JALON_SECRET_KEY": "secret of the tests, of more than fifty characters.",
    "JALON_KEYS": f"one:{KEYS[0]}",
    "JALON_HASH_KEY": KEYS[1],
    "JALON_PUBLIC_URL": "https://jalon.exemple",
    "JALON_HOSTS": "jalon.exemple",
    "JALON_PROXIES": "10.0.0.0/8, ::1",
}
HERE = {"JALON_MODE": "demo", "JALON_PUBLIC_URL": "http://localhost:8000", "JALON_PROXIES": ""}

PSC = {"JALON_PSC_DISCOVERY": "https://psc.exemple/x"}


def told(**given: str) -> list[str]:
    return dangers(settings_of(SAFE | given))


def test_a_site_that_is_well_set_has_no_danger() -> None:
    assert told() == []
    assert told(**HERE) == []
    assert dangers(settings_of({"JALON_MODE": "test"})) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"JALON_PUBLIC_URL": "http://jalon.exemple"}, "JALON_PUBLIC_URL"),
        ({"JALON_PROXIES": ""}, "JALON_PROXIES"),
        ({"JALON_HOSTS": "jalon.exemple,*"}, "JALON_HOSTS"),
        ({"JALON_HOSTS": "jalon.exemple,testserver"}, "JALON_HOSTS"),
        (
            {"JALON_PSC_DISCOVERY": "http://psc.exemple/x", "JALON_PSC_CLIENT_SECRET": "s"},
            "JALON_PSC_DISCOVERY",
        ),
        (PSC, "JALON_PSC_CLIENT_SECRET"),
        (PSC | {"JALON_PSC_CLIENT_AUTH": "private_key_jwt"}, "JALON_PSC_KEY"),
        (PSC | {"JALON_PSC_CLIENT_AUTH": "tls_client_auth", "JALON_PSC_KEY": "k"}, "JALON_PSC_CERTIFICATE"),
        ({"JALON_PSC_ORIGIN": "http://psc.exemple"}, "JALON_PSC_ORIGIN"),
        ({"JALON_INSI_URL": "http://insi.exemple", "JALON_INSI_CERTIFICATE": "c"}, "JALON_INSI_URL"),
        ({"JALON_INSI_URL": "https://insi.exemple"}, "JALON_INSI_CERTIFICATE"),
        ({"JALON_DMP_URL": "https://dmp.exemple", "JALON_SERVICES_CERTIFICATE": "c"}, "JALON_SIGNATURE_KEY"),
        ({"JALON_DMP_URL": "https://dmp.exemple", "JALON_SIGNATURE_KEY": "k"}, "JALON_SERVICES_CERTIFICATE"),
        ({"JALON_MSSANTE_SMTP": "smtp.exemple:587", "JALON_MSSANTE_CRL": "crl.pem"}, "JALON_NIL"),
        ({"JALON_MSSANTE_SMTP": "smtp.exemple:587", "JALON_NIL": "x"}, "JALON_MSSANTE_CRL"),
        ({"JALON_SECRET_KEY": TEST_SECRET}, "JALON_SECRET_KEY"),
        ({"JALON_HASH_KEY": TEST_KEY}, "JALON_HASH_KEY"),
        ({"JALON_KEYS": f"one:{KEYS[0]},old:{TEST_KEY}"}, "JALON_KEYS"),
        ({"JALON_HASH_KEY": KEYS[0]}, "JALON_HASH_KEY"),
        (HERE | {"JALON_PUBLIC_URL": "https://jalon.exemple"}, "JALON_PUBLIC_URL"),
        (HERE | {"JALON_PROXIES": "127.0.0.1"}, "JALON_PROXIES"),
        (HERE | {"JALON_MODE": "test", "JALON_PUBLIC_URL": "http://10.0.0.4:8000"}, "JALON_PUBLIC_URL"),
        (HERE | {"JALON_HASH_KEY": TEST_KEY}, "JALON_HASH_KEY"),
    ],
)
def test_each_danger_is_named(given: dict[str, str], name: str) -> None:
    (problem,) = told(**given)
    assert name in problem


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("192.0.2.1", False),
     ("10.0.0.1", False), ("localhost.exemple", False), ("", False)],
)  # fmt: skip
def test_this_machine_is_known_by_its_names_alone(host: str, here: bool) -> None:
    assert is_loopback(host) is here

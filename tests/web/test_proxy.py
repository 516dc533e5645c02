"""From whom a request comes: proxies of ours are believed, and nobody else."""

import ipaddress

import pytest
from django.test import Client
from pytest_django import Settings

from jalon.faces.proxy import client_of

OURS = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "127.0.0.1", "fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # a stranger says who they are
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.7", "198.51.100.7"),  # what stands before is their word
        ("127.0.0.1", "192.0.2.66, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "inconnu", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.66, <b>, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "198.51.100.7:50123", "198.51.100.7"),
        ("127.0.0.1", "[2001:db8::7]:50123", "2001:db8::7"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_last_address_that_is_not_ours_is_the_client(peer: str, forwarded: str, client: str) -> None:
    assert client_of(peer, forwarded, OURS) == client


def test_what_a_stranger_says_of_the_scheme_is_not_believed(
    db: None, client: Client, settings: Settings
) -> None:
    settings.PROXIES, settings.SECURE_SSL_REDIRECT = OURS, True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    said = {"HTTP_X_FORWARDED_PROTO": "https"}
    assert client.get("/affichage/", REMOTE_ADDR="127.0.0.1", **said).status_code == 405
    assert client.get("/affichage/", REMOTE_ADDR="203.0.113.9", **said).status_code == 301

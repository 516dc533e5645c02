"""What may not be served, by what the settings say together. Pure: the values are an argument."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from jalon.core.settings.table import (
    CLIENT_SECRET,
    PRIVATE_KEY_JWT,
    PRODUCTION,
    TEST,
    TEST_KEY,
    TEST_SECRET,
    TLS_CLIENT_AUTH,
)

SANDBOX_SERVER: Final = "jalon_sandbox"
"""The `cluster_name` of a server that the sandbox started: the only one for demonstration and tests."""
SERVICES: Final = (
    "JALON_PSC_DISCOVERY", "JALON_PSC_ORIGIN", "JALON_INSI_URL", "JALON_DMP_URL", "JALON_S3_URL",
)  # fmt: skip


def dangers(values: Mapping[str, Any]) -> list[str]:
    """Every reason not to serve with these settings, one French sentence each."""
    mode = values["JALON_MODE"]
    told = _production(values) if mode == PRODUCTION else _rehearsal(values)
    return [*told, *(_published(values) if mode != TEST else ())]


def is_loopback(host: str) -> bool:
    """Is this the machine itself, by name or by address?"""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _rehearsal(values: Mapping[str, Any]) -> Iterator[str]:
    """The demonstration opens any account without a password: it is for this machine alone."""
    mode = values["JALON_MODE"]
    if not is_loopback(urlsplit(values["JALON_PUBLIC_URL"]).hostname or ""):
        yield (
            f"JALON_MODE={mode} n’est permis que sur cette machine : JALON_PUBLIC_URL doit être en "
            "localhost. Pour servir d’autres machines, passez en production."
        )
    if values["JALON_PROXIES"]:
        yield f"JALON_MODE={mode} n’est permis que sur cette machine : retirez JALON_PROXIES."


def _published(values: Mapping[str, Any]) -> Iterator[str]:
    """Keys that anybody reads in the sources."""
    keys = {key.partition(":")[2] for key in values["JALON_KEYS"]}
    for name, given, known in (
        ("JALON_SECRET_KEY", {values["JALON_SECRET_KEY"]}, TEST_SECRET),
        ("JALON_KEYS", keys, TEST_KEY),
        ("JALON_HASH_KEY", {values["JALON_HASH_KEY"]}, TEST_KEY),
    ):
        if known in given:
            yield f"{name} est une clé publiée avec les sources, faite pour les essais. Tirez la vôtre."
    if values["JALON_HASH_KEY"] in keys:
        yield "JALON_HASH_KEY est aussi dans JALON_KEYS. Tirez une clé pour chaque usage."


def _production(values: Mapping[str, Any]) -> Iterator[str]:
    if not values["JALON_PUBLIC_URL"].startswith("https:"):
        yield "JALON_PUBLIC_URL n’est pas en https : les sessions passeraient en clair."
    if not values["JALON_PROXIES"]:
        yield (
            "JALON_PROXIES est vide : nommez l’adresse du mandataire qui termine HTTPS, sans quoi "
            "l’adresse de qui se connecte n’est pas connue."
        )
    for name in SERVICES:
        if values[name] and not values[name].startswith("https:"):
            yield f"{name} n’est pas en https : des données de santé passeraient en clair."
    if open_hosts := {"*", "testserver"} & set(values["JALON_HOSTS"]):
        yield f"JALON_HOSTS accepte {', '.join(sorted(open_hosts))} : n’y laissez que vos noms d’hôte."
    yield from _unarmed(values)


# Service → what it cannot go without, and how that is said.
NEEDED: Final = (
    ("JALON_DMP_URL", "JALON_SIGNATURE_KEY", "Le DMP est connecté sans cachet de signature"),
    ("JALON_DMP_URL", "JALON_SERVICES_CERTIFICATE", "Le DMP est connecté sans certificat de la structure"),
    ("JALON_INSI_URL", "JALON_INSI_CERTIFICATE", "INSi est connecté sans son certificat"),
    *(
        ("JALON_S3_BUCKET", need, "Les documents sont dans un stockage S3 que rien n’atteint")
        for need in ("JALON_S3_URL", "JALON_S3_KEY", "JALON_S3_SECRET")
    ),
    ("JALON_MSSANTE_SMTP", "JALON_NIL", "La messagerie est connectée sans référence produit"),
    (
        "JALON_MSSANTE_SMTP",
        "JALON_MSSANTE_CRL",
        "La messagerie est connectée sans liste de révocation, un opérateur révoqué serait cru",
    ),
)


PROOFS: Final = {
    CLIENT_SECRET: ("JALON_PSC_CLIENT_SECRET",),
    PRIVATE_KEY_JWT: ("JALON_PSC_KEY",),
    TLS_CLIENT_AUTH: ("JALON_PSC_CERTIFICATE", "JALON_PSC_KEY"),
}


def _unarmed(values: Mapping[str, Any]) -> Iterator[str]:
    proof = values["JALON_PSC_CLIENT_AUTH"]
    for need in PROOFS[proof] if values["JALON_PSC_DISCOVERY"] else ():
        if not values[need]:
            yield f"Pro Santé Connect est raccordé par {proof} sans ce qui le prouve ({need})."
    yield from (f"{said} ({need})." for name, need, said in NEEDED if values[name] and not values[need])

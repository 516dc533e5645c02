"""What the value of a setting may be: text of the environment → value, or ValueError. Pure."""

import base64
import binascii
import ipaddress
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jalon.core.settings.groups import groups

KEY_LENGTH: Final = 32
"""Bytes of an encryption key: AES-256."""
SECRET_LENGTH: Final = 50
"""Characters of the secret that signs: what Django itself draws."""
VARIED: Final = 8
"""Different bytes, or characters, that a drawn key cannot fail to have."""
YES: Final = ("true", "1", "yes", "on", "oui")
NO: Final = ("false", "0", "no", "off", "non")


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Kind:
    """A kind of value: what it is, in French, and how it is read (ValueError when it is not one)."""

    words: str
    read: Callable[[str], Any]


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or number <= 0:
        raise ValueError(text)
    return number


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in (*YES, *NO):
        raise ValueError(text)
    return word in YES


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _pairs(text: str) -> dict[str, str]:
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError(text)
    return found


def _key(text: str) -> str:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if len(key) != KEY_LENGTH or len(set(key)) < VARIED:
        raise ValueError(text)
    return text


def _secret(text: str) -> str:
    if len(text) < SECRET_LENGTH or len(set(text)) < VARIED:
        raise ValueError(text)
    return text


def _networks(text: str) -> list[Network]:
    return [ipaddress.ip_network(word) for word in _words(text)]


def _keys(text: str) -> list[str]:
    found = _words(text)
    names = [word.partition(":")[0] for word in found]
    for word in found:
        _key(word.partition(":")[2])
    if not found or not all(names) or len(set(names)) != len(names):
        raise ValueError(text)
    return found


def _address(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not (parts.netloc or parts.query):
            raise ValueError(text)
        return text

    return read


def _contact(text: str) -> str:
    if not text.startswith(("mailto:", "https:")) or any(sign.isspace() for sign in text):
        raise ValueError(text)
    return text


def _endpoint(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or "/" in text or not 0 < int(port) < 65_536:  # the ports of TCP
        raise ValueError(text)
    return text


TEXT: Final = Kind("un texte", str)
PATH: Final = Kind("un chemin", Path)
WHOLE: Final = Kind("un nombre entier", _whole)
SECONDS: Final = Kind("un nombre de secondes", _seconds)
FLAG: Final = Kind("« true » ou « false »", _flag)
WORDS: Final = Kind("une liste séparée par des virgules", _words)
SECRETS: Final = Kind("un objet JSON, adresse et secret de chaque boîte", _pairs)
CONTACTS: Final = Kind("un objet JSON, adresse de chaque boîte et boîte où l’on répond", _pairs)
KEY: Final = Kind("une clé de 32 octets tirés au hasard, en base64", _key)
SECRET: Final = Kind(f"un secret d’au moins {SECRET_LENGTH} caractères tirés au hasard", _secret)
NETWORKS: Final = Kind("une liste d’adresses ou de réseaux, séparés par des virgules", _networks)
KEYS: Final = Kind("une liste de clés « nom:base64 », de 32 octets, aux noms différents", _keys)
WEB: Final = Kind("une adresse http: ou https:", _address("http", "https"))
CONTACT: Final = Kind("une adresse mailto: ou https:", _contact)
DATABASE: Final = Kind("une adresse postgres:", _address("postgres", "postgresql"))
GROUPS: Final = Kind(
    "un objet JSON, nom d’un groupe et « database », « hosts », « bodies » (FINESS) ; un hôte ou un "
    "organisme n’est que d’un groupe",
    groups,
)
ENDPOINT: Final = Kind("un « hôte:port »", _endpoint)


def between(low: int, high: int) -> Kind:
    """A whole number of these bounds, included."""

    def read(text: str) -> int:
        if not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return Kind(f"un nombre entier de {low} à {high}", read)


def among(*words: str) -> Kind:
    """One of these words and no other."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return Kind(f"l’un de {', '.join(words)}", read)

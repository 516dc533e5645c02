"""Secrets at rest: AES-256-GCM under a named key, and a keyed hash for equality (ADR 0003).

Keys come from the environment (`JALON_KEYS`, comma-separated `name:base64`, the first one writes), never from
the database. A value written by an old key is still read; rewriting it is how a key is retired.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    """Each key ready, by its name, in their order: made once, for the thousands of values of a record."""
    named = (each.partition(":") for each in keys)
    return {name: AESGCM(base64.b64decode(key)) for name, _, key in named}


def _ready() -> dict[str, AESGCM]:
    return _ciphers(tuple(settings.JALON_KEYS))


def encrypt(data: bytes, *, context: str) -> bytes:
    """`name:`, nonce, ciphertext. `context` (a table, a column) is authenticated: a value cannot be moved."""
    name, cipher = next(iter(_ready().items()))
    nonce = os.urandom(NONCE)
    return name.encode() + b":" + nonce + cipher.encrypt(nonce, data, context.encode())


def decrypt(stored: bytes, *, context: str) -> bytes:
    """The clear bytes.

    Raises cryptography's InvalidTag when the value was altered or moved, KeyError when its key is gone.
    """
    name, _, rest = stored.partition(b":")
    return _ready()[name.decode()].decrypt(rest[:NONCE], rest[NONCE:], context.encode())


def is_current(stored: bytes) -> bool:
    """Was it written by the key that writes today?"""
    return stored.partition(b":")[0].decode() == next(iter(_ready()))


def keyed_hash(text: str, *, context: str) -> str:
    """A 64-character digest, equal for equal texts, useless without `JALON_HASH_KEY`."""
    key = base64.b64decode(settings.JALON_HASH_KEY)
    return hmac.new(key, f"{context}\0{text}".encode(), hashlib.sha256).hexdigest()

"""Secrets at rest: AES-256-GCM under a named key, and a keyed hash for equality (ADR 0003).

Keys come from the environment (`JALON_KEYS`, comma-separated `name:base64`, the first one writes), never from
the database. A value written by an old key is still read; rewriting it is how a key is retired.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


def _keys() -> dict[str, bytes]:
    return {name: base64.b64decode(key) for name, _, key in (k.partition(":") for k in settings.JALON_KEYS)}


def _writing_key() -> tuple[str, bytes]:
    return next(iter(_keys().items()))


def encrypt(data: bytes, *, context: str) -> bytes:
    """`name:`, nonce, ciphertext. `context` (a table, a column) is authenticated: a value cannot be moved."""
    name, key = _writing_key()
    nonce = os.urandom(NONCE)
    return name.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, data, context.encode())


def decrypt(stored: bytes, *, context: str) -> bytes:
    """The clear bytes.

    Raises cryptography's InvalidTag when the value was altered or moved, KeyError when its key is gone.
    """
    name, _, rest = stored.partition(b":")
    return AESGCM(_keys()[name.decode()]).decrypt(rest[:NONCE], rest[NONCE:], context.encode())


def keyed_hash(text: str, *, context: str) -> str:
    """A 64-character digest, equal for equal texts, useless without `JALON_HASH_KEY`."""
    key = base64.b64decode(settings.JALON_HASH_KEY)
    return hmac.new(key, f"{context}\0{text}".encode(), hashlib.sha256).hexdigest()

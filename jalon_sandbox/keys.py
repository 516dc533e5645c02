"""The keys of a folder of fictional data: drawn once, kept beside what they open."""

import base64
import json
import secrets
from pathlib import Path

KEPT = "keys.json"


def keys_of(data: Path) -> dict[str, str]:
    """The settings that hold them, from this folder, which is there already."""
    kept = data / KEPT
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(_drawn()), "utf-8")
    found: dict[str, str] = json.loads(kept.read_text("utf-8"))
    return found


def _drawn() -> dict[str, str]:
    return {
        "JALON_SECRET_KEY": secrets.token_urlsafe(48),
        "JALON_KEYS": f"demo:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "JALON_HASH_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }

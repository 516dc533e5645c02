"""Leaving Pro Santé Connect: what a sign-in keeps to be ended with, sealed, and the address that ends it.

Nothing is asked of the service: whoever leaves is never kept waiting, nor kept in, by a service that is down.
"""

import base64
import json

from cryptography.exceptions import InvalidTag

from jalon.db.encryption import decrypt, encrypt
from jalon.gateways.psc.messages import end_session_url

CONTEXT = "session.psc_way_out"


def seal(end_session_endpoint: str, id_token: str) -> str:
    """The proof that the provider asks for when a session is to end, to keep in ours and nowhere else.

    Encrypted: a stolen database must not show who a token speaks of (SC.MSS/CONF.28). Empty when the provider
    has no such address.
    """
    if not end_session_endpoint:
        return ""
    told = json.dumps([end_session_endpoint, id_token]).encode()
    return base64.b64encode(encrypt(told, context=CONTEXT)).decode()


def way_out(sealed: str, *, return_to: str, state: str) -> str:
    """Where to send the browser so that the session of the provider ends too; empty when nothing says so."""
    try:
        told = json.loads(decrypt(base64.b64decode(sealed), context=CONTEXT)) if sealed else []
    except (InvalidTag, KeyError):  # sealed by a key that was retired since
        return ""
    return end_session_url(told[0], id_token=told[1], return_to=return_to, state=state) if told else ""

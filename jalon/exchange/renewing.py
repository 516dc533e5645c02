"""The session of Pro Santé Connect goes on while somebody works here: its tokens are renewed, or it is over.

The token that renews them is kept for as long as it lives, sealed, and never shown (SC.MSS/CONF.28).
"""

import base64

from cryptography.exceptions import InvalidTag

from jalon.core.errors import Rejected
from jalon.db.encryption import decrypt, encrypt
from jalon.exchange import clients
from jalon.gateways.psc.messages import Tokens

CONTEXT = "psc.refresh"
OVER = "invalid_grant"


def kept(tokens: Tokens) -> str:
    """What renews these tokens, sealed; empty when nothing does."""
    if not tokens.refresh_token:
        return ""
    return base64.b64encode(encrypt(tokens.refresh_token.encode(), context=CONTEXT)).decode()


def renewed(sealed: str) -> str | None:
    """What renews the session from now on; None once it is over there, or nobody can read what was kept.

    Raises GatewayError: nothing is known then, and what was kept serves again.
    """
    try:
        token = decrypt(base64.b64decode(sealed), context=CONTEXT).decode()
    except (InvalidTag, KeyError):  # sealed by a key that was retired since
        return None
    try:
        with clients.psc() as psc:
            return kept(psc.refresh(token))
    except Rejected as refusal:
        if refusal.code == OVER:
            return None
        raise

"""Where everything is in the sandbox: the discovery document, laid out as the service lays out its own."""

from typing import Any

from jalon.gateways.psc.messages import CIBA_GRANT

REALM = "/auth/realms/esante-wallet"
DISCOVERY = f"{REALM}/.well-known/wallet-openid-configuration"
PROTOCOL = f"{REALM}/protocol/openid-connect"
AUTHORIZE = "/wallet/auth"
PROOFS = ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"]


def discovery(base: str, issuer: str, mutual: str) -> dict[str, Any]:
    """`mutual`: where softwares that show a certificate go, empty when nothing listens there."""
    aliases = {"mtls_endpoint_aliases": _asked_by_the_software(mutual)} if mutual else {}
    return {
        "issuer": issuer,
        "authorization_endpoint": base + AUTHORIZE,
        "end_session_endpoint": f"{base}{PROTOCOL}/logout",
        "jwks_uri": f"{base}{PROTOCOL}/certs",
        **_asked_by_the_software(base),
        **aliases,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "grant_types_supported": ["authorization_code", "refresh_token", CIBA_GRANT],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "acr_values_supported": ["eidas1", "eidas3"],
        "scopes_supported": ["openid", "scope_all"],
        "token_endpoint_auth_methods_supported": PROOFS,
        "introspection_endpoint_auth_methods_supported": PROOFS,
        "code_challenge_methods_supported": ["S256"],
        "tls_client_certificate_bound_access_tokens": True,
    }


def _asked_by_the_software(base: str) -> dict[str, str]:
    at = base + PROTOCOL
    return {
        "token_endpoint": f"{at}/token",
        "introspection_endpoint": f"{at}/token/introspect",
        "userinfo_endpoint": f"{at}/userinfo",
        "backchannel_authentication_endpoint": f"{at}/ext/ciba/auth",
    }

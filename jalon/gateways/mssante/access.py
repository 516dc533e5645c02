"""How one reaches an operator's servers: where, under which TLS identity, and as which mailbox."""

import ssl
from dataclasses import dataclass, field

from jalon.core.errors import GatewayError, Malformed, Rejected, Unreachable
from jalon.gateways.common import tls
from jalon.gateways.mssante.messages import SERVICE

# 0xC030, C02F, C028, C027, 009F, 009E and nothing else below TLS 1.3 (SC.MSS/CONF.03).
SUITES = ":".join(
    [
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-SHA384",
        "ECDHE-RSA-AES128-SHA256",
        "DHE-RSA-AES256-GCM-SHA384",
        "DHE-RSA-AES128-GCM-SHA256",
    ]
)


def operator_context(
    ca: tls.Pem, cert: tls.Pem, key: tls.Pem, *, crl: tls.Pem | None = None
) -> ssl.SSLContext:
    """The TLS identity shown to an operator: our `ORG AUTH_CLI`, the national suites, a revocation list.

    OpenSSL's default security level refuses DH groups under 2048 bits and curves under 256 (level 2).
    """
    return tls.client_context(ca, cert, key, crl=crl, ciphers=f"{SUITES}:@SECLEVEL=2")


@dataclass(frozen=True)
class Server:
    """One server of an operator. `starttls` false means TLS from the first byte. `timeout` is in seconds.

    `hello` is how we name ourselves to it (EHLO); the machine's own name is not its business.
    """

    host: str
    port: int
    context: ssl.SSLContext
    starttls: bool = True
    timeout: float = 30.0
    hello: str = "jalon.localdomain"


@dataclass(frozen=True)
class Password:
    """An application's mailbox (APP): SASL PLAIN over mutual TLS, the address as login."""

    address: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """A professional's or an organization's mailbox (PER, ORG): XOAUTH2, Pro Santé Connect access token."""

    address: str
    token: str = field(repr=False)


Account = Password | Token


def plain(account: Password) -> str:
    """The response of SASL PLAIN (RFC 4616)."""
    return f"\0{account.address}\0{account.secret}"


def xoauth2(account: Token) -> str:
    """The response of XOAUTH2, before base64 (SC.MSS/CONF.07)."""
    return f"user={account.address}\1auth=Bearer {account.token}\1\1"


def unreachable(error: Exception, *, maybe_done: bool = False) -> Unreachable | Rejected:
    """What a failure of the network means. No new try would change a refusal of our certificate."""
    if alert := tls.refusal_of(error):
        return Rejected(SERVICE, alert, "l’opérateur refuse le certificat de la structure")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(SERVICE, f"le certificat de l’opérateur est refusé ({error.verify_message})")
    return Unreachable(SERVICE, f"l’opérateur ne répond pas ({error})", maybe_done=maybe_done)


def answered_no(code: int, label: str) -> GatewayError:
    """What a refusal is by its code: 5xx is final; 4xx asks to come back later; others are no SMTP."""
    if 400 <= code < 500:
        return Unreachable(SERVICE, f"l’opérateur demande d’attendre ({code} {label})")
    if 500 <= code < 600:
        return Rejected(SERVICE, str(code), label)
    return Malformed(SERVICE, f"réponse SMTP inattendue ({code} {label})")

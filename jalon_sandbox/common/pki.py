"""A throw-away certificate authority for the simulators and the tests: made at each start, never committed.

It stands where the IGC-Santé stands in production. Keys are P-256 (the whole authority takes 6 ms); RSA-2048
on demand, for XML signatures (RSA-SHA256) and for the MSSanté suites, which are all RSA below TLS 1.3.
Not trustme: it gives neither the names and usages of the IGC-Santé, nor a revocation list.
"""

import datetime as dt
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jalon.gateways.common.tls import write_private

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LEAF_LIFE = dt.timedelta(days=365)
AUTHORITY_LIFE = dt.timedelta(days=3650)
CLOCK_SKEW = dt.timedelta(hours=1)
# cryptography wants every usage said; these are the ones left out of all our certificates.
NO_USAGE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True)
class Credential:
    """A certificate and its private key, both in PEM; the key is not encrypted and not shown by `repr`."""

    cert_pem: bytes
    key_pem: bytes

    def __repr__(self) -> str:
        return f"Credential({self.certificate.subject.rfc4514_string()})"

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.cert_pem)

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write `<name>.crt` and `<name>.key` in `folder`, readable by their owner only; both paths."""
        paths = folder / f"{name}.crt", folder / f"{name}.key"
        write_private(paths[0], self.cert_pem)
        write_private(paths[1], self.key_pem)
        return paths

    @classmethod
    def read(cls, folder: Path, name: str) -> "Credential":
        """The credential that `write` left in `folder`; FileNotFoundError when there is none."""
        return cls((folder / f"{name}.crt").read_bytes(), (folder / f"{name}.key").read_bytes())


@dataclass(frozen=True)
class Authority:
    """A root certificate, its key, and the instant from which its certificates are valid (minus one hour)."""

    own: Credential
    now: dt.datetime

    @classmethod
    def create(cls, now: dt.datetime) -> "Authority":
        """A new self-signed root, valid ten years from `now` (an aware datetime)."""
        key = _new_key()
        subject = _name("Autorité jetable Jalon", "Jalon (bac à sable)", "")
        builder = _builder(subject, key, now, now + AUTHORITY_LIFE)
        builder = builder.issuer_name(subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        certificate = builder.sign(key, hashes.SHA256())
        return cls(Credential(_pem(certificate), _key_pem(key)), now)

    @property
    def ca_pem(self) -> bytes:
        return self.own.cert_pem

    @property
    def certificate(self) -> x509.Certificate:
        return self.own.certificate

    def server(
        self,
        names: Sequence[str],
        ips: Sequence[str] = ("127.0.0.1",),
        *,
        rsa: bool = False,
        not_after: dt.datetime | None = None,
    ) -> Credential:
        """A server's certificate for these DNS names and addresses; the first name is its common name."""
        alternatives = [x509.DNSName(name) for name in names]
        addresses = [x509.IPAddress(ipaddress.ip_address(ip)) for ip in ips]
        return self._sign(
            _name(names[0], "Jalon (bac à sable)", ""),
            usage=_usage(digital_signature=True, key_encipherment=rsa),
            extended=[ExtendedKeyUsageOID.SERVER_AUTH],
            alternatives=[*alternatives, *addresses],
            rsa=rsa,
            not_after=not_after,
        )

    def client(
        self,
        common_name: str,
        organization: str = "Établissement fictif",
        *,
        unit: str = "",
        rsa: bool = False,
        not_after: dt.datetime | None = None,
    ) -> Credential:
        """An organization's TLS client certificate (the `ORG AUTH_CLI` of the IGC-Santé).

        `unit` is the OU, where the IGC-Santé writes the structure's national identifier.
        """
        return self._sign(
            _name(common_name, organization, unit),
            usage=_usage(digital_signature=True),
            extended=[ExtendedKeyUsageOID.CLIENT_AUTH],
            rsa=rsa,
            not_after=not_after,
        )

    def signing(
        self,
        common_name: str,
        organization: str = "Établissement fictif",
        *,
        unit: str = "",
        rsa: bool = True,
        not_after: dt.datetime | None = None,
    ) -> Credential:
        """An organization's seal (the `ORG SIGN` of the IGC-Santé), for XML signatures; RSA by default."""
        return self._sign(
            _name(common_name, organization, unit),
            usage=_usage(digital_signature=True, content_commitment=True),
            rsa=rsa,
            not_after=not_after,
        )

    def _sign(
        self,
        subject: x509.Name,
        *,
        usage: x509.KeyUsage,
        extended: Sequence[x509.ObjectIdentifier] = (),
        alternatives: Sequence[x509.GeneralName] = (),
        rsa: bool = False,
        not_after: dt.datetime | None = None,
    ) -> Credential:
        """A new key and its certificate under this authority, valid one year unless told otherwise.

        A `not_after` in the past makes an expired certificate, for tests.
        """
        key = _new_key(rsa_key=rsa)
        end = not_after or self.now + LEAF_LIFE
        start = min(self.now, end - CLOCK_SKEW)
        builder = _builder(subject, key, start, end).issuer_name(self.certificate.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(self._identifier(), critical=False)
        if extended:
            builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        certificate = builder.sign(_load_key(self.own.key_pem), hashes.SHA256())
        return Credential(_pem(certificate), _key_pem(key))

    def crl(self, revoked: Iterable[Credential] = (), *, now: dt.datetime | None = None) -> bytes:
        """The revocation list (PEM), valid a week from `now` (by default the authority's own instant)."""
        issued = now or self.now
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(issued - CLOCK_SKEW).next_update(issued + dt.timedelta(days=7))
        builder = builder.add_extension(self._identifier(), critical=False)
        for credential in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(credential.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(issued - CLOCK_SKEW).build())
        signed = builder.sign(_load_key(self.own.key_pem), hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    def write(self, folder: Path, name: str = "ca") -> tuple[Path, Path]:
        return self.own.write(folder, name)

    @classmethod
    def read(cls, folder: Path, now: dt.datetime, name: str = "ca") -> "Authority":
        """The authority that `write` left in `folder`, ready to issue certificates valid from `now`."""
        return cls(Credential.read(folder, name), now)

    def _identifier(self) -> x509.AuthorityKeyIdentifier:
        extension = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(extension.value)


def _new_key(*, rsa_key: bool = False) -> PrivateKey:
    if rsa_key:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str, organization: str, unit: str) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, organization)]
    if unit:
        parts.append((NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    parts.append((NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _usage(**usages: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**(NO_USAGE | usages))


def _builder(
    subject: x509.Name, key: PrivateKey, start: dt.datetime, end: dt.datetime
) -> x509.CertificateBuilder:
    public = key.public_key()
    builder = x509.CertificateBuilder().subject_name(subject).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start - CLOCK_SKEW).not_valid_after(end)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load_key(pem: bytes) -> PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, PrivateKey):
        raise TypeError("une clé P-256 ou RSA est attendue")
    return key

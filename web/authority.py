"""A certificate authority of the station's own, made on first run, and the certificate that it gives the pages.

Browsers let the microphone be used, and keep passwords from being read along, only over https. The authority may
speak for names and addresses of local networks alone (RFC 5280, 4.2.1.10): whoever stole its key could not pass for
a bank.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from web.addresses import LOCAL_NAMES, LOCAL_NETWORKS, addresses, host_names

_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_END = datetime(2049, 12, 31, tzinfo=UTC)
"""Of the authority: a computer whose clock is wrong on its first day must not make one that is worthless later."""
_SERVER_DAYS = 390
_RENEW_DAYS = 60


@dataclass(frozen=True)
class Certificates:
    """Where the files lie; ``fingerprint`` is the SHA-256 of the authority, for comparing with a phone's screen."""

    authority: Path
    server: Path
    key: Path
    fingerprint: str


def certificates(folder: Path, station: str, now: datetime) -> Certificates:
    """Return certificates that hold ``now`` for every address of this computer, made or renewed if need be.

    Raises ``OSError`` when the disk does not let us.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_key = _key(folder / "authority.key")
    ca = _authority(folder / "authority.crt", ca_key, station)
    key = _key(folder / "pages.key")
    path, wanted = folder / "pages.crt", _names()
    if not _holds(path, key, ca, wanted, now + timedelta(days=_RENEW_DAYS)):
        try:
            _write(path, _server(key, ca, ca_key, wanted, now).public_bytes(serialization.Encoding.PEM))
        except OSError:
            if not _holds(path, key, ca, [], now):  # the one there is holds on, with the names that it has
                raise
    digest = ca.fingerprint(hashes.SHA256()).hex().upper()
    pairs = ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))
    return Certificates(folder / "authority.crt", path, folder / "pages.key", pairs)


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        known = serialization.load_pem_private_key(path.read_bytes(), None)
        if isinstance(known, ec.EllipticCurvePrivateKey):
            return known
    except (FileNotFoundError, ValueError):  # a disk that cannot be read just now is no reason for another key
        pass
    made = ec.generate_private_key(ec.SECP256R1())
    private = serialization.PrivateFormat.PKCS8
    plain = made.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    _write(path, plain)
    return made


def _authority(path: Path, key: ec.EllipticCurvePrivateKey, station: str) -> x509.Certificate:
    with suppress(FileNotFoundError, ValueError):
        known = x509.load_pem_x509_certificate(path.read_bytes())
        if known.public_key() == key.public_key():
            return known
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"{station} ({secrets.token_hex(2)})"[:64])
    name = x509.Name([common])
    allowed: list[x509.GeneralName] = [x509.DNSName(one) for one in (*LOCAL_NAMES, *host_names())]
    allowed += [x509.IPAddress(ipaddress.ip_network(one)) for one in LOCAL_NETWORKS]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(path, made.public_bytes(serialization.Encoding.PEM))
    return made


def _server(
    key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    names: list[x509.GeneralName],
    now: datetime,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broadcaster")]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=_SERVER_DAYS - 2))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _holds(
    path: Path,
    key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    names: list[x509.GeneralName],
    now: datetime,
) -> bool:
    try:
        known = x509.load_pem_x509_certificate(path.read_bytes())
        there = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known.verify_directly_issued_by(ca)
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    lasts = known.not_valid_before_utc <= now <= known.not_valid_after_utc
    return lasts and known.public_key() == key.public_key() and set(names) <= set(there)


def _names() -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName(one) for one in ("localhost", *host_names())]
    return names + [x509.IPAddress(one) for one in addresses()]


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)

"""Mails that a signature or an encryption of their own protects: one changed byte would break them."""

from __future__ import annotations

import base64
import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trials.servers.people import ALICE
from trials.stamping.mails import headers, mail

PGP = "\n".join(base64.b64encode(bytes(range(48)) * n).decode()[:64] for n in range(1, 5))


@cache
def _identity() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Alice's certificate and key for S/MIME."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.EMAIL_ADDRESS, ALICE.address)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return builder.add_extension(usage, critical=False).sign(key, hashes.SHA256()), key


def _with_headers(entity: bytes, subject: str) -> bytes:
    """Our header fields before an S/MIME entity that brings its own MIME fields."""
    lines = [line for line in headers(subject) if not line.startswith("MIME-Version")]
    normal = entity.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return "\r\n".join(lines).encode() + b"\r\n" + normal


def smime_signed() -> bytes:
    """multipart/signed (RFC 8551 §3.5.3), made by cryptography."""
    certificate, key = _identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"Content-Type: text/plain\r\n\r\nSigned.\r\n")
    entity = builder.add_signer(certificate, key, hashes.SHA256()).sign(
        Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature]
    )
    return _with_headers(entity, "S/MIME, clear signed")


def smime_opaque() -> bytes:
    """application/pkcs7-mime with smime-type=signed-data (RFC 8551 §3.5.2)."""
    certificate, key = _identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"Content-Type: text/plain\r\n\r\nSigned inside.\r\n")
    der = builder.add_signer(certificate, key, hashes.SHA256()).sign(Encoding.DER, [])
    return _pkcs7_mime(der, "signed-data", "S/MIME, opaque")


def smime_encrypted() -> bytes:
    """application/pkcs7-mime with smime-type=enveloped-data (RFC 8551 §3.3)."""
    certificate, _ = _identity()
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(b"Content-Type: text/plain\r\n\r\nNobody reads this.\r\n")
    der = builder.add_recipient(certificate).encrypt(Encoding.DER, [])
    return _pkcs7_mime(der, "enveloped-data", "S/MIME, encrypted")


def _pkcs7_mime(der: bytes, smime_type: str, subject: str) -> bytes:
    lines = [
        *headers(subject),
        f"Content-Type: application/pkcs7-mime; smime-type={smime_type}; name=smime.p7m",
        "Content-Disposition: attachment; filename=smime.p7m",
        "Content-Transfer-Encoding: base64",
    ]
    return mail(lines, base64.encodebytes(der).decode())


def pgp_signed() -> bytes:
    """multipart/signed (RFC 3156 §5)."""
    kind = 'multipart/signed; boundary="=_s"; micalg=pgp-sha256; protocol="application/pgp-signature"'
    body = (
        "--=_s\nContent-Type: text/plain; charset=us-ascii\n\nSigned with PGP.\n\n"
        "--=_s\nContent-Type: application/pgp-signature; name=signature.asc\n\n"
        f"-----BEGIN PGP SIGNATURE-----\n\n{PGP}\n-----END PGP SIGNATURE-----\n\n--=_s--\n"
    )
    return mail([*headers("PGP, signed"), f"Content-Type: {kind}"], body)


def pgp_encrypted() -> bytes:
    """multipart/encrypted (RFC 3156 §4)."""
    kind = 'multipart/encrypted; boundary="=_e"; protocol="application/pgp-encrypted"'
    body = (
        "--=_e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n"
        "--=_e\nContent-Type: application/octet-stream; name=encrypted.asc\n\n"
        f"-----BEGIN PGP MESSAGE-----\n\n{PGP}\n-----END PGP MESSAGE-----\n\n--=_e--\n"
    )
    return mail([*headers("PGP, encrypted"), f"Content-Type: {kind}"], body)


def pgp_inline_signed() -> bytes:
    """A text part that is itself a clear-signed message (RFC 9580 §7)."""
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSigned inside the text.\n"
        f"-----BEGIN PGP SIGNATURE-----\n\n{PGP}\n-----END PGP SIGNATURE-----\n"
    )
    return mail([*headers("PGP, inline signed"), "Content-Type: text/plain; charset=us-ascii"], body)


def pgp_inline_encrypted() -> bytes:
    """A text part that is itself an encrypted message."""
    body = f"-----BEGIN PGP MESSAGE-----\n\n{PGP}\n-----END PGP MESSAGE-----\n"
    return mail([*headers("PGP, inline encrypted"), "Content-Type: text/plain; charset=us-ascii"], body)


PROTECTED = (
    smime_signed,
    smime_opaque,
    smime_encrypted,
    pgp_signed,
    pgp_encrypted,
    pgp_inline_signed,
    pgp_inline_encrypted,
)

"""DKIM (RFC 6376, RFC 8463): one signature of each active key of the From domain (contract/delivery.md §8).

On disk: `portal.keys`/dkim/DOMAIN/SELECTOR.pem (PKCS #8), and `active`, the selectors that sign, one a line.
"""

from __future__ import annotations

import base64
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from django.conf import settings
from django.core.exceptions import ValidationError

from stationer.durable.files import make_folder, write_durably
from stationer.mime import addresses, header_values
from stationer.portal.people.valid import normal_domain
from stationer.watch.log import Voice

#: Signed once more than they occur: one that is added on the way breaks the signature.
FIELDS = (
    "From", "To", "Cc", "Subject", "Date", "Reply-To", "Message-ID", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID",
)  # fmt: skip
RSA_BITS = 2048
SELECTOR = re.compile(r"s\d{8}[a-z]?[er]")
say = Voice("delivery")


class Record(NamedTuple):
    """What has to stand in DNS: a TXT record's name and text."""

    name: str
    text: str


class NoKeys(ValueError):
    """There is nothing to activate; the message says what to do."""


def make(domain: str, today: date) -> list[Record]:
    """New keys for this domain, that do not sign yet; their records. Raises ValidationError for what is no domain."""
    folder = _folder(normal_domain(domain))
    make_folder(folder, 0o700)
    taken = {path.stem[:-1] for path in folder.glob("*.pem")}
    base = f"s{today:%Y%m%d}"
    name = next(one for one in (base, *(base + chr(letter) for letter in range(97, 123))) if one not in taken)
    for kind, key in (("e", Ed25519PrivateKey.generate()), ("r", generate_private_key(65537, RSA_BITS))):
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_durably(folder / f"{name}{kind}.pem", pem, mode=0o600)
    return records(domain, name)


def activate(domain: str) -> list[Record]:
    """The newest keys sign from now on, and no others. Returns their records. Raises NoKeys."""
    folder = _folder(normal_domain(domain))
    newest = max((path.stem[:-1] for path in folder.glob("*.pem")), default="")
    if not newest:
        raise NoKeys(f"{domain} has no keys yet: `stationer admin dkim {domain}` makes them")
    write_durably(folder / "active", f"{newest}e\n{newest}r\n".encode(), mode=0o600)
    return records(domain, newest)


def records(domain: str, name: str) -> list[Record]:
    """What DNS has to say of the two keys of this name."""
    folder = _folder(normal_domain(domain))
    return [_record(folder, f"{name}{kind}") for kind in "er"]


def signed(mail: bytes) -> bytes:
    """The mail with its signatures above it; as it was where its From domain has no keys, or it has two authors."""
    authors = [
        one for value in header_values(mail, "From") for one in addresses(value.decode("utf-8", "replace"))
    ]
    if len(authors) != 1:
        return mail
    try:
        domain = normal_domain(authors[0].rpartition("@")[2])
        fields = _fields(mail)
        return b"".join(_signature(mail, domain, selector, fields) for selector in _active(domain)) + mail
    except (ValidationError, OSError, ValueError, dkim.DKIMException) as error:
        say.warning("mail-unsigned", reason=f"{type(error).__name__}: {error}"[:200])
        return mail


def _signature(mail: bytes, domain: str, selector: str, fields: list[bytes]) -> bytes:
    key = _key(_folder(domain) / f"{selector}.pem")
    if isinstance(key, Ed25519PrivateKey):
        private, algorithm = base64.b64encode(key.private_bytes_raw()), b"ed25519-sha256"
    else:
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        algorithm = b"rsa-sha256"
    signature: bytes = dkim.DKIM(mail).sign(
        selector.encode(), domain.encode(), private, algorithm,
        canonicalize=(b"relaxed", b"relaxed"), include_headers=fields,
    )  # fmt: skip
    return signature


def _fields(mail: bytes) -> list[bytes]:
    """Each as often as it occurs, and once more (RFC 6376 §8.15)."""
    return [name.lower().encode() for name in FIELDS for _ in range(len(header_values(mail, name)) + 1)]


def _active(domain: str) -> list[str]:
    try:
        said = (_folder(domain) / "active").read_text("ascii")
    except FileNotFoundError:
        return []
    return [line for line in said.split() if SELECTOR.fullmatch(line)]


def _key(path: Path) -> Ed25519PrivateKey | RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey | RSAPrivateKey):
        raise ValueError(f"{path.name} is no key that signs mail")
    return key


def _record(folder: Path, selector: str) -> Record:
    key = _key(folder / f"{selector}.pem")
    if isinstance(key, Ed25519PrivateKey):
        kind, public = "ed25519", key.public_key().public_bytes_raw()
    else:
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        kind = "rsa"
    told = base64.b64encode(public).decode()
    return Record(f"{selector}._domainkey.{folder.name}", f"v=DKIM1; k={kind}; p={told}")


def _folder(domain: str) -> Path:
    return Path(settings.PORTAL.keys) / "dkim" / domain

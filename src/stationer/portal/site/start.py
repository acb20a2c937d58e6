"""What the portal needs before its first breath: folders, the session key, the installation's signing key,
the key to which edges seal what they tell.

Nothing here runs on import; `prepare` is called by every way to start (server, worker, admin). Files are made once,
0600, complete or not at all, so that two starts at the same time agree.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stationer.blobs.opening import open_blobs
from stationer.durable.files import sync_folder
from stationer.settings import Portal

SECRET_FILE = "session.key"
SIGNING_FILE = "installation.key"
PUBLIC_FILE = "edge.pub"
UPLINK_FILE = "uplink.key"
UPLINK_PUBLIC_FILE = "uplink.pub"
EDGE_TOKEN_FILE = "edge.token"
KEYRING_NOTE = "keyring.made"


def prepare(portal: Portal) -> None:
    """Make the folders and keys that are missing. Raises OSError where the disk refuses, and for a place of blobs
    that is none."""
    for folder in (portal.data, portal.data / "static", portal.keys, portal.edge_folder):
        folder.mkdir(parents=True, exist_ok=True)
    for private in (portal.data, portal.keys):
        private.chmod(0o700)
    if not portal.secret_key:
        once(portal.keys / SECRET_FILE, secrets.token_urlsafe(48).encode())
    once(portal.keys / SIGNING_FILE, _private(Ed25519PrivateKey.generate()))
    once(portal.keys / PUBLIC_FILE, _public(signing_key(portal)), mode=0o644)
    once(portal.keys / UPLINK_FILE, _private(X25519PrivateKey.generate()))
    once(portal.keys / UPLINK_PUBLIC_FILE, _public(uplink_key(portal)), mode=0o644)
    make_keyring(portal)
    open_blobs(portal.blobs, portal.data / "blobs")  # told now, and not to the first who puts something there


def make_keyring(portal: Portal) -> None:
    """The installation's keyring at its first start (docs/keys.md). Where there was one once and it is gone, none is
    made: what was sealed would never open under another, and whoever runs this is to put it back."""
    made = portal.data / KEYRING_NOTE
    if not portal.keyring.exists() and not made.exists():
        from stationer.keys import KeyringFileError, make  # loads Tink, which no other start needs

        try:
            make(portal.keyring)
        except KeyringFileError:
            if not portal.keyring.exists():
                raise
    if portal.keyring.exists():
        once(made, b"A keyring was made. Without it nothing that is sealed opens: docs/keys.md\n")


def edge_token(portal: Portal) -> Path:
    """The file with the token of the edge that runs beside this portal, made once. Raises OSError."""
    prepare(portal)
    once(portal.keys / EDGE_TOKEN_FILE, secrets.token_urlsafe(32).encode())
    return portal.keys / EDGE_TOKEN_FILE


def once(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file that is not there yet, fsynced; keep the one that is. The first of two writers wins."""
    if path.exists():
        return
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    sync_folder(path.parent)


def session_key(portal: Portal) -> str:
    """The key of sessions and links: the setting, else the file, else (before `prepare`) one for this process."""
    path = portal.keys / SECRET_FILE
    if portal.secret_key:
        return portal.secret_key
    return path.read_text().strip() if path.exists() else secrets.token_urlsafe(48)


def _private(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def signing_key(portal: Portal) -> Ed25519PrivateKey:
    """The installation's Ed25519 key, by which snapshots and rolls are signed. Raises OSError, ValueError."""
    pem = (portal.keys / SIGNING_FILE).read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{portal.keys / SIGNING_FILE} holds no Ed25519 key")
    return key


def uplink_key(portal: Portal) -> X25519PrivateKey:
    """The X25519 key to which edges seal what they tell (contract/uplink.md §1). Raises OSError, ValueError."""
    pem = (portal.keys / UPLINK_FILE).read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, X25519PrivateKey):
        raise ValueError(f"{portal.keys / UPLINK_FILE} holds no X25519 key")
    return key


def signing_seed() -> bytes:
    """The signing key's 32 raw bytes, as `pick.container.pack` takes them. Raises OSError, ValueError."""
    from django.conf import settings

    return signing_key(settings.PORTAL).private_bytes_raw()

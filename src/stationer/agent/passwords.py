"""The mailbox's password and the device's token: in the system's keyring where there is one, else in a file
of ours.

The file is `secrets.json` in the agent's folder, readable by its owner alone (mode 0600).
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import msgspec

from stationer.durable.files import make_folder, write_durably

SERVICE = "stationer"


class Secrets(msgspec.Struct, frozen=True):
    """What must not be seen."""

    password: str
    token: str


class SecretsError(Exception):
    """The secrets of a mailbox are not there. The message says what to do."""


def store(folder: Path, address: str, secrets: Secrets, *, keyring: bool = True) -> str:
    """Keep them; returns where they are, in words."""
    text = msgspec.json.encode(secrets).decode()
    if keyring and (name := _into_keyring(_name(folder, address), text)):
        _into_file(folder, address, None)
        return f"in the system's keyring ({name})"
    _into_file(folder, address, text)
    return f"in {folder / 'secrets.json'}, readable by you alone (no keyring answers here)"


def load(folder: Path, address: str) -> Secrets:
    """The secrets of a mailbox. Raises SecretsError."""
    text = _read_file(folder).get(address) or _from_keyring(_name(folder, address))
    if text is None:
        raise SecretsError(
            f"The password of {address} is not kept here any more. Run `stationer agent enrol` again."
        )
    return msgspec.json.decode(text, type=Secrets)


def _name(folder: Path, address: str) -> str:
    """Two agents of one user keep apart what they know of the same mailbox."""
    return f"{address} {folder.resolve()}"


def _into_keyring(name: str, text: str) -> str:
    """The keyring's name when it took it and gives it back, otherwise nothing."""
    with contextlib.suppress(Exception):  # a keyring may fail in as many ways as there are desktops
        import keyring

        backend = keyring.get_keyring()
        if getattr(backend, "priority", 0) < 1:
            return ""
        keyring.set_password(SERVICE, name, text)
        if keyring.get_password(SERVICE, name) == text:
            return str(backend.name)
    return ""


def _from_keyring(name: str) -> str | None:
    with contextlib.suppress(Exception):
        import keyring

        return keyring.get_password(SERVICE, name)
    return None


def _read_file(folder: Path) -> dict[str, str]:
    path = folder / "secrets.json"
    try:
        if sys.platform != "win32" and path.stat().st_mode & 0o077:
            raise SecretsError(f"{path} can be read by others. Run `chmod 600 {path}` and start again.")
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise SecretsError(f"{path} cannot be read: {error}. Move it away and enrol again.") from error


def _into_file(folder: Path, address: str, text: str | None) -> None:
    known = _read_file(folder)
    if text is None and address not in known:
        return
    make_folder(folder, 0o700)
    kept = {name: value for name, value in known.items() if name != address}
    write_durably(
        folder / "secrets.json", msgspec.json.encode(kept | ({address: text} if text else {})), 0o600
    )

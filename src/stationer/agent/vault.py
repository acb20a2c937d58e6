"""The portal's vault, as an agent asks it (contract/vault.md §3, §4): content in, notification out; the original back.

Each call is made once; when to make it again is the plan's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from stationer.client.calling import Caller, place
from stationer.client.errors import ClientError, Refused

#: What is fetched at a time, and the largest original that is put into a mailbox (octets).
PIECE, MOST = 16 * 2**20, 64 * 2**20
#: Refusals that another try may overcome: an unknown device (it may be in force soon, or be enrolled anew), a
#: timeout, too many at once.
PASSING = {401, 408, 423, 425, 429}


class VaultError(Exception):
    """It was not done; the message says why. `lasting`: asking again will not help."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.lasting = lasting


class Message(msgspec.Struct, frozen=True):
    """A secure message as the portal tells of it, as far as an agent needs it."""

    id: str
    locator: str = ""
    state: str = ""
    piece: int = PIECE
    pieces: int = 1
    received: list[int] = []
    size: int = 0
    reason: str | None = None
    message: str | None = None


class Received(msgspec.Struct, frozen=True):
    """Which pieces are there."""

    received: list[int] = []


class Announced(NamedTuple):
    """The secure message's locator, and the notification that travels."""

    locator: str
    notification: bytes


class Vault:
    """One portal, one device's token. Each call is on its own: several threads may call at once."""

    def __init__(self, portal: str, token: str, timeout_s: float = 30.0) -> None:
        self._caller = Caller(portal, token, tries=1, timeout=timeout_s, patience=0)

    def begin(self, content: bytes, sha256: str, sender: str, recipients: tuple[str, ...], key: str) -> str:
        """Begin a secure message; its id. For a day the same `key` is the same message. Raises VaultError."""
        body = {
            "from": sender,
            "recipients": list(recipients),
            "size": len(content),
            "sha256": sha256,
            "options": {},
        }
        try:
            return self._caller.call("POST", "/secure-messages", Message, body=body, key=key).id
        except ClientError as error:
            raise _told(error) from error

    def seal(self, message: str, content: bytes, wanted: Callable[[], bool] = lambda: True) -> Announced:
        """Go on with a message that was begun: the pieces that are missing, as long as it is `wanted`; its
        notification. Raises VaultError."""
        try:
            return self._sealed(message, content, wanted)
        except ClientError as error:
            raise _told(error) from error

    def end(self, message: str) -> None:
        """End a message of this author's: nobody can read it any more. Raises VaultError."""
        try:
            self._caller.call("DELETE", f"/secure-messages/{place(message)}", type(None))
        except ClientError as error:
            raise _told(error) from error

    def _sealed(self, message: str, content: bytes, wanted: Callable[[], bool]) -> Announced:
        where = f"/secure-messages/{place(message)}"
        now = self._caller.call("GET", where, Message)
        if now.state == "uploading":
            for number in range(now.pieces):
                if not wanted():
                    raise VaultError("It is not wanted any more.")
                if number not in now.received:
                    piece = content[number * now.piece : (number + 1) * now.piece]
                    self._caller.put(f"{where}/pieces/{number}", piece, Received)
        if now.state in ("uploading", "checking"):
            now = self._caller.call("POST", f"{where}/complete", Message)
        if now.state == "refused":
            raise VaultError(now.message or now.reason or "The portal refused it.", lasting=True)
        if now.state == "ended":
            raise VaultError("The secure message was ended before it was announced.", lasting=True)
        if now.state != "ready":
            raise VaultError("The portal is still looking at it.")
        return Announced(now.locator, self._caller.octets(f"{where}/notification"))

    def original(self, locator: str) -> bytes:
        """The content of a secure message, as the device's own member may read it. Raises VaultError."""
        try:
            message = self._caller.call("GET", f"/secure-messages/{place(locator)}", Message)
            if message.size > MOST:
                raise VaultError("it is too large to be put into a mailbox", lasting=True)
            where = f"/secure-messages/{place(message.id)}/content"
            if message.size <= PIECE:
                return self._caller.octets(where)
            stops = [*range(PIECE, message.size, PIECE), message.size]
            return b"".join(
                self._caller.octets(where, start, stop)
                for start, stop in zip([0, *stops], stops, strict=False)
            )
        except ClientError as error:
            raise _told(error) from error


def _told(error: ClientError) -> VaultError:
    """What the portal said, and whether it will say so again."""
    passing = not isinstance(error, Refused) or error.again or error.status in PASSING or error.status >= 500
    return VaultError(str(error), lasting=not passing)

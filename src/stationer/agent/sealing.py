"""From the content of a mail to the notification that leaves and the form that is filed, each proven here.

Fails closed: what cannot be proven does not leave (law 2). The portal's word alone is not enough: the notification is
proven by the public half that was stored at enrolment, and has to give the content back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from stationer import mime, notice
from stationer.agent.dressing import on_the_wire
from stationer.agent.ending import Endings
from stationer.agent.known import Known, Memory, asks
from stationer.agent.reading import key_of
from stationer.agent.uploading import Upload, Uploads
from stationer.agent.vault import Announced, Vault, VaultError
from stationer.notice import Pen
from stationer.outbox.operations import Kept
from stationer.outbox.seen import Portal

BLIND = frozenset({b"bcc", b"resent-bcc"})
#: How long the portal is left alone after the n-th failure in a row (ms).
REST_MS = (1_000, 2_000, 5_000, 10_000)
#: How long a mail is left alone for which there is no room (ms).
QUEUED_MS = 1_000


class Sealing:
    """What one mailbox seals with. Without a PEN or a portal nothing is sealed, and nothing that asks for it leaves."""

    def __init__(
        self, known: Known, vault: Vault | None, memory: Memory | None = None, uploads: Uploads | None = None
    ) -> None:
        self.known, self._vault, self._memory = known, vault, memory
        self.notified: dict[str, bytes] = {}  # by key: notifications that are not in the spool yet
        self.portal, self._failures = Portal(), 0
        self.endings = Endings(known.address, vault, memory)
        self._uploads, self._queued = uploads or Uploads(), dict[str, int]()

    @property
    def able(self) -> bool:
        """Whether this mailbox can seal at all."""
        return self.known.able and self._vault is not None

    def up(
        self, key: str, mail: bytes, run: int, sender: str, recipients: tuple[str, ...], mono: int
    ) -> Kept:
        """Give a mail to the PEN, and keep its notification in hand; `going` while that takes longer than a moment.

        Never raises for what the portal does.
        """
        vault, name = self._vault, (key, run)
        if self.known.pen is None or vault is None:
            why = self.known.pending or "This mailbox has not been set up for sealing; enrol it again."
            return Kept("later", reply=why)
        if not self._uploads.begun(name):
            if not self._uploads.room(len(mail)):
                self._queued[key] = mono + QUEUED_MS
                return Kept("going")

            def work(one: Upload) -> Announced:
                fact = self._fact(key, run)
                return seal(vault, self.known, mail, run, sender, recipients, self._memory, fact, one.wanted)

            self._uploads.begin(name, len(mail), work, lambda: self._end(key, run))
        try:
            announced = self._uploads.take(name)
        except VaultError as error:
            return self._not_up(error, mono)
        if announced is None:
            return Kept("going")
        self.portal, self._failures = Portal(), 0
        self.notified[key] = announced.notification
        return Kept("sealed", announced.locator)

    def _not_up(self, error: VaultError, mono: int) -> Kept:
        if not error.lasting:
            self._failures += 1
            rest = REST_MS[min(self._failures, len(REST_MS)) - 1]
            self.portal = Portal(mono + rest, str(error))
        return Kept("never" if error.lasting else "later", reply=str(error))

    def going(self, key: str, mono: int) -> str:
        """Why a mail is left alone for the moment, in a sentence: its content is on its way. Else nothing."""
        if size := self._uploads.size(key):
            return f"its content is on its way to your company ({size / 1e6:.1f} MB)"
        if self._queued.get(key, mono) > mono:
            return "other large mails are on their way to your company first"
        self._queued.pop(key, None)
        return ""

    def _fact(self, key: str, run: int) -> str:
        return f"secure {self.known.address} {key} {run}"

    def left(self, key: str, run: int) -> None:
        """It left, or may have: which message it is need not be known any more. What is still on its way then will not
        leave, and is ended."""
        if not self._uploads.drop((key, run), lambda: self._end(key, run)) and self._memory is not None:
            self._memory.forget(self._fact(key, run))

    def end(self, key: str, run: int, mono: int) -> None:
        """It is given back, or was taken back before anything of it left: nobody needs what the PEN keeps of it. Asked
        for now, and again until the portal says so; of what is still on its way, once it is there. Raises
        JournalError."""
        if not self._uploads.drop((key, run), lambda: self._end(key, run)):
            self._end(key, run)
        self.endings.settle(mono)

    def _end(self, key: str, run: int) -> None:
        if self._memory is not None and (message := self._memory.recall(self._fact(key, run))):
            self.endings.add(message)
            self._memory.forget(self._fact(key, run))

    def filed(self, notification: bytes | None, mail: bytes) -> bytes | None:
        """What Sent holds of a sealed mail (as dressed). None: it cannot be made now."""
        pen = self.known.pen
        return filed(notification, mail, pen) if notification and pen else None

    def forbids(self, wire: bytes, sealed: bool) -> str:
        """The last gate before SMTP: why these octets may not leave, or nothing."""
        return may_leave(wire, sealed, self.known.pen, self.known.tags)


def seal(
    vault: Vault,
    known: Known,
    mail: bytes,
    run: int,
    sender: str,
    recipients: tuple[str, ...],
    memory: Memory | None = None,
    fact: str = "",
    wanted: Callable[[], bool] = lambda: True,
) -> Announced:
    """Give a mail (as dressed, with Bcc) to the PEN; its notification, proven. Raises VaultError.

    The message's id is kept as `fact` as soon as it is known: a key says for a day that it is the same, a mail may wait
    for five. `wanted` is asked before each piece.
    """
    content = on_the_wire(mail)
    digest = hashlib.sha256(content).hexdigest()
    key = f"{key_of(mime.message_id(mail) or '', content)}.{run}"
    message = memory.recall(fact) if memory is not None else None
    if not message:
        message = vault.begin(content, digest, sender, recipients, key)
        if memory is not None:
            memory.remember(fact, message)
    announced = vault.seal(message, content, wanted)
    if why := doubted(announced, content, known):
        raise VaultError(
            f"The notification that the portal made is not what it should be ({why}).", lasting=True
        )
    return announced


def doubted(announced: Announced, content: bytes, known: Known) -> str:
    """Why this notification may not leave, by what the PEN is now: its key or its tag may be a new one.

    Raises VaultError when that cannot be known now.
    """
    why = _doubt(announced, content, known.pen)
    if not why:
        return ""
    if not known.look():
        raise VaultError(
            f"The notification that the portal made is not proven here ({why}), and whether your company has new keys "
            f"cannot be asked. {known.trouble}"
        )
    return _doubt(announced, content, known.pen)


def _doubt(announced: Announced, content: bytes, pen: Pen | None) -> str:
    return unproven(announced.notification, content, pen, announced.locator) if pen else "not-proven"


def unproven(notification: bytes, content: bytes, pen: Pen, locator: str) -> str:
    """Why this notification may not leave for this content; empty when it may."""
    restored = notice.restore(notification, content, pen)
    if isinstance(restored, notice.NotRestored):
        return restored.reason
    if restored.proof.id != locator:
        return "other-message"
    if restored.proof.via:  # what leaves from the author's own server is theirs
        return "other-sender"
    if restored.changed:
        return "changed: " + ", ".join(restored.changed)
    if notice.asks_for_seal(notification, pen.shown_tag):
        return "asks-for-seal"
    return ""


def filed(notification: bytes, mail: bytes, pen: Pen) -> bytes | None:
    """What Sent holds in the notification's place: the original, and its author's Bcc. None: it cannot be made."""
    blind = b"".join(
        _whole(mail[field.start : field.end]) for field in mime.read(mail).root.fields if field.name in BLIND
    )
    restored = notice.restore(blind + notification, on_the_wire(mail), pen)
    return None if isinstance(restored, notice.NotRestored) else restored.mail


def _whole(field: bytes) -> bytes:
    return field if field.endswith(b"\n") else field + b"\r\n"


def may_leave(wire: bytes, sealed: bool, pen: Pen | None, tags: Sequence[str]) -> str:
    """The last gate before SMTP: why these octets may not leave, or nothing. `sealed`: the journal says they must be a
    notification. One that is proven may say in its subject what once was a tag, or is one by now.
    """
    if asks(wire, () if sealed else tags):
        return "It asks to be sealed, and is not."
    if sealed and (pen is None or not isinstance(notice.read(wire, pen), notice.Proof)):
        return "Its notification cannot be proven here any more."
    return ""

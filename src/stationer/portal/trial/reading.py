"""The worker's look into the trial's mailbox: each mail is judged once, perhaps answered, and removed."""

from __future__ import annotations

import time
from hashlib import sha256

from django.conf import settings
from django.db import DatabaseError

from stationer import imap
from stationer.portal.trial import answering
from stationer.portal.trial.judging import MOST_BYTES
from stationer.settings import TrialMailbox
from stationer.watch.log import Voice
from stationer.wire.account import Server

FOLDER = "INBOX"
#: How often it is looked at, after a fault how much later; and mails of one look.
PAUSE_S, AFTER_FAULT_S, AT_ONCE = 5.0, 60.0, 50
say = Voice("trial")


class Reader:
    """When to look next; of each process its own."""

    def __init__(self) -> None:
        self._next = 0.0

    def turn(self) -> int:
        """Look, when it is time. Returns how many mails were judged."""
        box = settings.PORTAL.trial_mailbox
        if not is_on(box) or time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + PAUSE_S
        try:
            return look(box)
        except imap.ImapError as error:
            self._next = time.monotonic() + AFTER_FAULT_S
            say.warning("trial-mailbox", reason=str(error))
            return 0


def is_on(box: TrialMailbox) -> bool:
    """Whether the installation is tried by mail."""
    offered = settings.PORTAL.trial and settings.PORTAL.sign_up == "open"
    return bool(offered and box.host and box.address and box.authserv_id)


def look(box: TrialMailbox) -> int:
    """Judge what lies there and remove it. Raises ImapError."""
    mailbox = imap.connect(Server(box.host, box.port, box.security), box.user, box.password)
    try:
        validity, items = mailbox.listing(FOLDER)
        for item in items[:AT_ONCE]:
            if item.size <= MOST_BYTES:
                judge(mailbox.read(FOLDER, item.uid, validity) or b"")
            else:  # is not even read
                say.info("trial-unanswered", reason="too-large")
            mailbox.remove(FOLDER, [item.uid], validity)
        return len(items[:AT_ONCE])
    finally:
        mailbox.close()


def judge(mail: bytes) -> None:
    """Judge one mail. A fault of ours with it stops none of those behind it; without the database nothing is judged,
    and so nothing removed."""
    try:
        answering.answer(mail, sha256(mail).hexdigest())
    except DatabaseError:
        raise
    except Exception:
        say.fault("fault", chore="stationer.portal.trial.reading.judge")


reader = Reader()

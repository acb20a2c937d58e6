"""The notes in Needs attention: what happened, why, and what to do, in plain words."""

from __future__ import annotations

import email
import email.headerregistry
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

#: about → (subject, what happened and why, what to do). `{detail}` is what the mail server or the address
#: list said.
NOTES: dict[str, tuple[str, str, str]] = {
    "no-recipients": (
        "Not sent: {subject}",
        "This mail was not sent, because it names no recipient.",
        "It lies beside this note. Open it, add an address, and send it again.",
    ),
    "bad-address": (
        "Not sent: {subject}",
        "This mail was not sent, because it holds an address that nothing can be sent to:\n\n{detail}",
        "It lies beside this note. Open it, mend the address, and send it again.",
    ),
    "too-large": (
        "Not sent: {subject}",
        "This mail was not sent, because it is larger than your mail server takes. {detail}",
        "It lies beside this note. Make its attachments smaller, and send it again.",
    ),
    "refused": (
        "Not sent: {subject}",
        "Your mail server refused this mail for everybody it was for. It said:\n\n{detail}",
        "The mail lies beside this note. Mend what the server complains of, and send it again.",
    ),
    "given-up": (
        "Not sent: {subject}",
        "Your mail server put this mail off for five days. It is not tried any more. It said:\n\n{detail}",
        "The mail lies beside this note. Send it again when the server works, or ask whoever runs it.",
    ),
    "unsure": (
        "Perhaps sent: {subject}",
        "Your mail server never confirmed this mail: the connection broke each time. It may have been sent.",
        "The mail lies beside this note. Ask a recipient whether it came before you send it again.",
    ),
    "cannot-seal": (
        "Not sent: {subject}",
        "This mail asks to be sealed, and this mailbox has not been set up for that. Nothing of it has left.",
        "It lies beside this note. Run `stationer agent enrol` again with your company's portal, and send it again.",
    ),
    "seal-refused": (
        "Not sent: {subject}",
        "This mail asks to be sealed, and your company's portal does not take it. Nothing of it was sent.\n\n{detail}",
        "The mail lies beside this note. Mend what the portal complains of, and send it again.",
    ),
    "seal-given-up": (
        "Not sent: {subject}",
        "This mail could not be sealed for five days. Nothing of it was sent. The last reason:\n\n{detail}",
        "The mail lies beside this note. Send it again when the portal works, or ask whoever runs it.",
    ),
    "seal-waits": (
        "Still waiting: {subject}",
        "This mail asks to be sealed, and that is not possible at the moment. Nothing of it was sent.\n\n{detail}",
        'It is tried again by itself. To stop it, take the mail out of "Stationer Outbox".',
    ),
    "twice": (
        "Perhaps sent twice: {subject}",
        "The connection broke before your mail server confirmed this mail, so it may have been sent twice.",
        "There is nothing to do. Both are the same mail; most mail programs show it once.",
    ),
    "some-refused": (
        "Not sent to everybody: {subject}",
        "This mail was sent, but your mail server refused it for:\n\n{detail}",
        "Everybody else has it. Check these addresses, and send it to them again.",
    ),
    "waiting": (
        "Still waiting: {subject}",
        "Your mail server has not taken this mail yet. It said:\n\n{detail}",
        'It is tried again by itself. To stop it, take the mail out of "Stationer Outbox".',
    ),
    "unknown": (
        "Perhaps sent: {subject}",
        'This mail was taken out of "Stationer Outbox" while it was being sent. It may have been sent.',
        "Look into your sent mail, or ask a recipient.",
    ),
}


def subject_of(mail: bytes) -> str:
    """The subject as a person reads it; what cannot be read is named so."""
    try:
        header = mail[:200_000].partition(b"\r\n\r\n")[0]
        message = email.message_from_bytes(header, policy=email.policy.default)
        text = " ".join(str(message["subject"] or "").split())
    except Exception:  # hostile headers break the library's parser in many ways
        text = ""
    printable = "".join(character for character in text if character.isprintable())
    return printable[:200] or "(no subject)"


def note_id(key: str, run: int, about: str, address: str) -> str:
    """The note's own Message-ID: the same note has the same one, so that it is found again."""
    from stationer.agent.dressing import own_message_id

    return own_message_id(f"stationer-{about}.{key}", run, address)


def note(
    about: str, detail: str, *, address: str, subject: str, reference: str, message_id: str, now_ms: int
) -> bytes:
    """The note as a mail to the account's own owner, threaded with the mail it speaks of."""
    title, what, todo = NOTES[about]
    message = EmailMessage(policy=email.policy.SMTP)
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1_000, UTC))
    message["From"] = email.headerregistry.Address("Stationer", addr_spec=_plain(address))
    message["To"] = email.headerregistry.Address(addr_spec=_plain(address))
    message["Subject"] = title.format(subject=subject)
    message["Auto-Submitted"] = "auto-generated"
    if reference:
        message["In-Reply-To"] = message["References"] = reference
    clean = "".join(c for c in detail if c.isprintable() or c == "\n").strip()
    message.set_content(f"{what.format(detail=clean)}\n\n{todo}\n\n-- \nStationer, on your own computer\n")
    return message.as_bytes()


def _plain(address: str) -> str:
    """An address that the library takes; the note is for its owner's eyes and is never sent."""
    try:
        email.headerregistry.Address(addr_spec=address)
    except Exception:
        return "owner@stationer.invalid"
    return address

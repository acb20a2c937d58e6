"""The notification of a message: made once, when it becomes ready, and the same octets for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stationer import notice
from stationer.mime import fault_of, line_end, with_header, without_headers
from stationer.portal.access.domains import is_own
from stationer.portal.delivery.sending import Unsendable, envelope_address, send
from stationer.portal.delivery.writing import own_address
from stationer.portal.notices.pens import notice_pen
from stationer.portal.people.models import Pen
from stationer.portal.vault import events
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.indexing import Index
from stationer.portal.vault.models import Announcement, SecureMessage

#: Fields that say what the body is: the one that is composed of here has another.
OF_THE_BODY = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "content-id"})
UNSIGNED = (
    "Notifications cannot be signed now: the company's key is not at hand. Ask whoever runs this server."
)
HOMELESS = (
    "This server cannot send it: the setting portal.relay.sender is no address. Ask whoever runs this server."
)


def make(message: SecureMessage, pen: Pen, header: bytes, index: Index) -> Announcement:
    """Make it, of the mail's header and of how many files travel with it; via the portal's own address where it leaves
    from here and may not leave from its author's. Raises VaultError where it cannot be signed or sent."""
    house = notice_pen(pen, message.author)
    if house.signing_key is None:
        raise VaultError("keyring", UNSIGNED)
    made = notice.compose(
        stand_in(header, sum(entry.attached for entry in index.leaves)),
        house,
        message.locator,
        int((message.ready_at or message.begun_at).timestamp() * 1000),
        languages=(message.language,) if message.language else (),
        until=message.until.date() if message.until else None,
        via=via_of(message, pen) if message.announce_to else None,
    )
    if isinstance(made, notice.Refused):
        raise AssertionError(f"a checked mail was refused: {made.reason}")
    return Announcement.objects.create(
        message=message,
        mail=made.mail,
        version=made.version,
        package=made.package or "",
        languages=list(made.languages),
    )


def via_of(message: SecureMessage, pen: Pen) -> notice.Via | None:
    """The address by which it leaves from here (contract/notice.md §2.1); None: its author's, a member's of a domain
    that the PEN has proven. Raises VaultError: the portal has no address."""
    if message.member_id and is_own(pen, message.author):
        return None
    if fault_of(own_address()):
        raise VaultError("not-an-address", HOMELESS)
    return notice.Via(own_address(), message.author if message.member_id else "")


def reachable(recipients: Iterable[str]) -> list[str]:
    """The addresses as an envelope has them, each once. Raises VaultError."""
    try:
        return list(dict.fromkeys(map(envelope_address, recipients)))
    except Unsendable as fault:
        raise VaultError("not-an-address", str(fault)) from fault


def stand_in(header: bytes, attachments: int) -> bytes:
    """A mail of the same header with so many files, of which nothing is said but that they are there: nothing else of
    a mail decides what its notification says."""
    end = line_end(header)
    held = without_headers(header, OF_THE_BODY).rstrip(b"\r\n")
    kind = "multipart/mixed; boundary=b"
    top = with_header(held + end, "Content-Type", kind) if held else b"Content-Type: %s" % kind.encode() + end
    file = end.join((b"--b", b"Content-Disposition: attachment", b"", b""))
    return end.join((top, file * attachments + b"--b--", b""))


def notification(message: SecureMessage) -> bytes:
    """As it was made. Raises VaultError: not ready."""
    row = Announcement.objects.filter(message=message).first()
    if row is None:
        raise VaultError("not-ready", "This message is not ready yet.")
    return bytes(row.mail)


def announce(message: SecureMessage, recipients: Sequence[str]) -> None:
    """Queue it for these addresses (`reachable`), from whom it says that it comes: for what was written on the portal's
    pages. Raises VaultError."""
    mail = notification(message)
    claim = notice.claim_of(mail)
    is_via = isinstance(claim, notice.Claim) and claim.authors is not None
    sender = own_address() if is_via else message.author
    send(mail, sender=sender, recipients=recipients, pen=Pen.objects.get(pk=message.pen_id))
    events.note(message, "announced", message.author, {"by": "portal", "recipients": str(len(recipients))})

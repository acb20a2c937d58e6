"""Mails that programs read: invitations, reports, auto-replies, pieces, TNEF, rights-managed mails, lists' footers;
and the ordinary mails that look like them."""

from __future__ import annotations

from tests.conformance.making.frame import Leaf, Made, Multi, alternative, attached, body, made, mixed, raw
from tests.conformance.making.words import HTML, PAGE, PLAIN, TEXT

LAW = "special"
EVENT = """\
BEGIN:VCALENDAR
PRODID:-//Winter//EN
VERSION:2.0
METHOD:{}
BEGIN:VEVENT
UID:20261103@winter.example
DTSTAMP:20261103T084100Z
DTSTART:20261105T100000Z
ORGANIZER:mailto:alice@winter.example
ATTENDEE:mailto:carol@sommer.example
SUMMARY:Visit
END:VEVENT
END:VCALENDAR
"""
STATUS = """\
Reporting-MTA: dns; mail.winter.example

Final-Recipient: rfc822; carol@sommer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
"""
ORIGINAL = "From: Alice Winter <alice@winter.example>\nTo: carol@sommer.example\nSubject: Visit\n\n" + PLAIN


def calendar(method: str, encoding: str = "7bit") -> Leaf:
    """A text/calendar part (RFC 6047 §2.4)."""
    return body("calendar", EVENT.format(method), "utf-8", encoding, parameters=f"; method={method}")


def report(kind: str, *parts: Leaf) -> Multi:
    """multipart/report (RFC 6522)."""
    return Multi("report", list(parts), f"; report-type={kind}")


def text(source: str = PLAIN) -> Leaf:
    """A text."""
    return body("plain", source, "us-ascii", "7bit")


def special() -> list[Made]:
    """All of them."""
    return [*_meetings(), *_reports(), *_automatic(), *_wrapped(), *_ordinary()]


def _left(name: str, why: str, root: Leaf | Multi, **more: object) -> Made:
    return made(name, LAW, why, root, expect="leave", **more)  # type: ignore[arg-type]


def _meetings() -> list[Made]:
    both = alternative(body("plain", PLAIN), body("html", PAGE), calendar("REQUEST", "base64"))
    return [
        _left("invitation", "an invitation: the calendar part is an alternative of the text", both, client="new Outlook"),
        _left("invitation-gmail", "the same with the event as a file beside it", mixed(alternative(body("plain", PLAIN), body("html", PAGE), calendar("REQUEST")), attached("invite.ics", EVENT.format("REQUEST").encode(), "application/ics")), client="Gmail"),
        _left("invitation-accepted", "an answer to an invitation, which is a calendar and nothing else", calendar("REPLY"), subject="Accepted: Visit"),
        _left("invitation-cancelled", "a cancellation", alternative(body("plain", PLAIN), calendar("CANCEL")), subject="Cancelled: Visit"),
    ]  # fmt: skip


def _reports() -> list[Made]:
    failed = text("The mail could not be delivered.\n")
    delivery = raw("Content-Type: message/delivery-status\n", STATUS)
    read = raw("Content-Type: message/disposition-notification\n",
               "Reporting-UA: winter.example; Mail\nFinal-Recipient: rfc822;carol@sommer.example\n"
               "Original-Message-ID: <1@sommer.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n")  # fmt: skip
    abuse = raw(
        "Content-Type: message/feedback-report\n", "Feedback-Type: abuse\nUser-Agent: Winter/1\nVersion: 1\n"
    )
    tls = attached("report.json.gz", b"\x1f\x8b\x08\0report", "application/tlsrpt+gzip")
    original = raw("Content-Type: message/rfc822\n", ORIGINAL)
    return [
        _left("report-delivery", "a delivery report", report("delivery-status", failed, delivery, original), subject="Undelivered"),
        _left("report-delivery-headers", "a delivery report with the header of the mail only", report("delivery-status", failed, delivery, raw("Content-Type: text/rfc822-headers\n", ORIGINAL.split("\n\n")[0] + "\n"))),
        _left("report-read", "a read receipt", report("disposition-notification", text("The mail was read.\n"), read), subject="Read: Visit"),
        _left("report-abuse", "an abuse report", report("feedback-report", text("A complaint.\n"), abuse, original)),
        _left("report-tls", "an SMTP TLS report", report("tlsrpt", text("A report.\n"), tls)),
    ]  # fmt: skip


def _automatic() -> list[Made]:
    away = text("I am away until Monday.\n")
    return [
        _left("auto-reply", "an out-of-office answer", away, more="Auto-Submitted: auto-replied\n", subject="Away"),
        _left("auto-reply-old-fields", "the same with the fields from before RFC 3834", away, more="X-Autoreply: yes\nPrecedence: auto_reply\n"),
        _left("auto-generated", "a mail that a program has made", text("Backup done.\n"), more="Auto-Submitted: auto-generated; type=cron\n"),
    ]  # fmt: skip


def _wrapped() -> list[Made]:
    partial = raw('Content-Type: message/partial; number=2; total=3; id="big@winter.example"\n', PLAIN)
    outside = raw(
        'Content-Type: message/external-body; access-type=URL; URL="https://winter.example/a"\n',
        "Content-Type: text/plain\n\n",
    )
    tnef = attached(
        "winmail.dat", b'x\x9f>"\x01\x00\x06\x90\x08\x00\x04\x00' + bytes(range(200)), "application/ms-tnef"
    )
    rights = attached(
        "message.rpmsg",
        b"v\xe8\x04`\xc4\x11\xe3\x86" + bytes(range(200)),
        "application/x-microsoft-rpmsg-message",
    )
    footer = raw(
        'Content-Type: text/plain; charset="us-ascii"\nContent-Disposition: inline\n',
        "_______________\nTalk mailing list\nhttps://list.example/talk\n",
    )
    listed = "List-Id: <talk.list.example>\nList-Post: <mailto:talk@list.example>\nPrecedence: list\n"
    return [
        _left("partial", "one piece of a mail that was cut in three", partial),
        _left("external-body", "a mail whose body is elsewhere", outside),
        _left("tnef-only", "Outlook's own format and no body beside it", tnef, client="Outlook classic"),
        _left("tnef-only-mixed", "the same in a multipart/mixed", mixed(tnef), client="Outlook classic"),
        _left("rights-managed", "a mail under rights management: the text only says how to open it", mixed(alternative(body("plain", PLAIN), body("html", PAGE)), rights), client="Outlook classic"),
        _left("list-footer", "list mail whose last part is the list's footer", mixed(text(), footer), more=listed),
    ]  # fmt: skip


def _ordinary() -> list[Made]:
    label = "MSIP_Labels: MSIP_Label_f42aa342-8706-4288-bd11-ebb85995028c_Enabled=true;\n MSIP_Label_f42aa342-8706-4288-bd11-ebb85995028c_Name=Internal;\n MSIP_Label_f42aa342-8706-4288-bd11-ebb85995028c_ContentBits=0\n"
    key = attached(
        "OpenPGP_0x0123456789ABCDEF.asc",
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n=aB3d\n-----END PGP PUBLIC KEY BLOCK-----\n",
        "application/pgp-keys",
    )
    both = alternative(body("plain", TEXT), body("html", HTML))
    prose = TEXT.replace("the drawings", "write BEGIN:VCALENDAR in the first line, as the drawings")
    return [
        made("ordinary-auto-submitted-no", "inserted", "Auto-Submitted: no is a person's mail", text(TEXT), more="Auto-Submitted: no\n"),
        made("ordinary-label", "inserted", "a sensitivity label that does not encrypt", both, more=label, client="Outlook classic"),
        made("ordinary-public-key", "inserted", "a public key as an attachment signs nothing", mixed(both, key), client="Thunderbird"),
        made("ordinary-list", "inserted", "a mail to a list that has no footer yet", text(TEXT), more="List-Id: <talk.list.example>\n"),
        made("ordinary-words", "inserted", "a text that only speaks of calendars", text(prose)),
    ]  # fmt: skip

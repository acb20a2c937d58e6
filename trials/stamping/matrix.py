"""Mails of every shape that travels differently: charsets, transfer encodings, line lengths, blank ends, headers.

`own()` are written here; `others()` are the golden mails of the stamp room and, where there is one,
a corpus of other projects' mails, each sent on as Alice's own.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from pathlib import Path

from stationer.mime import envelope
from stationer.stamp import Block, Order, Stamped, consent, stamp
from trials.servers.people import ALICE, BOB
from trials.stamping.compare import fields
from trials.stamping.mails import (
    AUTHOR,
    REPLIES,
    headers,
    html_mail,
    mail,
    message_id,
    new_html_mail,
)

ROOT = Path(__file__).parents[2]
GOLDEN, CORPORA = ROOT / "tests/stamp/mails", ROOT.parent / "shared/corpora"
WORDS = f"Grüße aus Köln, 5 € für Łódź – {AUTHOR}"
HTML = f'<html><body dir="ltr"><p>{WORDS}</p></body></html>'
SOME = Order("some", (Block("signature", "<p>Blöck</p>", "Blöck"),))
#: Fields that say who sent a mail and by which way: a mail sent on has its own.
OTHERS = re.compile(
    rb"(?:from|to|cc|bcc|sender|reply-to|message-id|date|return-path|received|delivered-to|x-original-to|"
    rb"dkim-signature|domainkey-signature|authentication-results|arc-.*|resent-.*|return-receipt-to|"
    rb"disposition-notification-to|stationer-.*)\Z"
)


def part(kind: str, encoding: str, body: bytes, more: tuple[str, ...] = ()) -> bytes:
    """A mail of one part; `body` is encoded already, its line ends `\\n`."""
    lines = [*headers("Matrix", more=more), f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}"]
    return "\r\n".join([*lines, "", ""]).encode() + body.replace(b"\n", b"\r\n")


def lines_of(length: int) -> str:
    """Words in one line of `length` octets, without and with spaces."""
    return f"{'x' * length}\n{'word ' * (length // 5)}\n"


def own() -> Iterator[tuple[str, bytes]]:
    """Name and mail."""
    text, utf8 = f"Dear Bob,\n\n{AUTHOR}\n", f"{WORDS}\n".encode()
    page = HTML.encode()
    yield "text, 7bit", part("text/plain", "7bit", text.encode())
    yield "text, 8bit", part("text/plain; charset=utf-8", "8bit", utf8)
    yield (
        "text, quoted-printable",
        part("text/plain; charset=utf-8", "quoted-printable", quopri.encodestring(utf8)),
    )
    yield "text, base64", part("text/plain; charset=utf-8", "base64", base64.encodebytes(utf8 * 9))
    yield "text, base64 in one line", part("text/plain; charset=utf-8", "base64", base64.b64encode(utf8 * 9))
    yield "text, latin-1", part("text/plain; charset=iso-8859-1", "8bit", "Grüße\n".encode("latin-1"))
    yield (
        "text, koi8-r",
        part("text/plain; charset=koi8-r", "base64", base64.encodebytes("Привет\n".encode("koi8-r"))),
    )
    yield (
        "text, shift_jis",
        part("text/plain; charset=shift_jis", "8bit", "お世話になります\n".encode("shift_jis")),
    )
    yield "HTML, 8bit", part("text/html; charset=utf-8", "8bit", page)
    yield (
        "HTML, quoted-printable",
        part("text/html; charset=utf-8", "quoted-printable", quopri.encodestring(page)),
    )
    yield "HTML, base64", part("text/html; charset=utf-8", "base64", base64.encodebytes(page * 5))
    yield (
        "HTML, windows-1252",
        part("text/html; charset=windows-1252", "8bit", "<p>Grüße</p>".encode("cp1252")),
    )
    yield "HTML in one line", part("text/html; charset=utf-8", "8bit", f"<p>{'word ' * 190}</p>".encode())
    yield "alternative", new_html_mail("Matrix")
    yield "alternative, empty text", html_mail("Matrix", HTML, "")
    yield from _with_attachment()
    yield "long lines", part("text/plain; charset=utf-8", "8bit", lines_of(998).encode())
    yield "long lines, 7bit", part("text/plain", "7bit", lines_of(990).encode())
    flowed = "Dear Bob, this is a line that is \nflowed over several lines as \nmail programs do.\n \n> quoted\n-- \nAlice\n"
    yield "format=flowed", part("text/plain; charset=utf-8; format=flowed", "8bit", flowed.encode())
    yield (
        "format=flowed, DelSp",
        part("text/plain; charset=utf-8; format=flowed; delsp=yes", "8bit", flowed.encode()),
    )
    yield "trailing blank lines", part("text/plain", "7bit", text.encode() + b"\n\n\n\n\n")
    yield "trailing lines of blanks", part("text/plain", "7bit", text.encode() + b" \n\t\n  \n")
    yield "no last line end", part("text/plain", "7bit", text.strip().encode())
    yield "empty body", part("text/plain", "7bit", b"")
    yield (
        "blanks at line ends and runs of blanks",
        part("text/plain", "7bit", b"Dear   Bob, \t\n\ta  \t b \n" * 3),
    )
    yield "dots and Froms at line starts", part("text/plain", "7bit", b".\n..\n.Bob\nFrom Alice\n>From Bob\n")
    yield "HTML with trailing blank lines", part("text/html", "7bit", b"<p>Dear Bob</p>\n\n\n\n")
    for name, more in HEADERS.items():
        yield name, part("text/plain; charset=utf-8", "8bit", utf8, more)
    for reply in REPLIES:
        yield f"reply, {reply.client}", reply.mail()


HEADERS = {
    "encoded words in headers": ("Comments: =?utf-8?Q?Gr=C3=BC=C3=9Fe_?=\r\n =?utf-8?B?YXVzIEvDtmxu?=",),
    "headers folded by tabs": ("References: <a@acme.test>\r\n\t<b@acme.test>\r\n\t<c@acme.test>",),
    "headers with blanks at their ends": ("Keywords: one, two,  \r\n  three \t",),
    "a header of one long line": (f"X-Long: {'word ' * 180}end",),
    "an empty header": ("Comments: ",),
    "headers in odd case and spacing": ("x-ODD-case:no space", "X-Twice: 1", "X-Twice: 2"),
}


def _with_attachment() -> Iterator[tuple[str, bytes]]:
    """A mail with a text and an attachment, and one with a related picture, at the side of the HTML."""
    attached = base64.encodebytes(bytes(range(256)) * 40).decode()
    for kind, body in (("plain", f"{WORDS}\n"), ("html", f"{HTML}\n")):
        lines = [*headers("Matrix"), 'Content-Type: multipart/mixed; boundary="=_m"']
        inner = (
            f"--=_m\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n"
        )
        file = "--=_m\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n"
        yield (
            f"{kind} and an attachment",
            mail(
                lines,
                f"preamble\n{inner}{file}Content-Transfer-Encoding: base64\n\n{attached}--=_m--\nepilogue\n\n\n",
            ),
        )
    lines = [*headers("Matrix"), 'Content-Type: multipart/related; boundary="=_r"']
    inner = f"--=_r\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{HTML}<img src=cid:p>\n"
    picture = (
        f"--=_r\nContent-Type: image/png\nContent-ID: <p>\nContent-Transfer-Encoding: base64\n\n{attached}"
    )
    yield "HTML and a related picture", mail(lines, f"{inner}{picture}--=_r--\n")


def as_ours(written: bytes) -> bytes:
    """A mail of somebody else's, sent on by Alice to Bob as it is: its line ends CRLF, its address fields hers."""
    found, rest = fields(re.sub(rb"\r\n|\r|\n", b"\r\n", written))
    kept = [field for field in found if not OTHERS.match(field.split(b":")[0].strip().lower())]
    ours = [f"From: {ALICE.name} <{ALICE.address}>", f"To: {BOB.address}", f"Message-ID: {message_id()}"]
    lines = [*ours, "Date: Sat, 21 Nov 2026 12:00:00 +0000", ""]
    return "\r\n".join(lines).encode() + b"".join(kept) + rest


def travels(written: bytes) -> bool:
    """Whether SMTP carries it as it is (RFC 5321 §4.5.3.1.6, §2.3.8), to Bob alone."""
    found, rest = fields(written)
    ascii_ = b"".join(found).isascii()  # raw UTF-8 asks for SMTPUTF8 (RFC 6531), which Dovecot's LMTP lacks
    short = all(len(line) <= 998 for line in written.split(b"\r\n"))
    whole = rest.startswith(b"\r\n") and b"\0" not in written
    sent_to = envelope(written)
    to = (*sent_to.to, *sent_to.cc, *sent_to.bcc)
    return short and whole and ascii_ and to == (BOB.address,)


def others(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and mail: those of a folder that travel and may be stamped."""
    return (each for each in all_of(folder) if isinstance(stamp(each[1], SOME), Stamped))


def protected(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and mail: those of a folder that travel and are signed or encrypted."""
    return (each for each in all_of(folder) if consent(each[1]) in ("signed", "encrypted"))


def all_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and mail: those of a folder that travel."""
    for path in sorted(folder.rglob("*.eml")):
        if travels(written := as_ours(path.read_bytes())):
            yield str(path.relative_to(folder)), written

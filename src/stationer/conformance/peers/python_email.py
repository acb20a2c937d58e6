"""An inserter with Python's `email` package, as a competent person writes it in an afternoon.

It finds the bodies by get_body(), leaves signed, encrypted and automatic mails alone, puts the HTML in before </body>,
knows its own mails by a header field, and sends a mail on as it was when anything fails.
"""

from __future__ import annotations

import email
import sys
from email.message import EmailMessage
from email.policy import SMTP, default

from stationer.conformance.cases import BLOCK_HTML, BLOCK_TEXT

LEFT = {
    "multipart/signed",
    "multipart/encrypted",
    "multipart/report",
    "application/pkcs7-mime",
    "text/calendar",
}
SEEN = "X-Disclaimer"
UNTOUCHED = 3
#: With 8bit, the default, every multipart round it would need a label too (RFC 2045 §6.4).
CODING = "quoted-printable"


def insert(mail: bytes) -> bytes | None:
    """The mail with the block; None when it is left alone."""
    policy = SMTP if b"\r\n" in mail else default
    message = email.message_from_bytes(mail, policy=policy.clone(refold_source="none"))
    assert isinstance(message, EmailMessage)
    types = {part.get_content_type() for part in message.walk()}
    if message[SEEN] or types & LEFT or message.get("Auto-Submitted", "no") != "no":
        return None
    if b"-----BEGIN PGP" in mail:
        return None
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    for part in (text, html):
        if isinstance(part, EmailMessage):
            _append(part)
    if text is None and html is None:
        return None
    message[SEEN] = "yes"
    return message.as_bytes()


def _append(part: EmailMessage) -> None:
    content = part.get_content()
    if part.get_content_subtype() == "html":
        at = content.lower().rfind("</body>")
        at = at if at >= 0 else len(content)
        part.set_content(
            content[:at] + BLOCK_HTML + content[at:], subtype="html", charset="utf-8", cte=CODING
        )
    else:
        part.set_content(content.rstrip("\r\n") + "\n\n" + BLOCK_TEXT, charset="utf-8", cte=CODING)


def main() -> int:
    """One mail, standard input to standard output. Returns the exit code."""
    mail = sys.stdin.buffer.read()
    try:
        answer = insert(mail)
    except Exception as error:
        print(f"sent on as it was: {error!r}", file=sys.stderr)
        return UNTOUCHED
    if answer is None:
        return UNTOUCHED
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())

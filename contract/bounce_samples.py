"""Mails that come back, in the shapes that mail systems give them; written for this project."""

from __future__ import annotations

RETURNED = """Return-Path: <bounces+token@mail.acme.example>
From: Alice <alice@acme.example>
To: Bob <bob@example.org>
Subject: A message for you
Message-ID: <1.abc@acme.example>
"""


def report(kind: str, fields: str, more: str = "", head: str = "", said: str = "I'm sorry.") -> str:
    """multipart/report (RFC 6522): words, fields, and what is returned."""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nTo: bounces+token@mail.acme.example\n"
        f"Subject: Undelivered\nMIME-Version: 1.0\n{head}"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{said}\n\n--b\nContent-Type: message/{kind}\n\n{fields}\n"
        f"{more}--b--\n"
    )


def whole(header: str = RETURNED) -> str:
    """The returned mail, as the third part."""
    return f"--b\nContent-Type: message/rfc822\n\n{header}\nHello\n\n"


def words(text: str, sender: str = "MAILER-DAEMON@mx.example.net", head: str = "") -> str:
    """A bounce that has no fields."""
    return f"From: {sender}\nTo: bounces+token@mail.acme.example\nSubject: failure notice\n{head}\n{text}\n"


MTA = "Reporting-MTA: dns; mx.example.net\nArrival-Date: Mon, 2 Nov 2026 10:00:00 +0000\n\n"
GROUP = "Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: {}\nDiagnostic-Code: smtp; {}\n"

SAMPLES: dict[str, str] = {
    "postfix": report(
        "delivery-status",
        MTA + GROUP.format("5.1.1", "550 5.1.1 <bob@example.org>:\n    Recipient address rejected: User unknown"),
        whole(),
    ),
    "its original recipient": report(
        "delivery-status",
        MTA
        + "Original-Recipient: rfc822;b+2Bob@example.org\n"
        + GROUP.format("4.4.7", "smtp; 451 later").replace("bob@", "robert@"),
        "--b\nContent-Type: text/rfc822-headers\n\n" + RETURNED + "\n",
    ),
    "its original recipient is no address": report(
        "delivery-status", MTA + "Original-Recipient: unknown; nobody\n" + GROUP.format("5.2.2", "552 full")
    ),
    "several": report(
        "delivery-status",
        MTA
        + "\n".join(
            (
                GROUP.format("5.0.0", "550 5.2.2 mailbox full"),
                "Final-Recipient: rfc822; eve@example.org\nAction: delayed\nStatus: 4.4.1\n",
                "Final-Recipient: rfc822; joe@example.org\nAction: relayed (far away)\nStatus: 2.0.0\n",
                "Final-Recipient: rfc822; <ann@example.org>\nAction: reported\nStatus: 4.2.0\n",
                "Final-Recipient: rfc822; x\nAction: failed\nStatus: 5.1.1\n",
                "Final-Recipient: zoe@example.org\nStatus: unknown\nDiagnostic-Code: no such user\n",
            )
        ),
        whole("Subject: no id\n"),
    ),
    "no blank line before its fields": report(
        "delivery-status", "", whole()
    ).replace("message/delivery-status\n\n", "message/delivery-status\n" + GROUP.format("5.7.1", "554 5.7.1 No")),
    "its delimiters are lost": report("delivery-status", MTA + GROUP.format("5.1.10", "x")).replace("--b", "lost"),
    "beyond ASCII": report(
        "global-delivery-status",
        "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: utf-8; jörg@example.org\nAction: failed\n"
        "Status: 5.1.1\n",
        "--b\nContent-Type: message/global\n\n" + RETURNED + "\nHello\n",
    ),
    "in base64": report("delivery-status", "").replace(
        "message/delivery-status\n\n",
        "message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        "UmVwb3J0aW5nLU1UQTogZG5zOyBteAoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGJvYkBleGFtcGxlLm9yZwpBY3Rpb246IGZh\n"
        "aWxlZApTdGF0dXM6IDUuMi4xCg==\n",
    ),
    "in an encoding nobody knows": report("delivery-status", MTA + GROUP.format("5.1.2", "x")).replace(
        "message/delivery-status\n", "message/delivery-status\nContent-Transfer-Encoding: x-own\n"
    ),
    "exchange, in words": report("nothing", "", head="Auto-Submitted: auto-replied\n", said=(
        "Delivery has failed to these recipients or groups:\n\nbob@example.org<mailto:bob@example.org>\n"
        "The address was not there.\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\n"
        "Original message headers:\n\nReceived: from a by b\nMessage-ID: <1.abc@acme.example>\n"
    )),
    "qmail": words(
        "Hi. This is the qmail-send program at mx.example.net.\n\n<bob@example.org>:\n192.0.2.1 does not like it.\n"
        "Remote host said: 550 no mailbox here by that name\nGiving up on 192.0.2.1.\n\n<eve@example.org>:\n"
        "user is over quota\n\n--- Below this line is a copy of the message.\n\n" + RETURNED
    ),
    "exim": words(
        "This message was created automatically by mail delivery software.\n\nThe following address failed:\n\n"
        "  bob@example.org\n    host mx.example.org [192.0.2.1]\n    SMTP error after RCPT TO:<bob@example.org>:\n"
        "    550 Unknown user\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        + RETURNED,
        head="X-Failed-Recipients: bob@example.org,\n eve@example.org\n",
    ),
    "no code after the address": words("550 5.4.4 was said when we wrote to bob@example.org\n"),
    "unknown letters": words(
        "<bob@example.org>: 550 5.1.1 unknown", head="Content-Type: text/plain; charset=x-none\n"
    ).replace("unknown", "unb\u00e9kannt"),
    "no text": words("x", head="Content-Type: text/html\n"),
    "nothing said": words("Hello bob@example.org and eve@example.org, how are you?"),
    "a postmaster on holiday": words("bob@example.org: 550 5.1.1", head="Auto-Submitted: auto-replied\n"),
    "a letter": words("They told me 550 5.1.1 of bob@example.org", sender="Carl <carl@example.org>"),
    "complaint": report(
        "feedback-report",
        "Feedback-Type: Abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Mail-From: <bounces+token@mail.acme.example>\n"
        "Original-Rcpt-To: <bob@example.org>\n",
        whole("Message-ID: <1.abc@acme.example>\n"),
    ),
    "complaint of whom": report("feedback-report", "Feedback-Type: abuse\nVersion: 1\n", whole()),
    "complaint of nothing": report("feedback-report", "Feedback-Type: abuse\nVersion: 1\n"),
    "read receipt": report("disposition-notification", "Final-Recipient: rfc822; bob@example.org\nDisposition: x\n"),
}  # fmt: skip


def sample(name: str) -> bytes:
    """The mail with the line ends that it travels with."""
    return SAMPLES[name].replace("\n", "\r\n").encode()

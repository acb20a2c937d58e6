"""Notifications as readers get them: by a PEN in four brands and languages, with the fields that delivery adds."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from datetime import date

import msgspec
from contract.notice_vectors import AT, PEN

from stationer import notice
from stationer.mime import read
from stationer.mime.coding import decoded

ARABIC = {
    "heading": "كتب إليك {author}", "heading_unknown": "رسالة بانتظارك", "kept": "الخطاب خاص، لذلك لم يُرسل بالبريد. وهو محفوظ لك لدى {pen}.",
    "kept_one": "الخطاب ومرفقه خاصان، لذلك لم يُرسلا بالبريد. وهما محفوظان لك لدى {pen}.",
    "kept_many": "الخطاب ومرفقاته ({count}) خاصة، لذلك لم تُرسل بالبريد. وهي محفوظة لك لدى {pen}.", "until": "يمكنك قراءته حتى {date}.",
    "go": "لقراءته، افتح", "how": "نرسل بعدها رمزًا إلى هذا العنوان. أدخله فيفتح الخطاب، ويمكنك الرد هناك أيضًا.",
    "doubt": "لست متأكدًا أن هذا منا؟ اكتب {host} في متصفحك بنفسك.", "doubt_call": "لست متأكدًا أن هذا منا؟ اكتب {host} في متصفحك بنفسك أو اتصل بالرقم أدناه.",
    "sent_by": "أرسلها {name}، {address}", "sent_by_name": "أرسلها {name}", "call": "هاتف: {phone}", "date": "{day} {month} {year}",
    "months": "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
}  # fmt: skip


def logo() -> bytes:
    """A PNG of 180 by 40 pixels in one colour."""
    rows = zlib.compress((b"\0" + bytes([14, 110, 115]) * 180) * 40)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 180, 40, 8, 2, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
        for kind, held in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


PENS = {
    "english": PEN,
    "two-languages": msgspec.structs.replace(PEN, languages=("en", "de")),
    "arabic": msgspec.structs.replace(PEN, languages=("ar",), words={"ar": ARABIC}),
    "logo-yellow": msgspec.structs.replace(
        PEN, languages=("de",), colour="#f0c000", logo=notice.Logo(180, 40, logo())
    ),
}
LETTER = (
    b'From: "Dr Bob Hendry" <bob@harbourdental.example>\r\nTo: Carol Winter <carol@example.org>\r\n'
    b"Subject: [secure] Your results of Thursday\r\nDate: Sun, 22 Nov 2026 09:30:00 +0000\r\n"
    b"Message-ID: <20261122093000.7GQ4KELP47@harbourdental.example>\r\nX-Mailer: Microsoft Outlook 16.0\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nDear Carol\r\n"
    b"--b\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n"
)
DELIVERY = (
    b"Return-Path: <bob@harbourdental.example>\r\nReceived: from smtp.harbourdental.example (smtp.harbourdental.example [81.2.69.144])\r\n"
    b"\tby mx.example.org (Postfix) with ESMTPS id 4Xq1Zt0K2zz\r\n\tfor <carol@example.org>; Sun, 22 Nov 2026 09:30:05 +0000 (UTC)\r\n"
)


#: A guest's answer, written on the PEN's pages, and how it is delivered.
ANSWER = (
    b"From: =?utf-8?Q?J=C3=BCrgen_Winter?= <juergen@example.org>\r\nTo: Dr Bob Hendry <bob@harbourdental.example>\r\n"
    b"Subject: Re: Your results of Thursday\r\nDate: Sun, 22 Nov 2026 09:30:00 +0000\r\n"
    b"Message-ID: <20261122093000.8HR5@mail.harbourdental.example>\r\n\r\nThank you\r\n"
)
VIA = notice.Via("notify@mail.harbourdental.example")


def announced(pen: notice.Pen, letter: bytes = LETTER, via: notice.Via | None = None) -> bytes:
    """The notification as it left."""
    made = notice.compose(letter, pen, "msg_7gq4kelp47", AT, until=date(2027, 2, 19), via=via)
    assert isinstance(made, notice.Notification)
    return made.mail


def page_of(mail: bytes) -> str:
    """Its HTML, the logo put in as a reader's program does."""
    part = next(part for part in read(mail).parts if part.type == "text/html")
    page = (decoded(part.encoded, part.encoding) or b"").decode()
    return page.replace(
        "cid:logo@mail.harbourdental.example", "data:image/png;base64," + b64encode(logo()).decode()
    )

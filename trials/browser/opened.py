"""Open letters of every kind, walked to as their reader walks to them: for pictures, and for looking them over."""

from __future__ import annotations

import struct
import zlib
from base64 import encodebytes
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from trials.browser.portal import Running
from trials.browser.read import CAROL, entered

BOB = "bob@harbourdental.example"


def _picture() -> str:
    """A grey wedge of 320 by 180 pixels, as PNG (RFC 2083) in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes((40 + x // 3 + y // 4) % 256 for x in range(320)) for y in range(180))
    head = struct.pack(">IIBBBBB", 320, 180, 8, 0, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )
    return encodebytes(data).decode("ascii").strip()


PIXEL = _picture()
PDF = "JVBERi0xLjQK" * 9000
HEAD = """From: {author} <bob@harbourdental.example>
To: {to}
Cc: {cc}
Subject: {subject}
Date: Thu, 19 Nov 2026 10:32:00 +0000
Message-ID: <{name}@harbourdental.example>
MIME-Version: 1.0
"""
RICH = """<html><head><style>h2 {{ color: #0e6e73; font-family: Georgia }} .b {{ background: #eef6f6; padding: 12px }}</style></head>
<body bgcolor="#ffffff"><h2>Your treatment plan</h2><p>Dear Mrs Whitfield,</p>
<p>thank you for coming in last week. The X-ray shows what we suspected: the upper left molar has a crack beneath the old filling.
It is not urgent, but it will not mend by itself.</p>
<table border="1" cellpadding="6" cellspacing="0" width="100%"><tr><th align="left">What</th><th align="right">Price</th></tr>
<tr><td>Ceramic crown</td><td align="right">£ 480</td></tr><tr><td>Two visits of forty minutes</td><td align="right">£ 120</td></tr></table>
<p class="b">Would <b>Tuesday 24 November</b> at half past two suit you?</p>
<p><img src="cid:xray" width="320" height="180" alt="X-ray"></p><p><img src="https://pictures.example/logo.png" alt="Our logo"></p>
<p>More at <a href="https://www.harbourdental.example/crowns">www.harbourdental.example/crowns</a>, and the insurance at
<a href="https://forms.elsewhere.example/x">www.insurance.example</a>.</p><p>Kind regards<br>Bob Hendry</p></body></html>"""
TEXT = """Dear Mrs Whitfield,

Thank you for coming in last week. The X-ray shows what we suspected: the upper left molar has a crack beneath the old filling. It is not urgent, but it will not mend by itself.

I would suggest a ceramic crown, in two visits of about forty minutes. The plan with the costs is attached, and so is the picture: https://harbourdental.example/crowns

> When may I come?
>> You know that I am away until Monday.

Kind regards
Bob Hendry"""
ARABIC = """السيدة ويتفيلد المحترمة،

شكرا على زيارتك الأسبوع الماضي. تظهر صورة الأشعة ما كنا نتوقعه: شرخ تحت الحشوة القديمة في الضرس العلوي الأيسر (X-ray 12).

مع أطيب التحيات
بوب هندري"""
LONG = "Sprechstundenhilfenausbildungsverordnungsänderung"


def _mixed(words: str, kind: str, files: list[tuple[str, str, str]]) -> str:
    parts = [f"--m\nContent-Type: {kind}; charset=utf-8\n\n{words}\n"]
    for name, media, said in files:
        shown = (
            "Content-ID: <xray>" if name == "xray" else f'Content-Disposition: attachment; filename="{name}"'
        )
        parts.append(f"--m\nContent-Type: {media}\n{shown}\nContent-Transfer-Encoding: base64\n\n{said}\n")
    return "Content-Type: multipart/mixed; boundary=m\n\n" + "".join(parts) + "--m--\n"


def letters() -> dict[str, str]:
    """One of each kind, to Carol: their locators. Inside the company's scope."""
    from stationer.portal.vault.keeping import keep

    files = [
        ("Treatment plan Whitfield.pdf", "application/pdf", PDF),
        ("X-ray upper left, 12 November.png", "image/png", PIXEL),
    ]
    many = [*files, (f"{LONG} {LONG} {LONG} 2026.docx", "application/msword", PDF), ("invoice.pdf.exe", "application/x", PIXEL),
            ("figures.xlsm", "application/x", PIXEL), ("All pictures.zip", "application/zip", PDF)]  # fmt: skip
    crowd = ", ".join(f"Person {n} of the long list <person{n}@postbox.example>" for n in range(40))
    mine, alice = f"Carol Whitfield <{CAROL}>", "Alice Penrose <alice@harbourdental.example>"
    shapes = {
        "open_text": (mine, alice, "Your treatment plan and X-ray", _mixed(TEXT, "text/plain", files)),
        "open_rich": (mine, alice, "Your treatment plan", _mixed(RICH.replace("{{", "{").replace("}}", "}"), "text/html", [("xray", "image/png", PIXEL), *files])),
        "open_plain_html": (mine, alice, "Re: Your first visit", _mixed("<p>Dear Carol,</p><p>Tuesday it is.</p><p>Bob</p>", "text/html", [])),
        "open_many": (f"{mine}, {crowd}", alice, f"About {LONG} and what it means for everyone in the practice", _mixed(TEXT, "text/plain", many)),
        "open_arabic": (mine, alice, "خطة العلاج وصورة الأشعة X-ray", _mixed(ARABIC, "text/plain", files)),
        "open_bare": (mine, "", "", "Content-Type: text/plain\n\n"),
    }  # fmt: skip
    found = {}
    for name, (to, cc, subject, rest) in shapes.items():
        head = HEAD.format(author="Dr Bob Hendry", to=to, cc=cc, subject=subject, name=name)
        mail = (head.replace("Cc: \n", "") + rest).replace("\n", "\r\n").encode()
        row = keep(mail, author=BOB, recipients=[CAROL, "alice@harbourdental.example"])
        assert row.state == "ready", row.sentence
        found[name] = row.locator
    return found


def opened(name: str, *, german: bool = False, script: bool = True) -> Callable[[Browser, Running], Page]:
    """A walk: by a code into one letter, and then by its link into this one."""

    def walk(browser: Browser, there: Running) -> Page:
        page = entered(browser, there, german=german, script=script)
        page.goto(f"{there.url}/m/{there.ids[name]}")
        expect(page.locator("h1")).to_be_visible()
        return page

    return walk


def answered(browser: Browser, there: Running) -> Page:
    """An answer to the author, sent."""
    page = opened("open_text")(browser, there)
    page.locator("textarea[name=text]").fill("Dear Dr Hendry,\n\nTuesday suits me well.\n\nCarol Whitfield")
    page.locator("#answer button[type=submit]").click()
    expect(page.locator(".note.is-good")).to_be_visible()
    return page


def wrong(browser: Browser, there: Running) -> Page:
    """An answer without a word."""
    page = opened("open_text")(browser, there)
    page.locator("#answer button[type=submit]").click()
    expect(page.locator(".error").first).to_be_visible()
    return page


def printed(browser: Browser, there: Running) -> Page:
    """The page to print."""
    page = opened("open_rich")(browser, there)
    page.goto(page.url + "/print")
    return page


def with_pictures(browser: Browser, there: Running) -> Page:
    """Remote pictures were asked for."""
    page = opened("open_rich")(browser, there)
    page.locator("form[action$=pictures] button").click()
    expect(page.locator("form[action$=pictures]")).to_have_count(0)
    return page


OPENED: dict[str, Callable[[Browser, Running], Page]] = {
    "letter": opened("open_text"),
    "letter-rich": opened("open_rich"),
    "letter-html": opened("open_plain_html"),
    "letter-many": opened("open_many"),
    "letter-arabic": opened("open_arabic"),
    "letter-bare": opened("open_bare"),
    "letter-de": opened("open_many", german=True, script=False),
    "letter-answered": answered,
    "letter-wrong": wrong,
    "letter-print": printed,
    "letter-pictures": with_pictures,
}

"""Word's HTML, header fields, twice, threads, large mails, and what is no mail."""

from __future__ import annotations

import hashlib

from stationer.conformance.cases import filled
from tests.conformance.making.frame import (
    PDF,
    PNG,
    Made,
    Node,
    alternative,
    attached,
    body,
    made,
    mixed,
    raw,
    related,
)
from tests.conformance.making.words import HTML, TEXT

WORD = """\
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15 (filtered medium)">
<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}
o\\:* {behavior:url(#default#VML);}
</style><![endif]-->
<style><!--
p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
div.WordSection1 {page:WordSection1;}
--></style>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]-->
</head>
<body lang=EN-GB link="#0563C1" vlink="#954F72" style='word-wrap:break-word'>
<div class=WordSection1>
<p class=MsoNormal>Dear Carol,<o:p></o:p></p>
{}<p class=MsoNormal>Alice Winter⟪<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
</div>
⟫</body>
</html>
"""
VML = '<p class=MsoNormal><!--[if gte vml 1]><v:shape id="Bild_x0020_1" o:spid="_x0000_s1026" type="#_x0000_t75" style=\'width:120pt;height:40pt\'><v:imagedata src="cid:image001.png@01DB" o:title="logo"/></v:shape><![endif]--><![if !vml]><img width=160 height=53 src="https://winter.example/logo.png" v:shapes="Bild_x0020_1"><![endif]><o:p></o:p></p>\n'
BULLET = "<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;</span></span></span><![endif]>the drawings<o:p></o:p></p>\n"
GHOST = '<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]--><div style="max-width:600px">the drawings</div><!--[if mso]></td></tr></table><![endif]-->\n'
KEPT = (
    "<!--[if !mso]><style>v\\:*",
    "<!--[if gte mso 9]><xml><o:shapedefaults",
    "<o:p></o:p>",
    "<style><!--\np.MsoNormal",
    "xmlns:v=",
)


def others() -> list[Made]:
    """All of them."""
    return [*_word(), *_fields(), *_twice(), *_threads(), *_large(), *_garbage()]


def _both(page: str = HTML) -> Node:
    return alternative(body("plain", TEXT), body("html", page))


def _word() -> list[Made]:
    def word(name: str, why: str, more: str, *kept: str) -> Made:
        page: Node = body("html", WORD.replace("{}", more))
        if "cid:" in more:
            page = related(page, attached("image001.png", PNG, "image/png", inline="image001.png@01DB"))
        root = alternative(body("plain", TEXT), page)
        return made(name, "word", why, root, keep=(*KEPT, *kept), client="Outlook classic")

    return [
        word("word-new", "a new mail by Word, with its conditional comments", ""),
        word("word-vml", "a VML picture with its stand-in", VML, "<!--[if gte vml 1]><v:shape id", "<![if !vml]><img", "<v:imagedata"),
        word("word-list", "a list whose bullets stand in conditional comments", BULLET, "<![if !supportLists]>", "mso-list:Ignore"),
        word("word-ghost-table", "a table that only Outlook sees", GHOST, "<!--[if mso]><table", "<!--[if mso]></td>"),
    ]  # fmt: skip


def _fields() -> list[Made]:
    raw_utf8 = "Subject-Note: Grüße\n"
    signed = (
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=winter.example; s=k1;\n"
        " h=from:to:subject:date:message-id:mime-version:content-type; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=;\n"
        " b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR\n"
    )
    folded = (
        "Cc: =?utf-8?Q?J=C3=BCrgen_=C5=BDi=C5=BEek?= <j@winter.example>,\n"
        '\t"Sommer, Carol (office)"   <office@sommer.example>,\n    archive@winter.example\n'
        "References: <1@sommer.example>\n  <2@winter.example>\n\t<3@sommer.example>\n"
        "X-Long: " + "a" * 700 + "\n"
        "received: from a by b; Tue, 3 Nov 2026 09:41:01 +0100\n"
        "Received: from c by d; Tue, 3 Nov 2026 09:41:00 +0100\n"
    )
    encoded = "=?utf-8?B?WmVpY2hudW5nZW46IMOcYmVyZ2FiZQ==?= and\n =?iso-8859-1?Q?Gr=FC=DFe?="
    return [
        made("headers-dkim-signed", "dkim", "a mail that an earlier system has signed: its fields keep their form", mixed(_both(), attached("plan.pdf", PDF)), more=signed),
        made("headers-folded", "headers", "fields folded by hand, with tabs, encoded words, a long one, in two cases", _both(), more=folded),
        made("headers-encoded-subject", "headers", "a subject in two encoded words", _both(), subject=encoded),
        made("headers-raw-utf8", "headers", "a field in raw UTF-8 (RFC 6532)", _both(), more=raw_utf8, sender="Jürgen Žižek <j@winter.example>"),
        made("headers-bcc-many", "headers", "two hundred recipients in one field", _both(), more="Cc: " + ",\n ".join(f"p{number}@sommer.example" for number in range(200)) + "\n"),
        made("headers-quirks", "headers", "no space behind the colon, a space before it, an empty field", _both(), more="X-A:tight\nX-B : loose\nX-Empty:\n"),
    ]  # fmt: skip


def _twice() -> list[Made]:
    latin = alternative(
        body("plain", TEXT.replace("Dear", "Für"), "iso-8859-1", "8bit"),
        body("html", HTML.replace("Dear", "Für"), "iso-8859-1", "quoted-printable"),
    )
    coded = alternative(body("plain", TEXT, "utf-8", "base64"), body("html", HTML, "utf-8", "base64"))
    return [
        made("twice-text", "twice", "a text that goes through two gateways", body("plain", TEXT, "us-ascii", "7bit"), twice=True),
        made("twice-html", "twice", "an HTML that is sent again", body("html", HTML), twice=True),
        made("twice-latin", "twice", "a text whose charset had to change the first time", latin, twice=True, language="German"),
        made("twice-base64", "twice", "in base64", coded, twice=True),
        made("twice-attachment", "twice", "with an attachment", mixed(_both(), attached("plan.pdf", PDF)), twice=True),
    ]  # fmt: skip


def _threads() -> list[Made]:
    def thread(client: str) -> Made:
        name = "thread-" + client.lower().replace(" ", "-")
        why = f"the stamped mail comes back, quoted by {client}"
        return made(name, "thread", why, _both(), expect="thread", quoting=client, client=client)

    return [thread("Gmail"), thread("Outlook web"), thread("Apple Mail")]


def _large() -> list[Made]:
    big = raw(
        'Content-Type: application/zip; name="plans.zip"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="plans.zip"\n',
        "FILL-BASE64 10000000",
    )
    return [
        made("large-attachment", "large", "an attachment of 10 MB", mixed(_both(), big), large=True),
        made("large-text", "large", "a text of 3 MB with an HTML", alternative(_filled(), body("html", HTML)), large=True),
    ]  # fmt: skip


def _filled() -> Node:
    leaf = body("plain", "Dear Carol,\n\nFILL-TEXT 3000000\n\nAlice Winter⟪\n⟫", "us-ascii", "7bit")
    grown = len(filled(leaf.body)) - len(leaf.body)
    leaf.zones = [(first + grown, last + grown) for first, last in leaf.zones]
    return leaf


def _garbage() -> list[Made]:
    noise = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(64))
    whole = made("a", "garbage", "", _both()).mail
    attachment = made("a", "garbage", "", mixed(_both(), attached("plan.pdf", PDF))).mail
    head = whole.partition(b"\r\n\r\n")[0]
    cases = [
        ("noise", "random octets", noise),
        ("nul", "NUL octets in the text", whole.replace(b"ready.", b"re\0ady.")),
        ("only-nul", "nothing but NUL", bytes(2000)),
        ("only-header", "a header and nothing behind it", head + b"\r\n"),
        ("cut-header", "cut off in the middle of the header", head[:-40]),
        ("cut-body", "cut off in the middle of the HTML", whole[: len(whole) * 3 // 4]),
        ("cut-base64", "cut off in the middle of an attachment", attachment[: len(attachment) - 200]),
        ("no-header", "a text without a header", b"\r\nDear Carol,\r\n\r\nthe drawings are ready.\r\n"),
        ("prose", "a text that was never a mail", b"Dear Carol, this is no mail at all.\r\nIt has two lines.\r\n"),
        ("no-boundary", "a multipart without a boundary", whole.replace(b"boundary=", b"bounty=")),
        ("lost-boundary", "a multipart whose boundary never comes", whole.replace(b'boundary="', b'boundary="x')),
        ("mailbox", "a mailbox file's first line above the mail", b"From alice@winter.example Tue Nov  3 09:41:00 2026\r\n" + whole),
        ("long-line", "a header line of 100,000 octets", b"X-Long: " + b"a" * 100_000 + b"\r\n" + whole),
        ("deep", "two hundred multiparts, one in another", _deep(200)),
        ("bad-base64", "base64 that is none", whole.replace(b"quoted-printable", b"base64")),
        ("unknown-encoding", "a transfer encoding that nobody knows", whole.replace(b"quoted-printable", b"x-winter")),
        ("unknown-charset", "a charset that nobody knows, and octets above 127", whole.replace(b"charset=utf-8", b"charset=x-winter").replace(b"Dear", b"D\xe9ar").replace(b"quoted-printable", b"8bit")),
        ("bare-cr", "bare CR as line ends", whole.replace(b"\r\n", b"\r")),
    ]  # fmt: skip
    return [made(f"garbage-{name}", "garbage", why, data, expect="garbage") for name, why, data in cases]


def _deep(levels: int) -> bytes:
    lines = ["From: a@winter.example", "MIME-Version: 1.0"]
    for level in range(levels):
        lines += [f'Content-Type: multipart/mixed; boundary="{level}"', "", f"--{level}"]
    return "\r\n".join(
        [
            *lines,
            "Content-Type: text/plain",
            "",
            "deep",
            *(f"--{level}--" for level in reversed(range(levels))),
            "",
        ]
    ).encode()

"""A reply to a mail that the product stamped: its bodies quoted as a client quotes them, with the truth about it.

Clients prefix the ids and classes of what they quote; a product that knows its block by them meets it again so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stationer.conformance import pairing
from stationer.conformance.cases import Body, Case
from stationer.mime.coding import quoted

ANSWER = "Thank you, Thursday at ten then."
ATTRIBUTION = "On Mon, Nov 2, 2026 at 5:15 PM Carol Sommer <carol@sommer.example> wrote:"
NAMED = re.compile(r"""\b(id|class)=(["']?)([\w-]+)""")

HEAD = """\
Date: Tue, 03 Nov 2026 09:41:00 +0100
From: Alice Winter <alice@winter.example>
To: Carol Sommer <carol@sommer.example>
Subject: Re: Visit
Message-ID: <reply@winter.example>
In-Reply-To: <1@sommer.example>
References: <1@sommer.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_thread"

"""


class Quoting(NamedTuple):
    """How a client quotes HTML: `lead` and `trail` round the quoted, the prefix of its ids and classes."""

    lead: str
    trail: str
    prefix: str


QUOTINGS = {
    "Gmail": Quoting(
        '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Nov 2, 2026 at '
        '5:15 PM Carol Sommer &lt;<a href="mailto:carol@sommer.example">carol@sommer.example</a>&gt; wrote:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        'padding-left:1ex">',
        "</blockquote></div>",
        "m_4711",
    ),
    "Outlook web": Quoting(
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" '
        'dir="ltr"><font face="Calibri, sans-serif"><b>From:</b> Carol Sommer &lt;carol@sommer.example&gt;<br>'
        "<b>Sent:</b> Monday, November 2, 2026 5:15 PM<br><b>To:</b> Alice Winter<br><b>Subject:</b> Visit</font>"
        "<div>&nbsp;</div></div><div>",
        "</div>",
        "x_",
    ),
    "Apple Mail": Quoting(
        '<br><div><blockquote type="cite"><div>On 2. Nov 2026, at 17:15, Carol Sommer &lt;carol@sommer.example&gt; '
        'wrote:</div><br class="Apple-interchange-newline"><div>',
        "</div></blockquote></div>",
        "",
    ),
}


def reply_to(stamped: bytes, case: Case) -> tuple[bytes, Case]:
    """The reply, and its case: the zones lie between the answer's words and the quote."""
    leaves = pairing.leaves(pairing.mail_of(stamped))
    plain = next((pairing.text(part) for part in leaves if part.type == "text/plain"), "")
    page = next((pairing.text(part) for part in leaves if part.type == "text/html"), "")
    below = "".join(f"> {line}\n" for line in plain.strip().split("\n"))
    text = f"{ANSWER}\n\n{ATTRIBUTION}\n\n{below}"
    style = QUOTINGS[case.quoting]
    inner = re.sub(r"(?is)^.*<body[^>]*>|</body>.*$", "", page)
    inner = NAMED.sub(rf"\1=\2{style.prefix}\3", inner) if style.prefix else inner
    front = f'<html><body><div dir="ltr">{ANSWER}</div>\n'
    html = f"{front}{style.lead}{inner}{style.trail}\n</body></html>\n"
    bodies = (
        Body("1", "text/plain", ((len(ANSWER), text.index(ATTRIBUTION)),)),
        Body("2", "text/html", ((front.index(ANSWER) + len(ANSWER), len(front) + style.lead.index("<div")),)),
    )
    mail = HEAD + _part("plain", text) + _part("html", html) + "--=_thread--\n"
    return mail.replace("\n", "\r\n").encode("ascii"), Case(
        case.name, "thread", "insert", case.why, bodies=bodies
    )


def _part(kind: str, text: str) -> str:
    coded = quoted(text.encode(), b"\n").decode("ascii")
    label = f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
    return f"--=_thread\n{label}{coded}\n"

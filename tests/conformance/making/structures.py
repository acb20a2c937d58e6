"""Structures: pictures, attachments, messages inside, and odd ones."""

from __future__ import annotations

from tests.conformance.making.frame import (
    PDF,
    PNG,
    Leaf,
    Made,
    Multi,
    alternative,
    attached,
    body,
    crlf,
    made,
    mail,
    mixed,
    raw,
    related,
)
from tests.conformance.making.words import HTML, PAGE, PLAIN, TEXT

INSIDE = f"""\
From: Carol Sommer <carol@sommer.example>
To: Alice Winter <alice@winter.example>
Subject: Evidence
Message-ID: <7@sommer.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

{PLAIN}
"""


def text(source: str = TEXT) -> Leaf:
    """A text."""
    return body("plain", source)


def html(source: str = HTML) -> Leaf:
    """An HTML."""
    return body("html", source)


def both() -> Multi:
    """A text and an HTML."""
    return alternative(text(), html())


def message(content: str = INSIDE) -> Leaf:
    """A message/rfc822."""
    return raw("Content-Type: message/rfc822\nContent-Disposition: attachment\n", content)


def structures() -> list[Made]:
    """All of them."""
    return [*_pictures(), *_attachments(), *_messages(), *_plain_shapes(), *_pages(), *_odd(), *_nested()]


def _pictures() -> list[Made]:
    logo = attached("logo.png", PNG, "image/png", inline="logo@winter.example")
    plan = attached("plan.png", PNG, "image/png", inline="plan@winter.example")
    shows = HTML.replace("<p>Alice", '<p><img src="cid:logo@winter.example" alt="Winter"></p>\n<p>Alice')
    two = shows.replace("<p>Dear", '<p><img src="cid:plan@winter.example"></p><p>Dear')
    last = HTML.replace(
        "Alice Winter⟪</p>\n⟫", 'Alice Winter</p>\n<p><img src="cid:logo@winter.example">⟪</p>\n⟫'
    )
    rooted = Multi("related", [logo, html(shows)], ';\n start="<root@winter.example>"')
    rooted.parts[1].head += "Content-ID: <root@winter.example>\n"  # type: ignore[union-attr]
    return [
        made("related-in-alternative", "related", "alternative(text, related(HTML, picture))", alternative(text(), related(html(shows), logo)), client="Thunderbird", twice=True),
        made("related-round-alternative", "related", "related(alternative(text, HTML), picture)", related(both_with(shows), logo), client="Outlook classic"),
        made("related-apple", "related", "alternative(text, related(HTML, two pictures)) with an attachment", mixed(alternative(text(), related(html(two), logo, plan)), attached("plan.pdf", PDF)), client="Apple Mail"),
        made("related-start", "related", "the root is named by start and comes last", rooted),
        made("related-picture-last", "related", "a picture is the author's last word", related(html(last), logo)),
    ]  # fmt: skip


def both_with(page: str) -> Multi:
    """A text and this HTML."""
    return alternative(text(), html(page))


def _attachments() -> list[Made]:
    notes = raw(
        'Content-Type: text/plain; name="notes.txt"; charset=iso-8859-1\nContent-Disposition: attachment; filename="notes.txt"\nContent-Transfer-Encoding: quoted-printable\n',
        "caf=E9 notes\n-- =20\nend",
    )
    page = raw(
        'Content-Type: text/html; name="page.html"\nContent-Disposition: attachment; filename="page.html"\n',
        PAGE,
    )
    odd = raw(
        "Content-Type: application/octet-stream;\n name*0*=utf-8''Zeichnung%20;\n name*1*=%C3%9Cbersicht.bin\nContent-Disposition: attachment;\n filename*0*=utf-8''Zeichnung%20;\n filename*1*=%C3%9Cbersicht.bin\nContent-Transfer-Encoding: base64\n",
        "AAECAwQFBgcICQo=\n",
    )
    bare = raw(
        "Content-Type: text/plain; charset=us-ascii\nContent-Disposition: attachment\n",
        "An attached text without a name.\n",
    )
    inline = raw(
        'Content-Type: text/plain; charset=us-ascii; name="log.txt"\nContent-Disposition: inline; filename="log.txt"\n',
        "09:41 started\n",
    )
    return [
        made("attachment-pdf", "attachments", "mixed(alternative, PDF)", mixed(both(), attached("plan.pdf", PDF)), client="Gmail"),
        made("attachment-text", "attachments", "a text file attached to a text", mixed(text(), notes)),
        made("attachment-html", "attachments", "an HTML file attached to a text: it is no body", mixed(text(), page)),
        made("attachment-first", "attachments", "the attachment comes before the text", mixed(attached("plan.pdf", PDF), text())),
        made("attachment-name-continued", "attachments", "a file name in RFC 2231 pieces", mixed(both(), odd)),
        made("attachment-no-name", "attachments", "an attached text without a file name", mixed(text(), bare)),
        made("attachment-inline-log", "attachments", "a text shown inline, with a file name: a file all the same", mixed(text(), inline)),
        made("attachment-three", "attachments", "three attachments, two of them alike", mixed(both(), attached("a.pdf", PDF), attached("a.pdf", PDF), attached("b.zip", b"PK\3\4" + PDF, "application/zip")), client="Outlook classic"),
    ]  # fmt: skip


def _messages() -> list[Made]:
    deep = INSIDE.replace("text/plain; charset=us-ascii", 'multipart/alternative; boundary="in"').replace(
        PLAIN, f"--in\nContent-Type: text/plain\n\n{PLAIN}\n--in\nContent-Type: text/html\n\n{PAGE}\n--in--\n"
    )
    alike = f"From: carol@sommer.example\nSubject: The same boundary\nContent-Type: text/plain\n\n{PLAIN}\nbefore\n"
    digest = Multi("digest", [raw("", INSIDE), raw("", INSIDE.replace("Evidence", "More"))])
    return [
        made("message-attached", "message", "a mail attached to a mail", mixed(both(), message()), client="Outlook classic"),
        made("message-with-parts", "message", "the attached mail has a text and an HTML of its own", mixed(text(), message(deep))),
        made("message-two", "message", "two attached mails", mixed(both(), message(), message(alike)), client="Thunderbird"),
        made("message-digest", "message", "a digest of two mails below a text", mixed(text(), digest)),
        made("message-in-message", "message", "a mail in a mail in a mail", mixed(text(), message(INSIDE.replace("text/plain; charset=us-ascii", "message/rfc822").replace(PLAIN, INSIDE)))),
    ]  # fmt: skip


def _plain_shapes() -> list[Made]:
    bare = HTML[HTML.index("<p>Dear") : HTML.index("</body>")]
    return [
        made("structure-text-only", "inserted", "a text and nothing else", text()),
        made("structure-html-only", "inserted", "an HTML and nothing else", html()),
        made("structure-html-fragment", "inserted", "an HTML without html and body elements", html(bare)),
        made("structure-html-no-end", "inserted", "an HTML whose body is never closed", html(HTML.replace("</body></html>\n", ""))),
        made("structure-alternative", "inserted", "a text and an HTML", both(), twice=True),
        made("structure-empty-text", "inserted", "an empty text beside an HTML", alternative(text("⟪⟫"), html())),
        made("structure-empty-mail", "inserted", "a mail with an empty body", text("⟪⟫")),
        made("structure-table-last", "place", "the end of the HTML is inside a table", html(HTML.replace("<p>Alice Winter⟪</p>\n⟫", "<table><tr><td>Alice</td><td>Winter⟪</td></tr></table>⟫"))),
        made("structure-list-last", "place", "the author's last words are items of a list", html(HTML.replace("<p>Alice Winter⟪</p>", "<ul><li>north<li>south⟪</ul>"))),
        made("structure-table-layout", "place", "the whole letter stands in one cell of a table", html('<html><body><table width="600"><tbody><tr><td><p>Dear Carol,</p><p>Alice Winter⟪</p></td></tr></tbody></table>⟫</body></html>\n')),
        made("structure-comment-body", "place", "a comment speaks of </body>", html(HTML.replace("<p>Dear", "<!-- before </body> comes the signature --><p>Dear"))),
        made("structure-script-body", "place", "a style speaks of </body>", html(HTML.replace("<title>", "<style>/* </body> */ p{margin:0}</style><title>"))),
    ]  # fmt: skip


def _pages() -> list[Made]:
    upper = HTML.replace("</body></html>", "</BODY>\n</HTML>").replace("<body>", "<BODY BGCOLOR=white>")
    second = HTML.replace(
        "</html>\n",
        "</html>\n<html><body><div id=quote>A second page, which a relay has put behind.</div></body></html>\n",
    )
    xhtml = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
        + HTML.replace("<html>", '<html xmlns="http://www.w3.org/1999/xhtml">').replace(
            "ready.", "ready.<br />"
        )
    )
    pretty = HTML.replace("⟪</p>\n⟫", "\n    ⟪\n  </p>\n\n⟫").replace("<p>", "  <p>\n    ")
    shown = Leaf(text().head + "Content-Disposition: inline\n", text().body, text().zones, "text/plain")
    return [
        made("page-capitals", "place", "tags in capitals, attributes without quotes", html(upper)),
        made("page-only-html-end", "place", "an HTML without </body>, with </html>", html(HTML.replace("</body></html>", "</html>"))),
        made("page-second", "place", "a second html element behind the first: the letter is in the first", html(second)),
        made("page-xhtml", "place", "XHTML with its declaration", html(xhtml)),
        made("page-attribute", "place", "an attribute speaks of </body>", html(HTML.replace("<p>Dear", '<p title="before </body>">Dear'))),
        made("page-form", "place", "the letter stands in a form in a centred cell", html(HTML.replace("<p>Dear", "<form action='#'><center><p>Dear").replace("⟪</p>\n⟫", "⟪</p></center></form>⟫"))),
        made("page-indented", "place", "an HTML with indented lines", html(pretty)),
        made("page-bom", "place", "a text and an HTML that begin with a byte order mark", alternative(text("\ufeff" + TEXT), html("\ufeff" + HTML))),
        made("page-entities", "place", "a letter in references, with emoji", html(HTML.replace("Dear Carol", "D&eacute;ar C&#x61;rol &#128075; 👋🏽"))),
        made("page-inline-body", "inserted", "a body that says Content-Disposition: inline", shown),
    ]  # fmt: skip


def _odd() -> list[Made]:
    no_end = both()
    no_end.closed = False
    notes = both()
    notes.preamble = "This is a message in MIME format. Your mail reader does not understand it.\n"
    notes.epilogue = "The end, which nobody sees.\n--\n"
    strange = both()
    strange.boundary = "'()+_,-./:=? a boundary of nearly seventy characters, all of them allowed"[:70]
    short = mixed(both(), attached("plan.pdf", PDF))
    short.boundary, short.parts[0].boundary = "b", "b--b"  # type: ignore[union-attr]
    looks = text(TEXT.replace("the drawings", "--=_0_mixed is no boundary\n--\nthe drawings"))
    before_mime, bodies = mail(
        Leaf("", PLAIN.encode(), body("plain", TEXT, "us-ascii", "7bit").zones, "text/plain"), mime=False
    )
    return [
        made("structure-no-closing", "structure", "the closing boundary is missing", no_end),
        made("structure-preamble", "structure", "a preamble and an epilogue", notes),
        made("structure-boundary", "structure", "a boundary with every allowed character", strange),
        made("structure-boundaries-alike", "structure", "one boundary begins like the other", short),
        made("structure-looks-like-boundary", "structure", "lines of the text look like boundaries", mixed(looks, attached("plan.pdf", PDF))),
        made("structure-no-mime", "structure", "a mail from before MIME: no MIME-Version, no Content-Type", crlf(before_mime), bodies=tuple(bodies)),
        made("structure-no-version", "structure", "MIME without MIME-Version", both(), mime=False),
        made("structure-folded", "structure", "Content-Type with comments and folds", Multi("alternative", [text(), html()], "; (a comment)\n\tcharset=utf-8")),
    ]  # fmt: skip


def _nested() -> list[Made]:
    amp = raw("Content-Type: text/x-amp-html; charset=utf-8\n", "<!doctype html><html amp4email></html>\n")
    deep: Multi | Leaf = both()
    for _ in range(12):
        deep = mixed(deep)
    empty = raw("Content-Type: text/plain; charset=us-ascii\nContent-Disposition: attachment\n")
    return [
        made("structure-nested-alternative", "structure", "alternative(text, mixed(HTML, attachment)), by Apple", alternative(text(), mixed(html(), attached("plan.pdf", PDF))), client="Apple Mail"),
        made("structure-related-mixed", "structure", "mixed(related(alternative(text, HTML), picture), attachment)", mixed(related(both_with(HTML.replace("<p>Alice", '<img src="cid:a@b"><p>Alice')), attached("a.png", PNG, "image/png", inline="a@b")), attached("plan.pdf", PDF)), client="Outlook classic"),
        made("structure-deep", "structure", "twelve multiparts, one in another", deep),
        made("structure-amp", "structure", "an AMP part between text and HTML", alternative(text(), amp, html()), client="Gmail"),
        made("structure-one-alternative", "structure", "an alternative of one part", alternative(html())),
        made("structure-empty-part", "structure", "an attachment without a body", mixed(both(), empty)),
    ]  # fmt: skip

"""Long lines, line ends, format=flowed, the `-- ` line."""

from __future__ import annotations

from tests.conformance.making.frame import Made, alternative, body, made
from tests.conformance.making.words import HTML, TEXT


def lines() -> list[Made]:
    """All of them."""
    return [*_long(), *_ends(), *_flowed(), *_signatures()]


def _long() -> list[Made]:
    row = "<table><tr>" + "<td>a cell of the list</td>" * 34 + "</tr></table>"
    near = HTML.replace("<p>Dear", row + "<p>Dear").replace("\n", "")
    short = near[: near.index("<p>Dear")][-930:]
    page = (
        "<html><body>"
        + short[short.index("<td>") :].replace("</tr></table>", "")
        + "<p>Alice Winter⟪</p>⟫</body></html>\n"
    )
    text = "Dear Carol,\n\n" + ("a word " * 140)[:985] + "\nAlice Winter⟪\n⟫"
    one = HTML.replace("</p>\n<p>", "</p><p>").replace(
        "the drawings", "the drawings of the upper floor " * 22
    )
    return [
        made("lines-html-930", "lines", "an HTML in one line of 930 octets, 7bit: the block does not fit into the line", body("html", page, "us-ascii", "7bit")),
        made("lines-text-985", "lines", "a text line of 985 octets above the place", body("plain", text, "us-ascii", "7bit")),
        made("lines-html-8bit", "lines", "a long line of HTML in 8bit", alternative(body("plain", TEXT, "utf-8", "8bit"), body("html", one, "utf-8", "8bit"))),
    ]  # fmt: skip


def _ends() -> list[Made]:
    both = alternative(body("plain", TEXT), body("html", HTML))
    return [
        made("line-ends-lf", "line-ends", "a mail with LF, as a pipe and a spool have it", both, lf=True),
        made("line-ends-lf-base64", "line-ends", "a mail with LF whose base64 holds CRLF", alternative(body("plain", TEXT, "utf-8", "base64"), body("html", HTML, "utf-8", "base64")), lf=True),
        made("line-ends-lf-7bit", "line-ends", "a mail with LF, in 7bit", alternative(body("plain", TEXT, "us-ascii", "7bit"), body("html", HTML, "us-ascii", "7bit")), lf=True),
        made("line-ends-crlf", "line-ends", "a mail with CRLF, in 8bit", alternative(body("plain", TEXT, "utf-8", "8bit"), body("html", HTML, "utf-8", "8bit"))),
    ]  # fmt: skip


def _flowed() -> list[Made]:
    flow = "Dear Carol,\n\nthe drawings are ready and show the upper \nfloor with both stairs.\n\nAlice Winter⟪\n⟫"
    soft = "Dear Carol,\n\nthe drawings are ready and we are glad \nthat they are.⟪\n⟫"
    quote = flow.replace(
        "\n⟫",
        "\n\n⟫On 02/11/26 17:15, Carol Sommer wrote:\n> Would Thursday be good, or is it \n> too early for the drawings?\n",
    )
    stuffed = flow.replace("Dear Carol,", "Dear Carol,\n\n From the roof one sees\n >the sea.")
    japanese = "木曜日は \n大丈夫です。図面を \n送ります。⟪\n⟫"
    open_end = "Dear Carol,\n\nthe drawings are ready⟪\n⟫"
    return [
        made("flowed-new", "flowed", "a flowed text", body("plain", flow, "us-ascii", "7bit", parameters="; format=flowed")),
        made("flowed-short", "flowed", "a flowed text whose last paragraph is soft-wrapped", body("plain", soft, "utf-8", "8bit", parameters="; format=flowed"), client="Thunderbird"),
        made("flowed-reply", "flowed", "a flowed reply with a flowed quote", body("plain", quote, "us-ascii", "7bit", parameters="; format=flowed"), reply=True, client="Thunderbird", language="English"),
        made("flowed-stuffed", "flowed", "lines that begin with a space, From and > are space-stuffed", body("plain", stuffed, "us-ascii", "7bit", parameters="; format=flowed")),
        made("flowed-delsp", "flowed", "DelSp: the space at a soft line end is none of the text's", body("plain", japanese, "utf-8", "8bit", parameters="; format=flowed; delsp=yes"), client="Apple Mail", language="Japanese"),
        made("flowed-delsp-quoted", "flowed", "DelSp in quoted-printable, with an HTML beside it", alternative(body("plain", japanese, "utf-8", "quoted-printable", parameters='; format="flowed"; delsp="yes"'), body("html", HTML)), client="Apple Mail", language="Japanese"),
        made("flowed-html-beside", "flowed", "flowed, with an HTML beside it", alternative(body("plain", open_end, "utf-8", "quoted-printable", parameters="; format=flowed"), body("html", HTML))),
    ]  # fmt: skip


def _signatures() -> list[Made]:
    own = "Dear Carol,\n\nthe drawings are ready.⟪\n\n⟫-- \nAlice Winter\nWinter & Partner⟪\n⟫"
    below = "Thursday suits us.⟪\n\n⟫On 02/11/26 17:15, Carol Sommer wrote:\n> Would Thursday be good?\n\n-- \nAlice Winter\n"
    quoted = "Thursday suits us.\n\nAlice⟪\n\n⟫On 02/11/26 17:15, Carol Sommer wrote:\n> Would Thursday be good?\n> \n> -- \n> Carol Sommer\n"
    page = HTML.replace("<p>Alice Winter⟪</p>", '⟪⟫<div class="moz-signature">-- <br>Alice Winter⟪</div>')
    return [
        made("signature-own", "signature", "the author's own signature", body("plain", own, "us-ascii", "7bit")),
        made("signature-own-quoted", "signature", "the same in quoted-printable, where the space is an escape", body("plain", own)),
        made("signature-own-both", "signature", "the same with an HTML", alternative(body("plain", own.replace("\n\nthe", "\nthe")), body("html", page)), client="Thunderbird"),
        made("signature-below-quote", "signature", "the author's signature below the quote: the block stands above the quote", body("plain", below, "us-ascii", "7bit"), reply=True, client="Thunderbird", language="English"),
        made("signature-in-quote", "signature", "a signature in the quote is another's", body("plain", quoted, "us-ascii", "7bit"), reply=True),
    ]  # fmt: skip

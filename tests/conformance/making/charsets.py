"""Charsets and transfer encodings: the block has characters that most of these lack."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.making.frame import Made, alternative, body, made
from tests.conformance.making.words import HTML, TEXT

#: (charset, language, a sentence of the author's, transfer encoding)
LANGUAGES = [
    ("us-ascii", "English", "Thursday suits us.", "7bit"),
    ("iso-8859-1", "German", "Am Donnerstag können wir, Grüße", "quoted-printable"),
    ("iso-8859-2", "Polish", "Czwartek nam odpowiada, proszę też o rysunki łazienki", "quoted-printable"),
    ("iso-8859-5", "Serbian", "Четвртак нам одговара", "base64"),
    ("iso-8859-7", "Greek", "Η Πέμπτη μας βολεύει", "quoted-printable"),
    ("iso-8859-9", "Turkish", "Perşembe bizim için uygun, ışık iyi", "8bit"),
    (
        "iso-8859-15",
        "French",
        "Jeudi nous convient, l’œuvre coûte 100 €".replace("’", "'"),
        "quoted-printable",
    ),
    ("windows-1250", "Czech", "Čtvrtek nám vyhovuje, těšíme se", "8bit"),
    ("windows-1251", "Bulgarian", "Четвъртък ни устройва", "base64"),
    ("windows-1252", "Spanish", "El jueves nos viene bien – ¿a las diez?", "quoted-printable"),
    ("windows-1255", "Hebrew", "יום חמישי מתאים לנו", "base64"),
    ("windows-1256", "Arabic", "يوم الخميس مناسب لنا", "quoted-printable"),
    ("windows-1257", "Lithuanian", "Ketvirtadienis mums tinka, ačiū už brėžinius", "8bit"),
    ("koi8-r", "Russian", "Четверг нам подходит", "8bit"),
    ("gb18030", "Chinese", "星期四可以，图纸已经准备好了", "base64"),
    ("big5", "Chinese (traditional)", "星期四可以,圖紙已經準備好了", "base64"),
    ("iso-2022-jp", "Japanese", "木曜日で大丈夫です。図面を送ります。", "7bit"),
    ("shift_jis", "Japanese", "木曜日で大丈夫です。表示します。", "8bit"),
    ("euc-jp", "Japanese", "木曜日で大丈夫です。", "base64"),
    ("euc-kr", "Korean", "목요일 괜찮습니다. 도면을 보냅니다.", "base64"),
    ("tis-620", "Thai", "วันพฤหัสบดีสะดวก", "quoted-printable"),
    ("utf-8", "Vietnamese", "Thứ Năm được ạ, hẹn gặp lúc mười giờ", "8bit"),
]


def charsets() -> list[Made]:
    """All of them."""
    return [*_languages(), *_meta(), *_encodings()]


def _languages() -> list[Made]:
    found: list[Made] = []
    for charset, language, words, encoding in LANGUAGES:
        text = TEXT.replace("the drawings are ready.", words)
        page = HTML.replace("the drawings are ready.", words)
        page = page.replace(
            "<title>", f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>'
        )
        root = alternative(body("plain", text, charset, encoding), body("html", page, charset, encoding))
        found.append(
            made(
                f"charset-{charset}",
                "charset",
                f"{language} in {charset}, {encoding}",
                root,
                language=language,
            )
        )
    return found


def _meta() -> list[Made]:
    words = "Grüße aus München"
    text, page = (
        TEXT.replace("the drawings are ready.", words),
        HTML.replace("the drawings are ready.", words),
    )
    short = page.replace("<title>", '<meta charset="utf-8"><title>')
    only = body("plain", text, "iso-8859-1", "8bit")
    return [
        made("charset-text-only", "charset", "a text without an HTML, in iso-8859-1: it has to move to UTF-8 with its header", only, language="German"),
        made("charset-html-only", "charset", "an HTML without a text, in iso-8859-1", body("html", page, "iso-8859-1", "quoted-printable"), language="German"),
        made("charset-meta-short", "charset", "a meta element of the short form", body("html", short, "utf-8", "base64"), language="German"),
        made("charset-quoted-label", "charset", "the charset in quotes and capitals", body("plain", text, "utf-8", "quoted-printable", label='"UTF-8"'), language="German"),
        made("charset-none", "charset", "no charset is named: it is us-ascii, and the block is not", body("plain", TEXT, "us-ascii", "7bit", label="")),
        made("charset-ascii-7bit", "charset", "us-ascii in 7bit; the block has other characters", alternative(body("plain", TEXT, "us-ascii", "7bit"), body("html", HTML, "us-ascii", "7bit"))),
        made("charset-latin-in-two", "charset", "the text in utf-8, the HTML in windows-1252", alternative(body("plain", text), body("html", page, "windows-1252", "8bit")), language="German"),
    ]  # fmt: skip


def _encodings() -> list[Made]:
    wide = (
        "Dear Carol,\n\n"
        + "the drawings of the upper floor are ready and show both stairs, " * 12
        + "\n\nAlice Winter⟪\n⟫"
    )
    page = HTML.replace(
        "the drawings are ready.", "the drawings are ready; 2 = 1 + 1, and a=3D is no escape. " * 9
    )
    tight = "Dear Carol,\n\nthe drawings are ready.\n\nAlice Winter⟪⟫"
    return [
        made("transfer-7bit", "transfer", "both in 7bit", alternative(body("plain", TEXT, "us-ascii", "7bit"), body("html", HTML, "us-ascii", "7bit"))),
        made("transfer-8bit", "transfer", "both in 8bit under utf-8", alternative(body("plain", TEXT.replace("Dear", "Chère"), "utf-8", "8bit"), body("html", HTML.replace("Dear", "Chère"), "utf-8", "8bit")), language="French"),
        made("transfer-quoted", "transfer", "quoted-printable full of equals signs and soft line breaks", alternative(body("plain", wide), body("html", page))),
        made("transfer-base64", "transfer", "base64: the place is in the middle of a group of letters", alternative(body("plain", TEXT, "utf-8", "base64"), body("html", HTML, "utf-8", "base64"))),
        made("transfer-base64-no-end", "transfer", "a base64 text that ends without a line end", body("plain", tight, "utf-8", "base64"), twice=True),
        made("transfer-mixed-pair", "transfer", "the text in base64, the HTML in quoted-printable", alternative(body("plain", TEXT, "utf-8", "base64"), body("html", HTML))),
        made("transfer-none-named", "transfer", "no transfer encoding is named: it is 7bit", body("plain", TEXT, "us-ascii", "")),
        made("transfer-capitals", "transfer", "the transfer encoding in capitals", replace(body("plain", TEXT), head="Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: QUOTED-PRINTABLE\n")),
        made("transfer-binary", "transfer", "a body labelled binary", body("plain", TEXT, "utf-8", "binary")),
    ]  # fmt: skip

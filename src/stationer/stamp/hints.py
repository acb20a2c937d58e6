"""A quick look: can there be a quote at all? Most new mails show none of these strings and need no further reading.

A hint proves nothing; its absence does. Every marker of `containers` and `phrases` has its hint here
(tests/stamp/test_hints.py).
"""

from __future__ import annotations

import re

from stationer.stamp import words

#: One of these stands in every element that bears a client's mark, in lower case.
ELEMENTS = (
    "quote", "cite", "rplyfwd", "appendonsend", "reference-message", "border-top", "border-style",
    "_mailoriginal", "olk_src", "stopspelling", "replysplit", "outlookmessageheader", "skydrive", "gmail_extra",
    "moz-", "iosymail", "zmail_extra", "__divider__", "zwchr", "reply-intro", "messagereplysection",
    "replycontent", "forwardcontent", "neteasemail", "origbody", "reply139", "orimsghtml", "mailcontent", "style_",
    "pre", "xmp", "plaintext", "gmail_attr", "urlshare",
)  # fmt: skip
#: One of these stands where a line of text ends in a colon, is ruled off, or begins with `>`.
TEXT = (
    ":\n", ":\r", ": \n", ": \r", ":  ", ":\t", ":\u00a0", "：", "﹕", ":\u202c", ":\u200f", ":\u200e",
    "\n>", "\n >", "\n\u00a0>",
    "--", "__", "==", "~~", "**", "––", "——", "‐‐",
)  # fmt: skip
ELEMENT = re.compile("|".join(map(re.escape, ELEMENTS)) + "|signature|stationer-", re.IGNORECASE)
ENDS = " \t\r\n\u00a0\u200e\u200f\u202a\u202b\u202c\u2069"
EDGES = " *_|>\t\r\n\u00a0\u200e\u200f\u202a\u202b\u202c"
NOT_ASCII = re.compile(r"[：﹕]|[–—‐]{2}|:[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HIDDEN = ("style", "script", "title")
LABEL_TEXT = re.compile(r"^[ \t\u00a0>*|_]*+([^\n:：]{1,32}+)[:：]", re.MULTILINE)


def html_may_quote(html: str) -> bool:
    """Whether this HTML part has to be read."""
    heads: set[str] = set()
    for piece in html.lower().split("<"):
        head, _, shown = piece.partition(">")
        heads.add(head)
        if shown and not shown.isspace() and not head.startswith(HIDDEN) and shown_may_quote(shown):
            return True
    tags = "<".join(heads)
    return any(hint in tags for hint in ELEMENTS)


def shown_may_quote(shown: str) -> bool:
    """Whether what stands behind a tag may be a label, end in a colon, be ruled off, or begin with `>`."""
    if ":" in shown:
        label = shown.partition(":")[0].replace("&nbsp;", " ").strip(EDGES)
        if not label or label in words.LABELS or ":&" in shown or shown.rstrip(ENDS)[-1:] == ":":
            return True
    if "--" in shown or "__" in shown or "==" in shown or "~~" in shown or "**" in shown or "&gt;" in shown:
        return True
    return not shown.isascii() and NOT_ASCII.search(shown) is not None


def text_may_quote(text: str) -> bool:
    """Whether this text part has to be read."""
    if text.lstrip(" \u00a0")[:1] in (">", "") or text.rstrip()[-1:] in (":", "："):
        return True
    return any(hint in text for hint in TEXT) or labelled(LABEL_TEXT.findall(text))


def labelled(found: list[str]) -> bool:
    """Whether one of these is a label of a quoted header block."""
    return any(label.strip(EDGES).lower() in words.LABELS for label in found)

"""Links whose words name another host than they lead to: it is said right behind them where they lead.

The words go in behind `</a>` of HTML that is cleaned already, in a `<mark>`, which no foreign HTML keeps, and hold no
character that could end an attribute or an element.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from stationer.wire.domains import ascii_domain

#: A host as people write it, in the words of a link.
_HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24})(?![\w.-]*@)(?![\w-])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^a-z0-9.:-]")
#: Endings of files that are no domains one would take for a host: "plan.pdf" names no other place.
_FILES = frozenset((
    "bmp", "csv", "doc", "docx", "dwg", "eml", "gif", "htm", "html", "ics", "jpeg", "jpg", "json", "md",
    "odp", "ods", "odt", "pages", "pdf", "png", "ppt", "pptx", "rtf", "svg", "tif", "tiff", "txt", "vcf",
    "webp", "xls", "xlsx", "xml",
))  # fmt: skip


def masked(words: str, href: str) -> str | None:
    """The host that `href` leads to, where the words name another one; None where they do not.

    `www.` makes no difference, and neither does a host below the one that is named.
    """
    leads = host_of(href)
    if leads is None:
        return None
    named = [host for match in _HOST.finditer(words[:2000]) if (host := _named(match[1]))]
    return leads if any(not _is_below(leads, host) for host in named) else None


def host_of(href: str) -> str | None:
    """The host that a web address leads to, in ASCII; None where it is none."""
    try:
        parts = urlsplit(href.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return _PLAIN.sub("", (ascii_domain(host) or host).lower())


def _named(host: str) -> str | None:
    name = ascii_domain(host)
    if name is None or name.rpartition(".")[2] in _FILES:
        return None
    return name.removeprefix("www.")


def _is_below(host: str, named: str) -> bool:
    return host == named or host.endswith(f".{named}")


class _Anchors(HTMLParser):
    """Where links of cleaned HTML end, what they say and where they lead."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[tuple[int, int, str]] = []
        self._href, self._words = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._words = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._words += data if self._href else ""

    def handle_endtag(self, tag: str) -> None:
        host = masked(self._words, self._href) if tag == "a" else None
        if host is not None:
            self.ends.append((*self.getpos(), host))
        self._href = "" if tag == "a" else self._href


def told(html: str, leads_to: str) -> str:
    """The cleaned HTML with `leads_to` (`{host}` in it) behind every link whose words name another host."""
    if "<a " not in html:
        return html
    anchors = _Anchors()
    anchors.feed(html)
    anchors.close()
    lines = html.split("\n")
    for line, column, host in reversed(anchors.ends):
        text, at = lines[line - 1], column + len("</a>")
        said = re.sub(r"[<>&\"'`=]", "", leads_to.replace("{host}", host))
        lines[line - 1] = f"{text[:at]} <mark>{said}</mark>{text[at:]}"
    return "\n".join(lines)

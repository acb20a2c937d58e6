"""What links say and where they lead: words that name another domain, words that say nothing, targets that frighten
filters or that nobody outside can reach."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from stationer.compose.lint.endings import GIVEN_OUT
from stationer.compose.lint.page import Page

_HOST = re.compile(r"https?://(?:[^/@]*@)?(\[[^\]\s]*\]|[^/:?#\s{}]+)", re.IGNORECASE)
_NAMED = re.compile(
    r"(https?://|(?=www\.))?((?:[\w-]+\.)+[a-z]{2,24})(?![\w@.-]*@)(?:[/:?#]\S*)?", re.IGNORECASE
)
_MAILBOX = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,24})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[.*")
_OWN = re.compile(
    r"localhost|.*\.(?:local|localhost|internal|intranet|lan|corp|home|test)|[^.]+"
    r"|(?:10|127)\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+",
    re.IGNORECASE,
)
#: Under these a country gives out names of its own (`acme.co.uk`), so that three labels tell whose a domain is.
_SECOND = {"ac", "co", "com", "edu", "gov", "gv", "ltd", "me", "ne", "net", "nom", "or", "org", "plc"}
#: Endings of files that look like domains.
_FILES = {
    "doc",
    "docx",
    "gif",
    "htm",
    "html",
    "jpeg",
    "jpg",
    "pdf",
    "php",
    "png",
    "ppt",
    "txt",
    "xls",
    "xlsx",
    "zip",
}
#: Services that hide where a link leads; filters count them against a mail.
SHORTENERS = {
    "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "rebrand.ly", "shorturl.at", "t.co", "t.ly",
    "t1p.de", "tiny.cc", "tinyurl.com",
}  # fmt: skip
#: Words that say nothing to somebody who hears the links of a mail one after the other; English and German.
EMPTY = {
    "click", "click here", "go", "here", "learn more", "link", "more", "more info", "press here", "read more",
    "this link", "hier", "hier klicken", "klick hier", "klicken sie hier", "mehr", "mehr erfahren", "mehr lesen",
    "weiter", "weiterlesen",
}  # fmt: skip


class Said(NamedTuple):
    """One link: the words on it and its address, each with its page and its characters. `shown` are words that a
    picture says."""

    words: str
    on: Page
    start: int
    end: int
    href: str
    in_: Page
    begin: int
    done: int
    picture: bool = False

    def lead(self, address: str) -> tuple[Page, int]:
        """Where a finding about its address stands."""
        return self.in_, self.begin + max(0, self.in_.text[self.begin : self.done].find(address))


def owner_of(host: str) -> str:
    """The part of a host name that somebody has registered, as far as it can be told without a list of the world's:
    two labels, or three under endings such as `co.uk`."""
    labels = host.lower().rstrip(".").split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3 if deep else -2 :])


def check_links(links: Iterable[Said]) -> None:
    """All links of a source."""
    known: defaultdict[str, list[Said]] = defaultdict(list)
    for link in links:
        _check_target(link)
        if not link.words.strip():
            if not link.picture:
                link.on.say("link-empty", link.start)
            continue
        _check_named(link)
        plain = " ".join(re.sub(r"[^\w\s]", " ", link.words).casefold().split())
        if plain in EMPTY:
            link.on.say("link-words", link.start, words=link.words.strip())
        known[plain].append(link)
    for same in known.values():
        other = next((one for one in same if one.href.strip() != same[0].href.strip()), None)
        if other is not None:
            other.on.say("link-same-words", other.start, words=other.words.strip())


def _check_named(link: Said) -> None:
    """Words that name one domain while the target is another."""
    words, href = link.words.strip()[:500], link.href.strip()
    box = (
        _MAILBOX.fullmatch(href.partition(":")[2].partition("?")[0])
        if href.lower().startswith("mailto:")
        else None
    )
    target = _HOST.match(href)
    host = box[1] if box else target[1] if target else ""
    if not host or link.picture or "{{" in words or "{{" in host:
        return
    said = _said_in(words, mailbox=box is not None)
    if said is None or owner_of(_in_letters(said[1])) == owner_of(_in_letters(host)):
        return
    whole, named = said
    at = link.on.text.find(whole, link.start, link.end)
    instead = box[0] if box else host
    edits = [link.on.edit(at, at + len(whole), instead)] if at >= 0 else []
    link.on.say("link-domain", max(at, link.start), *edits, named=named, host=host, instead=instead)


def _said_in(words: str, *, mailbox: bool) -> tuple[str, str] | None:
    """What in these words names a domain, and the domain. Who is written to by a mailbox is looked for as one; other
    words that have a mailbox in them name nothing."""
    box = _MAILBOX.search(words)
    if mailbox or box:
        return (box[0], box[1]) if box and mailbox else None
    for match in _NAMED.finditer(words):
        ending = match[2].rpartition(".")[2].lower()
        if match[1] is not None or (ending in GIVEN_OUT and ending not in _FILES):
            return match[0], match[2]
    return None


def _in_letters(host: str) -> str:
    """A name with its labels as people write them, where they stand in ASCII (`xn--…`, RFC 3492)."""
    return ".".join(_label(label) for label in host.lower().split("."))


def _label(text: str) -> str:
    if not text.startswith("xn--"):
        return text
    try:
        return text[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return text


def _check_target(link: Said) -> None:
    href = link.href.strip()
    page, at = link.lead(href)
    if href in ("", "#") or re.fullmatch(r"(?:https?|mailto|tel):/*", href, re.IGNORECASE):
        page.say("link-nowhere", at)
    if href.lower().startswith("http://"):
        edits = [page.edit(at, at + 7, "https://")] if page.text[at : at + 7].lower() == "http://" else []
        page.say("link-insecure", at, *edits, address=href)
    found = _HOST.match(href)
    if found is None:
        return
    host = found[1].lower()
    if owner_of(host) in SHORTENERS:
        page.say("link-shortener", at, host=host)
    if is_own(host) and not host.startswith("["):
        page.say("link-private", at, host=host)
    elif _NUMBER.fullmatch(host):
        page.say("link-number", at, host=host)


def is_own(host: str) -> bool:
    """Whether only one's own network knows this host (RFC 1918, RFC 6761 §6)."""
    return bool(_OWN.fullmatch(host))


def host_of(address: str) -> str:
    """The host of a web address; empty for any other."""
    found = _HOST.match(address.strip())
    return found[1].lower() if found else ""

"""Where a mail's body leads: every link that a program would follow, and whether all stay on one host.

Read as the most generous program would: entities resolved, tabs and line ends in an address dropped, `\\` as `/`
(WHATWG URL §4.4), words that are linked without a tag.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from stationer.mime import Part
from stationer.mime import read as read_mail
from stationer.mime.charset import codec_for, text_of
from stationer.mime.coding import decoded
from stationer.notice.hosts import is_loopback
from stationer.wire.domains import ascii_domain

#: Characters of an address; a longer one is counted as leading away, so that none is read again and again to the end.
LONGEST = 2_000
#: Octets of a body: ten times what a notification's may be (contract/notice.md §2).
LARGEST = 300_000
#: What a notification is made of, and what stays so on any way: words, and pictures that can hold no link.
TEXTS = frozenset({"text/plain", "text/html"})
SEEN = TEXTS | {"image/png", "image/jpeg", "image/gif"}
#: Structures of which programs read different parts, and parts that were not looked at.
UNSURE = frozenset({"ambiguous", "depth-limit", "part-limit", "header-limit"})
#: Fields that say what a body is: given twice, some programs go by the first and some by the last.
SAYS = (b"content-type", b"content-transfer-encoding")
#: What stands in base64 for nothing, and which other alphabets read as something (RFC 4648 §3.3, §5).
FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s]")
#: Attributes that programs follow (HTML §4, and older ones that mail programs still know), wherever they seem to stand:
#: each place is looked at, so that no quotation mark hides the next.
FOLLOWED = re.compile(
    r"(?<![\w:-])(?:href|src|action|background|formaction|poster|data|srcset|imagesrcset|cite|xlink:href|o:href"
    r"|longdesc|lowsrc|dynsrc|profile|codebase|classid|manifest|ping|icon|archive)\s*=\s*"
    rf"(?=\"([^\"]{{0,{LONGEST + 1}}})|'([^']{{0,{LONGEST + 1}}})|([^\s>\"'][^\s>]{{0,{LONGEST}}}))",
    re.IGNORECASE,
)
#: A page that sends its reader on (`<meta http-equiv=refresh>`).
REFRESH = re.compile(r"\d\s*[;,]\s*url\s*=\s*['\"]?([^'\">]*)", re.IGNORECASE)
#: What a program drops from an address before it follows it: C0 controls and the space round it, TAB, LF and CR in it.
DROPPED = re.compile(r"[\t\n\r]")
HARMLESS = re.compile(r"(?:mailto|tel|cid):|#|\Z", re.IGNORECASE)
PAGE = re.compile(r"(https?)://([^/?#]*)(?:[/?#]|\Z)", re.IGNORECASE)
#: In words and styles: what stands behind two slashes, or begins with www.
IN_WORDS = re.compile(
    r"[/\\]{2,}((?:\[[0-9a-f:.]{2,45}\])?[^\s/\\?#\"'<>()\[\]{},;]*)|(?<![\w.-])(www\.[\w.-]+)", re.IGNORECASE
)


def leads_away(mail: bytes, host: str) -> bool:
    """Whether any part of the mail has a link that is not on this host, or cannot be looked at: too large, torn, in an
    unknown encoding, neither words nor a picture. Never raises."""
    seen = read_mail(mail)
    if len(mail) - seen.root.body > LARGEST or seen.problems & UNSURE:
        return True
    return any(_part_leads_away(part, host) for part in seen.parts)


def _part_leads_away(part: Part, host: str) -> bool:
    if part.repeats and any([field.name for field in part.fields].count(name) > 1 for name in SAYS):
        return True
    if part.is_multipart:
        return not part.children
    plain = decoded(part.encoded, part.encoding)
    if part.type not in SEEN or plain is None:
        return True
    if part.encoding == "base64" and FOREIGN.search(part.encoded):
        return True
    if part.type not in TEXTS:
        return False
    # by its charset, and by none: programs that do not know it, or find another, read ASCII as ASCII
    texts = {text_of(plain, codec_for(part.charset, plain) or "latin-1"), plain.decode("latin-1")}
    return any(text_leads_away(text, host, is_html=part.type != "text/plain") for text in texts)


def text_leads_away(text: str, host: str, *, is_html: bool) -> bool:
    """The same of one text; `host` in lower case, as an A-label."""
    if is_html and any(not _stays(value, host) for value in _followed(text)):
        return True
    words = DROPPED.sub("", html.unescape(text)) if is_html else text
    return any(not _is_host(named, host) for named in _named(words))


def _followed(text: str) -> Iterator[str]:
    """The values of all attributes that programs follow."""
    for found in FOLLOWED.finditer(text):
        value = next(filter(None, found.groups()), "")
        yield html.unescape(value) if len(value) <= LONGEST else value
    yield from REFRESH.findall(html.unescape(text))


def _named(words: str) -> Iterator[str]:
    for found in IN_WORDS.finditer(words):
        yield found[1] if found[1] is not None else found[2]


def _stays(value: str, host: str) -> bool:
    """Whether an address is on the host, or leads to no page at all."""
    if len(value) > LONGEST:
        return False
    held = DROPPED.sub("", value).strip("".join(map(chr, range(33)))).replace("\\", "/")
    if HARMLESS.match(held):
        return True
    found = PAGE.match(held)
    wanted = "http" if is_loopback(host) else "https"
    return found is not None and found[1].lower() == wanted and _is_host(found[2], host)


def _is_host(named: str, host: str) -> bool:
    """Whether this names the host. What ends a sentence is no part of it; another port or a user is another place."""
    bare = named.rstrip(".:!")
    return bool(bare) and ascii_domain(bare) == host

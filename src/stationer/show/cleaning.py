"""Foreign HTML → HTML that a browser may show beside nothing of ours: nh3 by an allow-list (contract/show.md §2).

No element, attribute or style that runs, fetches, submits, frames, names or overlays is left. A remote picture is
taken out and counted unless somebody asked for it; one that travels in the mail is written into the HTML itself, so
that nothing is fetched for it either. Pure; the cleaned HTML goes into a sandboxed document under its own policy all
the same, and each of the two holds alone (trials/reading/test_html_vectors.py).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

import css_inline
import msgspec
import nh3

from stationer.show.leading import told
from stationer.show.plain import bare
from stationer.show.styling import declarations, is_ink, written
from stationer.show.tangling import is_tangled
from stationer.show.writing import text_html

#: Characters of HTML that are shown; of a longer one, so many are.
MOST = 2_000_000
#: Rules times elements up to which a style sheet is written into the elements.
_EFFORT = 2_000_000
_TAGS = frozenset((
    "a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins",
    "kbd", "li", "main", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt",
    "u", "ul", "var", "wbr",
))  # fmt: skip
#: Of these the content goes as well. What a mail says in `<title>` its subject says.
_DROPPED = frozenset((
    "applet", "audio", "button", "canvas", "datalist", "dialog", "embed", "frame", "frameset", "iframe",
    "input", "map", "math", "meter", "noembed", "noframes", "noscript", "object", "optgroup", "option",
    "param", "plaintext", "portal", "progress", "script", "select", "source", "style", "svg", "template",
    "textarea", "title", "track", "video", "xmp",
))  # fmt: skip
_TABLE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "height", "valign", "width"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "dir", "lang", "style", "title"},
    "a": {"href"},
    "col": {"span", "width"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "hr": {"color", "noshade", "size", "width"},
    "img": {"alt", "border", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "table": _TABLE,
    "td": _TABLE | {"colspan", "rowspan"},
    "th": _TABLE | {"colspan", "rowspan", "scope"},
    "tr": _TABLE,
    "ul": {"type"},
}
_SCHEMES = {"cid", "http", "https", "mailto", "tel"}
_LEADING = frozenset({"http", "https", "mailto", "tel"})
_STYLE = re.compile(r"<style\b", re.IGNORECASE)
_FETCHED = re.compile(r"url\s*\(\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)
#: By their first octets; what a part says of itself counts for nothing. SVG is a document, not one of these.
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


class Cleaned(msgspec.Struct, frozen=True):
    """HTML that may be shown, and what was taken out of it."""

    html: str
    #: remote pictures that the author wanted shown, whether they are or not
    remote: int
    #: whether the author chose colours, so that only a white sheet shows what was meant
    inked: bool
    #: the `Content-ID`s (without brackets) that are shown in the text
    inside: frozenset[str]
    #: whether it is set as text, since no parser should make a tree of it (`tangling`)
    tangled: bool = False


def clean(
    html: str,
    *,
    pictures: Callable[[str], bytes | None] = lambda cid: None,
    hosted: Callable[[str], bytes | None] = lambda url: None,
    remote: bool = False,
    leads_to: str = "→ {host}",
) -> Cleaned:
    """What may be shown of `html`.

    `pictures` gives the octets that belong to a `Content-ID`, or None; `hosted` those of a picture of our own that is
    called by a web address, or None; `remote` lets pictures of other servers stay; `leads_to` is what is said behind a
    link whose words name another host than it leads to.
    """
    html = html[:MOST]
    if is_tangled(html):
        return Cleaned(text_html(bare(html)), 0, False, frozenset(), tangled=True)
    keeper = _Keeper(pictures, hosted, remote)
    keeper.fetched(html)
    kept = nh3.clean(
        _inlined(html),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=keeper,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=_SCHEMES,
        url_relative="deny",
    )
    return Cleaned(told(kept, leads_to), keeper.remote, keeper.inked, frozenset(keeper.inside))


def _inlined(html: str) -> str:
    """The rules of the mail's own style sheets written into its elements, where that is not too much work."""
    if not _STYLE.search(html) or html.count("{") * html.count("<") > _EFFORT:
        return html
    try:
        return css_inline.inline(html, load_remote_stylesheets=False, keep_at_rules=False)
    except (css_inline.InlineError, ValueError):
        return html


def picture_type(octets: bytes) -> str | None:
    """The media type of a picture that may stand in a text, by its first octets."""
    if octets[:4] == b"RIFF" and octets[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _PICTURES.items() if octets.startswith(start)), None)


def written_in(octets: bytes | None) -> str | None:
    """A picture as the value of `src`; None where there is none, or it is no picture."""
    kind = picture_type(octets) if octets else None
    return f"data:{kind};base64,{b64encode(octets).decode('ascii')}" if octets and kind else None


class _Keeper:
    """Judges each attribute of each element that stays, and remembers what it met."""

    def __init__(
        self, pictures: Callable[[str], bytes | None], hosted: Callable[[str], bytes | None], remote: bool
    ) -> None:
        self._pictures, self._hosted, self._show_remote = pictures, hosted, remote
        self.remote, self.inked = 0, False
        self.inside: set[str] = set()

    def fetched(self, html: str) -> None:
        """Note the pictures that styles would fetch; none of them is ever shown."""
        self.remote += len(_FETCHED.findall(html))

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        """The attribute's value as it stays; None takes it out."""
        judge = _JUDGES.get(name)
        return value if judge is None else judge(self, value)

    def style(self, value: str) -> str | None:
        """What stays of a style."""
        pairs = declarations(value)
        self.inked = self.inked or any(is_ink(prop) for prop, _ in pairs)
        return written(pairs) or None

    def ink(self, value: str) -> str | None:
        """A colour in an attribute."""
        self.inked = True
        return value

    def href(self, value: str) -> str | None:
        """A link may lead to a page, an address or a telephone."""
        return value if scheme_of(value) in _LEADING else None

    def src(self, value: str) -> str | None:
        """A picture of the mail's own, or of ours, written into the HTML; or a remote one, if it was asked for."""
        if scheme_of(value) == "cid":
            cid = unquote(value.strip()[4:])
            if shown := written_in(self._pictures(cid)):
                self.inside.add(cid)
            return shown
        if scheme_of(value) not in ("http", "https"):
            return None
        if shown := written_in(self._hosted(value.strip())):
            return shown
        self.remote += 1
        return value if self._show_remote else None


_JUDGES: Mapping[str, Callable[[_Keeper, str], str | None]] = {
    "style": _Keeper.style,
    "bgcolor": _Keeper.ink,
    "color": _Keeper.ink,
    "href": _Keeper.href,
    "src": _Keeper.src,
}


def scheme_of(address: str) -> str:
    """The scheme of an address in lower case, empty where it has none that can be read."""
    try:
        return urlsplit(address.strip()).scheme
    except ValueError:
        return ""

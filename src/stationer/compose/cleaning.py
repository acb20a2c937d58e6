"""MJML and foreign HTML become HTML that mail programs hold: styles inline, nothing remote but links and pictures.

Nothing here touches the network: mrml is given no include loader and no fonts, css-inline loads no stylesheet, and
what is left of fonts, scripts, forms and frames is taken out by nh3.
"""

from __future__ import annotations

import re

import css_inline
import mrml
import nh3

_WIDE = re.compile(r"@media only screen and \(min-width:\d+px\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_CONDITIONAL = re.compile(r"<!--\[if [^\]<>]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_GHOST = re.compile(r"\s*(?:</?(?:table|tbody|tr|td)\b[^<>]*>\s*)*", re.IGNORECASE)
_HANDLER = re.compile(r"\bon\w+\s*=|javascript:|url\(", re.IGNORECASE)
_BAD_VALUE = re.compile(r"url\s*\(|expression|javascript:|@import|[\\<>]", re.IGNORECASE)

_TABLE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "height", "role", "valign", "width"}
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title"},
    "table": _TABLE,
    "tr": _TABLE,
    "td": _TABLE | {"colspan", "rowspan"},
    "th": _TABLE | {"colspan", "rowspan"},
    "a": {"href", "target"},
    "img": {"alt", "border", "height", "src", "width"},
}
_TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
}
_DROPPED = {"script", "style", "title", "template", "svg", "math", "iframe", "object", "select", "textarea"}
_PROPERTIES = re.compile(
    r"(?:mso-[a-z-]+|background(?:-color)?|border(?:-[a-z-]+)?|color|direction|display|font(?:-[a-z]+)?|height|"
    r"letter-spacing|line-height|list-style(?:-type)?|margin(?:-[a-z]+)?|max-(?:width|height)|min-(?:width|height)|"
    r"outline|overflow|overflow-wrap|padding(?:-[a-z]+)?|table-layout|text-(?:align|decoration|indent|transform)|"
    r"vertical-align|white-space|width|word-(?:break|spacing)|-(?:ms|webkit)-[a-z-]+)"
)


def is_kept(tag: str) -> bool:
    """Whether an element of this name stays in a block; of others the content alone does, or nothing."""
    return tag in _TAGS


def stays(prop: str, value: str = "") -> bool:
    """Whether this declaration stays in a block."""
    return bool(_PROPERTIES.fullmatch(prop)) and not _BAD_VALUE.search(value)


def from_mjml(source: str) -> str:
    """MJML → HTML with its own styles inline. Raises ValueError with mrml's sentence."""
    whole = source if "<mjml" in source else f"<mjml><mj-body>{source}</mj-body></mjml>"
    options = mrml.ParserOptions(include_loader=mrml.noop_loader())
    try:
        output = mrml.to_html(whole, options, mrml.RenderOptions(disable_comments=True, fonts={}))
    except OSError as error:
        raise ValueError(str(error)) from error
    # only the body travels, so a column's width may not wait for a media query in the head
    html = _WIDE.sub(r"\1", output.content)
    html = css_inline.inline(html, load_remote_stylesheets=False)
    # a block stands at the left, below the author's words, in fonts that are there
    html = html.replace("margin:0px auto", "margin:0").replace("margin: 0px auto", "margin: 0")
    html = html.replace('role="presentation" align="center" width="600"', 'role="presentation" width="600"')
    return re.sub(r"Ubuntu, ?Helvetica, ?Arial, ?sans-serif", "Arial, Helvetica, sans-serif", html)


def clean(html: str) -> str:
    """HTML with nothing in it that a stamped block may not have; conditional comments keep bare table tags alone."""
    kept = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        strip_comments=False,
        link_rel=None,
        generic_attribute_prefixes={"data-needs"},
        url_schemes={"http", "https", "mailto", "tel"},
    )
    return _COMMENT.sub(_comment, kept).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name != "style":
        return value
    kept = []
    for declaration in value.split(";"):
        prop, colon, said = declaration.partition(":")
        if colon and stays(prop.strip().lower(), said):
            kept.append(f"{prop.strip().lower()}:{said.strip()}")
    return ";".join(kept) or None


def _comment(match: re.Match[str]) -> str:
    conditional = _CONDITIONAL.fullmatch(match[0])
    if not conditional or not _GHOST.fullmatch(conditional[1]) or _HANDLER.search(conditional[1]):
        return ""
    return match[0]

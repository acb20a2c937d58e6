"""The HTML of a notification: one column of at most 600 pixels that holds in Outlook's Word engine (tables, widths as
attributes, `bgcolor` beside the style), in the dark, from right to left, and without pictures.
"""

from __future__ import annotations

import re
from html import escape

from stationer.notice.inks import DESK, SHEET, dark, light
from stationer.notice.languages import ISOLATE, POP
from stationer.notice.pen import Logo, Pen
from stationer.notice.plain import one_line
from stationer.notice.said import Said

SANS = "font-family:Arial,Helvetica,sans-serif"
SERIF = "font-family:Georgia,'Times New Roman',serif"
EXACT = "mso-line-height-rule:exactly"
#: What a telephone does not dial (RFC 3966): all but figures and the plus before them, and the zero in brackets that is
#: for callers at home.
DIALLED = re.compile(r"\(0\)|[^0-9+]|(?<=.)\+")
TABLE = '<table role="presentation" border="0" cellpadding="0" cellspacing="0"'

#: Between the sheets of two languages.
GAP = '<tr><td height="16" style="height:16px;font-size:0;line-height:16px;">&nbsp;</td></tr>'
#: Ink, quieter ink, the footer's ink: light, dark.
INK, TEXT, QUIET, FOOT = (
    ("#1d2a33", "#f2efe9"),
    ("#2c3840", "#dcdfe1"),
    ("#4a565e", "#b4bbc0"),
    ("#565d61", "#a3abb0"),
)


def html_of(pen: Pen, said: tuple[Said, ...], link: str, logo: str) -> str:
    """The page. `logo`: the address of the logo's picture, or empty."""
    title = escape(one_line(said[0].heading))
    letters = f"\n{GAP}\n".join(_letter(one, pen, link) for one in said)
    feet = "\n".join(_foot(one, pen) for one in said if one.footer or one.disclaimer)
    first = said[0]
    name = _brand(pen, logo, first)
    return f"""<!doctype html>
<html lang="{first.language}" dir="{first.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<!--[if mso]><style>table {{ border-collapse: collapse; }} td, p, a {{ font-family: Arial, sans-serif; }}</style>\
<![endif]-->
{_style(pen.colour)}
</head>
<body class="desk" style="margin:0;padding:0;background-color:{DESK[0]};">
<div role="main">
{TABLE} width="100%" bgcolor="{DESK[0]}" class="desk" style="width:100%;background-color:{DESK[0]};">
<tr><td align="center" style="padding:24px 8px 24px 8px;">
<!--[if mso]>{TABLE} width="600"><tr><td><![endif]-->
{TABLE} width="100%" style="width:100%;max-width:600px;">
{name}
{letters}
{feet}
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</div>
</body>
</html>
"""


def _style(colour: str) -> str:
    """What a program that knows dark asks for. Programs that drop it show the light page, which stands by itself."""
    inks = dark(colour)
    rules = (
        f".desk{{background-color:{DESK[1]}!important}}.sheet{{background-color:{SHEET[1]}!important}}"
        f".ink{{color:{INK[1]}!important}}.text{{color:{TEXT[1]}!important}}.quiet{{color:{QUIET[1]}!important}}"
        f".foot{{color:{FOOT[1]}!important}}.link{{color:{inks.link}!important}}"
    )
    return (
        f"<style>\n:root{{color-scheme:light dark}}\n@media (prefers-color-scheme:dark){{{rules}}}\n</style>"
    )


def _brand(pen: Pen, logo: str, first: Said) -> str:
    """The PEN's name, and its logo before it: a picture carries no meaning of its own."""
    link = light(pen.colour).link
    picture = _picture(pen.logo, logo) if pen.logo and logo else ""
    style = f"padding:0 0 12px 0;{SANS};font-size:18px;line-height:24px;{EXACT};color:{link};"
    words = f'<tr><td align="{first.start}" class="link" style="{style}"><b>{escape(pen.name)}</b></td></tr>'
    return picture + words


def _picture(logo: Logo, address: str) -> str:
    size = f'width="{logo.width}" height="{logo.height}"'
    style = f"display:block;border:0;width:{logo.width}px;height:{logo.height}px;"
    image = f'<img src="{escape(address)}" {size} alt="" style="{style}">'
    return f'<tr><td style="padding:0 0 8px 0;">{image}</td></tr>\n'


def _letter(said: Said, pen: Pen, link: str) -> str:
    """The sheet in one language."""
    inks = light(pen.colour)
    start = said.start
    cell = (
        f'<td bgcolor="{SHEET[0]}" class="sheet" dir="{said.direction}" lang="{said.language}" align="{start}" '
        f'style="padding:26px 18px 26px 18px;background-color:{SHEET[0]};border-top:3px solid {inks.button};'
        f'text-align:{start};">'
    )
    heading = (
        f'<h1 class="ink" style="margin:0 0 12px 0;{SERIF};font-size:24px;line-height:30px;{EXACT};'
        f'font-weight:normal;color:{INK[0]};">{_shown(said.heading)}</h1>'
    )
    button = (
        f'{TABLE} style="margin:0 0 16px 0;"><tr><td bgcolor="{inks.button}" style="padding:13px 12px 13px 12px;'
        f'background-color:{inks.button};{SANS};font-size:15px;line-height:22px;{EXACT};"><a href="{escape(link)}" '
        f'dir="ltr" style="color:{inks.on};text-decoration:none;"><b>{escape(pen.host)}</b></a></td></tr></table>'
    )
    kept = " ".join(filter(None, (_shown(said.kept), _untorn(said.until, said.day))))
    texts = (
        _paragraph(kept, "text", 16, 24, 16, TEXT[0]),
        _paragraph(f"<b>{escape(said.go)}</b>", "text", 16, 24, 6, TEXT[0]),
        button,
        _paragraph(escape(said.how), "text", 16, 24, 16, TEXT[0]),
        _paragraph(_shown(said.doubt), "quiet", 14, 21, 0, QUIET[0]),
    )
    return f"<tr>{cell}\n{heading}\n" + "\n".join(texts) + "\n</td></tr>"


def _shown(text: str) -> str:
    """The text escaped; what was filled in keeps its own direction."""
    return escape(text).replace(ISOLATE, "<bdi>").replace(POP, "</bdi>")


def _untorn(text: str, part: str) -> str:
    """The same, with no line ending inside one part of it."""
    held = escape(part)
    return _shown(text).replace(held, held.replace(" ", "&nbsp;")) if part else ""


def _paragraph(inner: str, name: str, size: int, height: int, below: int, colour: str) -> str:
    style = f"margin:0 0 {below}px 0;{SANS};font-size:{size}px;line-height:{height}px;{EXACT};color:{colour};"
    return f'<p class="{name}" style="{style}">{inner}</p>'


def _foot(said: Said, pen: Pen) -> str:
    """Who sent it, how to call, and the disclaimer."""
    lines = []
    if said.footer:
        lines.append(_paragraph(_dialled(said.footer, pen), "foot", 13, 19, 8, FOOT[0]))
    if said.disclaimer:
        # it may be in another language, where it is not written in this one
        words = f'<bdi dir="auto">{escape(said.disclaimer)}</bdi>'
        lines.append(_paragraph(words, "foot", 13, 19, 0, FOOT[0]))
    cell = f'<td dir="{said.direction}" lang="{said.language}" align="{said.start}" '
    return f'<tr>{cell}style="padding:16px 0 0 0;text-align:{said.start};">' + "\n".join(lines) + "</td></tr>"


def _dialled(footer: str, pen: Pen) -> str:
    """The footer with its telephone number to press."""
    figures = DIALLED.sub("", pen.phone)
    head, found, tail = footer.rpartition(pen.phone) if figures else (footer, "", "")
    if not found:
        return _shown(footer)
    colour = light(pen.colour).link
    shown = _untorn(found, found)
    style = f"color:{colour};text-decoration:underline;"
    call = f'<a class="link" dir="ltr" href="tel:{figures}" style="{style}">{shown}</a>'
    return _shown(head) + call + _shown(tail)

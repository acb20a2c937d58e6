"""How faults are planted: sources in which one thing is wrong, each with the rule that finds it and what its mend leaves.

A fault of MJML is planted in `CLEAN`, in which nothing is wrong; one of a form takes its elements.
"""

from __future__ import annotations

from typing import NamedTuple

from stationer.compose.lint import Known
from stationer.wire.source import Element, Picture, Source

TEXT = '<mj-text color="#23303f" font-family="Arial, sans-serif" font-size="14px">Our <b>open evening</b></mj-text>'
CLEAN = f"""<mj-section>
  <mj-column>
    {TEXT}
    <mj-image src="picture:garden" alt="The garden behind the practice" width="300px" />
    <mj-button href="https://www.acme.example/evening" background-color="#1f3a5f" color="#ffffff">Keep a place</mj-button>
  </mj-column>
</mj-section>"""
ALBUM = {
    "garden": Known(
        Picture("https://a.example/garden.jpg", 400, 300, size=40_000), "The garden behind the practice"
    ),
    "huge": Known(Picture("https://a.example/huge.jpg", 1200, 800, size=300_000), ""),
    "big-1": Known(Picture("https://a.example/big-1.jpg", 600, 300, size=190_000), "One"),
    "big-2": Known(Picture("https://a.example/big-2.jpg", 600, 300, size=190_000), "Two"),
    "big-3": Known(Picture("https://a.example/big-3.jpg", 600, 300, size=190_000), "Three"),
    "big-4": Known(Picture("https://a.example/big-4.jpg", 600, 300, size=190_000), "Four"),
    "logo": Known(Picture("https://a.example/logo.png", 200, 60, size=4_000), "Acme, dentists"),
    "moving": Known(Picture("https://a.example/moving.gif", 200, 60, size=4_000), "A door opens"),
}


class Fault(NamedTuple):
    """`line` is where it is found; `mended` is what the mend puts there, empty where there is none."""

    name: str
    source: Source
    rule: str
    where: str
    line: int | None = 1
    mended: str = ""


def text(inside: str, name: str, rule: str, mended: str = "") -> Fault:
    """A fault in the HTML of an mj-text, on line 3."""
    return Fault(
        name,
        Source("mjml", {"mjml": CLEAN.replace("Our <b>open evening</b>", inside)}),
        rule,
        "mjml",
        3,
        mended,
    )


def mjml(old: str, new: str, name: str, rule: str, line: int, mended: str = "", where: str = "mjml") -> Fault:
    """A fault in place of something of `CLEAN`."""
    assert old in CLEAN
    return Fault(name, Source("mjml", {"mjml": CLEAN.replace(old, new)}), rule, where, line, mended)


def form(
    kind: str,
    values: dict[str, str],
    name: str,
    rule: str,
    field: str,
    mended: str = "",
    line: int | None = 1,
) -> Fault:
    """A fault in an element of a form, below a heading."""
    elements = (Element("heading", {"words": "Open evening"}), Element(kind, values))
    return Fault(name, Source("form", {}, elements=elements), rule, f"elements/1/{field}", line, mended)


def styled(style: str, name: str, rule: str, mended: str = "", tag: str = "span") -> Fault:
    """A fault in the style of an element inside an mj-text."""
    return text(f'Our <{tag} style="{style}">open evening</{tag}>', name, rule, mended)


WEB = "https://www.acme.example/evening"
BUTTON = {"label": "Keep a place", "link": WEB}
PICTURE = 'src="picture:garden" alt="The garden behind the practice" width="300px"'
TABLE = '<table role="presentation" border="0" cellpadding="0" cellspacing="0"'


def raw(inside: str) -> str:
    """HTML of one's own in place of the text."""
    return f"<mj-raw><tr><td>{inside}</td></tr></mj-raw>"


_HEADED = "<mjml><mj-head>{}</mj-head><mj-body>" + CLEAN + "</mj-body></mjml>"


def headed(head: str, name: str, rule: str, mended: str) -> Fault:
    """A fault in the head of a document."""
    return Fault(name, Source("mjml", {"mjml": _HEADED.replace("{}", head)}), rule, "mjml", 1, mended)

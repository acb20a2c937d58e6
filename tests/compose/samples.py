"""Values for every shape, a person, pictures, and what a hostile directory might hold."""

from __future__ import annotations

from stationer.compose import SHAPES, complete, fill, press
from stationer.wire.content import Content
from stationer.wire.source import Picture, Source

PICTURES = {
    "wide": Picture("https://assets.example/w.png", 1200, 400),
    "logo": Picture("https://assets.example/l.png", 320, 96),
}
BOB = {
    "name": "Dr Bob Hendry",
    "title": "Dentist",
    "company": "Harbour Dental",
    "phone": "01632 960 142",
    "mobile": "07700 900 142",
    "website": "https://harbourdental.example/",
    "postal": "4 Quay Street\nFalmouth",
    "photo": "https://assets.example/bob.jpg",
}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://x.example",
    "data:text/html,<script>1</script>",
    'https://x.example/"onclick="alert(1)',
    "https://x.example/'><b>",
    "{{name}}",
    "{{#name}}",
    "<!--[if mso]><td>",
    "-->",
    "]]>&lt;&amp;&#x3c;b&#62;",
    "a\r\nBcc: all@example.com\r\n\r\nb",
    "\x00\x1b[31m\x7f\x85",
    "\u202egpj.exe",
    "\ud800",
    "zq0x0z zq1x1z",
    "x" * 5000,
)
MJML = """<mj-section>
  <mj-column width="40%"><mj-image src="picture:logo" alt="Logo" width="120px" /></mj-column>
  <mj-column width="60%">
    <mj-text>Hello from {{name}}, <a href="https://x.example/?who={{name}}">more</a></mj-text>
    <mj-button href="{{website}}">Visit</mj-button>
  </mj-column>
</mj-section>"""
VALUES: dict[str, list[dict[str, str]]] = {
    "signature": [{}, {"monogram": "HD"}, {"picture": "logo"}, {"picture": "{{photo}}", "colour": "#f2c200"}],
    "signature-short": [{}],
    "letterhead": [{"line": "Falmouth"}, {"picture": "logo", "website": "{{website}}"}],
    "disclaimer": [{"words": "Ltd.\nRegistered.", "label": "Privacy", "link": "https://x.example/p"}],
    "banner": [
        {
            "headline": "Evening with {{name}}",
            "line": "One\nTwo",
            "button": "Go",
            "link": "https://x.example/?a=1&b=2",
        },
        {"headline": "Only this"},
    ],
    "banner-picture": [{"picture": "wide", "alt": "In words by {{name}}", "link": "{{website}}"}],
    "note": [{"words": "Closed.", "label": "Whom to call", "link": "mailto:{{email}}"}],
    "survey": [{"question": "How?", **{f"link_{n}": f"https://x.example/{n}" for n in (1, 2, 3)}}],
    "mjml": [{"mjml": MJML}],
    "form": [],  # what it is made of stands in its elements: test_form.py
}
CASES = [(shape, values) for shape in SHAPES for values in VALUES[shape]]


def pressed(shape: str, values: dict[str, str], text: str = "") -> Content:
    """The content of a source that must be right."""
    kind, slot = SHAPES[shape].kind, SHAPES[shape].slot
    found = press(
        Source(shape, values, text),
        kind=kind,
        slot=slot,
        link_base="https://go.example/c/",
        pictures=PICTURES,
    )
    assert found.content is not None, found.problems
    return found.content


def shown(shape: str, values: dict[str, str], attributes: dict[str, str], text: str = "") -> tuple[str, str]:
    """HTML and text, with plain targets."""
    return complete(fill(pressed(shape, values, text), attributes, name="n"))

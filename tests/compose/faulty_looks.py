"""Planted faults of looks: contrast, Word's engine, what mail programs lack."""

from __future__ import annotations

from tests.compose.planting import (
    TABLE,
    TEXT,
    headed,
    mjml,
    raw,
    styled,
    text,
)

LOOKS = [
    # contrast
    mjml('color="#23303f"', 'color="#9aa3ad"', "grey words on white", "contrast", 3, 'color="#'),
    mjml(
        'color="#ffffff">Keep',
        'color="#3d5a80">Keep',
        "a button's words on its ground",
        "contrast",
        5,
        'color="#',
    ),
    mjml(
        'background-color="#1f3a5f" color="#ffffff"',
        'background-color="#e8833a" color="#1a1a1a"',
        "dark words on an orange that a dark program leaves",
        "contrast-dark",
        5,
        'color="#',
    ),
    mjml(
        TEXT,
        raw('<div style="color:#23303f">Our evening</div>'),
        "words without a size",
        "words-unseen",
        3,
        "font-size:14px;",
    ),
    mjml(
        TEXT,
        raw('<div style="background-color:#fff3c4;font-size:14px">Our evening</div>'),
        "a ground without an ink",
        "ground-without-ink",
        3,
        "color:#000000;",
    ),
    # Word's engine and unsupported CSS
    styled("position:absolute", "position is not known", "css-dropped", 'style=""'),
    styled("box-shadow:0 2px 4px #000000", "shadows are not known", "css-dropped", 'style=""'),
    styled("display:flex", "flex is not known", "css-layout", 'style=""', tag="div"),
    text(
        f'{TABLE} style="max-width:400px"><tr><td>Our</td></tr></table>',
        "max-width without a width",
        "max-width",
        'width="400"',
    ),
    text(
        f'{TABLE} style="width:400px"><tr><td>Our</td></tr></table>',
        "a width in the style alone",
        "width-alone",
        'width="400"',
    ),
    mjml(
        'background-color="#1f3a5f"',
        'background-color="#1f3a5f" border-radius="8px"',
        "a button with round corners",
        "corners",
        5,
        'border-radius="0"',
    ),
    styled("padding:12px 0", "padding on a paragraph", "padding-ignored", "margin:12px 0", tag="p"),
    styled(
        "padding:8px;background-color:#1f3a5f;color:#ffffff", "a link dressed as a button", "padding-ignored"
    ),
    styled("margin:-8px 0 0 0", "a negative margin", "margin-negative", 'style=""', tag="p"),
    text(
        f'{TABLE} style="margin:0 auto"><tr><td>Our</td></tr></table>',
        "centred by margins",
        "margin-auto",
        'align="center"',
    ),
    styled(
        "font:bold 16px/24px Arial, sans-serif",
        "font in one",
        "font-shorthand",
        "font-weight:bold;font-size:16px;line-height:24px;font-family:Arial, sans-serif",
    ),
    styled(
        "font-size:14px;line-height:1.5",
        "a line height without a unit",
        "line-height",
        "line-height:21px;mso-line-height-rule:exactly",
        tag="p",
    ),
    styled("color:rgba(0,0,0,0.8)", "a colour with transparency", "colour-unknown", "color:#333333"),
    styled("font-size:1.25rem", "a size in rem", "unit-unknown", "font-size:20px"),
    styled("color:var(--brand, #1f3a5f)", "a variable", "value-unknown", "color:#1f3a5f"),
    styled("color:#1f3a5f !important", "!important", "important", "color:#1f3a5f"),
    mjml(
        'font-family="Arial, sans-serif"',
        'font-family="Brandon Grotesque"',
        "a font that nobody has",
        "font-fallback",
        3,
        "Brandon Grotesque, Arial, Helvetica, sans-serif",
    ),
    mjml(
        'font-size="14px"',
        'font-size="9px"',
        "small print that nobody reads",
        "font-small",
        3,
        'font-size="12px"',
    ),
    text('Our <span style="display:none">secret</span> evening', "hidden words", "words-hidden", 'style=""'),
    text(
        '<span style="white-space:nowrap">Come to our open evening on Thursday, the third of December</span>',
        "words that may not break",
        "nowrap",
        'style=""',
    ),
    text(
        '<div style="color:#1f3a5f"><div style="color:#1f3a5f"><div style="color:#1f3a5f">Our</div></div></div>',
        "three styled divs in one another",
        "div-nested",
    ),
    text(
        "<section>Our evening</section>",
        "an element that is taken out",
        "html-dropped",
        "<div>Our evening</div>",
    ),
    text('Our <b onclick="x()">evening</b>', "a script in an attribute", "script-dropped", "<b>evening</b>"),
    text(
        '<img src="picture:logo" alt="Acme, dentists" width="200" srcset="b.png 2x"> Our',
        "a picture in two sizes",
        "attribute-dropped",
        'width="200">',
    ),
    text(
        '<table border="0" cellpadding="0" cellspacing="0"><tr><td>Our</td></tr></table>',
        "a table that only arranges",
        "table-role",
        'role="presentation"',
    ),
    text(
        '<table role="presentation"><tr><td>Our</td></tr></table>',
        "a table with gaps",
        "table-gaps",
        'cellpadding="0"',
    ),
    headed(
        "<mj-style>@media (max-width:400px){b{color:#000000}}</mj-style>",
        "a media query",
        "style-media",
        "<mj-style></mj-style>",
    ),
    headed(
        "<mj-style>a:hover{color:#000000}</mj-style>",
        "a look under the mouse",
        "style-state",
        "<mj-style></mj-style>",
    ),
    headed(
        "<mj-preview>Come and see</mj-preview>",
        "words for the list of mails",
        "preview-lost",
        "<mj-head></mj-head>",
    ),
    headed(
        '<mj-font name="Lato" href="https://fonts.example/lato" />',
        "a font from the network",
        "font-remote",
        "<mj-head></mj-head>",
    ),
]

"""Planted faults, each with the rule that finds it; those of looks stand in `faulty_looks`."""

from __future__ import annotations

from tests.compose.faulty_looks import LOOKS
from tests.compose.planting import (
    BUTTON,
    CLEAN,
    PICTURE,
    TABLE,
    Fault,
    form,
    mjml,
    text,
)

from stationer.wire.source import Element, Source

FAULTS = [
    # size
    Fault(
        "thirty thousand characters are passed",
        Source("mjml", {"mjml": CLEAN.replace("open", "open " * 7000)}),
        "too-long",
        "",
        None,
    ),
    Fault(
        "a block is nearly too long",
        Source("mjml", {"mjml": CLEAN.replace("open", "open " * 4800)}),
        "nearly-too-long",
        "",
    ),
    Fault(
        "Gmail clips one block alone",
        Source("mjml", {"mjml": CLEAN.replace("open", ("\U0001f600" * 30 + " ") * 765)}),
        "clipped",
        "",
    ),
    mjml(
        PICTURE,
        'src="picture:garden" alt="The garden" width="300px" css-class="x" /><mj-raw><tr><td width="700">Wide</td></tr></mj-raw><mj-image src="picture:logo" alt="Acme"',
        "something is wider than a mail",
        "too-wide",
        0,
        where="",
    ),
    form(
        "picture",
        {"picture": "huge", "alt": "The practice from above"},
        "a picture is heavy",
        "picture-heavy",
        "picture",
    ),
    Fault(
        "all pictures together are heavy",
        Source(
            "form",
            {},
            elements=(
                Element("heading", {"words": "Four views"}),
                *(
                    Element("picture", {"picture": f"big-{n}", "alt": f"View number {n}"})
                    for n in (1, 2, 3, 4)
                ),
            ),
        ),
        "pictures-heavy",
        "elements/4/picture",
    ),
    # words in a picture's place
    form(
        "picture",
        {"picture": "garden", "alt": ""},
        "a form's picture has no words",
        "picture-without-words",
        "alt",
        line=None,
    ),
    mjml(
        ' alt="The garden behind the practice"',
        "",
        "MJML's picture has no words",
        "alt-missing",
        4,
        'alt="The garden behind the practice"',
    ),
    form(
        "picture",
        {"picture": "garden", "alt": "IMG_2031.jpg"},
        "the words are a file's name",
        "alt-useless",
        "alt",
        "The garden behind the practice",
    ),
    mjml(
        "The garden behind the practice",
        "Logo",
        "the words say only that there is a picture",
        "alt-useless",
        4,
        'alt="The garden behind',
    ),
    form(
        "picture",
        {"picture": "garden", "alt": "The garden " * 20},
        "the words are as long as a text",
        "alt-long",
        "alt",
    ),
    # pictures
    mjml(
        'src="picture:garden"',
        'src="https://a.example/sign.svg"',
        "a picture that Gmail does not show",
        "picture-format",
        4,
    ),
    form(
        "picture",
        {"picture": "moving", "alt": "A door opens"},
        "a picture that may move",
        "picture-moves",
        "picture",
    ),
    mjml(
        'src="picture:garden"',
        'src="http://a.example/garden.jpg"',
        "a picture is fetched without TLS",
        "picture-insecure",
        4,
        'src="https://a.example',
    ),
    mjml(
        'src="picture:garden"',
        'src="data:image/png;base64,iVBORw0KGgo="',
        "a picture is written into the source",
        "picture-inside",
        4,
    ),
    mjml(
        'src="picture:garden"',
        'src="https://intranet/garden.jpg"',
        "a picture is on one's own network",
        "picture-private",
        4,
    ),
    text(
        'Our <img src="picture:logo" alt="Acme, dentists">',
        "an <img> without width",
        "picture-no-width",
        'width="200"',
    ),
    mjml('width="300px"', 'width="550px"', "a picture is blown up", "picture-stretched", 4, 'width="400px"'),
    mjml(
        'width="300px"',
        'width="300px" height="300px"',
        "a picture is squeezed",
        "picture-distorted",
        4,
        'height="225px"',
    ),
    Fault(
        "with pictures off nothing is read",
        Source("mjml", {"mjml": f"<mj-section><mj-column><mj-image {PICTURE} /></mj-column></mj-section>"}),
        "picture-only",
        "",
    ),
    mjml(
        "<mj-section>",
        '<mj-section background-url="https://a.example/sky.jpg">',
        "a section's picture behind words",
        "picture-behind",
        1,
        "<mj-section>",
    ),
    text(
        f'{TABLE} background="https://a.example/sky.jpg"><tr><td>Our</td></tr></table>',
        "a table's picture behind words",
        "picture-behind",
        f"{TABLE}>",
    ),
    # links
    form(
        "text",
        {"words": "See [www.acme.example](https://acme.evil.example/)"},
        "words name another domain than the link",
        "link-domain",
        "words",
        "[acme.evil.example](https://acme.evil.example/)",
    ),
    text(
        'Our <a style="color:#1f3a5f" href="mailto:us@evil.example">us@acme.example</a>',
        "words name another mailbox than the link",
        "link-domain",
        ">us@evil.example<",
    ),
    form("button", BUTTON | {"label": "Click here"}, "a button says nothing", "link-words", "label"),
    text('Our <a href="https://www.acme.example/"></a>evening', "a link has no words", "link-empty"),
    mjml('href="https://www.acme.example/evening"', 'href="#"', "a button leads nowhere", "link-nowhere", 5),
    form(
        "button",
        BUTTON | {"link": "http://www.acme.example/"},
        "a link without TLS",
        "link-insecure",
        "link",
        "https://www.acme.example/",
    ),
    form("button", BUTTON | {"link": "https://bit.ly/3xYz"}, "a shortened link", "link-shortener", "link"),
    form(
        "button",
        BUTTON | {"link": "https://203.0.113.7/evening"},
        "a link to a bare number",
        "link-number",
        "link",
    ),
    form(
        "button",
        BUTTON | {"link": "https://wiki.intranet/evening"},
        "a link into one's own network",
        "link-private",
        "link",
    ),
    form(
        "text",
        {"words": "[Prices](https://a.example/1) and [Prices](https://a.example/2)"},
        "the same words lead to two places",
        "link-same-words",
        "words",
    ),
    Fault(
        "the plain text does not lead there",
        Source("form", {}, "Come and see us!", elements=(Element("button", BUTTON),)),
        "twin-link-missing",
        "text",
        1,
        "",
    ),
    # words
    form(
        "text",
        {"words": "Come to our evening!!!"},
        "a row of exclamation marks",
        "exclaimed",
        "words",
        "evening!",
    ),
    form("heading", {"words": "LAST CHANCE TO SEE OUR ROOMS"}, "shouting", "shouted", "words"),
    form(
        "text",
        {"words": "Zahnarztpraxisverwaltungsgesellschaftsmitgliederversammlung"},
        "a word wider than a telephone",
        "long-word",
        "words",
    ),
]
FAULTS += LOOKS

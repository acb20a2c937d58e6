"""What every page carries at its top: the voice's font, the PEN's four brand tokens, the reader's theme.

A brand token is checked before it is written into a style sheet: a colour is six hexadecimal digits, a hue is a
whole number of degrees, a voice is one of ours. Anything else is left out and the default stands.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Files of the one serif, made by bin/assets, and the characters each is for. Without them Georgia speaks.
FACES = {
    "built/libre-caslon-text-latin.woff2": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, "
    "U+02DC, U+2000-206F, U+20AC, U+2122, U+2212",
    "built/libre-caslon-text-latin-ext.woff2": "U+0100-0130, U+0132-0151, U+0154-02BA, U+1E00-1E9F, U+1EF2-1EFF",
}
VOICES = {"serif": "", "sans": "var(--sans)"}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def faces() -> str:
    """`@font-face` rules for the font files that are there."""
    return "".join(
        f'@font-face{{font-family:"Libre Caslon Text";font-display:optional;src:url("{static(name)}");'
        f"unicode-range:{span}}}"
        for name, span in FACES.items()
        if finders.find(name)
    )


def tokens(brand: dict[str, Any]) -> str:
    """The declarations of `--pen-…` that `brand` (colour, seal, paper, voice) sets, each checked."""
    colours = {key: str(brand.get(key, "")) for key in ("colour", "seal")}
    said = [f"--pen-{key}:{colour}" for key, colour in colours.items() if COLOUR.fullmatch(colour)]
    if str(brand.get("paper", "")).isascii() and str(brand.get("paper", "")).isdigit():
        said.append(f"--pen-paper:{int(brand['paper']) % 360}")
    if VOICES.get(str(brand.get("voice", ""))):
        said.append(f"--pen-voice:{VOICES[brand['voice']]}")
    return ";".join(said)


def style(pen: Any, nonce: str, brand: dict[str, Any] | None = None) -> SafeString:
    """The page's `<style nonce>`: font faces, and the tokens of the PEN, else of the host's `brand`."""
    said = tokens(pen.looks() if pen else brand or {})
    rules = faces() + (f":root:root{{{said}}}" if said else "")
    if not rules or not nonce:
        return mark_safe("")
    return format_html('{}<style nonce="{}">{}</style>', ahead(), nonce, mark_safe(rules))


def ahead() -> SafeString:
    """Fetch the voice before it is asked for: the font that arrives late is not shown (`font-display: optional`)."""
    first = next(iter(FACES))
    if not finders.find(first):
        return mark_safe("")
    return format_html(
        '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}">', static(first)
    )


def sender_called(house: str) -> str:
    """The From of the portal's own mails, by the name that the portal has for whoever gets them."""
    sender = str(settings.PORTAL.relay.sender)
    return str(Address(display_name=house, addr_spec=sender)) if house else sender


def theme(request: Any) -> dict[str, str]:
    """Context processor: the theme of the reader's cookie, when it is one we know."""
    chosen = request.COOKIES.get("theme", "")
    return {"theme": chosen if chosen in ("light", "dark") else ""}

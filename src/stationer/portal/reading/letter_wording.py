"""What the PEN says below a letter: the disclaimer of secure messages of its author's package, and who it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from stationer.portal.notices.pens import wording
from stationer.portal.people.rules import package_of
from stationer.portal.vault.models import SecureMessage


@dataclass(frozen=True)
class Wording:
    """`disclaimer`: of the author's package, in the reader's language; `address`, `phone`: the PEN's."""

    disclaimer: str
    address: str
    phone: str


def wording_of(message: SecureMessage) -> Wording:
    """What stands below this letter."""
    said = wording()
    texts = said.message.get(package_of(message.author).outside_id, {})
    language = (get_language() or "en").partition("-")[0]
    text = texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
    return Wording(text, said.address, said.phone)

"""The preview: an example letter with the blocks in it, as a recipient would see it, in six views.

The letter is invented, since Stationer never reads one; the blocks are the real ones, made by `compose`. The page
has no script and asks nothing of anybody but pictures of this server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from stationer.wire.words import SLOTS, Slot, Variant

View = Literal["new", "reply", "text", "dark", "phone", "bare"]
VIEWS: tuple[View, ...] = get_args(View)

#: What the preview document may do: nothing, but show its own style and pictures.
POLICY = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Shown:
    """One block as it leaves: where it stands, its HTML (ours, cleaned by `compose`), its text."""

    slot: Slot
    html: str
    text: str


def variant_of(view: View) -> Variant:
    """Which variant of the mail a view shows."""
    return "reply" if view == "reply" else "new"


def ordered(blocks: Sequence[Shown]) -> list[Shown]:
    """Top first, then signature, banner, footer: their order in a mail (contract/http.md §1)."""
    return sorted(blocks, key=lambda block: SLOTS.index(block.slot))


def document(view: View, *, name: str, address: str, blocks: Sequence[Shown]) -> str:
    """The whole page of one view: `name` and `address` are the sender's."""
    inside = ordered(blocks)
    facts = {
        "view": view,
        "name": name,
        "signed": name,
        "address": address,
        "day": date_format(timezone.now(), "DATE_FORMAT"),
        "above": [mark_safe(block.html) for block in inside if block.slot == "top"],
        "below": [mark_safe(block.html) for block in inside if block.slot != "top"],
        "text_above": [block.text for block in inside if block.slot == "top"],
        "text_below": [block.text for block in inside if block.slot != "top"],
    }
    return render_to_string("content/letter.html", facts)

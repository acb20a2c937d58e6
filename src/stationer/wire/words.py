"""The few closed lists that every room shares: slots, variants, kinds, and reasons to leave a mail untouched."""

from __future__ import annotations

from typing import Literal, get_args

#: A placement in a mail. Order in the mail: top before the author's first word, the others in this order at `place`.
Slot = Literal["top", "signature", "banner", "footer"]
SLOTS: tuple[Slot, ...] = get_args(Slot)

#: How a mail relates to an earlier one. An interleaved answer uses `reply` (contract/http.md §1).
Variant = Literal["new", "reply", "forward"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)

#: Where a piece of content comes from: the stationery round a mail, or a campaign's message.
Kind = Literal["template", "message"]

#: How a company's pictures reach the reader, and the media types they have (contract/content.md §5).
Pictures = Literal["linked", "embedded"]
PICTURES: tuple[Pictures, ...] = get_args(Pictures)
PictureType = Literal["image/png", "image/jpeg", "image/gif"]

#: What is kept of whoever follows a link: their addresses, their domains, nothing; each keeps less than the one
#: before it (contract/links.md §1).
Tracking = Literal["people", "domains", "off"]
TRACKING: tuple[Tracking, ...] = get_args(Tracking)

#: What the people of a membership package may do for themselves (contract/people.md §2).
PackageRight = Literal["enrol", "details", "seal", "answer", "write"]
PACKAGE_RIGHTS: tuple[PackageRight, ...] = get_args(PackageRight)

#: The scales of a survey, and what may be answered in each (contract/surveys.md §1).
Scale = Literal["stars", "faces", "nps"]
SCALES: dict[Scale, range] = {"stars": range(1, 6), "faces": range(1, 4), "nps": range(11)}

#: Why a mail is left byte for byte as written (contract/stamp.md §2).
Reason = Literal[
    "signed",
    "encrypted",
    "calendar",
    "report",
    "auto-reply",
    "partial",
    "tnef-only",
    "protected",
    "list-footer",
    "edited-block",
    "unparseable",
    "too-large",
    "no-body",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

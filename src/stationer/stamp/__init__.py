"""Put a pick into a mail, and take it out again: consent, boundary, dress, splice, undo (contract/stamp.md).

Outside the blocks, the stamp's header and the headers of parts that had to be recoded, every byte is the author's.
"""

from stationer.stamp.boundary import boundary, variant
from stationer.stamp.consent import consent
from stationer.stamp.order import Block, Boundary, Kind, Order, PartBoundary, Stamped, Unstamped, Untouched
from stationer.stamp.pictures import Picture
from stationer.stamp.stamping import marks_in_quote, marks_of_ours, stamp, unstamp

__all__ = [
    "Block",
    "Boundary",
    "Kind",
    "Order",
    "PartBoundary",
    "Picture",
    "Stamped",
    "Unstamped",
    "Untouched",
    "boundary",
    "consent",
    "marks_in_quote",
    "marks_of_ours",
    "stamp",
    "unstamp",
    "variant",
]

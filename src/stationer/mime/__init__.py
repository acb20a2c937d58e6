"""A mail as spans of bytes: parts, fields, addresses, transfer encodings, charsets; cuts and splices.

The only MIME parser we own. Nothing here generates a mail: what changes is spliced, what does not is the same bytes.
"""

from stationer.mime.addresses import Envelope, addresses, envelope, fault_of
from stationer.mime.cuts import Cut, Segments, joined, splice
from stationer.mime.fields import header_values, line_end, message_id, with_header, without_headers
from stationer.mime.parts import Mail, Part, Span
from stationer.mime.scanning import Scanned, Scanner
from stationer.mime.spans import read

__all__ = [
    "Cut",
    "Envelope",
    "Mail",
    "Part",
    "Scanned",
    "Scanner",
    "Segments",
    "Span",
    "addresses",
    "envelope",
    "fault_of",
    "header_values",
    "joined",
    "line_end",
    "message_id",
    "read",
    "splice",
    "with_header",
    "without_headers",
]

"""Change a decoded range of an encoded body by one cut: what stands before it and after it is not encoded again.

quoted-printable: the new octets stand between soft line breaks (RFC 2045 §6.7 rule 5), no line made longer than 76;
the last octet of a full line moves behind the break. base64: the group of three
that is cut in two is written anew with what is put in; what follows stays when the whole stays a multiple of three,
which is the caller's to arrange (`base64_room`), and is written anew otherwise.
"""

from __future__ import annotations

import binascii
from functools import lru_cache

from stationer.mime.coding import PLAIN, base64_lines, encoded_offset, quoted
from stationer.mime.cuts import Cut
from stationer.mime.fields import line_end as first_line_end


def base64_room(plain: bytes, offset: int, length: int) -> int:
    """How many octets of padding make `length` octets put in at `offset` leave the rest of a base64 body as it is."""
    return 0 if offset >= len(plain) else -length % 3


def rewritten(encoded: bytes, encoding: str, plain: bytes, cut: Cut, line_end: bytes) -> Cut | None:
    """`cut` is of the decoded body; the answer of the encoded one. None when its place cannot be proven."""
    if encoding in PLAIN:
        return cut
    if encoding == "quoted-printable":
        return _quoted(encoded, plain, cut, line_end)
    return _base64(encoded, plain, cut, line_end)


#: What is put in repeats from mail to mail.
_quoted_again = lru_cache(maxsize=64)(quoted)
LONGEST_REPEATED = 100_000


def _quoted(encoded: bytes, plain: bytes, cut: Cut, line_end: bytes) -> Cut | None:
    start = encoded_offset(encoded, "quoted-printable", plain, cut.start)
    end = start if cut.end == cut.start else encoded_offset(encoded, "quoted-printable", plain, cut.end)
    if start is None or end is None or end < start:
        return None
    line_end = first_line_end(encoded) if b"\n" in encoded else line_end
    again = _quoted_again if len(cut.new) <= LONGEST_REPEATED else quoted
    new = again(cut.new, line_end)
    soft = b"=" + line_end
    if new:
        if start and encoded[start - 1] != 10:
            start, new = _begun(encoded, start, plain[cut.start - 1 : cut.start], new, soft)
        if not new.endswith(b"\n") and end < len(encoded):
            new = _with_room(new, soft) + soft
    return Cut(start, end, new)


def _begun(encoded: bytes, start: int, last: bytes, new: bytes, soft: bytes) -> tuple[int, bytes]:
    """What is put in behind the line that ends at `start`, a soft break between them; and from where. A line that has
    no room for the break (76 octets in all) is broken before its `last` octet; or, where a line end follows and no
    white space would stand before it, not at all."""
    if start - encoded.rfind(b"\n", 0, start) <= 76:
        return start, soft + new
    if new.startswith(soft[1:]) and last not in (b" ", b"\t", b"\r"):
        return start, new
    escape = encoded.rfind(b"=", start - 3, start)
    before = escape if escape >= 0 else start - 1
    if last == b"\r" or binascii.a2b_qp(encoded[before:start]) != last:
        return start, soft + new
    return before, soft + encoded[before:start] + soft + new


def _with_room(new: bytes, soft: bytes) -> bytes:
    """Room for the soft break's own octet on the last line (76 in all), an escape kept whole."""
    start = new.rfind(b"\n") + 1
    if len(new) - start < 76:
        return new
    at = start + 74
    at = next((at - back for back in (1, 2) if new[at - back : at - back + 1] == b"="), at)
    return new[:at] + soft + new[at:]


def _base64(encoded: bytes, plain: bytes, cut: Cut, line_end: bytes) -> Cut | None:
    head = cut.start - cut.start % 3
    tail = _tail(plain, head, cut)
    start = encoded_offset(encoded, "base64", plain, head)
    end = len(encoded) if tail >= len(plain) else encoded_offset(encoded, "base64", plain, tail)
    if start is None or end is None or end < start:
        return None
    new = base64_lines(plain[head : cut.start] + cut.new + plain[cut.end : tail], line_end)
    if start and encoded[start - 1] not in b"\r\n":
        new = line_end + new
    if tail >= len(plain) and not encoded.endswith(b"\n"):
        new = new[: -len(line_end)]
    return Cut(start, end, new)


def _tail(plain: bytes, head: int, cut: Cut) -> int:
    """Up to where the old octets are written anew: to a group's end that fits, or to the end of the body."""
    tail = cut.end + (-cut.end) % 3
    length = cut.start - head + len(cut.new) + tail - cut.end
    return min(tail, len(plain)) if length % 3 == 0 else len(plain)

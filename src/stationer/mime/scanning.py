"""A mail as it comes, in constant memory: the parts that `read` finds in all of it, each with where it stands and how
long it is (RFC 2046 §5.1). For mails that are too long to be held.

What is held is a header, or the line that may be a delimiter. It agrees with `read` on every mail of which no header
has more than `MOST_HELD` octets; of another the rest is not looked at, and `problems` says `header-limit`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stationer.mime.fields import BLANK, header_of
from stationer.mime.metering import Measured, Meter
from stationer.mime.parts import Part, Problem, described
from stationer.mime.spans import LONGEST_DELIMITER, MOST_PARTS, Reader

#: Octets of a header that are waited for; how many of one that is never closed are looked at again.
MOST_HELD, LOOKED_AT = 4_000_000, 65_536
#: Lines behind which nothing reaches that may still belong to a header (fields.MALFORMED), and one to be sure.
SURE = 11
BLANK_LINE = re.compile(rb"\n\r*\n")
NEW_LINE = re.compile(rb"\n(?![ \t])")
#: Octets before two hyphens that may be theirs when they come: a line end, and one of the two.
EDGE = 3
END = 1 << 62


class Scanned(NamedTuple):
    """All parts in the order of the mail: offsets are of the mail, `data` of each is its header alone. Of each leaf by
    its path how long it is. `length`: octets of the mail."""

    root: Part
    parts: list[Part]
    measured: dict[str, Measured]
    problems: frozenset[Problem]
    length: int


class Scanner:
    """Takes a mail in pieces of any size."""

    def __init__(self) -> None:
        self._tree = Reader(b"")
        self._held, self._pos, self._offset = b"", 0, 0  # `_offset`: where in the mail `_held` begins
        self._since, self._looked = 0, 0  # where in the mail the body begins that is crossed
        self._begins_line = True  # whether a line begins there
        self._parent: Part | None = None
        self._leaf: tuple[Part, Meter] | None = None
        self._in_header, self._unread, self._closed = True, False, True
        self._measured: dict[str, Measured] = {}

    def feed(self, octets: bytes) -> None:
        """The next octets."""
        self._held = self._held[self._pos :] + octets
        self._offset, self._pos = self._offset + self._pos, 0
        self._go(False)

    def close(self) -> Scanned:
        """The mail has ended."""
        self._go(True)
        self._leave()
        tree, length = self._tree, self._offset + self._pos
        for part in tree.parts:
            part.end = min(part.end, length)
        root = tree.parts[0]
        if root.values and not self._closed and root.body < length:
            tree.problems.add("unclosed-header")
        return Scanned(root, tree.parts, self._measured, frozenset(tree.problems), length)

    def _go(self, ended: bool) -> None:
        while self._header(ended) if self._in_header else self._body(ended):
            pass

    def _header(self, ended: bool) -> bool:
        """Whether a header was decided."""
        if not self._decided(ended):
            return False
        tree, start, parent = self._tree, self._pos, self._parent
        read = described(self._held, start)
        path = f"{parent.path}.{len(parent.children) + 1}".lstrip(".") if parent else ""
        part = Part(self._held[start : start + read.length], 0, read, path, parent)
        part.start = self._offset + start
        part.body, part.end = part.start + read.length, END
        tree.parts.append(part)
        if read.excess:
            tree.problems.add("header-limit")
        if parent:
            parent.children.append(part)
        else:
            self._closed = read.closed
            tree.problems |= set() if read.values else {"no-header"}
        self._enter(part, start + read.length)
        return True

    def _enter(self, part: Part, body: int) -> None:
        """Go on with the part's body, which begins at `body` of what is held."""
        self._begins_line = body == self._pos or self._held[body - 1] == 10
        self._pos, self._since, self._in_header = body, part.body, False
        if part.is_multipart:
            self._tree.open_multipart(part)
            return
        if part.parent is None:
            part.path = "1"
        self._leaf = part, Meter(part.encoding)

    def _decided(self, ended: bool) -> bool:
        """Whether all is there that decides where the header ends."""
        held, start = self._held, self._pos
        if ended or BLANK.match(held, start) or BLANK_LINE.search(held, start):
            return True
        waiting = len(held) - start
        if waiting > MOST_HELD:
            self._tree.problems.add("header-limit")
            self._unread = True
            return True
        if waiting < max(LOOKED_AT, 2 * self._looked):
            return False
        self._looked = waiting
        found = header_of(held, start)
        lines = NEW_LINE.finditer(held, found.body, len(held) - 1)
        return found.body < len(held) and (found.excess or sum(1 for _ in lines) >= SURE)

    def _body(self, ended: bool) -> bool:
        """Whether a delimiter was decided."""
        held = self._held
        if self._unread or not self._tree.open:
            self._cross(len(held))
            return False
        line = self._next_line(self._pos)
        while line is not None:
            end = held.find(b"\n", line, line + LONGEST_DELIMITER)
            if end < 0 and len(held) - line <= LONGEST_DELIMITER:
                if not ended:
                    self._cross(max(self._pos, line - EDGE))
                    return False
                end = len(held)
            if end >= 0 and self._delimiter(line, end):
                return True
            line = self._next_line(line + 1)
        self._cross(len(held) if ended else max(self._pos, len(held) - EDGE))
        return False

    def _next_line(self, at: int) -> int | None:
        """Where the next line from `at` on begins that begins with two hyphens."""
        if self._offset + at == self._since and self._begins_line and self._held.startswith(b"--", at):
            return at
        found = self._held.find(b"\n--", at)
        return None if found < 0 else found + 1

    def _delimiter(self, line: int, end: int) -> bool:
        """Whether this line is a delimiter (RFC 2046 §5.1.1); then what stands before it has ended."""
        tree, held = self._tree, self._held
        text = held[line + 2 : end].rstrip(b" \t\r")
        level = tree.bounds.get(text)
        closes = level is None or end == len(held)
        if level is None and text.endswith(b"--"):
            level = tree.bounds.get(text[:-2])
        if level is None:
            return False
        since = self._since - self._offset
        start = line - 1 if line > since else line
        if since < start < line and held[start - 1] == 13:
            start -= 1
        owner = tree.open[level]
        self._cross(start)
        self._leave()
        tree.leave(level, self._offset + start)
        self._pos = min(end + 1, len(held))
        self._since, self._begins_line = self._offset + self._pos, True
        if closes:
            tree.close(level)
        elif len(tree.parts) >= MOST_PARTS:
            tree.problems.add("part-limit")
            self._unread = True
        else:
            self._parent, self._in_header, self._looked = owner, True, 0
        return True

    def _cross(self, end: int) -> None:
        """What is held up to `end` belongs to the part whose body is crossed."""
        if self._leaf and end > self._pos:
            self._leaf[1].feed(self._held[self._pos : end])
        self._pos = end

    def _leave(self) -> None:
        """The leaf has ended."""
        if self._leaf:
            part, meter = self._leaf
            self._measured[part.path] = meter.close()
            self._leaf = None

"""bytes → a tree of parts as offsets, and the spans that tile the mail. Total: it reads anything and never raises.

One pass, whatever the depth: a line that begins with two hyphens is looked up among the open boundaries, innermost
first. A base64 body holds no hyphen, so an attachment is crossed by one search for that byte; a message inside
(message/rfc822) is a leaf. After the last delimiter of the root nothing is looked at.
"""

from __future__ import annotations

import re

from stationer.mime.parts import Mail, Part, Problem, What, described

DEEPEST = 60
MOST_PARTS = 2_000
LONGEST_DELIMITER = 1_000
LONGEST_NEEDLE = 60
#: Lines that begin with two hyphens and are no delimiter, before a compiled search takes over.
PATIENCE = 200


#: A delimiter line: where its preceding line end starts, where it ends, whose it is, whether it closes.
Delimiter = tuple[int, int, int, bool]


def read(mail: bytes | bytearray | memoryview) -> Mail:
    """Read a mail. Never raises; what is wrong with it stands in `problems`."""
    reader = Reader(mail if type(mail) is bytes else bytes(mail))
    return reader.mail()


class Reader:
    """The state of one pass: the parts read, and the multiparts that are open."""

    __slots__ = ("bounds", "data", "needle", "open", "parts", "problems", "tiles")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parts: list[Part] = []
        self.open: list[Part] = []
        self.bounds: dict[bytes, int] = {}
        self.needle = b"\n--"
        self.tiles: list[tuple[int, What, str]] = []
        self.problems: set[Problem] = set()

    def mail(self) -> Mail:
        """The pass: read a header, look for the next delimiter, and so on."""
        root = part = self.enter(0, None)
        what: What = "preamble" if self.open else "body"
        at = root.body
        while self.open:
            mark = self.next_delimiter(at, part if what == "body" else None)
            if mark is None:
                break
            start, at, level, closes = mark
            owner = self.open[level]
            self.tiles += ((start, what, part.path), (at, "delimiter", owner.path))
            self.leave(level, start)
            if closes:
                part, what = owner, "epilogue"
                self.close(level)
            elif len(self.parts) >= MOST_PARTS:
                self.problems.add("part-limit")
                what, part = "unread", owner
                break
            else:
                part = self.enter(at, owner)
                what, at = "preamble" if self.open[-1] is part else "body", part.body
        self.tiles.append((len(self.data), what, part.path))
        return Mail(self.data, root, self.parts, self.tiles, frozenset(self.problems))

    def enter(self, start: int, parent: Part | None) -> Part:
        """Read the header at `start`; open the part when it is a multipart whose boundary can be looked for."""
        read = described(self.data, start)
        path = f"{parent.path}.{len(parent.children) + 1}".lstrip(".") if parent else ""
        part = Part(self.data, start, read, path, parent)
        self.parts.append(part)
        if read.excess:
            self.problems.add("header-limit")
        if parent is None:
            self.judge_root(part, read.closed)
        else:
            parent.children.append(part)
        self.tiles.append((part.body, "header", path))
        if part.is_multipart:
            self.open_multipart(part)
        elif parent is None:
            part.path = "1"
        return part

    def judge_root(self, root: Part, closed: bool) -> None:
        """A mail needs a header, and a blank line where it ends."""
        if not root.values:
            self.problems.add("no-header")
        elif not closed and root.body < len(self.data):
            self.problems.add("unclosed-header")

    def open_multipart(self, part: Part) -> None:
        """Put the part's boundary among those looked for."""
        boundary = part.boundary
        if not boundary:
            self.problems.add("ambiguous")
        elif len(self.open) >= DEEPEST:
            self.problems.add("depth-limit")
        else:
            if boundary in self.bounds:
                self.problems.add("ambiguous")
            self.bounds[boundary] = len(self.open)
            self.open.append(part)
            self.aim()

    def aim(self) -> None:
        """What every delimiter line that is looked for begins with: the longer, the faster it is found."""
        bounds = self.bounds
        first, last = min(bounds, default=b""), max(bounds, default=b"")
        same = first[:LONGEST_NEEDLE]
        while not last.startswith(same):
            same = same[: len(same) // 2]
        self.needle = b"\n--" + same

    def leave(self, level: int, end: int) -> None:
        """Everything below the multipart at `level` ends at `end`."""
        for owner in self.open[level:]:
            if owner.children and end < (last := owner.children[-1]).end:
                last.end = max(end, last.body)
        if len(self.open) > level + 1:
            self.close(level + 1)

    def close(self, level: int) -> None:
        """Forget the boundaries of the multiparts from `level` on."""
        del self.open[level:]
        self.bounds = {part.boundary: at for at, part in enumerate(self.open)}
        self.aim()

    def next_delimiter(self, since: int, leaf: Part | None) -> Delimiter | None:
        """The next delimiter line of any open boundary, from `since` on. `leaf` is the part whose body is crossed."""
        data, patience, at = self.data, PATIENCE, since
        needle = b"-" if leaf is not None and leaf.encoding == "base64" else self.needle
        ahead = len(needle) > 1  # it begins with the line end before the line
        if (
            data.startswith(b"--", at)
            and (at == 0 or data[at - 1] == 10)
            and (mark := self.delimiter(at, since))
        ):
            return mark
        while patience:
            at = data.find(needle, at)
            if at < 0:
                return None
            patience -= 1
            first = at + ahead
            if (ahead or (data.startswith(b"--", first) and first and data[first - 1] == 10)) and (
                mark := self.delimiter(first, since)
            ):
                return mark
            at += 1
        return self.search(at, since)

    def search(self, at: int, since: int) -> Delimiter | None:
        """The same by one compiled expression, for bodies full of lines that begin with two hyphens."""
        any_open = b"|".join(re.escape(boundary) for boundary in self.bounds)
        lines = re.compile(rb"\n--(?:" + any_open + rb")(?:--)?[ \t\r]*(?:\n|\Z)")
        found = (self.delimiter(line.start() + 1, since) for line in lines.finditer(self.data, at - 1))
        return next((mark for mark in found if mark), None)

    def delimiter(self, at: int, since: int) -> Delimiter | None:
        """The delimiter line that starts at `at`, when it is one (RFC 2046 §5.1.1)."""
        data = self.data
        end = data.find(b"\n", at, at + LONGEST_DELIMITER)
        if end < 0:
            end = len(data)
            if end - at > LONGEST_DELIMITER:
                return None
        line = data[at + 2 : end].rstrip(b" \t\r")
        level = self.bounds.get(line)
        # a last line without a line end begins no part: nothing could follow it
        closes = level is None or end == len(data)
        if level is None and line[-2:] == b"--":
            level = self.bounds.get(line[:-2])
        if level is None:
            return None
        start = at - 1 if at > since else at
        if since < start < at and data[start - 1] == 13:
            start -= 1
        return start, min(end + 1, len(data)), level, closes

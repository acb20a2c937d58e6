"""Hostile shapes against the law of time and memory: 1 s + 40 ms a MB of CPU, 3 × the mail + 64 MB of memory.

Each shape is run in a process of its own, by each verb; the row names the worst. Memory is the process's peak less
what it held before the mail was read, the mail itself counted.
"""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from bench.row import Row, row, span
from stationer import mime
from stationer.stamp import Block, Order, Stamped, boundary, stamp, unstamp

SIZE = 2_000_000
SECONDS, SECONDS_PER_MB = 1.0, 0.04
MEGABYTES, TIMES = 64.0, 3.0
HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
ORDER = Order("bench", (Block("signature", "<p>Kind regards</p>", "Kind regards"),))
OTHER = Order("other", (Block("signature", "<p>Yours</p>", "Yours"),))
VERBS = ("stamp", "unstamp", "unstamp without header", "stamp again", "boundary")


def _text(kind: bytes, body: bytes, encoding: bytes = b"8bit") -> bytes:
    declared = b"Content-Type: text/" + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding
    return HEAD + declared + b"\r\n\r\n" + body


def _times(piece: bytes, size: int = SIZE) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def _mixed(inner: bytes) -> bytes:
    return HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n' + inner + b"\r\n--x--\r\n"


def _nested() -> bytes:
    head = b'Content-Type: multipart/mixed; boundary="x%d"\r\n\r\n--x%d\r\n'
    return HEAD + b"".join(head % (level, level) for level in range(30_000)) + b"\r\na"


def _base64(plain: bytes) -> bytes:
    return base64.encodebytes(plain).replace(b"\n", b"\r\n")


#: What is at the edge of a limit (a little less than 75,000 lines and tags), and what is far beyond it.
SHAPES: dict[str, Callable[[], bytes]] = {
    "tags": lambda: _text(b"html", _times(b"<b>")),
    "tags at the limit": lambda: _text(b"html", _times(b"<b>x</b>", 290_000) + b"<blockquote>q</blockquote>"),
    "block quotations at the limit": lambda: _text(b"html", _times(b"<blockquote>q</blockquote>a", 950_000)),
    "elements never closed": lambda: _text(b"html", _times(b'<div class="gmail_quote">', 1_800_000)),
    "tables never closed": lambda: _text(b"html", _times(b"<table><tr><td>x", 99_000)),
    "folded sections never closed": lambda: _text(b"html", _times(b"<details>x", 180_000)),
    "warnings in front of warnings": lambda: _text(b"html", _times(b"<html>external email</html>", 240_000)),
    "quotation marks never closed": lambda: _text(b"html", _times(b'<a b="', 440_000)),
    "our own marker": lambda: _text(
        b"html", _times(b'<div id="stationer-a-top-aaaaaaaa-aaaaaaaaaaaaaaaa">x', SIZE)
    ),
    "From lines at the limit": lambda: _text(b"plain", _times(b"From: a\r\n", 660_000)),
    "attributions at the limit": lambda: _text(b"plain", _times(b"On 1.1.2026 a wrote:\r\n", 1_600_000)),
    "blank lines": lambda: _text(b"plain", _times(b"\r\n")),
    "blank lines at the limit": lambda: _text(b"plain", _times(b"\r\n", 148_000)),
    "colons": lambda: _text(b"plain", _times(b":\r\n")),
    "dashes at the limit": lambda: _text(b"plain", _times(b"--- a ---\r\n", 800_000)),
    "escapes": lambda: _text(b"plain", _times(b"=41" * 24 + b"=\r\n"), b"quoted-printable"),
    "lines like boundaries": lambda: _mixed(b"\r\n" + _times(b"--xy\r\n")),
    "nesting": _nested,
    "fields": lambda: b"".join(b"X-%d: a\r\n" % n for n in range(100_000)) + b"\r\nbody",
    "one line of 45 MB": lambda: _text(b"plain", _times(b"w", 45_000_000)),
    "base64 text of 45 MB": lambda: _text(b"plain", _base64(_times(b"a b c\r\n", 33_000_000)), b"base64"),
    "text of 7.9 MB": lambda: _text(b"plain", _times(b"\xe2\x82\xac:  " + b"x" * 160 + b"\r\n", 7_900_000)),
    "HTML of 7.9 MB": lambda: _text(b"html", _times(b"<p>\xe2\x82\xac: " + b"x" * 600 + b"</p>\r\n", 7_900_000)),
}  # fmt: skip


def given(shape: str, verb: str) -> bytes:
    """What the verb gets: the mail, or the mail once stamped, with or without the stamp's header."""
    mail = SHAPES[shape]()
    if verb in ("stamp", "boundary"):
        return mail
    answer = stamp(mail, ORDER)
    stamped = answer.bytes() if isinstance(answer, Stamped) else mail
    return stamped if verb == "unstamp" else mime.without_headers(stamped, frozenset({"Stationer-Stamp"}))


def used(shape: str, verb: str) -> tuple[float, float, float]:
    """CPU seconds, peak megabytes and the mail's megabytes of one verb on one shape, in this process."""
    mail = given(shape, verb)
    size = len(mail) / 1e6
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS") - size
    began = time.process_time()
    if verb == "boundary":
        boundary(mail)
    else:
        answer = unstamp(mail) if verb.startswith("unstamp") else stamp(mail, OTHER)
        b"".join(getattr(answer, "segments", ()))
    return time.process_time() - began, _status("VmHWM") - before, size


def _status(name: str) -> float:
    """A line of /proc/self/status in megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith(name))


def rows() -> Iterator[Row]:
    """The worst shape of each verb, by time and by memory."""
    for verb in VERBS:
        seen = {shape: _apart(shape, verb) for shape in SHAPES}
        by_time = {shape: cpu / (SECONDS + SECONDS_PER_MB * size) for shape, (cpu, _, size) in seen.items()}
        by_memory = {shape: peak / (MEGABYTES + TIMES * size) for shape, (_, peak, size) in seen.items()}
        slow, large = max(by_time, key=by_time.__getitem__), max(by_memory, key=by_memory.__getitem__)
        of_time = f"1 s + 40 ms a MB: {span(SECONDS + SECONDS_PER_MB * seen[slow][2])}"
        yield row(f"hostile: {verb}, {slow}", f"{span(seen[slow][0])} CPU", of_time, by_time[slow], "≤ 1.0")
        of_memory = f"3 × the mail + 64 MB: {MEGABYTES + TIMES * seen[large][2]:.0f} MB"
        yield row(
            f"hostile: {verb}, {large}", f"{seen[large][1]:.0f} MB", of_memory, by_memory[large], "≤ 1.0"
        )


def _apart(shape: str, verb: str) -> tuple[float, float, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "bench.hostile", shape, verb]
    done = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[1])
    return msgspec.json.decode(done.stdout, type=tuple[float, float, float])


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(used(sys.argv[1], sys.argv[2])))

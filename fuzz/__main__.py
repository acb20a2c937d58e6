"""Mutate our mails (and other projects', where they lie beside the checkout) and put each through every law.

Prints how many mails it tried and the seed. A finding is written to var/fuzz/ with the seed, and ends the run.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from pathlib import Path

from tests.stamp.laws import CORPORA, MAILS, PICTURED, PLAIN, RICH, check_laws

from stationer import mime
from stationer.stamp import unstamp

PIECES = (
    b"\n", b"\r\n", b"\r", b"\0", b"--", b"=", b"=\n", b"=3D", b"\xff", b"\xe2\x80", b"<", b">", b'"', b"'", b"<!--",
    b"-->", b"</body>", b"<html>", b"<pre>", b"<blockquote>", b"</div>", b"> ", b"From: ", b"On 1.1.2026 a wrote:",
    b"Content-Type: text/html", b"charset=utf-16", b"base64", b"quoted-printable", b"stationer-", b"\x1b$B", b":",
    b"Content-Type: multipart/related; boundary=b\n", b"--b\n", b"--b--\n",
)  # fmt: skip
SLOW_SECONDS = 1.0
SECONDS_PER_MB = 0.04


def mutated(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The mail with up to six changes: a piece put in, a stretch lost, doubled, moved, or taken from another mail."""
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(mail) + 1), chance.choice((0, 1, 2, 5, 20, 200))
        held = mail[at : at + length]
        other = chance.choice(others)
        start = chance.randrange(len(other) + 1)
        new = chance.choice(
            (chance.choice(PIECES), b"", held * 2, other[start : start + 300], bytes([chance.randrange(256)]))
        )
        mail = mail[:at] + new + mail[at + length :]
    return mail


def tried(mail: bytes) -> None:
    """One mail through every law, in time."""
    seen = mime.read(mail)
    assert b"".join(mail[span.start : span.end] for span in seen.spans) == mail
    mime.envelope(mail)
    begun = time.process_time()
    check_laws(mail)
    check_laws(mail, PLAIN, RICH)
    check_laws(mail, PICTURED, PLAIN)
    unstamp(mail)
    # about eighteen stamps and as many readings
    assert time.process_time() - begun < 36 * (SLOW_SECONDS + SECONDS_PER_MB * len(mail) / 1e6), "too slow"


def main(seconds: float, seed: int) -> int:
    """Run. Returns the exit code: 1 for a finding."""
    chance = random.Random(seed)
    paths = sorted(MAILS.glob("*.eml")) + (sorted(CORPORA.glob("*/*.eml")) if CORPORA.is_dir() else [])
    mails = [path.read_bytes() for path in paths]
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        mail = mutated(chance.choice(mails), mails, chance)
        count += 1
        try:
            tried(mail)
        except Exception:
            folder = Path("var/fuzz")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{seed}-{count}.eml").write_bytes(mail)
            traceback.print_exc()
            print(f"finding: {folder / f'{seed}-{count}.eml'}, seed {seed}")
            return 1
    print(f"{count} mails, 0 findings, seed {seed}")
    return 0


if __name__ == "__main__":
    raise SystemExit(
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )

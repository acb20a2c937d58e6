"""Mutate our mails (and other projects', where there are any, and small ones made up) and put each through every law.

`python -m fuzz [SECONDS [SEED]]`. Prints how many mails it tried, how fast, and the seed. Each different finding is made
small and written to var/fuzz/ with its order and traceback; at the end the exit code is 1 if there was any.
"""

from __future__ import annotations

import contextlib
import random
import sys
import time
import traceback
from pathlib import Path

from tests.stamp.laws import CORPORA, KEYS, MAILS, PICTURED, PLAIN, check_laws

from fuzz.minimise import minimised
from fuzz.mutations import mutated, ordered
from fuzz.small import small
from stationer import mime
from stationer.stamp import (
    Order,
    Unstamped,
    boundary,
    consent,
    marks_in_quote,
    marks_of_ours,
    stamp,
    unstamp,
    variant,
)

#: What one stamp may take (contract/stamp.md §5); several are made here, and the machine is shared.
SLOW_SECONDS = 1.0
SECONDS_PER_MB = 0.04
FOLDER = Path("var/fuzz")
MOST_FINDINGS = 10
#: How many of the mails begin small.
SMALL = 0.5


def tried(mail: bytes, order: Order) -> None:
    """One mail through every law, in time."""
    seen = mime.read(mail)
    assert b"".join(mail[span.start : span.end] for span in seen.spans) == mail
    for look in (mime.envelope, boundary, consent, variant, marks_in_quote, marks_of_ours):
        in_time(look, mail)
    taken = in_time(unstamp, mail)
    if isinstance(taken, Unstamped):
        assert len(taken.bytes()) < len(mail) or not taken.exact or taken.bytes() != mail
    in_time(lambda held: stamp(held, order), mail)
    keys = (KEYS[len(mail) % len(KEYS)],)
    other = PICTURED if len(mail) % 5 == 0 else PLAIN
    first, second = (order, other) if len(mail) % 2 else (other, order)
    check_laws(mail, first, second, keys)


def in_time(act, mail: bytes):  # type: ignore[no-untyped-def]
    """What `act` says of the mail, within the time that a mail of this size may take."""
    begun = time.process_time()
    answer = act(mail)
    assert time.process_time() - begun < SLOW_SECONDS + SECONDS_PER_MB * len(mail) / 1e6, "too slow"
    return answer


def signature_of(wrong: BaseException) -> str:
    """What tells one finding from another: the kind of error and the line it rose from."""
    last = traceback.extract_tb(wrong.__traceback__)[-1]
    return f"{type(wrong).__name__} {Path(last.filename).name}:{last.lineno}"


def fault_of(mail: bytes, order: Order) -> BaseException | None:
    """What goes wrong with this mail."""
    try:
        tried(mail, order)
    except Exception as wrong:
        return wrong
    return None


def report(name: str, mail: bytes, order: Order, wrong: BaseException) -> None:
    """Write the finding down, small."""
    sign = signature_of(wrong)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.whole").write_bytes(mail)

    def fails(held: bytes) -> bool:
        again = fault_of(held, order)
        return again is not None and signature_of(again) == sign

    small = minimised(mail, fails)
    (FOLDER / f"{name}.eml").write_bytes(small)
    told = "".join(traceback.format_exception(wrong))
    (FOLDER / f"{name}.txt").write_text(f"{sign}\n{order!r}\n{small!r}\n{told}", "utf-8", "surrogateescape")
    print(f"finding: {FOLDER / name}.eml: {sign}", flush=True)


def main(seconds: float, seed: int) -> int:
    """Run. Returns the exit code: 1 when something was found."""
    chance = random.Random(seed)
    paths = sorted(MAILS.glob("*.eml")) + (sorted(CORPORA.glob("*/*.eml")) if CORPORA.is_dir() else [])
    mails = [path.read_bytes() for path in paths]
    signs: set[str] = set()
    begun, count = time.monotonic(), 0
    with contextlib.suppress(KeyboardInterrupt):
        while time.monotonic() < begun + seconds and len(signs) < MOST_FINDINGS:
            first = small(chance) if chance.random() < SMALL else chance.choice(mails)
            mail, order = mutated(first, mails, chance), ordered(chance)
            count += 1
            wrong = fault_of(mail, order)
            if wrong is not None and signature_of(wrong) not in signs:
                signs.add(signature_of(wrong))
                report(f"{seed}-{count}", mail, order, wrong)
    rate = count / max(1e-9, time.monotonic() - begun)
    print(f"{count} mails, {rate:.0f} a second, {len(signs)} findings, seed {seed}")
    return 1 if signs else 0


if __name__ == "__main__":
    raise SystemExit(
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )

"""Hostile mails against notice: what leaves holds nothing of the content, and what left comes back.

`python -m fuzz.notices [SECONDS [SEED]]`. Each mail is mutated and announced; then its notification is mutated as well and
restored. What was found stands in var/fuzz/notice-SEED-N.eml, small; the exit code is 1 if there was anything.
"""

from __future__ import annotations

import random
import sys
import time

from tests.notice.made import PEN
from tests.notice.mails import MAILS, author_of_all, body_of

from fuzz.__main__ import FOLDER, MOST_FINDINGS, in_time, signature_of
from fuzz.minimise import minimised
from fuzz.mutations import mutated
from stationer import notice
from stationer.mime.fields import header_of
from stationer.notice.composing import travels

#: A line of the content that is shorter may stand in a notification by chance.
TELLING = 24


def tried(mail: bytes) -> bytes | None:
    """One mail through the laws of contract/notice.md; its notification."""
    made = in_time(lambda held: notice.compose(held, PEN, "m", 0), mail)
    if isinstance(made, notice.Refused):
        return None
    assert isinstance(notice.read(made.mail, PEN), notice.Proof)
    check_nothing_leaves(mail, made.mail)
    back = in_time(lambda held: notice.restore(held, mail, PEN), made.mail)
    assert isinstance(back, notice.Restored)
    assert body_of(back.mail) == body_of(mail)
    assert author_of_all(back.mail)[1:] == author_of_all(mail)
    sent: bytes = made.mail
    return sent


def check_nothing_leaves(mail: bytes, sent: bytes) -> None:
    """No line of the body and of fields that stay, but where a field that travels says the same."""
    fields = header_of(mail, 0).fields
    said = b"".join(mail[field.start : field.end] for field in fields if travels(field.name))
    stays = [mail[field.value : field.end] for field in fields if not travels(field.name)]
    for line in (line.strip() for text in (*stays, body_of(mail)) for line in text.splitlines()):
        assert len(line) < TELLING or line in said or line not in sent or line in UNTOLD


def untold() -> bytes:
    """A notification of a mail that says nothing: what every one of them holds."""
    made = notice.compose(b"From: a@b.example\n\n", PEN, "m", 0)
    assert isinstance(made, notice.Notification)
    return made.mail


#: Of a mail that says the same as every notification, nothing is told.
UNTOLD = untold()


def tried_back(received: bytes, content: bytes) -> None:
    """Whatever arrives is restored for the same people, or stays."""
    answer = in_time(lambda held: notice.restore(held, content, PEN), received)
    if isinstance(answer, notice.Restored):
        assert body_of(answer.mail) == body_of(content)
        assert notice.parties(content) == answer.proof.parties


def fault_of(mail: bytes, received: bytes | None) -> Exception | None:
    """What goes wrong with this mail, or with what arrived of it."""
    try:
        if received is None:
            tried(mail)
        else:
            tried_back(received, mail)
    except Exception as wrong:
        return wrong
    return None


def report(name: str, mail: bytes, received: bytes | None, wrong: Exception) -> None:
    """Write the finding down, small; with a notification, that is what is made small."""
    sign = signature_of(wrong)

    def fails(held: bytes) -> bool:
        again = fault_of(held, None) if received is None else fault_of(mail, held)
        return again is not None and signature_of(again) == sign

    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.eml").write_bytes(minimised(mail if received is None else received, fails))
    if received is not None:
        (FOLDER / f"{name}.content.eml").write_bytes(mail)
    print(f"finding: {FOLDER / name}.eml: {sign}", flush=True)


def main(seconds: float, seed: int) -> int:
    """Run. Returns the exit code: 1 when something was found."""
    chance, mails = random.Random(seed), [MAILS[name] for name in sorted(MAILS)]
    signs: set[str] = set()
    until, count, announced = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until and len(signs) < MOST_FINDINGS:
        count += 1
        mail = mutated(chance.choice(mails), mails, chance)
        wrong, received = fault_of(mail, None), None
        made = None if wrong else notice.compose(mail, PEN, "m", 0)
        if isinstance(made, notice.Notification):
            announced += 1
            received = mutated(made.mail, mails, chance)
            wrong = fault_of(mail, received)
        if wrong is not None and signature_of(wrong) not in signs:
            signs.add(signature_of(wrong))
            report(f"notice-{seed}-{count}", mail, received, wrong)
    print(f"{count} mails, {announced} announced, {len(signs)} findings, seed {seed}")
    return 1 if signs else 0


if __name__ == "__main__":
    raise SystemExit(
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )

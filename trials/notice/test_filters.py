"""What a spam filter makes of notifications: SpamAssassin with its own rules, without the network."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from itertools import product

import msgspec
import pytest
from contract.notice_vectors import AT

from stationer import notice
from trials.conftest import leave_out
from trials.notice.letters import ANSWER, DELIVERY, LETTER, PENS, VIA, announced
from trials.servers.running import program

#: A mail is spam from 5 points on. A notification may have no more than rules that say nothing by themselves.
MOST = 0.5


@pytest.fixture(scope="module")
def spamassassin() -> str:
    """The filter's program."""
    found = program("spamassassin")
    leave_out("" if found else "spamassassin is not installed (make servers)")
    return str(found)


def judged(spamassassin: str, mail: bytes) -> tuple[float, list[str]]:
    """The points, and each rule that gave some."""
    ran = subprocess.run([spamassassin, "-L", "-t"], input=mail, capture_output=True, check=True, timeout=120)
    said = ran.stdout.decode("utf-8", "replace")
    points = re.search(r"Content analysis details:\s+\((-?[\d.]+) points", said)
    assert points, said[-2_000:]
    return float(points[1]), re.findall(
        r"^\s*(-?\d+\.\d [A-Z0-9_]+)", said.split("Content analysis", 1)[1], re.M
    )


@pytest.mark.parametrize("name", PENS)
def test_a_notification_is_no_spam(spamassassin: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    points, rules = judged(spamassassin, DELIVERY + announced(PENS[name]))
    with capsys.disabled():
        print(f"\nSpamAssassin, {name}: {points} points ({', '.join(rules)})")
    assert points <= MOST, rules


@pytest.mark.parametrize("name", PENS)
def test_one_that_goes_via_the_pen_is_none_either(
    spamassassin: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    way = DELIVERY.replace(b"<bob@harbourdental", b"<notify@mail.harbourdental").replace(b"carol@", b"bob@")
    points, rules = judged(spamassassin, way + announced(PENS[name], ANSWER, VIA))
    with capsys.disabled():
        print(f"\nSpamAssassin, {name}, via: {points} points ({', '.join(rules)})")
    assert points <= MOST, rules


def test_none_of_our_own_words_is_spam_in_any_shape(
    spamassassin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both languages; no, one, several attachments; with and without an author's name, and a footer and last day."""
    shapes = list(product(("en", "de"), (0, 1, 3), (True, False), (True, False)))
    box = b"".join(b"From bob Sun Nov 22 09:30:05 2026\n" + shaped(*shape) + b"\n" for shape in shapes)
    asked = [spamassassin, "-L", "-t", "--mbox"]
    ran = subprocess.run(asked, input=box, capture_output=True, check=True, timeout=120)
    said = ran.stdout.decode("utf-8", "replace")
    points = [float(one) for one in re.findall(r"Content analysis details:\s+\((-?[\d.]+) points", said)]
    rules = set(re.findall(r"^\s*(-?\d+\.\d [A-Z0-9_]{4,})", said, re.M))
    with capsys.disabled():
        print(
            f"\nSpamAssassin, {len(points)} shapes of our own words: at most {max(points)} points, {sorted(rules)}"
        )
    assert len(points) == len(shapes) and max(points) <= MOST, rules


def shaped(language: str, attachments: int, named: bool, footed: bool) -> bytes:
    """A notification in our own words, as it arrives."""
    pen = msgspec.structs.replace(PENS["english"], languages=(language,), words={})
    if not footed:
        pen = msgspec.structs.replace(pen, address="", phone="")
    part = b"--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
    letter = LETTER.partition(b"--b\r\nContent-Disposition")[0] + part * attachments + b"--b--\r\n"
    if not named:
        letter = letter.replace(b'"Dr Bob Hendry" <bob@harbourdental.example>', b"bob@harbourdental.example")
    made = notice.compose(letter, pen, "msg_7gq4kelp47", AT, until=date(2027, 2, 19) if footed else None)
    assert isinstance(made, notice.Notification)
    return DELIVERY + made.mail


def test_the_filter_is_awake(spamassassin: str) -> None:
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    points, _ = judged(spamassassin, DELIVERY + b"Subject: x\r\n\r\n" + gtube + b"\r\n")
    assert points > 100

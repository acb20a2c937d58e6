"""What a spam filter makes of notifications: SpamAssassin with its own rules, without the network."""

from __future__ import annotations

import re
import subprocess

import pytest

from trials.conftest import leave_out
from trials.notice.letters import ANSWER, DELIVERY, PENS, VIA, announced
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


def test_the_filter_is_awake(spamassassin: str) -> None:
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    points, _ = judged(spamassassin, DELIVERY + b"Subject: x\r\n\r\n" + gtube + b"\r\n")
    assert points > 100

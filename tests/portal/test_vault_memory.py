"""A mail of any size is taken in, checked, read and ranged over in the memory of some segments."""

from __future__ import annotations

import os
from base64 import encodebytes
from collections.abc import Iterator
from contextvars import Context
from hashlib import sha256
from pathlib import Path

import pytest

from stationer.portal.vault import keeping, models, opening, turning
from stationer.portal.vault.models import SecureMessage
from tests.portal.vaulted import TO

MB = 1_000_000
TOP = (
    b"From: alice@acme.example\r\nTo: bob@other.example\r\nSubject: Long\r\n"
    b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nwords\r\n--q\r\n"
    b"Content-Disposition: attachment; filename=long.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
)
#: Lines of base64, of 57 octets each, again and again: 1,092 of them.
LINES = encodebytes(bytes(range(228)) * 273).replace(b"\n", b"\r\n")
END = b"--q--\r\n"


def octets(times: int) -> Iterator[bytes]:
    yield TOP
    for _ in range(times):
        yield LINES
    yield END


def in_pieces(chunks: Iterator[bytes]) -> Iterator[Iterator[bytes]]:
    """The same, parted into pieces that are given as they come."""
    rest = [b""]

    def one() -> Iterator[bytes]:
        left = models.PIECE
        while left:
            data = rest[0] or next(chunks, b"")
            if not data:
                return
            given, rest[0] = data[:left], data[left:]
            left -= len(given)
            yield given

    while True:
        yield one()


def peak() -> int:
    """The most octets that this process has held since `forget`."""
    said = Path("/proc/self/status").read_text()
    return int(said.split("VmHWM:")[1].split()[0]) * 1024


def forget() -> int:
    """From now on the peak is that of now; which it is."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def walk(size: int) -> dict[str, int]:
    """Everything that is done with a mail of about `size` octets, and by how much the process grew."""
    times = size // len(LINES)
    whole, length = sha256(), 0
    for chunk in octets(times):
        whole.update(chunk)
        length += len(chunk)
    row = keeping.begin(author="alice@acme.example", recipients=TO, size=length, sha256=whole.hexdigest())
    before, grown = forget(), {}
    pieces = in_pieces(octets(times))
    for number in range(row.pieces):
        keeping.take(row, number, next(pieces))
    grown["taken"] = peak() - before
    before = forget()
    keeping.complete(row)
    Context().run(turning.turn)
    row = SecureMessage.objects.get(pk=row.pk)
    assert row.state == "ready", (row.reason, row.sentence)
    grown["checked"] = peak() - before
    before = forget()
    said, again = opening.content(row), sha256()
    for chunk in said.range():
        again.update(chunk)
    assert again.hexdigest() == row.sha256
    entry = said.entry("2")
    assert entry.length == 228 * 273 * times
    assert sum(map(len, said.part("2"))) == entry.length
    at = entry.length - 1_000
    assert b"".join(said.part("2", at)) == (bytes(range(228)) * 6)[at % 228 :][:1_000]
    grown["read"] = peak() - before
    return grown


@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_a_mail_of_100_mb_takes_no_more_memory_than_some_segments(in_acme):
    assert max(walk(100 * MB).values()) < 64 * MB


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.django_db
def test_nor_does_one_of_5_gb(in_acme):
    size = int(os.environ.get("VAULT_BYTES", 4_990 * MB))
    grown = walk(size)
    print(
        f"a mail of {size:,} octets: "
        + ", ".join(f"{what} +{many / MB:.0f} MB" for what, many in grown.items())
    )
    assert max(grown.values()) < 64 * MB

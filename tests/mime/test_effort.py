"""How much is looked at, counted (not timed): nothing grows faster than the mail, and attachments cost nothing."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable

import pytest

from stationer import mime
from stationer.mime.parameters import token_and_parameters
from stationer.stamp import Stamped, boundary, stamp
from tests.stamp.laws import PLAIN

FRAME = (
    b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>mine</p>\n"
    b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n%s--b--\n"
)


def steps(act: Callable[[bytes], object], data: bytes) -> int:
    """How many calls, of Python's functions and of C's, it takes."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    act(data)  # what is remembered from call to call is remembered now
    gc.disable()  # its callbacks are calls too
    sys.setprofile(note)
    try:
        act(data)
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.mark.parametrize(
    "act", [mime.read, boundary, lambda mail: stamp(mail, PLAIN), mime.envelope], ids=str
)
def test_an_attachment_costs_as_many_steps_whatever_its_size(act):
    small, large = (FRAME % ((b"QUJD" * 19 + b"\n") * lines) for lines in (2_000, 60_000))
    assert steps(act, large) == steps(act, small)


def test_a_stamp_does_not_copy_the_attachment():
    mail = FRAME % ((b"QUJD" * 19 + b"\n") * 60_000)
    stamp(mail, PLAIN)
    tracemalloc.start()
    try:
        answer = stamp(mail, PLAIN)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(answer, Stamped) and peak < len(mail) // 20


def test_the_text_is_found_before_what_follows_is_looked_for():
    """However often a mail's end repeats its delimiter, after the last one nothing is looked at."""
    mail = FRAME % b"QUJD\n"
    assert steps(mime.read, mail + b"--b\n" * 1000) == steps(mime.read, mail + b"--b\n")


def doubled(
    make: Callable[[int], bytes], act: Callable[[bytes], object] = mime.read, size: int = 400
) -> float:
    """By how much the steps grow when there is twice as much."""
    return steps(act, make(2 * size)) / steps(act, make(size))


HEAD = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
GROWING: dict[str, Callable[[int], bytes]] = {
    "parts": lambda n: HEAD + b"--b\n\nx\n" * n,
    "parts with headers": lambda n: HEAD + b"--b\nContent-Type: text/plain\nX: y\n\nx\n" * n,
    "nested multiparts closed at once": lambda n: (
        HEAD + b"--b\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--i--\n" * n
    ),
    "lines that begin with hyphens": lambda n: HEAD + b"--b\n\n" + b"--x\n" * n,
    "near misses of the delimiter": lambda n: HEAD + b"--b\n\n" + b"--bb\n--b-\n-- b\n" * n,
    "fields": lambda n: b"From: a@b.example\n" * n + b"\nx",
    "folded lines": lambda n: b"To: a@b.example" + b",\n a@b.example" * n + b"\n\nx",
    "blank folds": lambda n: b"From: a" + b"\n " * n + b"\n\nx",
    "lines that are no fields": lambda n: b"From: a@b.example\n" + b"not a field: x\n" * n + b"To: x\n\nx",
    "bare carriage returns": lambda n: b"From: a@b.example\r" * n,
    "line ends": lambda n: b"From: a@b.example\n\n" + b"\n" * n,
    "envelope lines": lambda n: b">From x\n" * n + b"\n",
}


@pytest.mark.parametrize("what", GROWING)
@pytest.mark.parametrize("act", [mime.read, mime.envelope], ids=["read", "envelope"])
def test_twice_as_much_takes_twice_the_steps_and_no_more(what, act):
    assert doubled(GROWING[what], act) < 2.3


@pytest.mark.parametrize(
    "make",
    [
        lambda n: b"text/plain" + b"; a=b" * n,
        lambda n: b"text/plain; " + b"(" * n,
        lambda n: b"text/plain; a=" + b'"' * n,
        lambda n: b"attachment" + b"".join(b"; filename*%d=x" % number for number in range(n)),
        lambda n: b"text/plain" + b"; a*=b" * n,
    ],
)
def test_parameters_grow_with_their_number(make):
    assert doubled(make, token_and_parameters) < 2.3


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "a@b.example, " * n,
        lambda n: "(" * n,
        lambda n: "<" * n,
        lambda n: '"' * n,
        lambda n: "a:" * n,
    ],
)
def test_addresses_grow_with_their_number(make):
    assert doubled(lambda n: make(n).encode(), lambda raw: mime.addresses(raw.decode())) < 2.3


def test_limits_end_the_reading():
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000))
    many = HEAD + b"--b\n\nx\n" * 20_000
    assert steps(mime.read, deep) < steps(mime.read, deep[: len(deep) // 2]) * 1.1
    assert steps(mime.read, many) < steps(mime.read, many[: len(many) // 2]) * 1.1
    assert mime.read(deep).problems == {"depth-limit"} and mime.read(many).problems == {"part-limit"}
    assert "header-limit" in mime.read(b"A: b\n" * 100_000).problems
    assert "header-limit" in mime.read(b"A: " + b"x" * 2_000_000 + b"\n\nwords").problems


RUNS: dict[str, tuple[bytes, bytes, bytes]] = {
    "octets that are not UTF-8": (b"", b"\xff", b" x"),
    "white space in a literal": (b"a@[", b" ", b"]"),
    "colons behind an address": (b"a " * 50_000 + b"@", b":", b""),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_one_sign_in_an_address_list_is_read_in_a_few_goes(name):
    """Read again from each of its signs it would take minutes: the run's own limit of time ends that."""
    before, unit, behind = RUNS[name]
    assert mime.envelope(b"To: a@b.example,\n " + before + unit * 400_000 + behind + b"\n\n").sender is None


@pytest.mark.parametrize("unit", [b'\\"', b"\\(", b"(", b'"'])
def test_nor_in_a_value_with_a_comment(unit):
    token, parameters = token_and_parameters(b"text/plain; charset=utf-8 (a) (" + unit * 400_000 + b"x")
    assert token == "text/plain" and parameters["charset"].startswith(b"utf-8")

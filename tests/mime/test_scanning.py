"""What is found in a mail as it comes is what is found in all of it, wherever it is torn."""

from __future__ import annotations

from base64 import b64encode, encodebytes
from quopri import encodestring

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stationer import mime
from stationer.mime import scanning, undoing
from stationer.mime.coding import decoded
from stationer.mime.metering import Meter
from tests.mime.test_spans import PATHS, PIECES
from tests.stamp.made import mails

MORE = (
    *PIECES, b"--b" + b" " * 1200 + b"\n", b"bad name: v\n", b": v\n", b"--c\n", b"--b--\t\r\n", b"a:\n", b" \n",
    b"Content-Type: multipart/mixed; boundary=c\n", b"Content-Type: multipart/mixed\n", b"\r\r\n", b"--b\r\n",
    b"\n--", b"\r\n-", b"Content-Type: multipart/mixed; boundary=b--\n", b"=\r\n", b"=4", b"1", b"==", b"QUI=\n",
)  # fmt: skip


def torn(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(data[at : at + size])
        at += size
    return [*pieces, data[at:]]


def scanned(pieces: list[bytes]) -> mime.Scanned:
    scanner = mime.Scanner()
    for piece in pieces:
        scanner.feed(piece)
    return scanner.close()


def check_agrees(data: bytes, pieces: list[bytes]) -> None:
    whole, found = mime.read(data), scanned(pieces)
    assert found.length == len(data)
    assert found.problems == whole.problems
    described = (
        "path",
        "start",
        "body",
        "end",
        "type",
        "encoding",
        "disposition",
        "named",
        "values",
        "boundary",
    )
    for name in described:
        assert [getattr(part, name) for part in found.parts] == [
            getattr(part, name) for part in whole.parts
        ], name
    for part in whole.parts:
        if not part.is_multipart:
            plain = decoded(part.encoded, part.encoding)
            measured = found.measured[part.path]
            assert measured[:2] == (len(part.encoded if plain is None else plain), plain is not None)
            check_lines(part.encoded, measured.letters, measured.step)


def check_lines(encoded: bytes, letters: int, step: int) -> None:
    """Where lines are said to be of one length, each group of three octets stands where counting says."""
    plain = decoded(encoded, "base64") if letters else b""
    for group in range(0, len(plain or b"") // 3, 7):
        at = group * 4 // letters * step + group * 4 % letters
        assert decoded(encoded[at : at + 4], "base64") == plain[group * 3 : group * 3 + 3]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_mail_is_the_same_in_pieces_of_any_size(path):
    data = path.read_bytes()
    sizes = (7, 61, 4096) if len(data) < 20_000 else (997, 65_536)
    for size in sizes:
        check_agrees(data, [data[at : at + size] for at in range(0, len(data), size)])


@settings(max_examples=600, deadline=None)
@given(
    st.one_of(st.binary(), st.lists(st.sampled_from(MORE), max_size=40).map(b"".join), mails()),
    st.lists(st.integers(0, 90), max_size=40),
)
@example(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b--", [1] * 60)
@example(
    b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--x\n" * 300 + b"--b" + b" " * 1200 + b"\n--b\n\nx",
    [],
)
def test_anything_is_the_same_wherever_it_is_torn(data, sizes):
    check_agrees(data, torn(data, sizes))


def test_nothing_is_a_mail_too():
    check_agrees(b"", [])


@pytest.mark.parametrize(
    "header",
    [
        b"a: b\n" * 2_500 + b"\nbody",  # more fields than are read
        b"a: b\n" + b"x" * 200_000,  # a line that is no field, and never ends
        b"a: b\n" + b"no field here\n" * 9_000,
        b"a: b\n" + b"bad name: v\n" * 9_000 + b"c: d\n\n",
        b"a: " + b"v" * 1_500_000 + b"\nc: d\n" + b"words\n" * 20_000,
        b"a: b\n" + b" folded\n" * 20_000 + b"c: d\n\nbody",
    ],
)
def test_a_header_that_is_long_or_never_closed_is_the_same(header):
    data = b"Content-Type: multipart/mixed; boundary=q\n\n--q\n" + header + b"\n--q\n\nx\n--q--\n"
    for mail in (data, header):
        check_agrees(mail, [mail[at : at + 30_011] for at in range(0, len(mail), 30_011)])


def test_as_many_parts_as_are_read():
    data = b"Content-Type: multipart/mixed; boundary=q\n\n" + b"--q\n\nx\n" * 2_100
    check_agrees(data, [data[at : at + 999] for at in range(0, len(data), 999)])


def test_a_header_without_an_end_is_not_held(monkeypatch):
    monkeypatch.setattr(scanning, "MOST_HELD", 100_000)
    found = scanned([b"a: " + b"v" * 1_000] + [b"v" * 50_000] * 20)
    assert "header-limit" in found.problems
    assert found.length == 1_001_003
    assert len(found.parts) == 1


def test_a_mail_of_any_length_is_held_by_a_piece_alone():
    scanner = mime.Scanner()
    scanner.feed(b"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Transfer-Encoding: base64\n\n")
    lines = encodebytes(bytes(57)) * 1_000
    for _ in range(50):
        scanner.feed(lines)
        assert len(scanner._held) - scanner._pos <= scanning.EDGE
    scanner.feed(b"--q--\n")
    found = scanner.close()
    assert found.measured["1"].length == 57 * 50_000
    assert (found.measured["1"].letters, found.measured["1"].step) == (76, 77)


ENCODINGS = ("base64", "quoted-printable", "7bit", "x-unknown")
WRITTEN = st.one_of(
    st.binary(),
    st.binary().map(b64encode),
    st.binary().map(encodebytes),
    st.binary().map(lambda plain: encodebytes(plain).replace(b"\n", b"\r\n")),
    st.binary().map(encodestring),
    st.lists(
        st.sampled_from((b"=", b"=4", b"1", b"=\r", b"\n", b"\r\n", b"A", b"QUJD", b" ", b"==")), max_size=60
    ).map(b"".join),
)


@settings(max_examples=500, deadline=None)
@given(
    WRITTEN,
    st.lists(st.integers(0, 20), max_size=30),
    st.sampled_from(ENCODINGS),
    st.sampled_from((4, 65_536)),
)
@example(b"aaaaaa=\rpassed over\nback", [7, 2, 3], "quoted-printable", 4)
@example(b"aaaaaaaaaa=4", [10, 1], "quoted-printable", 4)
def test_a_body_is_undone_as_it_comes(encoded, sizes, encoding, longest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(undoing, "LONGEST_LINE", longest)
        undo, meter, pieces = undoing.undoing(encoding), Meter(encoding), []
        for piece in torn(encoded, sizes):
            pieces.append(undo.feed(piece))
            meter.feed(piece)
        found = b"".join([*pieces, undo.close()])
    plain, measured = decoded(encoded, encoding), meter.close()
    assert measured[:2] == (len(encoded if plain is None else plain), plain is not None)
    if plain is not None:
        assert found == plain
    if measured.letters:
        check_lines(encoded, measured.letters, measured.step)


def test_lines_of_one_length_are_known_by_either_line_end():
    for end in (b"\n", b"\r\n"):
        body = encodebytes(bytes(range(256)) * 9).replace(b"\n", end).rstrip()
        meter = Meter("base64")
        meter.feed(body)
        assert meter.close()[2:] == (76, 76 + len(end))
        for other in (
            body[:76] + body[76 + len(end) :],
            body.replace(end, b" " + end, 1),
            b"A" * 1_001 + end + body,
        ):
            meter = Meter("base64")
            meter.feed(other)
            assert meter.close().letters == 0

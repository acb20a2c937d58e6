"""What an edge tells the portal is read as it was written, and nothing else is read at all."""

from __future__ import annotations

import msgspec
import pytest

from stationer.wire.uplink import Addressed, AddressedCopy, Clicked, Lost, Offer, Remembered, Reported, Told

PEN = "pen_agrafvqi5r26vaywkqhvd7h77y"
RECORDS: list[Told] = [
    Addressed(
        PEN,
        "pk_1",
        1,
        "mem_1",
        (
            AddressedCopy(
                2, ("a@b.example", "@c.example"), True, (Offer("mark", "cam_1", "msg_1", b"123456"),)
            ),
        ),
        ("cam_2",),
    ),
    Reported(PEN, "pk_1", 0, 2, "used", ("mark",)),
    Reported(PEN, "pk_1", 1, 2, "unsent"),
    Clicked(PEN, b"\x01" * 39, 3, "GET", "192.0.2.1", "Mozilla", {"dnt": "1"}),
    Remembered(PEN, b"record"),
    Lost(PEN, 4, 5),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_is_read_as_it_was_written(record: Told) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=Told) == record


@pytest.mark.parametrize(
    "other", [["opened", PEN], ["reported", PEN, "pk_1", 0, 2, "lost"], ["lost", PEN, 4]]
)
def test_what_is_no_record_is_refused(other: list[object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(other), type=Told)

"""Put blocks into the mail on standard input; the stamped mail goes to standard output.

Exit code 0: stamped. 3: untouched, standard output equals standard input and standard error says why.
2: the command or the order is wrong. 1: a fault, with nothing on standard output.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from stationer.cli.streams import give, take
from stationer.stamp import Block, Order, Picture, Untouched, stamp
from stationer.stamp.pictures import Carry
from stationer.wire.words import SLOTS, Slot


class OrderedPicture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One picture of an entry; its octets in base64."""

    name: str
    type: str
    data: bytes = b""
    url: str = ""


class OrderedBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the file given with --order."""

    slot: Slot
    html: str = ""
    text: str = ""
    mark: str = ""
    pictures: tuple[OrderedPicture, ...] = ()
    carry: Carry = "embed"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of `stationer stamp`."""
    parser.add_argument("--html", metavar="FILE", type=Path, help="the block as HTML")
    parser.add_argument("--text", metavar="FILE", type=Path, help="the block as plain text")
    parser.add_argument(
        "--at", metavar="SLOT", choices=SLOTS, help=f"{' '.join(SLOTS)}; signature by default"
    )
    parser.add_argument(
        "--order", metavar="FILE", type=Path, help="JSON list of {slot, html, text, pictures}"
    )
    parser.add_argument("--id", help="the stamp's id; without it, the digest of the order")
    parser.add_argument("--key", metavar="FILE", type=Path, help="the key that proves the stamp is ours")
    parser.add_argument(
        "--max-size", metavar="BYTES", type=size, default=50_000_000, help="50,000,000 by default"
    )


def size(text: str) -> int:
    """A number of bytes, from 1."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes; write a whole number from 1")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Stamp. Returns the exit code."""
    try:
        order = Order(arguments.id, blocks_of(arguments))
        key = key_of(arguments.key)
    except OSError as wrong:
        print(f"stationer stamp: cannot read {wrong.filename}: {wrong.strerror}", file=sys.stderr)
        return 2
    except ValueError as wrong:
        print(f"stationer stamp: {wrong}", file=sys.stderr)
        return 2
    mail = take()
    answer = stamp(mail, order, key=key, max_size=arguments.max_size)
    if isinstance(answer, Untouched):
        give([mail])
        print(f"untouched: {answer.reason}", file=sys.stderr)
        return 3
    give(answer.segments)
    return 0


def blocks_of(arguments: argparse.Namespace) -> tuple[Block, ...]:
    """The blocks of the order file, or the one block of --html and --text."""
    if arguments.order is not None:
        if arguments.html or arguments.text or arguments.at:
            raise ValueError(
                "give either --order, or --html, --text and --at: each entry of an order has its slot"
            )
        try:
            entries = msgspec.json.decode(arguments.order.read_bytes(), type=list[OrderedBlock])
        except msgspec.DecodeError as wrong:
            raise ValueError(f"{arguments.order} is no order: {wrong}") from wrong
        return tuple(block_of(entry) for entry in entries)
    if not arguments.html and not arguments.text:
        raise ValueError("there is nothing to put in: give --html and --text, or --order")
    html = words_of(arguments.html) if arguments.html else ""
    text = words_of(arguments.text) if arguments.text else ""
    return (Block(arguments.at or "signature", html.strip(), text.strip("\r\n")),)


def words_of(path: Path) -> str:
    """A file's text, without the byte order mark that some editors put first. Raises ValueError unless it is UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ValueError(f"{path} is not UTF-8 at byte {wrong.start}: save it as UTF-8") from wrong


def block_of(entry: OrderedBlock) -> Block:
    """The block that an entry describes. Raises ValueError for one that cannot be."""
    pictures = tuple(Picture(one.name, one.type, one.data, one.url) for one in entry.pictures)
    return Block(entry.slot, entry.html, entry.text, entry.mark, pictures, entry.carry)


def key_of(path: Path | None) -> bytes | None:
    """The bytes of the key file, without a line end behind them. Raises ValueError for an empty one."""
    if path is None:
        return None
    key = path.read_bytes().rstrip(b"\r\n")
    if not key:
        raise ValueError(f"{path} is empty: a key needs at least one byte, better 32")
    return key

"""The container of snapshot, roll and state: packed, and refused at the least damage (contract/snapshot.md §1–2).

magic 8 | serial u64 | made at u64 ms | PEN 16 | length u64 | payload | SHA-256 32 | Ed25519 64
"""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stationer.pick.snapshot import VERSION, Compiled
from stationer.wire import ids
from stationer.wire.memory import State
from stationer.wire.roll import Roll

Kind = Literal["snapshot", "roll", "state"]
Payload = Compiled | Roll | State

_MAGIC: dict[Kind, bytes] = {"snapshot": b"STNSNAP1", "roll": b"STNROLL1", "state": b"STNSTAT1"}
_TYPE: dict[Kind, object] = {"snapshot": Compiled, "roll": Roll, "state": State}
_HEAD = struct.Struct(">8sQQ16sQ")
_HASH, _SIGNATURE = 32, 64
_UNSIGNED = bytes(_SIGNATURE)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode
#: Links of senders are told by bytes, which cannot be put in order; whoever makes a state puts it in one.
_encode_state = msgspec.msgpack.Encoder().encode


class Damaged(Exception):
    """This is not a whole, genuine file of that kind: `reason` says which check failed. Keep the one in force."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unpacked(NamedTuple):
    """What a container held. `pen` is the UUID's 16 bytes; `signed` is True when a signature was checked."""

    payload: Payload
    serial: int
    made_at: int
    pen: bytes
    signed: bool


def pen_bytes(pen: str) -> bytes:
    """The 16 bytes of a PEN's id; of any other text the first 16 of its SHA-256."""
    try:
        return ids.inside("pen", pen).bytes
    except ValueError:
        return sha256(pen.encode()).digest()[:16]


def pack(
    kind: Kind, payload: Payload, *, pen: str, serial: int, made_at: int, private_key: bytes | None
) -> bytes:
    """One file. `made_at` is Unix milliseconds; `private_key` is a raw Ed25519 key (32 bytes), None: unsigned."""
    body = _encode_state(payload) if kind == "state" else _encode(payload)
    head = _HEAD.pack(_MAGIC[kind], serial, made_at, pen_bytes(pen), len(body))
    hashed = head + body
    hashed += sha256(hashed).digest()
    if private_key is None:
        return hashed + _UNSIGNED
    return hashed + Ed25519PrivateKey.from_private_bytes(private_key).sign(hashed)


def unpack(data: bytes, *, kind: Kind, public_key: bytes | None, pen: str | None = None) -> Unpacked:
    """The payload, after every check of contract/snapshot.md §2 but the serial, which the caller compares.

    With `public_key` (raw, 32 bytes) a signature is required; without one it is not looked at. Raises Damaged.
    """
    serial, made_at, owner, end = _frame(data, kind)
    if public_key is not None:
        _verify(data, public_key)
    if pen is not None and owner != pen_bytes(pen):
        raise Damaged("it belongs to another PEN")
    try:
        payload = msgspec.msgpack.decode(data[_HEAD.size : end], type=_TYPE[kind])
    except (msgspec.DecodeError, RecursionError) as error:
        raise Damaged(f"its payload is not a {kind} of this version: {error}") from error
    if isinstance(payload, Compiled) and payload.version > VERSION:
        raise Damaged(f"it is of version {payload.version}, newer than this program: update it")
    return Unpacked(payload, serial, made_at, owner, public_key is not None)


def _frame(data: bytes, kind: Kind) -> tuple[int, int, bytes, int]:
    """Serial, made at, PEN, and where the payload ends. Raises Damaged."""
    if len(data) < _HEAD.size + _HASH + _SIGNATURE:
        raise Damaged("it is shorter than the smallest file of that kind")
    magic, serial, made_at, owner, length = _HEAD.unpack_from(data)
    if magic != _MAGIC[kind]:
        raise Damaged(f"it does not begin as a {kind} does")
    end = len(data) - _HASH - _SIGNATURE
    if _HEAD.size + length != end:
        raise Damaged("it is not as long as it says")
    if sha256(memoryview(data)[:end]).digest() != data[end : end + _HASH]:
        raise Damaged("its checksum is wrong")
    return serial, made_at, owner, end


def _verify(data: bytes, public_key: bytes) -> None:
    signed, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if signature == _UNSIGNED:
        raise Damaged("it is not signed")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise Damaged("its signature is not by this installation's key") from error

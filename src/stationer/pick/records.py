"""Records for replay: a mail's addresses become keyed hashes, and records become a file (contract/replay.md §2, §3).

STNRPLY1 8 | key's print 8 | for each record: length u32, MessagePack
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import msgspec

from stationer.pick.addresses import canonical, canonical_all, matchable, parents
from stationer.pick.index import Snapshot
from stationer.pick.known import NOBODY
from stationer.pick.lists import address_hash
from stationer.pick.people import RollIndex
from stationer.pick.walk import meet
from stationer.wire.pick import Question
from stationer.wire.replay import Recorded, RecordedRecipient

_MAGIC = b"STNRPLY1"
_LENGTH = struct.Struct(">I")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Recorded).decode


class NoRecordsError(ValueError):
    """This is no file of records."""


class OtherKeyError(ValueError):
    """These records were made under another key."""


def suffix_hash(mark_key: bytes, domain: str) -> bytes:
    """The 8 bytes by which a canonical domain is known in records."""
    text = domain.encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8, key=mark_key[:64], person=b"stationer-suffix").digest()


def known_sender(roll: RollIndex, written: str) -> bool:
    """Whether the roll knows who wrote."""
    return matchable(written) and canonical(written) in roll.people


def without_impossible(question: Question) -> Question:
    """The same without recipients that can be none, which may be of any length: a record says nothing of them."""
    if all(map(matchable, question.to)) and all(map(matchable, question.cc)):
        return question
    to, cc = ([one for one in written if matchable(one)] for written in (question.to, question.cc))
    return Question(question.from_, to, cc)


def record(snapshot: Snapshot, roll: RollIndex, question: Question, now: int) -> Recorded | None:
    """What is kept of a mail; None of one from nobody whom the roll knows."""
    if not known_sender(roll, question.from_):
        return None
    sender, key = canonical(question.from_), snapshot.compiled.mark_key
    written = question.to + question.cc
    kinds = meet(snapshot, snapshot.memo.under(roll), written)
    inside = {
        address: kind.inside
        for address, kind in zip(canonical_all(written), kinds, strict=True)
        if kind is not NOBODY
    }
    recipients = tuple(_recipient(key, roll, *one) for one in inside.items())
    return Recorded(now, address_hash(key, sender), recipients)


def _recipient(key: bytes, roll: RollIndex, address: str, inside: bool) -> RecordedRecipient:
    domain = address.rpartition("@")[2]
    suffixes = tuple(suffix_hash(key, one) for one in (domain, *parents(domain)))
    person = roll.people.get(address)
    return RecordedRecipient(address_hash(key, address), suffixes, inside, person.groups if person else ())


def head(mark_key: bytes) -> bytes:
    """How a file of records under this key begins."""
    return _MAGIC + blake2b(digest_size=8, key=mark_key[:64], person=b"stationer-replay").digest()


def framed(records: Iterable[Recorded]) -> bytes:
    """What is appended for these."""
    packed = [_encode(one) for one in records]
    return b"".join(_LENGTH.pack(len(one)) + one for one in packed)


def read_records(data: bytes, mark_key: bytes, every: int = 1) -> list[Recorded]:
    """The records of a file, up to where it is cut short; or the first of each `every`. Raises NoRecordsError,
    OtherKeyError."""
    found = []
    for number, (begin, end) in enumerate(_spans(data, mark_key)):
        if number % every:
            continue
        try:
            found.append(_decode(data[begin:end]))
        except msgspec.DecodeError:  # damaged: where the next one begins is not known
            break
    return found


def count_records(data: bytes, mark_key: bytes) -> int:
    """How many records a file has, without reading any. Raises NoRecordsError, OtherKeyError."""
    return sum(1 for _ in _spans(data, mark_key))


def _spans(data: bytes, mark_key: bytes) -> Iterator[tuple[int, int]]:
    """Where each whole record begins and ends."""
    begins = head(mark_key)
    if not data.startswith(_MAGIC) or len(data) < len(begins):
        raise NoRecordsError("it does not begin as a file of records does")
    if not data.startswith(begins):
        raise OtherKeyError("its records were made under another key")
    at = len(begins)
    while at + _LENGTH.size <= len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size + length
        if at > len(data):
            return
        yield at - length, at

"""Digests and marks: how contents, people and candidates are named (contract/snapshot.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b, sha256

import msgspec

from stationer.wire import base32
from stationer.wire.content import Content
from stationer.wire.words import Slot

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_KEY_SIZE = 64  # BLAKE2b takes at most this much key


def _keyed(mark_key: bytes, size: int, data: bytes) -> str:
    return base32.encode(blake2b(data, digest_size=size, key=mark_key[:_KEY_SIZE]).digest())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def content_digest(content: Content) -> str:
    """24 characters that name a pressed content, the same on every machine."""
    return base32.encode(sha256(_encode(content)).digest()[:15])


def person_digest(mark_key: bytes, attributes: Mapping[str, str]) -> str:
    """24 characters that name a person's attributes; without `mark_key` nothing can be learnt from them."""
    return _keyed(mark_key, 15, _encode(sorted(attributes.items())))


def message_mark(mark_key: bytes, message_id: str) -> str:
    """8 characters by which a client recognises this message in a quote."""
    return _keyed(mark_key, 5, _bytes(f"message\0{message_id}"))


@lru_cache(maxsize=16_384)  # asked for with every mail of the same few people
def template_mark(mark_key: bytes, template_id: str, slot: Slot, content: str, member_id: str) -> str:
    """8 characters for this part of a template on this member's mail: a colleague's signature has another."""
    return _keyed(mark_key, 5, _bytes(f"template\0{template_id}\0{slot}\0{content}\0{member_id}"))

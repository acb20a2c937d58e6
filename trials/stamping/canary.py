"""Canary words, and the search for them in all that left, in every dress a program might give them."""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
import urllib.parse
import zlib
from collections.abc import Iterator


def dresses(word: str) -> Iterator[tuple[str, bytes]]:
    """The forms in which a word could leave: name of the form, and bytes that would show it."""
    raw = word.encode()
    for name, form in (
        ("plain", word),
        ("upper", word.upper()),
        ("lower", word.lower()),
        ("reversed", word[::-1]),
    ):
        yield name, form.encode()
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-7"):
        yield codec, word.encode(codec)
    yield "percent", urllib.parse.quote(word, safe="").encode()
    yield "percent all", "".join(f"%{byte:02X}" for byte in raw).encode()
    yield "quoted-printable", quopri.encodestring(raw)
    yield "quoted-printable all", "".join(f"={byte:02X}" for byte in raw).encode()
    yield "hex", raw.hex().encode()
    yield "JSON escapes", "".join(f"\\u{ord(letter):04x}" for letter in word).encode()
    yield "character references", "".join(f"&#{ord(letter)};" for letter in word).encode()
    for codec in ("utf-8", "utf-16-le"):
        yield from _base64(word.encode(codec), codec)
    for algorithm in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        digest = hashlib.new(algorithm, raw).digest()
        yield f"{algorithm} hex", digest.hex().encode()
        yield f"{algorithm} base64", base64.b64encode(digest).rstrip(b"=")
        yield f"{algorithm} raw", digest


def _base64(raw: bytes, codec: str) -> Iterator[tuple[str, bytes]]:
    """Base64 of the word wherever it stands in a longer text: three alignments, without the edges."""
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw)
        inner = whole[(0, 2, 3)[shift] :].rstrip(b"=")
        inner = inner[: len(inner) - 1]
        yield f"base64 of {codec}, shifted {shift}", inner
        yield f"base64url of {codec}, shifted {shift}", inner.translate(bytes.maketrans(b"+/", b"-_"))


def unpacked(sent: bytes) -> bytes:
    """`sent`, and behind it whatever in it was compressed (zlib, gzip, raw deflate after an empty line)."""
    found = [sent]
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b|\x78[\x01\x5e\x9c\xda]", sent)]
    starts += [match.end() for match in re.finditer(rb"\r\n\r\n", sent)]
    for start in starts:
        for window in (31, 15, -15):
            try:
                found.append(zlib.decompressobj(window).decompress(sent[start:]))
                break
            except zlib.error:
                continue
    return b"\n".join(found)


def leaks(words: list[str], sent: bytes) -> list[str]:
    """Every (word, form) that stands in what was sent. Empty is what we promise (law 3)."""
    everything = unpacked(sent)
    folded = everything.lower()
    found = []
    for word in words:
        for name, form in dresses(word):
            if form in everything or (name in ("plain", "hex", "percent all") and form.lower() in folded):
                found.append(f"{word} ({name})")
    return found

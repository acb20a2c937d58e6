"""The parts of the written mail and those of the answer, side by side; and what each says when decoded.

Everything is compared with LF line ends: whether line ends stayed is a law of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from stationer import mime
from stationer.mime.charset import codec, codec_for
from stationer.mime.coding import decoded
from stationer.mime.parameters import token_and_parameters
from stationer.mime.parts import Mail, Part


class Pairs(NamedTuple):
    """`pairs`: each leaf of the written mail and its counterpart (None: gone). `added`: leaves that came in.
    `images`: those of them that are the block's own, in a multipart/related round the HTML."""

    pairs: list[tuple[Part, Part | None]]
    added: list[Part]
    images: list[Part]
    same_tree: bool


def pair(written: Mail, answer: Mail) -> Pairs:
    """Match by structure; where the structure is another, by identical bytes and then by type."""
    pairs: list[tuple[Part, Part | None]] = []
    images: list[Part] = []
    if _match(written.root, answer.root, pairs, images):
        return Pairs(pairs, [], images, True)
    left = leaves(answer)
    found: dict[str, Part | None] = {}
    for alike in (_same_bytes, _same_kind):
        for part in leaves(written):
            if found.get(part.path) is None:
                found[part.path] = next((other for other in left if alike(part, other)), None)
                left = [other for other in left if other is not found[part.path]]
    return Pairs([(part, found[part.path]) for part in leaves(written)], left, [], False)


def _match(old: Part, new: Part, pairs: list[tuple[Part, Part | None]], images: list[Part]) -> bool:
    """Whether both are the same tree, but for a multipart/related with images round the HTML."""
    if old.type == "text/html" and new.type == "multipart/related" and new.children:
        images += new.children[1:]
        pictures = all(part.type.startswith("image/") for part in new.children[1:])
        return pictures and _match(old, new.children[0], pairs, images)
    if old.type != new.type or len(old.children) != len(new.children):
        return False
    if not old.children:
        pairs.append((old, new))
    return all(
        _match(one, other, pairs, images) for one, other in zip(old.children, new.children, strict=True)
    )


def leaves(mail: Mail) -> list[Part]:
    """The parts that hold no parts, in order."""
    return [part for part in mail.parts if not part.children]


def _same_bytes(one: Part, other: Part) -> bool:
    return raw(one) == raw(other)


def _same_kind(one: Part, other: Part) -> bool:
    return one.type == other.type and one.disposition == other.disposition


def raw(part: Part) -> bytes:
    """A part as it travels, header and body, with LF line ends."""
    return lf(part.data[part.start : part.end])


def lf(data: bytes) -> bytes:
    """With LF line ends."""
    return data.replace(b"\r\n", b"\n")


def content(part: Part) -> bytes | None:
    """The body without its transfer encoding; None when that does not hold."""
    return decoded(part.encoded, part.encoding)


def text(part: Part) -> str:
    """The decoded body with LF line ends, as a forgiving reader has it."""
    plain = content(part) or b""
    name = codec_for(part.charset, plain) or "latin-1"
    return plain.decode(name, "replace").replace("\r\n", "\n")


def seen(part: Part) -> tuple[object, ...]:
    """What a reader has of a part: type, names, charset, disposition, Content-ID, and its content."""
    disposition = token_and_parameters(part.value(b"content-disposition"))[1]
    names = part.parameters.get("name"), disposition.get("filename"), part.parameters.get("charset")
    plain = content(part)
    if plain is not None and part.type.startswith(("text/", "message/")):
        plain = lf(plain).rstrip(b"\n")
    return part.type, names, part.disposition, part.value(b"content-id"), plain


def is_sound(part: Part) -> bool:
    """Whether the body is what its charset says, to the octet."""
    name = codec(part.charset)
    try:
        return name is not None and (content(part) or b"").decode(name) is not None
    except UnicodeError:
        return False


def tree(part: Part) -> str:
    """A part as `type(child, child)`, for a sentence."""
    inner = ", ".join(tree(child) for child in part.children)
    return f"{part.type}({inner})" if inner else part.type


def between(mail: Mail) -> bytes:
    """What is no part: preamble, delimiters, epilogue; with LF line ends, empty lines aside."""
    spans = [mail.data[span.start : span.end] for span in mail.spans if span.what not in ("header", "body")]
    return b"\n".join(line.rstrip() for line in lf(b"".join(spans)).split(b"\n") if line.strip())


def fields(part: Part, but: frozenset[bytes] = frozenset()) -> list[tuple[bytes, bytes]]:
    """The part's header fields as (name, raw with LF line ends), without those named."""
    raw_of = ((field.name, lf(part.data[field.start : field.end])) for field in part.fields)
    return [(name, field) for name, field in raw_of if name not in but]


def mail_of(data: bytes) -> Mail:
    """Read a mail."""
    return mime.read(data)

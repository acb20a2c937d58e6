"""Pieces that mails are built of: texts with marked places, leaves, multiparts, a mail; and the truth about it.

In a source, the place where a block may stand is ⟪marked⟫; a text may have several. Everything is written with LF and
becomes CRLF at the end, unless the mail is one with LF.
"""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass, field
from email.header import Header

from stationer.conformance.cases import Body, Case

OPENS, CLOSES = "⟪", "⟫"
#: The first pixels of every picture here: a PNG of one dot.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p4nQ7gAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" * 6


@dataclass
class Leaf:
    """A part: its header lines and its encoded body; a body to be stamped has its zones."""

    head: str
    body: bytes
    zones: list[tuple[int, int]] = field(default_factory=list)
    kind: str = ""


@dataclass
class Multi:
    """A multipart and what it holds."""

    kind: str
    parts: list[Leaf | Multi]
    parameters: str = ""
    preamble: str = ""
    epilogue: str = ""
    closed: bool = True
    boundary: str = ""


Node = Leaf | Multi


@dataclass
class Made:
    """A case with its mail."""

    case: Case
    mail: bytes


def marked(source: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the marked ranges."""
    zones: list[tuple[int, int]] = []
    plain = ""
    for number, piece in enumerate(source.split(OPENS)):
        if not number:
            plain = piece
            continue
        zone, _, rest = piece.partition(CLOSES)
        zones.append((len(plain), len(plain) + len(zone)))
        plain += zone + rest
    return plain, zones


def body(kind: str, source: str, charset: str = "utf-8", encoding: str = "quoted-printable", *, head: str = "",
         parameters: str = "", label: str | None = None) -> Leaf:  # fmt: skip
    """A text or HTML part. `label` is the charset that the header names (empty: none)."""
    text, zones = marked(source)
    named = charset if label is None else label
    said = f"Content-Type: text/{kind}{f'; charset={named}' if named else ''}{parameters}\n"
    said += f"Content-Transfer-Encoding: {encoding}\n" if encoding else ""
    return Leaf(said + head, coded(text, charset, encoding), zones, f"text/{kind}")


def coded(text: str, charset: str, encoding: str) -> bytes:
    """The body as it travels, with LF line ends (they are CRLF inside base64)."""
    if encoding == "base64":
        plain = text.replace("\n", "\r\n").encode(charset)
        return base64.encodebytes(plain)
    plain = text.encode(charset)
    if encoding == "quoted-printable":
        return quopri.encodestring(plain)
    return plain


def attached(name: str, content: bytes, kind: str = "application/pdf", *, inline: str = "", encoding: str = "base64",
             head: str = "") -> Leaf:  # fmt: skip
    """An attachment, or an inline picture with the Content-ID `inline`."""
    said = f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: {encoding}\n'
    said += f"Content-ID: <{inline}>\n" if inline else ""
    said += f'Content-Disposition: {"inline" if inline else "attachment"}; filename="{name}"\n'
    return Leaf(said + head, base64.encodebytes(content) if encoding == "base64" else content)


def raw(head: str, content: str | bytes = b"") -> Leaf:
    """Any other part."""
    return Leaf(head, content.encode() if isinstance(content, str) else content)


def alternative(*parts: Node) -> Multi:
    """multipart/alternative."""
    return Multi("alternative", list(parts))


def mixed(*parts: Node) -> Multi:
    """multipart/mixed."""
    return Multi("mixed", list(parts))


def related(*parts: Node) -> Multi:
    """multipart/related."""
    return Multi("related", list(parts))


def written(node: Node, path: str, bodies: list[Body], depth: int = 0) -> tuple[str, bytes]:
    """(header lines, body) of a node; the bodies with zones are noted with their paths (RFC 9051 §6.4.5)."""
    if isinstance(node, Leaf):
        if node.zones:
            bodies.append(Body(path or "1", node.kind, tuple(node.zones)))
        return node.head, node.body
    boundary = node.boundary or f"=_{depth}{path.replace('.', '')}_{node.kind}"
    pieces = [node.preamble.encode()]
    for number, part in enumerate(node.parts, 1):
        head, content = written(part, f"{path}.{number}".lstrip("."), bodies, depth + 1)
        pieces.append(b"--" + boundary.encode() + b"\n" + head.encode() + b"\n" + content + b"\n")
    pieces.append((f"--{boundary}--\n" if node.closed else "").encode() + node.epilogue.encode())
    return f'Content-Type: multipart/{node.kind};\n boundary="{boundary}"{node.parameters}\n', b"".join(
        pieces
    )


def mail(root: Node, subject: str = "Visit", *, reply: bool = False, more: str = "", mime: bool = True,
         sender: str = "Alice Winter <alice@winter.example>") -> tuple[bytes, list[Body]]:  # fmt: skip
    """A mail with LF line ends, and its bodies."""
    bodies: list[Body] = []
    head, content = written(root, "", bodies)
    told = subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=70).encode()
    lines = f"""\
Date: Tue, 03 Nov 2026 09:41:00 +0100
From: {sender}
To: Carol Sommer <carol@sommer.example>
Subject: {told}
Message-ID: <20261103.0941@winter.example>
{"In-Reply-To: <1@sommer.example>{}References: <1@sommer.example>{}".replace("{}", chr(10)) if reply else ""}\
{more}{"MIME-Version: 1.0" + chr(10) if mime else ""}{head}
"""
    return lines.encode() + content, bodies


def made(name: str, group: str, why: str, root: Node | bytes, *, expect: str = "insert", subject: str = "Visit",
         reply: bool = False, more: str = "", mime: bool = True, lf: bool = False, sender: str = "",
         **truth: object) -> Made:  # fmt: skip
    """A case. `truth` are further fields of Case; a mail given as bytes is taken as it is."""
    bodies: list[Body] = []
    if isinstance(root, bytes):
        data = root
    else:
        who = sender or "Alice Winter <alice@winter.example>"
        data, bodies = mail(root, subject, reply=reply, more=more, mime=mime, sender=who)
        data = data if lf else crlf(data)
    found = tuple(bodies) if expect == "insert" else ()
    case = Case(name, group, expect, why, bodies=truth.pop("bodies", found), **truth)  # type: ignore[arg-type]
    return Made(case, data)


def crlf(data: bytes) -> bytes:
    """With CRLF line ends."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

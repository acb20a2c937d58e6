"""An installation without a portal: a key, and PENs whose files it writes to an edge's folder."""

from __future__ import annotations

import uuid
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stationer.durable.files import make_folder, write_durably
from stationer.pick import compile, pack
from stationer.wire import ids
from stationer.wire.content import Content, Field
from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.roll import Device, Person, Roll
from stationer.wire.rules import Rule


def pen_id(number: int) -> str:
    """A PEN's id."""
    return ids.outside("pen", uuid.UUID(int=number + 1))


class World:
    """Writes what a portal would write; `serials` go up by themselves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "edge"
        self.key = Ed25519PrivateKey.generate()
        self.key_file = folder / "edge.pub"
        make_folder(self.folder)
        pem = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        write_durably(self.key_file, pem)
        self.serial = 0

    def path(self, pen: str, kind: str) -> Path:
        """Where a PEN's file lies."""
        return self.folder / pen / f"{kind}.stn"

    def publish(
        self, pen: str, words: str = "Regards", banner: str = "", hold_limit_ms: int = 60_000, **asked: Any
    ) -> bytes:
        """A snapshot: one template for all, and a campaign when there is a banner, which asks for this memory."""
        part = Content(
            "template", "signature", (f"<p>{words} ", Field("name"), "</p>"), (words, Field("name"))
        )
        template = Template("tpl", "All", Rule(), {"new": (part,), "reply": (part,)}, fallback=True)
        shown = Content("message", "banner", (f"<p>{banner}</p>",), (banner,))
        campaign = Campaign("cam", "Banner", Rule(), (Message("msg", "M", shown),), **asked)
        campaigns = (campaign,) if banner else ()
        definition = Definition(
            pen, "Acme", ("acme.example",), pen.encode(), (template,), campaigns, Management(hold_limit_ms)
        )
        return self.write(pen, "snapshot", compile(definition))

    def enrol(
        self, pen: str, *tokens: str, name: str = "Alice", scopes: tuple[str, ...] = ("pick",)
    ) -> bytes:
        """A roll with one person and a device for each token."""
        digests = [sha256(token.encode()).digest() for token in tokens]
        devices = tuple(Device(f"dev_{n}", digest, "mem_a", scopes) for n, digest in enumerate(digests))
        person = Person("mem_a", "alice@acme.example", {"name": name})
        return self.write(pen, "roll", Roll(pen, devices, (person,)))

    def write(self, pen: str, kind: str, payload: object, serial: int = 0) -> bytes:
        """Signed, and put where the edge looks."""
        self.serial += 1
        data = self.packed(pen, kind, payload, serial or self.serial)
        self.put(pen, kind, data)
        return data

    def packed(self, pen: str, kind: str, payload: object, serial: int, signed: bool = True) -> bytes:
        """The file's bytes."""
        key = self.key.private_bytes_raw() if signed else None
        return pack(kind, payload, pen=pen, serial=serial, made_at=1, private_key=key)  # type: ignore[arg-type]

    def put(self, pen: str, kind: str, data: bytes) -> None:
        """Any bytes, as a portal puts them."""
        make_folder(self.folder / pen)
        write_durably(self.path(pen, kind), data)

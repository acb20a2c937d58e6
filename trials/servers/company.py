"""A small company and its edge folder: a template, a campaign, and members with ready-made device tokens.

`Company.publish()` and `Company.write_roll()` do by the crafts alone what the portal does by its rows.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stationer.compose import press
from stationer.durable.files import write_durably
from stationer.pick import compile as compile_definition
from stationer.pick import illustrated, pack
from stationer.wire import ids
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.roll import Device, Roll
from stationer.wire.roll import Person as Member
from stationer.wire.rules import Recipients, Rule, Senders
from stationer.wire.source import Picture, Source
from stationer.wire.words import Kind, Slot
from trials.servers.people import ALICE, BOB, Person

TEMPLATE_WORDS = "Acme Anvils, always there"
CAMPAIGN_WORDS = "Come to our open evening"
LINK = "https://acme.test/open-evening"
#: A hold limit that a trial can wait for.
SHORT_HOLD_MS = 3_000


def _content(kind: Kind, slot: Slot, words: str, text: str) -> Content:
    column = f"<mj-column><mj-text>{words}</mj-text></mj-column>"
    mjml = f"<mjml><mj-body><mj-section>{column}</mj-section></mj-body></mjml>"
    pressed = press(Source("mjml", {"mjml": mjml}, text), kind=kind, slot=slot)
    assert pressed.content is not None, pressed.problems
    return pressed.content


def _template() -> Template:
    signature = _content(
        "template", "signature", f"{{{{name}}}}<br />{TEMPLATE_WORDS}", f"{{{{name}}}}\n{TEMPLATE_WORDS}"
    )
    parts = dict.fromkeys(("new", "reply", "forward"), (signature,))
    return Template("tpl_everyone", "Everyone", Rule(), parts, fallback=True)  # type: ignore[arg-type]


def _campaign() -> Campaign:
    html = f'<a href="{LINK}">{CAMPAIGN_WORDS}</a>'
    banner = _content("message", "banner", html, f"{CAMPAIGN_WORDS}: {LINK}")
    rule = Rule(senders=Senders(groups=("Sales",)), to=Recipients(domains=("acme.test", "other.test")))
    return Campaign("cam_evening", "Open evening", rule, (Message("msg_evening", "Banner", banner),))


@dataclass
class Company:
    """A PEN on disk: `folder` is what an edge reads, `public_key` the installation's key beside it; `octets` are those
    of its pictures by digest, as far as they are published."""

    home: Path
    hold_limit_ms: int = 60_000
    people: Iterable[Person] = (ALICE, BOB)
    octets: dict[str, bytes] = field(default_factory=dict)
    pen: str = field(default_factory=lambda: ids.outside("pen", _uuid7()))

    def __post_init__(self) -> None:
        """Write keys, snapshot and roll."""
        self.folder, self.public_key = self.home / "edge", self.home / "edge.pub"
        (self.folder / self.pen).mkdir(parents=True)
        self._key = Ed25519PrivateKey.generate()
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.public_key.write_bytes(pem)
        self._serials = itertools.count(1)
        self.tokens = {person.address: secrets.token_urlsafe(32) for person in self.people}
        self.definition = Definition(
            pen=self.pen,
            name="Acme Anvils",
            domains=("acme.test",),
            mark_key=secrets.token_bytes(32),
            templates=(_template(),),
            campaigns=(_campaign(),),
            management=Management(hold_limit_ms=self.hold_limit_ms),
        )
        self.publish()
        self.write_roll()

    def publish(self) -> None:
        """Compile the definition and write the snapshot."""
        self._write("snapshot", illustrated(compile_definition(self.definition), self.octets))

    def show(self, picture: Picture, octets: bytes | None) -> None:
        """Publish a letterhead with a picture that is to travel inside mails; without its `octets` none does."""
        source = Source("letterhead", {"picture": "logo"})
        top = press(source, kind="template", slot="top", pictures={"logo": picture}).content
        assert top is not None
        (everyone,) = self.definition.templates
        parts = {variant: (top, *some) for variant, some in everyone.parts.items()}
        templates = (msgspec.structs.replace(everyone, parts=parts),)
        management = msgspec.structs.replace(self.definition.management, pictures="embedded")
        self.definition = msgspec.structs.replace(self.definition, templates=templates, management=management)
        self.octets = {} if octets is None else {picture.digest: octets}
        self.publish()

    def write_roll(self, without: Iterable[str] = ()) -> None:
        """Write the roll; the devices of the addresses in `without` are not in it."""
        members, devices = [], []
        for number, person in enumerate(self.people):
            member = f"mem_{number}"
            members.append(Member(member, person.address, {"name": person.name}, ("Sales",)))
            if person.address not in without:
                digest = hashlib.sha256(self.tokens[person.address].encode()).digest()
                devices.append(Device(f"dev_{number}", digest, member))
        self._write("roll", Roll(self.pen, tuple(devices), tuple(members)))

    def _write(self, kind: str, payload: object) -> None:
        data = pack(
            kind,  # type: ignore[arg-type]
            payload,  # type: ignore[arg-type]
            pen=self.pen,
            serial=next(self._serials),
            made_at=int(time.time() * 1_000),
            private_key=self._key.private_bytes_raw(),
        )
        write_durably(self.folder / self.pen / f"{kind}.stn", data)


def _uuid7() -> object:
    import uuid_utils.compat

    return uuid_utils.compat.uuid7()

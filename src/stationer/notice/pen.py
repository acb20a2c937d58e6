"""What a notification needs of a PEN: brand, words, packages, keys (contract/notice.md §6)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

#: By language (BCP 47), in lower case.
Texts = Mapping[str, str]


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An Ed25519 key (RFC 8032): 32 octets each; `private` is empty in the public half."""

    id: str
    public: bytes
    private: bytes = b""


class Logo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture of `width` × `height` pixels as shown: `data` travels with the mail, or `url` is on the link host."""

    width: int
    height: int
    data: bytes = b""
    url: str = ""


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a membership package decides of a mail. `senders`: addresses, `@domain`, `*`; disclaimers by language."""

    senders: tuple[str, ...] = ()
    notification: Texts = {}
    message: Texts = {}


class Pen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A PEN as its notifications show and sign it. `faults` says what is wrong with one; all else takes it as sound."""

    id: str
    name: str
    host: str
    keys: tuple[Key, ...]
    address: str = ""
    phone: str = ""
    colour: str = "#1d3557"
    logo: Logo | None = None
    tag: str = "[secure]"
    languages: tuple[str, ...] = ("en",)
    words: Mapping[str, Texts] = {}
    packages: Mapping[str, Package] = {}

    @property
    def signing_key(self) -> Key | None:
        """The first key with a private half; None in the public half."""
        return next((key for key in self.keys if key.private), None)

    @property
    def shown_tag(self) -> str:
        """The subject's tag without white space round it."""
        return self.tag.strip()

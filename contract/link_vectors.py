"""Vectors of links (contract/links.md §7): keys, picks, contents and the tokens that come out; what must be refused."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec

from stationer import links
from stationer.wire.content import Field, Target

PEN, OTHER = "pen_aaaaaaaaaaaaaaaaaaaaaaaaai", "pen_aaaaaaaaaaaaaaaaaaaaaaaaam"
KEY = bytes(range(32))
PICK, CONTENT, LINK = bytes(range(100, 116)), bytes.fromhex("0a1b2c3d4e5f"), bytes(range(200, 212))
BASE = "https://go.acme.example/c/"
TARGETS: tuple[Target, ...] = (
    "https://acme.example/",
    "https://acme.example/unsubscribe",
    ("https://acme.example/", Field("name")),
    "HTTP://acme.example/b",
    BASE + "decoy",
)
#: Where a link may lead, and where not.
LEADS = ("https://acme.example/", "mailto:a@acme.example", "tel:+44", "#top", "https://acme.example/a b")
ASTRAY = (
    "javascript:alert(1)", "data:text/html,x", "//evil.example", "https://acme.example\\evil", "https://u@evil.example/",
    "https://", "https://:443/", "https://acme.example/\n", "acme.example",
)  # fmt: skip


def _mail(copy: int, numbers: list[int]) -> dict[str, Any]:
    signed = links.sign(links.signer(PEN, KEY), PICK, copy, [links.ask(CONTENT, numbers)])
    tokens = {str(number): token.decode() for number, token in zip(numbers, signed, strict=True)}
    return {"pick": PICK.hex(), "copy": copy, "content": CONTENT.hex(), "tokens": tokens}


def _refused(token: str) -> list[str]:
    """The token with one bit of each of its parts turned over, cut, lengthened, and one that another PEN signed."""
    raw = urlsafe_b64decode(token)
    turned = [
        bytes(b ^ 1 if n == at else b for n, b in enumerate(raw))
        for at in (0, 1, 5, 21, 22, 28, 29, 38)
        if at < len(raw)
    ]
    forged = links.Signer(links.signer(OTHER, KEY[::-1]).keyed, links.name_of(PEN))
    other = links.sign(forged, PICK, 0, [links.ask(CONTENT, [0])])[0].decode()
    return [
        *(urlsafe_b64encode(one).decode() for one in turned),
        token[:-1],
        token + "A",
        token[:-1] + "=",
        other,
        "",
    ]


def vectors() -> dict[str, str]:
    """Path → text."""
    by = links.signer(PEN, KEY)
    mail = [_mail(0, [0, 1, 5, 6, 254, 255]), _mail(255, [0])]
    made = {
        "pen": PEN,
        "mark_key": KEY.hex(),
        "name": links.name_of(PEN).hex(),
        "mail": mail,
        "sender": {"id": LINK.hex(), "token": links.sign_sender(by, LINK)},
        "refused": [*_refused(mail[0]["tokens"]["0"]), *_refused(links.sign_sender(by, LINK))],
    }
    tracked = {
        "link_base": BASE,
        "targets": msgspec.to_builtins(TARGETS),
        "tracked": dict(map(tuple, links.tracked(TARGETS, BASE))),
        "leads": list(LEADS),
        "astray": list(ASTRAY),
    }
    return {
        f"contract/vectors/links/{name}.json": msgspec.json.format(
            msgspec.json.encode(said), indent=2
        ).decode()
        + "\n"
        for name, said in (("tokens", made), ("targets", tracked))
    }

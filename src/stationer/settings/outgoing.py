"""Settings of the mail that the portal sends: what takes it, what comes back, where it leaves from as others see it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

LISTEN: dict[str, Any] = {
    "pattern": r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$",
    "extra": {"form": "HOST:PORT, for example 127.0.0.1:8000 or [::1]:8000"},
}


class Relay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one mail server that the portal's own mail (sign-in codes, alerts) goes out by."""

    host: Annotated[
        str, Meta(description="Name or address; empty: no mail goes out, and the portal says so.")
    ] = ""
    port: Annotated[int, Meta(ge=1, le=65535, description="TCP port.")] = 587
    user: Annotated[str, Meta(description="User name; empty: no authentication.")] = ""
    password: Annotated[str, Meta(description="Password of that user.", extra={"secret": True})] = ""
    tls: Annotated[
        Literal["starttls", "implicit", "none"],
        Meta(description="How the connection is encrypted; none is for loopback and trials."),
    ] = "starttls"
    sender: Annotated[str, Meta(description="Address in From and in the envelope.")] = "stationer@localhost"


class Bounces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where reports of mail that did not arrive come back to (contract/delivery.md §4)."""

    address: Annotated[
        str,
        Meta(
            description="A mailbox for this alone, such as bounces@mail.example.com: each mail's Return-Path is "
            "made of it with + and a token. Empty: reports go to whoever sent, and none is read.",
            pattern=r"^$|^[^@\s+]{1,18}@[^@\s]+$",
            extra={
                "form": "an e-mail address with at most 18 characters before its @ and no + among them, or empty"
            },
        ),
    ] = ""
    listen: Annotated[
        str,
        Meta(
            description="Where the worker takes that mailbox's mail by LMTP, HOST:PORT; within the own network alone. "
            "Empty: nowhere.",
            pattern=r"^$|" + LISTEN["pattern"],
            extra={"form": "HOST:PORT, for example 127.0.0.1:8124, or empty"},
        ),
    ] = ""


class Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the portal's mail leaves from, as the world sees it (contract/reputation.md)."""

    addresses: Annotated[
        tuple[str, ...],
        Meta(
            description="Network addresses that the relay's mail leaves from. Their reputation is looked at every "
            "hour, and that of the sender's domain and of the link address with them; empty: nobody looks."
        ),
    ] = ()
    helo: Annotated[str, Meta(description="Name that the server at these addresses greets with.")] = ""
    spf: Annotated[
        str,
        Meta(
            description="Name whose SPF record companies include, so that mail in their name may leave from here; "
            "empty: they are told portal.sending.addresses."
        ),
    ] = ""
    bounces_to: Annotated[
        str,
        Meta(
            description="Mail server that takes what bounces for companies' return paths; empty: none does."
        ),
    ] = ""
    zones: Annotated[
        str,
        Meta(description="A file of block lists in place of the built-in ones; empty: the built-in ones."),
    ] = ""
    inside: Annotated[
        bool,
        Meta(description="Whether certificates and policies at private addresses are looked at; for trials."),
    ] = False

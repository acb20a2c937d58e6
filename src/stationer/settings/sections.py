"""Every setting there is: one typed struct a program. contract/settings.md is made from these lines.

A setting's description, its form in words and whether it is a secret stand in its `Meta`. `under` is a
folder's place below the top-level `data`; it is the default that holds when the setting is absent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from stationer.settings.outgoing import LISTEN as _LISTEN
from stationer.settings.outgoing import Bounces, Relay, Sending


def _folder(description: str, under: str) -> Meta:
    return Meta(description=description, extra={"under": under})


_URL: dict[str, Any] = {
    "pattern": r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
    "extra": {"form": "an http:// or https:// address without query"},
}


class TrialMailbox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mailbox that people write to who want their own mail back, stamped (contract/trial.md §6)."""

    host: Annotated[
        str, Meta(description="IMAP server of a mailbox for this alone; empty: nobody tries it by mail.")
    ] = ""
    port: Annotated[int, Meta(ge=1, le=65535, description="TCP port.")] = 993
    security: Annotated[
        Literal["tls", "starttls", "plain"],
        Meta(description="How the connection is encrypted; plain is for loopback alone."),
    ] = "tls"
    user: Annotated[str, Meta(description="User name.")] = ""
    password: Annotated[str, Meta(description="Password of that user.", extra={"secret": True})] = ""
    address: Annotated[
        str,
        Meta(
            description="Its address, such as try@example.com.",
            pattern=r"^$|^[^@\s]+@[^@\s]+$",
            extra={"form": "an e-mail address, or empty"},
        ),
    ] = ""
    authserv_id: Annotated[
        str,
        Meta(
            description="Whose Authentication-Results (RFC 8601) are believed of who wrote, above the Received field "
            "of the server that wrote them. Empty: nobody tries it by mail."
        ),
    ] = ""
    handed_on: Annotated[
        int,
        Meta(
            ge=0,
            le=9,
            description="How many Received fields the own servers put above those results: 1 where an LMTP server, "
            "such as Dovecot, puts one down.",
        ),
    ] = 0


class Vault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Secure messages (contract/vault.md)."""

    scanner: Annotated[
        str,
        Meta(
            description="What looks for malware in them: clamd://HOST:PORT or clamd:///SOCKET; empty: nothing does.",
            pattern=r"^$|^clamd://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?$|^clamd:///[^\s?#]+$",
            extra={"form": "clamd://HOST:PORT, clamd:///SOCKET or empty"},
        ),
    ] = ""
    unscanned: Annotated[
        Literal["wait", "deliver"],
        Meta(
            description="What becomes of a message that the scanner has not looked at for an hour: it waits on, and is "
            "refused after five days, or it is delivered and noted so."
        ),
    ] = "wait"
    most_bytes: Annotated[
        int, Meta(ge=1, le=50_000_000_000, description="Octets of the largest secure message.")
    ] = 5_000_000_000


class Portal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The server for people, and its worker."""

    data: Annotated[Path, _folder("Folder of the portal's own files.", "portal")] = Path("var/portal")
    database: Annotated[
        str,
        Meta(
            description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME; "
            "empty: an SQLite file in portal.data.",
            pattern=r"^$|^sqlite:///.+|^postgres(ql)?://.+",
            extra={"secret": "url", "form": "sqlite:///PATH or postgresql://…"},
        ),
    ] = ""
    keys: Annotated[Path, _folder("Folder of the installation's private keys.", "keys")] = Path("var/keys")
    keyring: Annotated[
        Path,
        _folder(
            "The keyring: what all sealed content can be read with (stationer keys).", "keys/keyring.json"
        ),
    ] = Path("var/keys/keyring.json")
    blobs: Annotated[
        str,
        Meta(
            description="Where blobs are kept: empty, a folder in portal.data; or s3://BUCKET[/PREFIX], with "
            "?endpoint=URL and region=NAME where needed and credentials by AWS_ACCESS_KEY_ID and its like.",
            pattern=r"^$|^s3://[^\s/?#]+(/[^\s?#]*)?(\?[^\s#]*)?$",
            extra={"form": "empty, or s3://BUCKET/PREFIX"},
        ),
    ] = ""
    edge_folder: Annotated[Path, _folder("Where snapshots and rolls are written for the edge.", "edge")] = (
        Path("var/edge")
    )
    public_url: Annotated[str, Meta(description="Address at which people reach the portal.", **_URL)] = (
        "http://127.0.0.1:8000"
    )
    link_life_days: Annotated[
        int,
        Meta(
            ge=0,
            description="How long links of what is no longer published go on working, in days; 0: for ever.",
        ),
    ] = 0
    edge_url: Annotated[str, Meta(description="Address at which agents reach the edge.", **_URL)] = (
        "http://127.0.0.1:8100"
    )
    link_url: Annotated[
        str,
        Meta(
            description="Address at which readers reach the edge, which their links begin with; empty: that of "
            "portal.edge_url. A company may have a link domain of its own besides.",
            pattern=r"^$|" + _URL["pattern"],
            extra={"form": "empty, or " + _URL["extra"]["form"]},
        ),
    ] = ""
    listen: Annotated[str, Meta(description="Where the portal listens.", **_LISTEN)] = "127.0.0.1:8000"
    workers: Annotated[int, Meta(ge=1, le=256, description="Processes that answer requests.")] = 1
    threads: Annotated[
        int, Meta(ge=1, le=256, description="Requests that one process answers at a time.")
    ] = 4
    hosts: Annotated[
        tuple[str, ...],
        Meta(description="Further host names the portal answers to, besides the one in portal.public_url."),
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks of proxies whose X-Forwarded-… headers are believed."),
    ] = ()
    secret_key: Annotated[
        str,
        Meta(
            description="Key of sessions and links, 50 characters or more; empty: made at the first start "
            "and kept in portal.keys.",
            pattern=r"^$|^.{50,}$",
            extra={"secret": True, "form": "50 characters or more, or empty"},
        ),
    ] = ""
    requests_of_a_key: Annotated[
        int, Meta(ge=1, description="How often one API key may ask in a minute.")
    ] = 600
    requests_of_a_company: Annotated[
        int, Meta(ge=1, description="How often all API keys of a company together may ask in a minute.")
    ] = 3000
    sign_up: Annotated[
        Literal["closed", "invitation", "open"],
        Meta(
            description="Who may found a company here: nobody (stationer admin does), whoever has an invitation "
            "(stationer admin invite), or everybody who proves an address."
        ),
    ] = "closed"
    trial: Annotated[
        bool,
        Meta(
            description="Whether whoever may found a company here (portal.sign_up) may try it first: a mail with their "
            "own letterhead, to themselves."
        ),
    ] = False
    operator: Annotated[
        str,
        Meta(
            description="Address of whoever runs this installation: enquiries of would-be partners are told there, "
            "and who signs in with it has the operator's page. Empty: nobody.",
            pattern=r"^$|^[^@\s]+@[^@\s]+$",
            extra={"form": "an e-mail address, or empty"},
        ),
    ] = ""
    name_servers: Annotated[
        tuple[str, ...],
        Meta(
            description="Name servers (ADDRESS or ADDRESS:PORT) that are asked whether a domain is proven; "
            "empty: those of the machine."
        ),
    ] = ()
    hooks_inside: Annotated[
        bool,
        Meta(
            description="Whether webhooks may lead to private addresses and, by http://, to this machine; for "
            "receivers in one's own network and for trials."
        ),
    ] = False
    directories_inside: Annotated[
        bool,
        Meta(
            description="Whether directories (LDAP) may be at private addresses and, without encryption, anywhere: "
            "for a company that runs this server itself."
        ),
    ] = False
    providers_inside: Annotated[
        bool,
        Meta(
            description="Whether sign-in providers may be at private addresses and, by http://, on this machine: for "
            "a company that runs this server itself, and for trials."
        ),
    ] = False
    vault: Vault = Vault()
    sending: Sending = Sending()
    relay: Relay = Relay()
    bounces: Bounces = Bounces()
    trial_mailbox: TrialMailbox = TrialMailbox()


class Edge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The server for programs: pick and blocks."""

    folder: Annotated[Path, _folder("Where the PENs' snapshots and rolls arrive.", "edge")] = Path("var/edge")
    public_key: Annotated[
        Path, _folder("The installation's public key (PEM), by which both are verified.", "keys/edge.pub")
    ] = Path("var/keys/edge.pub")
    records: Annotated[
        Path, _folder("Where records for replay are kept, of PENs that want them.", "edge-records")
    ] = Path("var/edge-records")
    state: Annotated[Path, _folder("Where is kept what recipients were sent.", "state")] = Path("var/state")
    uplink_key: Annotated[
        Path,
        _folder("The portal's public key (PEM), to which is sealed what goes up to it.", "keys/uplink.pub"),
    ] = Path("var/keys/uplink.pub")
    uplink_url: Annotated[
        str,
        Meta(
            description="Address of the portal that is told who clicked; empty: what it is to know waits here.",
            pattern=f"^$|{_URL['pattern']}",
            extra=_URL["extra"],
        ),
    ] = ""
    uplink_token: Annotated[
        str,
        Meta(
            description="Token of this edge at the portal (stationer admin create-edge).",
            extra={"secret": True},
        ),
    ] = ""
    uplink_bytes: Annotated[
        int,
        Meta(ge=16_000_000, description="How much of it may wait for the portal on the disk, in bytes."),
    ] = 1_000_000_000
    name: Annotated[
        str,
        Meta(
            description="This edge's own name among those of the installation.",
            pattern=r"^[a-z0-9][a-z0-9-]{0,31}$",
            extra={"form": "up to 32 of a-z, 0-9 and -"},
        ),
    ] = "edge"
    listen: Annotated[str, Meta(description="Where the edge listens.", **_LISTEN)] = "127.0.0.1:8100"
    workers: Annotated[int, Meta(ge=1, le=256, description="Processes that answer requests.")] = 1
    max_body: Annotated[int, Meta(ge=1024, description="Largest request, in bytes.")] = 1_048_576
    max_recipients: Annotated[int, Meta(ge=1, description="Most recipients of one mail.")] = 1_000
    look_ms: Annotated[
        int, Meta(ge=50, le=60_000, description="How often the folder is looked at, in ms.")
    ] = 500
    grace_s: Annotated[
        int,
        Meta(ge=0, description="How long a block answered before a change can still be fetched, in seconds."),
    ] = 900
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks of proxies whose X-Forwarded-For is believed of who clicks."),
    ] = ()


class Agent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The user's side. Mailboxes stand in the agent's own file, not here."""

    folder: Annotated[
        Path, Meta(description="Folder of the agent's journal, mailboxes and cache.", extra={"user": "data"})
    ] = Path("~/.local/share/stationer")
    portal: Annotated[
        str, Meta(description="Address of the portal that a new mailbox enrols with.", **_URL)
    ] = "http://127.0.0.1:8000"


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said on stderr, one JSON object a line."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="Least level said.")] = (
        "info"
    )
    key: Annotated[
        str,
        Meta(
            description="Key by which addresses are hashed in logs; empty: a new one at each start.",
            extra={"secret": True},
        ),
    ] = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    data: Annotated[Path, Meta(description="Folder below which programs keep their files by default.")] = (
        Path("var")
    )
    portal: Portal = Portal()
    edge: Edge = Edge()
    agent: Agent = Agent()
    log: Log = Log()

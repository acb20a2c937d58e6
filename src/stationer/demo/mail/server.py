"""Both servers in one loop, until a signal ends them. Port 0 asks the system for a free one."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from stationer.demo.mail import imap, smtp
from stationer.demo.mail.folders import Folders
from stationer.demo.mail.shelf import Shelf


class Mailbox(msgspec.Struct, frozen=True):
    """A mailbox of the demo: its address is also its login."""

    address: str
    password: str


class Ports(msgspec.Struct, frozen=True):
    """Where the servers listen on 127.0.0.1."""

    imap: int
    smtp: int


def serve(
    folder: Path, imap_port: int, smtp_port: int, people: Sequence[Mailbox], ready: Callable[[Ports], None]
) -> None:
    """Serve `people`'s mailboxes, kept in `folder`, until SIGTERM or SIGINT. `ready` is told the ports.

    Raises OSError when a port is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(folder / "mail.sqlite3")
    try:
        asyncio.run(_serve(shelf, imap_port, smtp_port, people, ready))
    finally:
        shelf.close()


async def _serve(
    shelf: Shelf, imap_port: int, smtp_port: int, people: Sequence[Mailbox], ready: Callable[[Ports], None]
) -> None:
    boxes = {one.address.lower(): (one.password, Folders(shelf, one.address.lower())) for one in people}
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    async with AsyncExitStack() as stack:
        # close, not wait_closed: since Python 3.12 that waits for clients, and one that idles never goes.
        servers = [await imap.listen(imap_port, boxes), await smtp.listen(smtp_port, boxes)]
        for server in servers:
            stack.callback(server.close)
        ready(Ports(*(server.sockets[0].getsockname()[1] for server in servers)))
        await end.wait()

"""IMAP for the demo: pymap's server with the shelf's folders and SPECIAL-USE."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from typing import cast
from uuid import uuid4

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.config import BackendCapability
from pymap.imap import IMAPServer
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from stationer.demo.mail.folders import Folders

#: The largest mail that APPEND takes, in octets.
LARGEST = 256 * 2**20


class _Config(Config):
    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])

    @property
    def greeting(self) -> bytes:
        return b"Stationer demo mailboxes"


class _Whole:
    """A connection's writer that sends each response whole.

    pymap writes a response in bits, and IMAPClient gives up an idling connection that hands it half a line.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        """Held until the response is complete."""
        self._held += data

    async def drain(self) -> None:
        """pymap's sign that a response is complete."""
        self._writer.write(bytes(self._held))
        self._held.clear()
        await self._writer.drain()

    def close(self) -> None:
        """Nothing is held back: a response always ends in a drain."""
        self._writer.close()


async def listen(port: int, people: Mapping[str, tuple[str, Folders]]) -> asyncio.Server:
    """An IMAP server on 127.0.0.1:`port`. `people` is address → (password, folders)."""
    config = _Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host="127.0.0.1",
        port=port,
        demo_data=False,
        demo_user="",
        demo_password="",
        tls_enabled=False,
        hash_context=Cleartext(),
        max_append_len=LARGEST,
        bad_command_limit=None,
    )
    config.apply_context()
    login = Login(config)
    for address, (password, folders) in people.items():
        login.users_dict[address] = UserMetadata(config, address, password=password)
        config.set_cache[address] = (folders, FilterSet())
    server = IMAPServer(login, config)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not by pymap's own callback: its tasks have no owner, and Python 3.13 collects them in mid-sentence.
        peer = SocketInfo.get(writer, None, unique_id=uuid4().bytes)
        await server(reader, cast(asyncio.StreamWriter, _Whole(writer)), peer)

    return await asyncio.start_server(connected, host="127.0.0.1", port=port, limit=2**20)

"""A person's mailbox, as their own mail program uses it: over IMAP, by IMAPClient."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient

from trials.servers.dovecot import Dovecot
from trials.servers.people import Person
from trials.servers.running import wait_until

OUTBOX = "Stationer Outbox"
NEEDS_ATTENTION = "Stationer Outbox/Needs attention"


class Mailbox:
    """`person`'s mailbox on `server`. Every call connects anew, so that it can be used across faults."""

    def __init__(self, server: Dovecot, person: Person, port: int | None = None) -> None:
        self.server, self.person, self.port = server, person, port or server.imap_port

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """A logged-in IMAP client."""
        with IMAPClient(self.server.host, self.port, ssl=False, timeout=30) as client:
            client.login(self.person.address, self.person.password)
            yield client

    def folders(self) -> list[str]:
        """The names of all folders."""
        with self.client() as client:
            return [str(name) for _, _, name in client.list_folders()]

    def messages(self, folder: str = "INBOX") -> list[bytes]:
        """Every message of a folder, oldest first, byte for byte. A folder that is not there is empty."""
        with self.client() as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def count(self, folder: str = "INBOX") -> int:
        """How many messages a folder holds; 0 when it is not there."""
        with self.client() as client:
            if not client.folder_exists(folder):
                return 0
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def put(self, mail: bytes, folder: str = OUTBOX, flags: tuple[bytes, ...] = (b"\\Seen",)) -> None:
        """APPEND a mail, as a mail program does when it is told to send by the Outbox."""
        with self.client() as client:
            client.append(folder, mail, flags=flags)

    def wait_for(self, count: int = 1, folder: str = "INBOX", seconds: float = 30.0) -> list[bytes]:
        """The messages of a folder as soon as it holds `count`. Raises AssertionError after `seconds`."""
        what = f"{count} in {self.person.address}'s {folder}"
        wait_until(what, lambda: self.count(folder) >= count, seconds, every=0.05)
        return self.messages(folder)

    def wait_empty(self, folder: str = OUTBOX, seconds: float = 30.0) -> None:
        """Returns when a folder is empty."""
        wait_until(
            f"{folder} of {self.person.address} to be empty", lambda: not self.count(folder), seconds, 0.05
        )

    def empty(self) -> None:
        """Throw away every mail of every folder."""
        with self.client() as client:
            names = [str(name) for flags, _, name in client.list_folders() if b"\\Noselect" not in flags]
            for name in names:
                client.select_folder(name)
                if uids := client.search():
                    client.delete_messages(uids)
                    client.expunge(uids)
                client.unselect_folder()


def trusting(server: Dovecot) -> ssl.SSLContext:
    """A TLS context that trusts the trials' own certificate and no other."""
    return ssl.create_default_context(cafile=str(server.certificate))

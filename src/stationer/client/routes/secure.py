"""Routes about secure. Made by `make generated` from the API's description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from stationer.client.calling import Caller, NoneType, place
from stationer.client.shapes import NewSecureMessage, SecureMessageRow, SecureMessageShown


class SecureRoutes(Caller):
    """What can be asked about secure."""

    def send_secure_message(self, body: NewSecureMessage, *, key: str = "") -> SecureMessageShown:
        """Begin a secure message. Its octets follow in pieces of 16 MiB, in any order; then it is
        completed. A key needs `send-sealed`."""
        return self.call("POST", "/secure-messages", SecureMessageShown, body=body, key=key)

    def list_secure_messages(
        self,
        *,
        limit: int | None = None,
        q: str | None = None,
        with_: str | None = None,
        box: Literal["", "in", "out"] | None = None,
    ) -> Iterator[SecureMessageRow]:
        """Those that whoever asks may read or wrote, the newest first. A key needs `send-sealed`."""
        return self.each(
            "/secure-messages", SecureMessageRow, query={"limit": limit, "q": q, "with": with_, "box": box}
        )

    def complete_secure_message(self, secure_id: str, *, key: str = "") -> SecureMessageShown:
        """All pieces are there: it is checked, at once where it is of one piece, and `ready` or `refused`
        then. 202: it is still being checked. Again, the answer is the same. A key needs `send-sealed`."""
        return self.call("POST", f"/secure-messages/{place(secure_id)}/complete", SecureMessageShown, key=key)

    def get_secure_message(self, secure_id: str) -> SecureMessageShown:
        """One, by its id or its locator. A key needs `send-sealed`."""
        return self.call("GET", f"/secure-messages/{place(secure_id)}", SecureMessageShown)

    def end_secure_message(self, secure_id: str) -> None:
        """By its author: nobody reads it any more, for good. A key needs `send-sealed`."""
        self.call("DELETE", f"/secure-messages/{place(secure_id)}", NoneType)

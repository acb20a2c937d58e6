"""The suite on the demo's own mail server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stationer import imap
from stationer.wire.account import Server
from tests.demo.fixtures import ADDRESSES, DemoMail, running
from tests.imap.suite import ImapSuite, Open


class TestDemoServer(ImapSuite):
    """pymap, as the demo runs it."""

    @pytest.fixture
    def demo(self, tmp_path: Path) -> Iterator[DemoMail]:
        with running(tmp_path / "mail") as mail:
            yield mail

    @pytest.fixture
    def open_(self, demo: DemoMail) -> Iterator[Open]:
        opened: list[imap.Mailbox] = []

        def connect() -> imap.Mailbox:
            opened.append(imap.connect(Server("127.0.0.1", demo.imap, "plain"), ADDRESSES[0], demo.password))
            return opened[-1]

        yield connect
        for mailbox in opened:
            mailbox.close()


def test_a_wrong_password_is_told_apart_from_a_server_that_is_away(tmp_path: Path) -> None:
    with running(tmp_path / "mail") as mail:
        server = Server("127.0.0.1", mail.imap, "plain")
        with pytest.raises(imap.AuthError, match="does not accept the password") as caught:
            imap.connect(server, ADDRESSES[0], "wrong")
        assert caught.value.permanent
    with pytest.raises(imap.UnreachableError) as gone:
        imap.connect(server, ADDRESSES[0], mail.password)
    assert not gone.value.permanent


def test_encryption_that_was_asked_for_is_never_given_up(tmp_path: Path) -> None:
    with running(tmp_path / "mail") as mail:
        for security in ("starttls", "tls"):
            with pytest.raises(imap.UnreachableError):
                imap.connect(Server("127.0.0.1", mail.imap, security), ADDRESSES[0], mail.password)  # type: ignore[arg-type]

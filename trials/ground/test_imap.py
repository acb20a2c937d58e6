"""The one IMAP suite (tests/imap/suite.py) on Dovecot, with all it has, without UIDPLUS and MOVE, and
without SPECIAL-USE.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.imap.suite import ImapSuite, Open

from stationer import imap
from stationer.wire.account import Server
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import DAVE


def connections(server: Dovecot) -> Iterator[Open]:
    """A function that connects anew each time; all are closed afterwards."""
    Mailbox(server, DAVE).empty()
    opened: list[imap.Mailbox] = []

    def connect() -> imap.Mailbox:
        opened.append(
            imap.connect(Server(server.host, server.imap_port, "plain"), DAVE.address, DAVE.password)
        )
        return opened[-1]

    yield connect
    for mailbox in opened:
        mailbox.close()


class TestDovecot(ImapSuite):
    """With IDLE, UIDPLUS, MOVE and SPECIAL-USE."""

    @pytest.fixture
    def open_(self, dovecot: Dovecot) -> Iterator[Open]:
        yield from connections(dovecot)

    def test_sent_is_found_by_its_use(self, open_: Open) -> None:
        assert imap.find_sent(open_()) == "Sent"


class TestDovecotWithoutExtensions(ImapSuite):
    """The same server, of which the client believes that it has neither UIDPLUS nor MOVE."""

    @pytest.fixture
    def open_(self, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
        can = imap.Mailbox.can
        missing = ("UIDPLUS", "MOVE")
        monkeypatch.setattr(imap.Mailbox, "can", lambda self, name: name not in missing and can(self, name))
        yield from connections(dovecot)


class TestPlainDovecot(ImapSuite):
    """Without SPECIAL-USE, and with a folder for sent mail that only a person can name."""

    @pytest.fixture
    def open_(self, plain_dovecot: Dovecot) -> Iterator[Open]:
        yield from connections(plain_dovecot)

    def test_sent_is_not_told_but_guessed(self, open_: Open) -> None:
        mailbox = open_()
        assert imap.find_sent(mailbox) is None
        assert imap.usual_sent(mailbox) == ["Gesendete Elemente"]


def test_tls_is_used_and_the_certificate_is_checked(dovecot: Dovecot) -> None:
    from trials.servers.mailbox import trusting

    good = imap.connect(
        Server("localhost", dovecot.imaps_port, "tls"), DAVE.address, DAVE.password, trusting(dovecot)
    )
    imap.make_folders(good)
    good.idle("Stationer Outbox")
    assert not good.pending()
    good.done()
    good.close()
    with pytest.raises(imap.UnreachableError, match="can be trusted"):
        imap.connect(Server("localhost", dovecot.imaps_port, "tls"), DAVE.address, DAVE.password)
    upgraded = imap.connect(
        Server("localhost", dovecot.imap_port, "starttls"), DAVE.address, DAVE.password, trusting(dovecot)
    )
    upgraded.close()

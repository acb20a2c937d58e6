"""What a notification that is sent again can add to an inbox: neither a second original nor fields of another's."""

from __future__ import annotations

from stationer import notice
from stationer.agent.original import digest_of_original, without_offers
from tests.agent.desk import mail
from tests.agent.portals import SEED, key

PEN = notice.Pen("pen_harbour", "Harbour Dental", "mail.harbour.example", (key(SEED),))
CONTENT = mail("s1").replace(b"Subject:", b"List-Help: <mailto:help@harbour.example>\r\nSubject:")
EVIL = (
    b"List-Unsubscribe: <https://evil.example/out>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"List-Post: <mailto:eve@evil.example>\r\n"
)


def restored(above: bytes) -> notice.Restored:
    """The original in the place of its notification, with these fields from the way."""
    made = notice.compose(CONTENT, PEN, "msg_1", 1_700_000_000_000)
    assert isinstance(made, notice.Notification)
    found = notice.restore(above + made.mail, CONTENT, PEN)
    assert isinstance(found, notice.Restored)
    return found


def test_the_original_is_known_again_whatever_the_way_wrote() -> None:
    first, second = restored(b"Received: from a\r\n"), restored(b"Received: from b\r\nX-Spam: no\r\n")
    assert digest_of_original(first.mail) == digest_of_original(second.mail) is not None
    assert digest_of_original(first.mail.replace(b"fine.", b"fine!")) != digest_of_original(first.mail)
    assert digest_of_original(CONTENT) is None


def test_what_a_list_offers_is_the_authors_alone() -> None:
    found = restored(
        b"Received: from a\r\nList-Id: <garden.example>\r\nResent-From: carol@x.example\r\n" + EVIL
    )
    kept = without_offers(found.mail, CONTENT, found.changed)
    assert b"evil.example" in found.mail and b"evil.example" not in kept and b"One-Click" not in kept
    assert b"List-Id: <garden.example>" in kept and b"Resent-From" in kept and b"Received: from a" in kept
    assert b"List-Help: <mailto:help@harbour.example>" in kept
    assert digest_of_original(kept) == digest_of_original(found.mail)

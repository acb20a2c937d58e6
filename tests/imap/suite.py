"""The one suite for every IMAP server: a test class that a server's own test module inherits from.

A subclass gives a fixture `server` with `server()` → a connected `stationer.imap.Mailbox` of an empty
account.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable

import pytest

from stationer import imap

Open = Callable[[], imap.Mailbox]
MAIL = b"From: a@acme.test\r\nMessage-ID: <%d@acme.test>\r\nSubject: x\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n.\r\n"


class ImapSuite:
    """What the agent relies on."""

    @pytest.fixture
    def open_(self) -> Open:
        raise NotImplementedError

    def test_folders_are_made_once_and_found_again(self, open_: Open) -> None:
        mailbox = open_()
        names = imap.make_folders(mailbox)
        assert imap.make_folders(mailbox) == names
        assert names.outbox.endswith("Stationer Outbox") and names.aside.endswith("Needs attention")
        assert mailbox.status(names.aside).exists == 0

    def test_a_mail_is_read_as_it_was_put_there(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        mailbox.append(box, MAIL % 1)
        validity, [item] = mailbox.listing(box)
        assert mailbox.read(box, item.uid, validity) == MAIL % 1
        assert item.size == len(MAIL % 1)

    def test_reading_does_not_mark_as_seen(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        mailbox.append(box, MAIL % 1, flags=())
        validity, [item] = mailbox.listing(box)
        mailbox.read(box, item.uid, validity)
        assert b"\\Seen" not in mailbox.listing(box)[1][0].flags

    def test_a_mail_of_two_megabytes_comes_whole(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        big = MAIL % 1 + b"0123456789abcdef" * 4 + b"\r\n"
        big += (b"x" * 76 + b"\r\n") * 27_000
        mailbox.append(box, big)
        validity, [item] = mailbox.listing(box)
        assert mailbox.read(box, item.uid, validity) == big

    def test_append_tells_the_uid_or_nothing(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        uid = mailbox.append(box, MAIL % 1)
        _, [item] = mailbox.listing(box)
        assert uid in (item.uid, 0)

    def test_a_mail_that_came_is_found_by_place_and_by_message_id(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        mailbox.append(box, MAIL % 1)
        first = mailbox.status(box).next
        mailbox.append(box, MAIL % 2)
        [uid] = mailbox.since(box, first)
        assert b"<2@acme.test>" in mailbox.message_ids(box, [uid])[uid]
        assert mailbox.with_message_id(box, "<2@acme.test>") == [uid]
        assert mailbox.since(box, uid + 1) == []

    def test_what_another_client_files_is_found_although_the_folder_was_open(self, open_: Open) -> None:
        mine, other = open_(), open_()
        box = imap.make_folders(mine).outbox
        mine.append(box, MAIL % 1)
        first = mine.status(box).next
        assert mine.since(box, first) == []
        other.append(box, MAIL % 2)
        assert len(mine.since(box, first)) == 1
        assert len(mine.listing(box)[1]) == 2

    def test_only_what_is_named_is_removed(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        for n in range(3):
            mailbox.append(box, MAIL % n)
        validity, [first, second, third] = mailbox.listing(box)
        mailbox.flag(box, [third.uid], validity, [b"\\Deleted"])
        mailbox.remove(box, [first.uid], validity)
        assert [item.uid for item in mailbox.listing(box)[1]] == [second.uid]
        mailbox.select(box)
        assert mailbox.client.search("ALL") == [second.uid, third.uid], "another mail's Deleted was acted on"
        mailbox.remove(box, [first.uid], validity)

    def test_a_flagged_deleted_mail_is_not_listed(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        mailbox.append(box, MAIL % 1)
        validity, [item] = mailbox.listing(box)
        mailbox.flag(box, [item.uid], validity, [b"\\Deleted"])
        assert mailbox.listing(box)[1] == []

    def test_a_moved_mail_is_there_and_not_here(self, open_: Open) -> None:
        mailbox = open_()
        names = imap.make_folders(mailbox)
        mailbox.append(names.outbox, MAIL % 1)
        validity, [item] = mailbox.listing(names.outbox)
        mailbox.move(names.outbox, [item.uid], validity, names.aside)
        mailbox.move(names.outbox, [item.uid], validity, names.aside)
        assert mailbox.listing(names.outbox)[1] == []
        there, [moved] = mailbox.listing(names.aside)
        assert mailbox.read(names.aside, moved.uid, there) == MAIL % 1

    def test_another_uidvalidity_is_noticed_before_anything_is_done(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        mailbox.append(box, MAIL % 1)
        validity, [item] = mailbox.listing(box)
        for verb in (
            lambda: mailbox.remove(box, [item.uid], validity + 1),
            lambda: mailbox.read(box, item.uid, validity + 1),
        ):
            with pytest.raises(imap.ChangedError):
                verb()
        assert len(mailbox.listing(box)[1]) == 1

    def test_an_idling_client_hears_of_a_new_mail(self, open_: Open) -> None:
        mine, other = open_(), open_()
        box = imap.make_folders(mine).outbox
        if not mine.can("IDLE"):
            pytest.skip("this server has no IDLE")
        for n in range(3):
            mine.idle(box)
            other.append(box, MAIL % n)
            deadline = time.monotonic() + 20
            while not mine.pending() and not select.select([mine], [], [], 0.1)[0]:
                assert time.monotonic() < deadline, "not told"
            mine.done()
            assert len(mine.listing(box)[1]) == n + 1

    def test_what_was_announced_before_idle_is_not_forgotten(self, open_: Open) -> None:
        mine, other = open_(), open_()
        box = imap.make_folders(mine).outbox
        if not mine.can("IDLE"):
            pytest.skip("this server has no IDLE")
        mine.listing(box)
        other.append(box, MAIL % 1)
        mine.noop()  # hears of it, as any command may
        assert mine.idle(box), "IDLE does not say it again"
        mine.done()
        assert len(mine.listing(box)[1]) == 1
        assert not mine.idle(box), "and once is enough"
        mine.done()

    def test_an_empty_folder_lists_nothing(self, open_: Open) -> None:
        mailbox = open_()
        box = imap.make_folders(mailbox).outbox
        assert mailbox.listing(box)[1] == [] and mailbox.since(box, 1) == []
        assert mailbox.with_message_id(box, "<none@acme.test>") == []

    def test_a_folder_that_is_not_there_is_refused_and_the_connection_lives(self, open_: Open) -> None:
        mailbox = open_()
        with pytest.raises(imap.RefusedError) as caught:
            mailbox.select("No such folder")
        assert caught.value.permanent
        mailbox.noop()

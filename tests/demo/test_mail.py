"""The demo's mail server, by the protocols it speaks."""

from __future__ import annotations

import smtplib
import threading
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError
from tests.demo.fixtures import DemoMail, running

ALICE, BOB, CAROL = "alice@harbour.example", "bob@harbour.example", "carol@elsewhere.example"

#: imaplib turns bare CR and LF into CRLF before they leave it, so there are none here.
ODD = (
    b"From: =?utf-8?q?Zo=C3=AB?=  <alice@harbour.example>\r\n"
    b"To:bob@harbour.example\r\nX-Odd:folded\r\n\tonce\r\nMessage-ID: <odd@harbour.example>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"\xe2\x9c\x89 gr\xc3\xbc\xc3\x9fe \x00\xff\r\n" + b"y" * 5000 + b"\r\n.\r\n..\r\nno line end"
)


def only(client: IMAPClient, folder: str) -> tuple[int, bytes]:
    """UID and bytes of a folder's only mail."""
    client.select_folder(folder)
    [uid] = client.search()
    return uid, client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]


def hear(client: IMAPClient, news: tuple[int, bytes]) -> None:
    """Wait until an idling client is told `news`, whatever else it is told before."""
    while news not in (heard := client.idle_check(timeout=30)):
        assert heard, f"{news} never came"


def test_a_mail_is_kept_byte_for_byte(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        alice.append("Drafts", ODD)
        assert only(alice, "Drafts")[1] == ODD


def test_a_mail_without_a_body_keeps_its_last_octet(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        alice.append("Drafts", b"Subject: nothing\r\n")
        assert only(alice, "Drafts")[1] == b"Subject: nothing\r\n"


def test_what_smtp_takes_arrives_under_trace_headers(demo_mail: DemoMail) -> None:
    mail = ODD.replace(b"\x00", b"") + b"\r\n"
    with demo_mail.submission(ALICE) as smtp:
        smtp.sendmail(ALICE, [BOB, CAROL, BOB], mail)
    for address in (BOB, CAROL):
        with demo_mail.mailbox(address) as client:
            arrived = only(client, "INBOX")[1]
            assert arrived.endswith(mail)
            trace = arrived[: -len(mail)].decode()
            assert trace.startswith(f"Return-Path: <{ALICE}>\r\nDelivered-To: {address}\r\nReceived: ")


def test_nothing_goes_to_a_stranger(demo_mail: DemoMail) -> None:
    with demo_mail.submission(ALICE) as smtp, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        smtp.sendmail(ALICE, ["someone@real.example"], b"Subject: out\r\n\r\n")
    assert refused.value.recipients["someone@real.example"][0] == 550


def test_one_stranger_does_not_keep_the_mail_from_the_others(demo_mail: DemoMail) -> None:
    with demo_mail.submission(ALICE) as smtp:
        refused = smtp.sendmail(ALICE, ["someone@real.example", BOB], b"Subject: half\r\n\r\n")
    assert list(refused) == ["someone@real.example"]
    with demo_mail.mailbox(BOB) as bob:
        assert only(bob, "INBOX")[1].endswith(b"Subject: half\r\n\r\n")


def test_a_wrong_password_is_refused(demo_mail: DemoMail) -> None:
    with IMAPClient("127.0.0.1", demo_mail.imap, ssl=False) as imap, pytest.raises(LoginError):
        imap.login(ALICE, "wrong")
    with smtplib.SMTP("127.0.0.1", demo_mail.smtp) as smtp, pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login(ALICE, "wrong")


def test_special_use_names_sent(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        assert alice.find_special_folder(b"\\Sent") == "Sent"
        names = {name for _, _, name in alice.list_folders()}
        assert names == {"INBOX", "Sent", "Drafts", "Trash", "Archive"}
        assert {name for _, _, name in alice.list_sub_folders()} == names


def test_idle_hears_of_mail_from_smtp_and_from_append(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(BOB) as bob, demo_mail.mailbox(BOB) as other, demo_mail.submission(ALICE) as smtp:
        bob.select_folder("INBOX")
        bob.idle()
        smtp.sendmail(ALICE, [BOB], b"Subject: one\r\n\r\n")
        hear(bob, (1, b"EXISTS"))
        bob.idle_done()
        bob.idle()
        other.append("INBOX", b"Subject: two\r\n\r\n")
        hear(bob, (2, b"EXISTS"))
        other.select_folder("INBOX")
        other.delete_messages([1])
        other.expunge([1])
        hear(bob, (1, b"EXPUNGE"))
        bob.idle_done()


def test_idle_misses_nothing_in_a_burst(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(BOB) as bob, demo_mail.mailbox(BOB) as other:
        bob.select_folder("INBOX")
        bob.idle()
        for count in range(100):
            other.append("INBOX", b"Subject: %d\r\n\r\n" % count)
        hear(bob, (100, b"EXISTS"))
        bob.idle_done()


def test_many_idle_at_once(demo_mail: DemoMail) -> None:
    clients = [demo_mail.mailbox(BOB) for _ in range(30)]
    for client in clients:
        client.select_folder("INBOX")
        client.idle()
    with demo_mail.submission(ALICE) as smtp:
        smtp.sendmail(ALICE, [BOB], b"Subject: to all\r\n\r\n")
    for client in clients:
        hear(client, (1, b"EXISTS"))
        client.idle_done()
        client.logout()


def test_a_move_is_seen_in_both_folders(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        alice.create_folder("Stationer Outbox")
        alice.create_folder("Stationer Outbox/Needs attention")
        alice.append("Stationer Outbox", ODD, flags=[b"\\Seen"])
        uid, _ = only(alice, "Stationer Outbox")
        alice.move([uid], "Stationer Outbox/Needs attention")
        assert alice.search() == []
        uid, mail = only(alice, "Stationer Outbox/Needs attention")
        assert mail == ODD
        assert b"\\Seen" in alice.get_flags([uid])[uid]


def test_only_the_uid_named_is_expunged(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        for _ in range(3):
            alice.append("Drafts", ODD)
        alice.select_folder("Drafts")
        first, second, third = alice.search()
        alice.delete_messages([first, second])
        alice.uid_expunge([second])
        assert alice.search() == [first, third]


def test_search_by_message_id_finds_the_mail(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        alice.append("Sent", b"Message-ID: <other@x>\r\n\r\n<odd@harbour.example>")
        alice.append("Sent", ODD)
        alice.select_folder("Sent")
        assert len(alice.search(["HEADER", "Message-ID", "<odd@harbour.example>"])) == 1


def test_folder_names_may_be_in_any_language(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        alice.create_folder("Entwürfe/あ & b")
        alice.append("Entwürfe/あ & b", ODD)
        assert only(alice, "Entwürfe/あ & b")[1] == ODD
        alice.select_folder("INBOX")
        alice.rename_folder("Entwürfe", "Alt")
        assert only(alice, "Alt/あ & b")[1] == ODD


def test_a_mail_of_many_megabytes_goes_through(demo_mail: DemoMail) -> None:
    mail = b"Message-ID: <big@x>\r\n\r\n" + (b"x" * 76 + b"\r\n") * 200_000
    with demo_mail.submission(ALICE) as smtp, demo_mail.mailbox(BOB) as bob:
        smtp.sendmail(ALICE, [BOB], mail)
        assert only(bob, "INBOX")[1].endswith(mail)
        bob.append("Archive", mail)
        assert only(bob, "Archive")[1] == mail


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as before, before.mailbox(ALICE) as alice:
        alice.create_folder("Stationer Outbox")
        alice.append("Stationer Outbox", b"Subject: gone\r\n\r\n")
        alice.append("Stationer Outbox", ODD, flags=[b"\\Flagged", b"\\Seen"])
        validity = alice.select_folder("Stationer Outbox")[b"UIDVALIDITY"]
        first, second = alice.search()
        alice.delete_messages([first])
        alice.expunge()
    with running(tmp_path) as after, after.mailbox(ALICE) as alice:
        assert alice.select_folder("Stationer Outbox")[b"UIDVALIDITY"] == validity
        uid, mail = only(alice, "Stationer Outbox")
        assert (uid, mail) == (second, ODD)
        assert set(alice.get_flags([uid])[uid]) >= {b"\\Flagged", b"\\Seen"}
        alice.append("Stationer Outbox", ODD)
        assert max(alice.search()) == second + 1


def test_a_folder_made_again_is_another_one(demo_mail: DemoMail) -> None:
    with demo_mail.mailbox(ALICE) as alice:
        alice.create_folder("Post")
        before = alice.select_folder("Post")[b"UIDVALIDITY"]
        alice.close_folder()
        alice.delete_folder("Post")
        with pytest.raises(IMAPClientError):
            alice.select_folder("Post")
        alice.create_folder("Post")
        assert alice.select_folder("Post")[b"UIDVALIDITY"] > before


def test_everyone_at_once_loses_nothing(demo_mail: DemoMail) -> None:
    def send(number: int) -> None:
        with demo_mail.submission(ALICE) as smtp, demo_mail.mailbox(BOB) as bob:
            for count in range(10):
                smtp.sendmail(ALICE, [CAROL], b"Subject: %d.%d\r\n\r\n" % (number, count))
                bob.append("Archive", b"Subject: %d.%d\r\n\r\n" % (number, count))

    threads = [threading.Thread(target=send, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for address, folder in ((CAROL, "INBOX"), (BOB, "Archive")):
        with demo_mail.mailbox(address) as client:
            client.select_folder(folder)
            fetched = client.fetch(client.search(), ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])
            subjects = {data[b"BODY[HEADER.FIELDS (SUBJECT)]"].strip() for data in fetched.values()}
            assert len(fetched) == len(subjects) == 80

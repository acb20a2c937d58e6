"""The original comes back in the notification's place (contract/notice.md §5)."""

from __future__ import annotations

import re
from base64 import b64encode

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from stationer import notice
from stationer.mime import header_values, read
from tests.notice.made import PEN, PLAIN, WAY, mail, pen, sent
from tests.notice.mails import MAILS, author_of_all, body_of, head_of


def restored(received: bytes, content: bytes = PLAIN) -> bytes:
    """The restored mail of one that can be."""
    answer = notice.restore(received, content, PEN)
    assert isinstance(answer, notice.Restored), answer
    return answer.mail


def law(content: bytes) -> bytes:
    """Every body octet and every field of the author comes back; returns the restored mail."""
    back = restored(sent(content), content)
    assert body_of(back) == body_of(content)
    fields = author_of_all(back)
    assert fields[0][0] == b"stationer-restored"
    assert fields[1:] == author_of_all(content)
    return back


def test_every_mail_comes_back(capsys):
    headless = {name for name, content in MAILS.items() if "no-header" in read(content).problems}
    torn = {name for name, content in MAILS.items() if re.search(rb"\r(?!\n)|\0", head_of(content))}
    for name, content in MAILS.items():
        assert notice.attachments_of(content) >= 0, name
        if name in headless | torn:
            assert notice.compose(content, PEN, "m", 0) == notice.Refused("unparseable"), name
        else:
            law(content)
    assert len(MAILS) - len(headless | torn) > 300
    assert not [name for name in headless | torn if "corpora" in name]
    with capsys.disabled():
        theirs = sum("corpora" in name for name in MAILS)
        print(
            f"\n{len(MAILS) - len(headless | torn)} mails came back, {theirs} of them of others;"
            f" {len(headless)} have no header, {len(torn)} a torn one"
        )


FIELDS = st.sampled_from(
    [
        "From: a@example.org", "To: b@example.org", "to : c@example.org,\r\n\td@example.org", "Cc: g: e@example.org;", "Bcc: f@example.org",
        "Subject: [secure] x", "Subject: =?utf-8?Q?[secure]_y?=", "Subject: z", "Stationer-Seal: yes", "X-Any: thing", "Received: here",
        "Resent-Bcc: g@example.org", "Stationer-Stamp: v=1; id=a", "Date: today", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=x",
    ]
)  # fmt: skip


@given(st.lists(FIELDS, min_size=1, max_size=12), st.binary(max_size=200), st.sampled_from([b"\r\n", b"\n"]))
def test_any_mail_comes_back(fields, body, end):
    content = "\r\n".join(fields).encode().replace(b"\r\n", end) + end + end + body
    back = law(content)
    names = {name for name, _ in author_of_all(back)}
    assert not names & {b"bcc", b"resent-bcc", b"stationer-seal"}


@given(st.sampled_from(sorted(MAILS)), st.data())
def test_a_broken_mail_comes_back_or_is_refused(name, data):
    content = bytearray(MAILS[name][:5_000])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    made = notice.compose(bytes(content), PEN, "m", 0)
    if isinstance(made, notice.Notification):
        back = notice.restore(made.mail, bytes(content), PEN)
        assert isinstance(back, notice.Restored)
        assert body_of(back.mail) == body_of(bytes(content))
    else:
        assert made.reason in ("unparseable", "notification")


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_restoring_never_raises(received, content):
    assert isinstance(notice.restore(received, content, PEN), notice.NotRestored)
    answer = notice.restore(sent()[:400] + received, PLAIN, PEN)
    assert isinstance(answer, notice.Restored | notice.NotRestored)


def test_what_was_added_on_the_way_stays_on_top_as_received():
    way = WAY + b"DKIM-Signature: v=1; b=x\r\nX-Spam-Status: No\r\nDelivered-To: carol@example.org\r\n"
    back = restored(way + sent())
    assert back.startswith(way + b"Stationer-Restored: v=1; pen=pen_harbour;\r\n id=msg_1\r\nFrom: ")
    assert header_values(back, "stationer-notification") == []
    assert len(header_values(back, "subject")) == 1


def test_line_ends_are_the_originals():
    content = PLAIN.replace(b"\r\n", b"\n")
    assert b"\r" not in restored(WAY + sent(), content)
    crlf = restored((WAY + sent()).replace(b"\r\n", b"\n"))
    assert crlf.count(b"\r\n") == crlf.count(b"\n")


def test_nobody_adds_what_is_for_the_author_to_give():
    content = mail("From: a@example.org", "To: b@example.org")
    names = {
        "reply-to", "subject", "sender", "in-reply-to", "references", "message-id", "date", "auto-submitted", "importance",
        "disposition-notification-to", "return-receipt-to", "x-confirm-reading-to", "mail-followup-to", "mail-reply-to",
    }  # fmt: skip
    added = "".join(f"{name}: mallory@example.org\r\n" for name in sorted(names)).encode()
    answer = notice.restore(added + WAY + sent(content), content, PEN)
    assert isinstance(answer, notice.Restored)
    assert b"mallory" not in answer.mail and answer.mail.startswith(WAY)
    assert set(answer.changed) == names


def test_the_authors_own_wishes_come_back():
    wish = "Disposition-Notification-To: a@example.org"
    content = mail("From: a@example.org", "To: b@example.org", wish)
    answer = notice.restore(wish.replace(" a@", " eve@").encode() + b"\r\n" + sent(content), content, PEN)
    assert isinstance(answer, notice.Restored)
    assert header_values(answer.mail, "disposition-notification-to") == [b"a@example.org"]
    assert answer.changed == ("disposition-notification-to",)
    assert notice.restore(sent(content), content, PEN).changed == ()


def test_a_list_says_who_it_is_where_the_author_did_not():
    listed = b"List-Id: <l>\r\nResent-From: l@example.org\r\n"
    answer = notice.restore(listed + sent(), PLAIN, PEN)
    assert isinstance(answer, notice.Restored)
    assert answer.mail.startswith(listed + b"Stationer-Restored:") and answer.changed == (
        "list-id",
        "resent-from",
    )
    own = PLAIN.replace(b"Date:", b"List-Id: <mine>\r\nDate:")
    assert header_values(restored(listed + sent(own), own), "list-id") == [b"<mine>"]


@pytest.mark.parametrize(
    "torn", [b"X-Way: a\rReply-To: eve@example.org\r\n", b"X-Way: a\0Reply-To: eve@example.org\r\n"]
)
def test_what_some_programs_would_read_as_more_fields_is_dropped(torn):
    assert b"eve@" not in restored(torn + sent())


def test_ones_own_sent_mail_keeps_its_bcc_and_a_recipients_never_gets_one():
    assert header_values(restored(b"Bcc: me@example.org\r\n" + sent()), "bcc") == [b"me@example.org"]
    assert b"frank" not in restored(sent())


def test_what_the_way_says_of_the_body_and_of_us_is_dropped():
    forged = b"Stationer-Stamp: v=1; id=x\r\nContent-Language: en\r\nX-Kept: yes"
    back = restored(sent().replace(b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\n" + forged))
    names = [field.name for field in read(back).root.fields]
    assert b"stationer-stamp" not in names and b"content-language" not in names and b"x-kept" in names


def test_a_last_field_without_a_line_end_gets_one():
    header = sent().partition(b"MIME-Version")[0]
    back = restored(header + b"X-Last: yes", PLAIN)
    assert b"X-Last: yes\r\nStationer-Restored" in back


def test_what_somebody_changed_is_named():
    way = (
        sent()
        .replace(b"Subject: ", b"Subject: [list] ")
        .replace(b"<7GQ4@", b"<7GQ5@")
        .replace(b'"Dr Bob Hendry"', b"Bob")
    )
    answer = notice.restore(way, PLAIN, PEN)
    assert isinstance(answer, notice.Restored)
    assert answer.changed == ("from", "message-id", "subject")
    folded = sent().replace(b"Subject: Your results", b"Subject: =?utf-8?Q?Your?=\r\n =?utf-8?Q?_results?=")
    assert notice.restore(folded, PLAIN, PEN).changed == ()


@pytest.mark.parametrize(
    ("received", "content", "reason"),
    [
        (PLAIN, PLAIN, "not-a-notification"), (sent().replace(b"carol@", b"eve@"), PLAIN, "not-proven"),
        (sent(), PLAIN.replace(b"carol@", b"eve@"), "other-content"), (sent(), b"", "unparseable"),
        (sent().replace(b"https://mail.", b"https://"), PLAIN, "other-host"),
    ],
)  # fmt: skip
def test_a_notification_stays_when_it_is_not_proven(received, content, reason):
    assert notice.restore(received, content, PEN) == notice.NotRestored(reason)


def test_the_public_half_restores_and_another_pen_does_not():
    public = pen(keys=tuple(notice.Key(one.id, one.public) for one in PEN.keys))
    assert isinstance(notice.restore(sent(), PLAIN, public), notice.Restored)
    assert notice.restore(sent(), PLAIN, pen(id="pen_other")) == notice.NotRestored("other-pen")


def test_a_dkim_signature_of_the_author_holds_again():
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + b64encode(public)
    content = mail(
        "From: a@example.org", "To: b@example.org", "Subject: Hello", "Date: Sun, 22 Nov 2026 09:30:00 +0000"
    )
    for canonical in ((b"simple", b"simple"), (b"relaxed", b"relaxed")):
        signed = dkim.sign(content, b"s", b"example.org", pem, canonicalize=canonical) + content
        assert dkim.verify(signed, dnsfunc=lambda *a, **k: record)
        assert dkim.verify(restored(WAY + sent(signed), signed), dnsfunc=lambda *a, **k: record)
        assert not dkim.verify(signed.replace(b"Hello\r\n", b"Hullo\r\n"), dnsfunc=lambda *a, **k: record)

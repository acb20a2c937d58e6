"""A notification proves itself, and one that says anything else is refused by name (contract/notice.md §3, §4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import notice
from stationer.mime import header_values
from stationer.mime.addresses import MOST_ADDRESSES
from tests.notice.made import AT, PEN, WAY, key, mail, pen, refusal, sent


def test_a_notification_is_proven_by_the_public_half():
    public = pen(keys=tuple(notice.Key(one.id, one.public) for one in PEN.keys))
    proof = notice.read(WAY + sent(), public)
    assert isinstance(proof, notice.Proof)
    assert (proof.id, proof.at, proof.key) == ("msg_1", AT, "k2")
    assert proof.parties.recipients == ("carol@example.org", "dave@example.org", "erin@example.net")


def test_an_older_key_proves_until_it_is_taken_away():
    old = sent(by=pen(keys=(key("k1", 0),)))
    assert refusal(old) == ""
    assert refusal(old, pen(keys=(key("k2", 64),))) == "not-proven"
    assert refusal(old, pen(keys=(notice.Key("bad", b"short"), key("k1", 0)))) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: [list] "), (b'"Dr Bob Hendry"', b"=?utf-8?Q?Bob?="), (b",\r\n\t", b","),
        (b"Carol <carol@example.org>,\r\n\tDave@Example.ORG", b"dave@example.org, carol@EXAMPLE.org"),
        (b"Date: Sun", b"Date: Mon"), (b"Message-ID: <7", b"Message-ID: <8"), (b"Cc: Friends: erin@example.net;", b"Cc: erin@example.net"),
        (b";\r\n id=", b"; id="), (b"; pen", b" ;\r\n\t x=y; pen"), (b"\r\n", b"\n"),
    ],
)  # fmt: skip
def test_what_programs_on_the_way_rewrite_is_no_refusal(old, new):
    assert old in sent()
    assert refusal(sent().replace(old, new)) == ""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<bob@", b"<eve@", "not-proven"), (b"To: ", b"To: eve@example.org, ", "not-proven"), (b"Cc: ", b"X-Cc: ", "not-proven"),
        (b"From: ", b"From: eve@example.org\r\nFrom: ", "not-proven"), (b"id=msg_1", b"id=msg_2", "not-proven"),
        (b"v=1", b"v=2", "other-version"), (b"v=1; ", b"", "malformed"), (b"; pen=pen_harbour", b"; pen=pen_other", "other-pen"),
        (b" t=1", b" t=01", "malformed"), (b" t=1", b" t=1; t=1", "malformed"), (b" s=", b" s==", "malformed"),
        (b"id=msg_1", b"id=msg 1", "not-proven"), (b"id=msg_1", b"id=/etc", "malformed"),
        (b"Stationer-Notification", b"X-Notification", "not-a-notification"),
        (b"Stationer-Notification", b"Stationer-Notification: v=1\r\nStationer-Notification", "malformed"),
        (b"https://mail.harbourdental.example/m", b"https://evil.example/m", "other-host"),
    ],
)  # fmt: skip
def test_what_says_anything_else_is_refused(old, new, reason):
    assert old in sent()
    assert refusal(sent().replace(old, new, 1)) == reason


def test_another_host_of_the_same_pen_is_not_proven():
    assert refusal(sent(), pen(host="mail.other.example")) == "not-proven"


@given(st.integers(0, 85), st.integers(1, 63))
def test_every_letter_of_the_signature_counts(at, step):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    made = sent()
    start = made.index(b" s=") + 3
    old = chr(made[start + at])
    new = letters[(letters.index(old) + step) % 64]
    changed = made[: start + at] + new.encode() + made[start + at + 1 :]
    # the last letter holds four bits that mean nothing: those are not the signature's
    same = at == 85 and letters.index(old) // 16 == letters.index(new) // 16
    assert refusal(changed) == ("" if same else "not-proven")


@given(st.binary(max_size=400))
def test_reading_never_raises(octets):
    assert refusal(octets) in ("not-a-notification", "malformed", "other-version", "other-pen", "not-proven")
    assert refusal(b"Stationer-Notification: " + octets) != ""


def test_recipients_written_otherwise_are_the_same_people():
    one = notice.parties(mail('From: "a"@EXAMPLE.org', "To: b@straße.example", "Cc: B@xn--strae-oqa.example"))
    assert one == (("a@example.org",), ("b@xn--strae-oqa.example",))
    assert notice.canonical('"a b"@example.org') == '"a b"@example.org'
    assert (
        notice.canonical("a@Bü\uff20.example") == "a@bü\uff20.example"
    )  # no domain has that: as it is written


def test_what_is_no_address_is_nobody():
    assert notice.parties(mail("From: nobody", "To: undisclosed-recipients:;", "Cc: a@b@, <>")) == ((), ())
    assert notice.parties("To: ü@example.org\r\n\r\n".encode("latin-1")) == ((), ("ü@example.org",))
    for long in ("no" * 200, "no" * 200 + "@<", "a@" + "no" * 200 + " [x"):
        assert notice.parties(mail(f"To: {long}", "Cc: a@example.org")) == ((), ("a@example.org",))


def test_recipients_that_cannot_all_be_known_are_refused():
    long = "l" * 309 + "@example.org"  # 321 characters
    for name in ("From", "To", "Cc"):
        assert notice.parties(mail(f"{name}: a@example.org, {long}")) is None
        assert notice.parties(mail(f"{name}: a@example.org, {long[1:]}")) is not None
    assert notice.compose(mail("From: a@example.org", f"To: {long}"), PEN, "m", AT) == notice.Refused(
        "unparseable"
    )
    assert refusal(sent().replace(b"Cc: ", f"Cc: {long}, ".encode())) == "not-proven"
    content = mail("From: a@example.org", f"To: {long}")
    assert notice.restore(sent(), content, PEN) == notice.NotRestored("other-content")


def test_the_most_addresses_that_are_read_are_too_many():
    def to(count: int) -> bytes:
        return mail("From: a@example.org", "To: " + ",".join(f"p{one}@example.org" for one in range(count)))

    assert notice.compose(to(MOST_ADDRESSES), PEN, "m", AT) == notice.Refused("unparseable")
    who = notice.parties(to(MOST_ADDRESSES - 1))
    assert who is not None and len(who.recipients) == MOST_ADDRESSES - 1


def test_the_header_stays_short_enough_to_travel():
    long = pen(id="p" * 128)
    made = notice.compose(mail("From: a@example.org"), long, "i" * 128, AT)
    assert isinstance(made, notice.Notification)
    assert max(map(len, made.mail.split(b"\r\n"))) <= 998
    assert header_values(made.mail, "stationer-notification")[0].count(b";") == 4

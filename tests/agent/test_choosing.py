"""Which blocks go into which copy, and the mail's identity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stationer import mime, smtp
from stationer.agent.choosing import candidates, choose, templates
from stationer.agent.dressing import as_written, named, on_the_wire
from stationer.agent.reading import digest, key_of, read
from stationer.wire.pick import Answer, Candidate, Choice, Copy

SIG, BAN, BIS = (
    Candidate("s.p", "aaaaaaaa", "template", []),
    Candidate("b.p", "bbbbbbbb", "message", ["t"]),
    Candidate("c.p", "cccccccc", "message", ["u"]),
)
CHOICE = Choice(signature=[SIG], banner=[BAN, BIS])


def test_templates_go_in_and_the_first_message_that_the_thread_has_not() -> None:
    assert candidates(CHOICE, ()) == (("signature", SIG), ("banner", BAN))
    assert candidates(CHOICE, {"bbbbbbbb"}) == (("signature", SIG), ("banner", BIS))
    assert candidates(CHOICE, {"aaaaaaaa", "bbbbbbbb", "cccccccc"}) == ()


def test_what_is_kept_are_templates_without_tokens() -> None:
    kept = templates(Choice(signature=[Candidate("s.p", "aaaaaaaa", "template", ["token"])], banner=[BAN]))
    assert kept == (("signature", Candidate("s.p", "aaaaaaaa", "template", [])),)


@given(
    st.lists(st.tuples(st.lists(st.integers(-3, 8)), st.booleans()), min_size=1, max_size=4),
    st.lists(st.sampled_from("abcdef"), max_size=6),
    st.lists(st.sampled_from("xyz"), max_size=3),
)
def test_everybody_is_in_exactly_one_copy_whatever_the_edge_says(
    parts: list[tuple[list[int], bool]], shown: list[str], bcc: list[str]
) -> None:
    answer = Answer("pk", [Copy(to, rest, CHOICE, CHOICE, CHOICE) for to, rest in parts])
    copies = choose(answer, "new", (), shown, bcc)
    everybody = [address for copy in copies for address in copy.recipients]
    assert sorted(everybody) == sorted({*shown, *bcc})
    named = [{shown[n] for n in part[0] if 0 <= n < len(shown)} for part in parts]
    for copy in copies:
        assert copy.rest == (not set(copy.recipients) <= named[copy.index])


@given(st.binary(max_size=200))
def test_reading_never_fails_and_line_ends_do_not_change_the_identity(mail: bytes) -> None:
    reading = read(mail, "alice@acme.test")
    assert reading.key == key_of(reading.message_id, mail)
    normal = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert digest(normal) == digest(normal.replace(b"\n", b"\r\n"))


def test_another_byte_is_another_mail() -> None:
    mail = b"From: a@b.c\r\nMessage-ID: <1@b.c>\r\n\r\nx\r\n"
    assert read(mail, "a@b.c").key != read(mail + b"y", "a@b.c").key


def test_what_is_added_is_the_same_at_every_attempt_and_another_in_another_run() -> None:
    mail = b"From: a@b.c\r\nTo: d@e.f\r\n\r\nx\r\n"
    reading = read(mail, "a@b.c")
    assert named(mail, reading, 1, 1_000) == named(mail, reading, 1, 1_000)
    assert named(mail, reading, 1, 1_000)[1] != named(mail, reading, 2, 1_000)[1]


def test_as_written_means_every_byte_and_bcc_stays_at_home() -> None:
    mail = b"From: a@b.c\r\nTo: d@e.f\r\nBcc: g@h.i,\r\n j@k.l\r\nDate: x\r\nMessage-ID: <1@b.c>\r\n\r\nx\r\n"
    dressed = as_written(mail, read(mail, "a@b.c"), run=1, now_ms=0, reason="")
    assert dressed.copies == (mail,) and dressed.outfit.copies == (("d@e.f", "g@h.i", "j@k.l"),)
    assert on_the_wire(mail) == mail.replace(b"Bcc: g@h.i,\r\n j@k.l\r\n", b"")


@given(
    st.lists(
        st.sampled_from(["\r", "\n", "\r\n", " ", "X-A: b", "Bcc: bob@b.c", "bcc :x@y.z", "Resent-Bcc: d@e"])
    )
)
def test_no_line_end_hides_a_bcc(pieces: list[str]) -> None:
    mail = b"From: a@b.c\r\nX-A: b" + "".join(pieces).encode() + b"\r\nSubject: x\r\n\r\nBody\r\n"
    wire = on_the_wire(mail)
    assert not mime.header_values(wire, "Bcc") and not mime.header_values(wire, "Resent-Bcc")
    assert wire == smtp.evened(wire), "nothing changes any more behind the strip"


def test_a_bcc_behind_a_bare_cr_is_not_shown() -> None:
    mail = b"From: a@b.c\r\nX-A: b\rBcc: bob@b.c\r\nTo: d@e.f\r\n\r\nx\r\n"
    assert on_the_wire(mail) == b"From: a@b.c\r\nX-A: b\r\nTo: d@e.f\r\n\r\nx\r\n"

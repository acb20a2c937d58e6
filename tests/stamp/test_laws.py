"""Every law, on every mail there is: our own, other projects', and what hypothesis makes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.stamp import (
    Untouched,
    boundary,
    consent,
    marks_in_quote,
    marks_of_ours,
    stamp,
    unstamp,
    variant,
)
from tests.stamp.laws import CORPORA, MAILS, PICTURED, PLAIN, RICH, check_laws
from tests.stamp.made import mails

OURS = sorted(MAILS.glob("*.eml"))
THEIRS = sorted(CORPORA.glob("*/*.eml")) if CORPORA.is_dir() else []


#: Which order a mail is stamped with, and with which again.
PAIRS = ((RICH, PLAIN), (PLAIN, RICH), (PICTURED, RICH), (RICH, PICTURED))


def pair_of(path):
    """The pair that this mail has in the small run; the long run tries all."""
    return PAIRS[sum(path.name.encode()) % len(PAIRS)]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_mail_of_ours_is_stamped_and_keeps_every_law(path):
    assert not isinstance(check_laws(path.read_bytes(), *pair_of(path)), Untouched)


@pytest.mark.skipif(not THEIRS, reason="../shared/corpora is not here")
@pytest.mark.parametrize("path", THEIRS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_mail_of_other_projects_keeps_every_law(path):
    check_laws(path.read_bytes(), *pair_of(path))


@pytest.mark.parametrize("path", OURS[::3], ids=lambda path: path.stem)
def test_a_mail_with_other_line_ends_keeps_every_law(path):
    mail = path.read_bytes().replace(b"\r\n", b"\n")
    end = b"\n" if path.read_bytes().find(b"\r\n") >= 0 else b"\r\n"
    check_laws(mail.replace(b"\n", end), *pair_of(path))


@pytest.mark.long
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].name}-{pair[1].name}")
@pytest.mark.parametrize("path", OURS + THEIRS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_mail_keeps_every_law_with_every_order_and_either_line_end(path, pair):
    mail = path.read_bytes()
    bare = mail.replace(b"\r\n", b"\n")
    for held in (mail, bare, bare.replace(b"\n", b"\r\n")):
        check_laws(held, *pair)


@settings(max_examples=150, deadline=None)
@given(mails())
def test_a_made_mail_keeps_every_law(mail):
    check_laws(mail)


@settings(max_examples=100, deadline=None)
@given(mails())
def test_a_made_mail_takes_pictures_and_keeps_every_law(mail):
    check_laws(mail, PICTURED, PLAIN)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing(data):
    check_laws(data)
    consent(data)
    variant(data)
    marks_in_quote(data)
    marks_of_ours(data)
    unstamp(data)


@settings(max_examples=100, deadline=None)
@given(mails(), st.sampled_from([RICH, PICTURED]), st.data())
def test_a_broken_mail_raises_nothing_and_keeps_every_law(mail, order, data):
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mail)))
        new = data.draw(
            st.sampled_from([b"", b"\n", b"\r", b"--", b"=", b"\0", b"\xff", b"<", b">", b'"', b"\n\n"])
        )
        mail = mail[:at] + new + mail[at + data.draw(st.integers(0, 3)) :]
    check_laws(mail, order)


@settings(max_examples=100, deadline=None)
@given(mails(), st.sampled_from([RICH, PICTURED]), st.data())
def test_a_damaged_stamp_raises_nothing(mail, order, data):
    answer = stamp(mail, order)
    if isinstance(answer, Untouched):
        return
    stamped = answer.bytes()
    at = data.draw(st.integers(0, len(stamped)))
    damaged = stamped[:at] + data.draw(st.binary(max_size=3)) + stamped[at + data.draw(st.integers(0, 3)) :]
    unstamp(damaged)
    stamp(damaged, PLAIN)
    boundary(damaged)

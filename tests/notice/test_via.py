"""What leaves via an address of the PEN's: how it is called, that its author is proven, and that theirs comes back."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from contract.notice_vectors import CAROL, VIA
from hypothesis import given
from hypothesis import strategies as st

from stationer import notice
from stationer.notice.via import Via, authors_of, written
from tests.notice.made import AT, PEN, mail, pen, refusal, sent

HERE = "notify@mail.harbourdental.example"


def from_of(author: str, house: str = "ACME") -> str:
    """The From of what goes via a PEN of this name."""
    made = sent(mail(f"From: {author}", "To: b@example.net"), pen(name=house), via=VIA)
    return str(message_from_bytes(made, policy=policy.default)["From"])


@pytest.mark.parametrize(
    ("author", "house", "shown"),
    [
        ("Carol <c@example.org>", "ACME", f"Carol via ACME <{HERE}>"),
        ("c@example.org", "ACME", f"ACME <{HERE}>"),
        ('"c@example.org" <c@example.org>', "ACME", f"ACME <{HERE}>"),
        ("www.bank.example <c@example.org>", "ACME", f"ACME <{HERE}>"),
        ("Carol <c@example.org>", "acme.example", HERE),
        ("Carol <c@example.org>", "a // b", HERE),
        ("=?utf-8?Q?J=C3=BCrgen?= <c@example.org>", "ACME", f"Jürgen via ACME <{HERE}>"),
        ('"Carol \\"C\\" \\\\" <c@example.org>', "ACME", f'"Carol \\"C\\" \\\\ via ACME" <{HERE}>'),
        ('"Smith, Carol" <c@example.org>', "A, B; C", f'"Smith, Carol via A, B; C" <{HERE}>'),
        ("=?utf-8?B?Q2Fyb2wNClRvOiBl?= <c@example.org>", "ACME\r\nBcc: e", f'"Carol To: e via ACME Bcc: e" <{HERE}>'),
    ],
)  # fmt: skip
def test_it_is_called_by_its_author_and_the_pen_and_never_by_an_address(author, house, shown):
    assert from_of(author, house) == shown


def test_a_name_is_as_long_as_may_be_and_its_lines_can_travel():
    for letter in "Wü":
        made = sent(
            mail(f'From: "{letter * 200}" <c@example.org>', "To: b@example.net"), pen(name=letter * 200), via=VIA
        )  # fmt: skip
        name = str(make_header(decode_header(message_from_bytes(made)["From"])))
        assert name == f"{letter * 79}… via {letter * 79}… <{HERE}>"
        assert max(map(len, made.split(b"\r\n"))) <= 998
        assert refusal(made) == ""


def test_nothing_of_the_authors_own_addresses_is_in_a_field_that_filters_compare():
    made = message_from_bytes(sent(CAROL, via=VIA), policy=policy.default)
    assert (made["Sender"], made["Reply-To"]) == (None, None)
    assert "Carol Winter" in made.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("to", "reply_to", "there"),
    [
        ("b@other.example", "carol@third.example", True),
        ("b@harbourdental.example", "carol@third.example", False),
        ("b@other.example, b@post.harbourdental.example", "carol@third.example", False),
        ("b@harbourdental.example", "carol@mail.harbourdental.example", True),
        ("b@harbourdental.example", "carol@MAIL.harbourdental.example", True),
        ("b@other.example", "", False),
    ],
)
def test_answers_lead_out_of_no_company(to, reply_to, there):
    made = sent(mail("From: carol@third.example", f"To: {to}"), via=Via(HERE, reply_to))
    assert message_from_bytes(made)["Reply-To"] == (reply_to.lower() if there else None)


def test_what_is_no_address_is_a_callers_fault():
    for address, reply_to in (("", ""), ("nobody", ""), ("a@b\r\nBcc: e", ""), (HERE, "nobody")):
        with pytest.raises(ValueError, match=r"address|control"):
            notice.compose(CAROL, PEN, "m", AT, via=Via(address, reply_to))


def test_a_mail_of_too_many_authors_is_refused():
    def by(count: int) -> notice.Notification | notice.Refused:
        authors = ", ".join(f"ü{one}@straße{one}.example" for one in range(count))
        return notice.compose(mail(f"From: {authors}", "To: b@example.net"), PEN, "m", AT, via=VIA)

    assert by(51) == notice.Refused("unparseable")
    made = by(50)
    assert isinstance(made, notice.Notification)
    proof = notice.read(made.mail, PEN)
    assert isinstance(proof, notice.Proof)
    assert len(proof.parties.authors) == 50


@given(st.text(max_size=60), st.text(max_size=40), st.sampled_from(["c@example.org", '"c, d;="@example.org', "ç@straße.example"]))  # fmt: skip
def test_whatever_people_are_called_the_author_is_proven_and_theirs_comes_back(name, house, address):
    plain = "".join(char if char.isprintable() and char not in '"\\' else " " for char in name)
    content = mail(f'From: "{plain}" <{address}>', "To: b@example.net", "Subject: x")
    pens = pen(name=house)
    made = notice.compose(content, pens, "m", AT, via=VIA)
    assert isinstance(made, notice.Notification)
    restored = notice.restore(made.mail, content, pens)
    if isinstance(restored, notice.NotRestored):  # the PEN's own name reads as a link in its words
        assert restored.reason == "other-host"
        return
    assert restored.proof.via == HERE
    assert restored.proof.parties.authors == (notice.canonical(address),)
    assert restored.mail.endswith(content)
    assert restored.changed == ()
    assert HERE.encode() not in restored.mail


@given(st.text(max_size=60))
def test_the_parameter_is_read_without_a_fault_and_only_as_it_is_written(text):
    found = authors_of(text)
    assert found is None or written(found).replace("\n ", "").lower() == text.lower()

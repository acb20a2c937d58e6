"""Whatever a product gives back, the judge has a verdict: it never raises, and never calls a spoilt mail right."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stationer import conformance
from stationer.conformance import Block
from tests.conformance.saboteurs import done, right

SMALL = [case for case in conformance.cases() if not case.large]


@st.composite
def answers(draw: st.DrawFn) -> tuple[conformance.Case, bytes]:
    """A case, and an answer that is the right one after a few cuts, copies and foreign octets."""
    case = draw(st.sampled_from(SMALL))
    data = bytearray(right(conformance.mail_of(case)).output)
    for _ in range(draw(st.integers(1, 4))):
        at, to = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        what = draw(st.sampled_from(("cut", "copy", "put", "zero")))
        put = draw(st.binary(max_size=12))
        piece = {
            "cut": b"",
            "copy": bytes(data[at:to]) * 2,
            "put": bytes(data[at:to]) + put,
            "zero": b"\0<!--\"'&#x;",
        }
        data[at:to] = piece[what]
    return case, bytes(data)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers())
def test_any_answer_gets_a_verdict(made: tuple[conformance.Case, bytes]) -> None:
    case, answer = made
    verdict = conformance.judge(case, conformance.mail_of(case), lambda _: done(answer), Block())
    assert verdict.marks[0].law == "answers"
    assert all(mark.held == (not mark.said) for mark in verdict.marks)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([case for case in SMALL if case.expect == "insert"]), st.data())
def test_a_letter_of_the_authors_that_is_gone_is_always_noticed(
    case: conformance.Case, data: st.DataObject
) -> None:
    mail = conformance.mail_of(case)
    at = data.draw(st.sampled_from([at for at in range(len(mail)) if mail[at : at + 1].isalnum()]))
    line = mail[mail.rfind(b"\n", 0, at) + 1 : mail.find(b"\n", at)].lower()
    if b"charset" in line or b"encoding" in line:
        return  # how a body is written may change: utf8 is utf-8
    spoilt = right(mail[:at] + mail[at + 1 :]).output
    verdict = conformance.judge(case, mail, lambda _: done(spoilt), Block())
    assert not verdict.held, mail[max(0, at - 20) : at + 20]

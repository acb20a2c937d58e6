"""Authentication-Results that a stranger had a hand in prove nobody; those of the own server do (RFC 8601, CVE-2020-12272)."""

from __future__ import annotations

import pytest

from stationer.portal.trial.judging import Box, judge
from stationer.portal.trial.results import Unclear, results_in, server_of

BOX = Box("try@us.example", "mx.us.example")
RECEIVED = "from somewhere.example by mx.us.example with ESMTPS; Sun, 22 Nov 2026 10:00:00 +0000"
FORGED = "mx.us.example; dmarc=pass header.from=victim.example"
GOOD = "dkim=pass header.d=victim.example"


def mail(*head):
    """A mail in the name of victim.example with these fields on top, each a name and a value."""
    top = "".join(f"{name}: {value}\r\n" for name, value in head)
    rest = "From: Boss <boss@victim.example>\r\nTo: try@us.example\r\nSubject: x\r\n\r\nhello\r\n"
    return f"Return-Path: <boss@victim.example>\r\n{top}{rest}".encode()


def proven(results):
    """Whom a mail with these results, where the own server puts them, is answered to."""
    field = ("Authentication-Results", f"mx.us.example; {results}")
    return judge(mail(field, ("Received", RECEIVED)), BOX).sender


NOT_THEIRS = {
    "a quoted HELO": 'spf=none smtp.helo="x; dkim=pass header.d=victim.example"',
    "a quoted local part": 'dkim=pass header.d=evil.example header.i="x header.d=victim.example"@evil.example',
    "a result in a local part": 'dkim=pass header.d=evil.example header.i="a; dkim=pass header.d=victim.example"@evil.example',
    "a bracket in a domain": "dkim=pass header.d=victim.example(.evil.example header.i=@evil.example header.s=x)",
    "a bracket behind a blank": "dkim=pass header.d=victim.example (.evil.example header.i=@evil.example header.s=x)",
    "a bracket behind a key's size": "dkim=pass (2048-bit key; unprotected) header.d=victim.example(.evil.example header.s=x)",
    "brackets that hide a failure": 'spf=none smtp.helo="("; dmarc=fail header.from=victim.example; dkim=pass header.d=evil.example header.i=")@evil.example"; dkim=pass header.d=evil.example header.i="x header.d=victim.example"@evil.example',
    "a reason": 'dkim=pass reason="dkim=pass header.d=victim.example" header.d=evil.example',
    "a selector": 'dkim=pass header.d=evil.example header.s="header.d=victim.example"',
    "an escaped quote": r'spf=none smtp.helo="x\"; dkim=pass header.d=victim.example"',
    "comments in one another": f"dkim=none (a (b) ; {GOOD}; (c))",
    "an escaped bracket": rf"dkim=none (a \) ; {GOOD} )",
    "a quote that a comment cuts": f'spf=none (domain of "a) ; {GOOD} ; x=y (b"@evil.example says so)',
    "a comment in the middle of a word": f"spf=none smtp.helo=x (a);{GOOD}(b)",
    "a comment before a domain": "dkim=pass header.d=(evil.example)victim.example",
    "an open quote": f'{GOOD}; spf=none smtp.helo="x',
    "an open bracket": f"{GOOD}; spf=none (x",
    "a bracket too many": f"{GOOD}; spf=none x)",
    "a stray backslash": f"{GOOD}; spf=none smtp.helo=\\x",
    "two domains": f"{GOOD} header.d=evil.example",
    "two domains, the other first": "dkim=pass header.d=evil.example header.d=victim.example",
    "two in From": "dmarc=pass header.from=victim.example header.from=evil.example",
    "no host": f"dmarc=pass header.from=boss@victim.example; {GOOD}",
    "a domain of pieces": 'dkim=pass header.d=victim.example""',
    "a domain without a value": f"dkim=pass header.d= header.i=@victim.example; {GOOD}",
    "half a property": f"dkim=pass header.d; {GOOD}",
    "two results in one": "dkim=none dkim=pass header.d=victim.example; spf=none pass",
    "a name in three words": f"x y; {GOOD}",
}  # fmt: skip


@pytest.mark.parametrize("results", NOT_THEIRS.values(), ids=NOT_THEIRS)
def test_what_a_stranger_wrote_into_the_results_proves_nobody(results):
    assert proven(results) == ""


@pytest.mark.parametrize(
    "results",
    [
        GOOD,
        "dmarc=pass(p=REJECT) header.from=victim.example",
        "DKIM/1 = PASS (2048-bit key; unprotected) header.d=Victim.Example header.i=@victim.example header.b=\"a/b+c=\"; spf=none;",
        "dkim=pass (1024-bit key) header.d=victim.example header.b=a/b+c== header.a=rsa-sha256; dkim-atps=neutral",
        'dkim=pass header.d="victim.example" header.i="the boss; (a)"@victim.example',
        "spf=pass (mailfrom) smtp.mailfrom=victim.example (client-ip=192.0.2.1; helo=a; receiver=b); dmarc=pass (p=none dis=none) header.from=victim.example",
        "spf=pass (us: domain of boss@victim.example (a \\) b)) smtp.mailfrom=<>; dmarc=pass action=none header.from=victim.example; compauth=pass reason=100",
        "dkim=pass header.d=evil.example; dkim=pass header.d=victim.example",
    ],
)  # fmt: skip
def test_what_servers_write_of_a_sender_is_read(results):
    assert proven(results) == "boss@victim.example"


def test_a_field_says_whose_it_is_before_anything_else():
    assert server_of('(a;(b)) "MX.us.example" 1; none') == "mx.us.example"
    assert server_of("(mx.us.example; none") == server_of("") == ""
    assert results_in("mx.us.example 1; none") == []
    with pytest.raises(Unclear):
        results_in("mx.us.example dkim=pass header.d=victim.example")


OWN = ("Authentication-Results", "mx.us.example; dkim=none")
LIE = ("Authentication-Results", FORGED)
HOP = ("Received", RECEIVED)


@pytest.mark.parametrize("handed_on", [0, 1])
@pytest.mark.parametrize("forged", [1, 5])
def test_forged_fields_that_the_server_left_in_place_stand_below_its_own_received(handed_on, forged):
    box = Box("try@us.example", "mx.us.example", handed_on=handed_on)
    top = [HOP] * handed_on  # as Dovecot puts one down above what Postfix wrote
    for own in ([], [OWN]):
        assert judge(mail(*top, *own, HOP, *[LIE] * forged, HOP, *[LIE] * forged), box).why == "unproven"
    assert judge(mail(*top, LIE, HOP, *[OWN] * forged), box).sender == "boss@victim.example"


def test_a_mail_of_which_no_server_says_where_it_came_from_proves_nobody():
    assert judge(mail(LIE), BOX).why == "unproven"
    assert judge(mail(LIE, HOP), Box("try@us.example", "mx.us.example", handed_on=1)).why == "unproven"

"""Name servers, certificates and policies are asked for real, on loopback; silence is an answer."""

from __future__ import annotations

import datetime
import ssl

import pytest

from stationer import repute
from stationer.lookup import Asker
from stationer.repute import Answer, Question
from tests.lookup.world import certificate, name_server, tls_server

FAR = datetime.datetime(2049, 1, 1, tzinfo=datetime.UTC)
HTTP = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"


def only(asker, name, kind):
    asker.ask([Question(name, kind)])
    return asker.known[Question(name, kind)]


def test_records_of_every_kind_are_read():
    zone = {
        ("acme.example", "TXT"): ['"v=spf1 " "-all"', '"caf\\195\\169"'],
        ("acme.example", "MX"): ["10 Mail.acme.example.", "0 ."],
        ("mail.acme.example", "A"): ["192.0.2.1"],
        ("mail.acme.example", "AAAA"): ["2001:db8::1"],
        ("1.2.0.192.in-addr.arpa", "PTR"): ["mail.acme.example."],
    }
    with name_server(zone) as server:
        asker = Asker(server.resolver())
        assert set(only(asker, "acme.example", "TXT").records) == {"v=spf1 -all", "café"}
        assert set(only(asker, "acme.example", "MX").records) == {"10 Mail.acme.example", "0 ."}
        assert only(asker, "mail.acme.example", "A") == Answer("found", ("192.0.2.1",))
        assert only(asker, "mail.acme.example", "AAAA") == Answer("found", ("2001:db8::1",))
        assert only(asker, "1.2.0.192.in-addr.arpa", "PTR") == Answer("found", ("mail.acme.example",))


def test_not_there_is_none_and_silence_and_faults_are_failed():
    zone = {
        ("there.example", "A"): ["192.0.2.1"],
        ("slow.example", "A"): None,
        ("ill.example", "A"): "SERVFAIL",
        ("closed.example", "A"): "REFUSED",
    }
    with name_server(zone) as server:
        asker = Asker(server.resolver(), patience_s=0.3)
        assert only(asker, "gone.example", "A") == Answer("none")
        assert only(asker, "there.example", "TXT") == Answer("none")
        for name in ("slow.example", "ill.example", "closed.example", "a" * 64 + ".example"):
            answer = only(asker, name, "A")
            assert (answer.state, answer.records) == ("failed", ()) and answer.said


def test_what_is_missing_is_asked_until_nothing_is_and_nothing_twice():
    zone = {
        ("acme.example", "TXT"): ['"v=spf1 include:one.example -all"'],
        ("one.example", "TXT"): ['"v=spf1 include:two.example ip4:192.0.2.1 -all"'],
        ("two.example", "TXT"): ['"v=spf1 ip4:198.51.100.1 -all"'],
    }
    with name_server(zone) as server:
        asker = Asker(server.resolver())
        assert asker.settle(lambda book: repute.spf.check("acme.example", ["192.0.2.1"], book)) == []
        assert asker.settle(lambda book: repute.spf.check("acme.example", ["192.0.2.1"], book)) == []
        assert sorted(server.asked) == sorted(zone)


def test_when_time_is_over_nobody_is_asked_any_more():
    with name_server({}) as server:
        asker = Asker(server.resolver(), whole_s=10.0, clock=iter([0.0, 11.0]).__next__)
        assert only(asker, "acme.example", "TXT").said == "there was no time left to ask"
        assert server.asked == []


def test_whoever_always_wants_more_is_stopped():
    asked = []

    def greedy(book):
        asked.append(len(asked))
        return book.get(f"n{len(asked)}.example", "A").state

    with name_server({}) as server:
        assert Asker(server.resolver()).settle(greedy) == "failed"
    assert len(asked) == 25


@pytest.fixture
def trusted(tmp_path):
    public, private = certificate(tmp_path, "mta-sts.acme.example", FAR)
    return public, private, ssl.create_default_context(cafile=str(public))


def test_a_certificate_says_when_it_ends_or_why_it_is_not_valid(trusted):
    public, private, context = trusted
    zone = {(name, "A"): ["127.0.0.1"] for name in ("mta-sts.acme.example", "other.example")}
    with name_server(zone) as server, tls_server(public, private, b"") as port:
        asker = Asker(server.resolver(), inside=True, trusted=context)
        fine = only(asker, f"mta-sts.acme.example:{port}", "TLS")
        assert fine == Answer("found", (str(int(FAR.timestamp()) * 1000),))
        assert "match" in only(asker, f"other.example:{port}", "TLS").said
        assert only(asker, f"other.example:{port}", "TLS").state == "none"
        unknown = only(Asker(server.resolver(), inside=True), f"mta-sts.acme.example:{port}", "TLS")
        assert unknown.state == "none" and "self" in unknown.said
        assert only(asker, f"gone.example:{port}", "TLS").state == "failed"
    nobody = Asker(server.resolver(), inside=True, patience_s=0.2)
    assert only(nobody, f"mta-sts.acme.example:{port}", "TLS").state == "failed"


def test_private_places_are_not_asked_unless_somebody_says_so(trusted):
    public, private, context = trusted
    zone = {("mta-sts.acme.example", "A"): ["127.0.0.1"]}
    with name_server(zone) as server, tls_server(public, private, b"") as port:
        asker = Asker(server.resolver(), trusted=context)
        answer = only(asker, f"mta-sts.acme.example:{port}", "TLS")
    assert answer.state == "failed" and "no address that can be asked" in answer.said


@pytest.mark.parametrize(
    ("says", "state", "told"),
    [
        (HTTP % (b"200 OK", 15, b"version: STSv1\n"), "found", "version: STSv1\n"),
        (HTTP % (b"404 Not Found", 0, b""), "none", "HTTP 404"),
        (HTTP % (b"301 Moved", 0, b""), "none", "HTTP 301"),
        (b"what?\r\n\r\n", "failed", "what?"),
        (b"", "failed", ""),
    ],
)
def test_a_policy_is_fetched_and_never_led_elsewhere(trusted, says, state, told):
    public, private, context = trusted
    zone = {("mta-sts.acme.example", "A"): ["127.0.0.1"]}
    with name_server(zone) as server, tls_server(public, private, says) as port:
        asker = Asker(server.resolver(), inside=True, trusted=context, https_port=port)
        answer = only(asker, "acme.example", "POLICY")
    assert answer.state == state
    assert told in (*answer.records, answer.said)[0]


def test_a_policy_behind_another_certificate_is_none(trusted):
    public, private, context = trusted
    zone = {("mta-sts.other.example", "A"): ["127.0.0.1"]}
    with name_server(zone) as server, tls_server(public, private, b"") as port:
        asker = Asker(server.resolver(), inside=True, trusted=context, https_port=port)
        assert only(asker, "other.example", "POLICY").state == "none"

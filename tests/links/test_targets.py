"""Where a link may lead (contract/links.md §1): what reads as one place and leads to another is refused."""

from __future__ import annotations

import pytest

from stationer import links
from stationer.wire.content import Field, Target


@pytest.mark.parametrize(
    "target",
    [
        "https://acme.example", "http://acme.example:8080/a?b=c#d", "HTTPS://Acme.Example/", "https://[2001:db8::1]/",
        "https://münchen.example/straße", "https://acme.example/a b", "https://acme.example/?mail=a@b.example",
        "https://acme.example/a//b", "mailto:a@acme.example", "tel:+44", "#", "#top",
        (Field("website"),), ("https://", Field("shop"), ".acme.example/"), ("https://acme.example/", Field("name")),
    ],
)  # fmt: skip
def test_these_are_taken(target: Target) -> None:
    assert links.fault(target) == ""


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("javascript:alert(1)", "is no address"),
        ("JaVaScRiPt:alert(1)", "is no address"),
        ("data:text/html,x", "is no address"),
        ("vbscript:x", "is no address"),
        ("file:///etc/passwd", "is no address"),
        ("ftp://acme.example/", "is no address"),
        ("", "is no address"),
        ("/path", "is no address"),
        ("acme.example", "is no address"),
        ("mailto:", "is no address"),
        ("//evil.example/", "does not say whether"),
        ("https:/acme.example/", "is no address"),
        ("https:acme.example", "is no address"),
        ("https://acme.example\\@evil.example/", "backslash"),
        ("https:\\\\evil.example", "backslash"),
        ("mailto:a\\b", "backslash"),
        ("https://acme.example@evil.example/", "user name"),
        ("https://user:word@evil.example/", "user name"),
        ("https://@evil.example/", "user name"),
        ("https://", "names no website"),
        ("https:///path", "names no website"),
        ("https://?x", "names no website"),
        ("https://:443/", "names no website"),
        ("https://a%2fb/", "names no website"),
        ("https://a b/", "names no website"),
        ("https://[zz]/", "names no website"),
        ("https://acme.example:x/", "names no website"),
        ("https://acme.example/\n//evil.example", "nobody sees"),
        ("java\tscript:alert(1)", "nobody sees"),
        ("https://acme.example/\u202egpj.exe", "nobody sees"),
        ("https://acme.example/\ud800", "nobody sees"),
        (("javascript:", Field("name")), "is no address"),
        (("https://", Field("user"), "@evil.example/"), "user name"),
        ((), "no address"),
    ],
)
def test_these_are_refused_with_the_reason(target: Target, why: str) -> None:
    assert why in links.fault(target)


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("HTTPS://acme.example/a b?c=ä%20#é", "https://acme.example/a%20b?c=%C3%A4%20#%C3%A9"),
        ("https://münchen.example:8443/straße", "https://xn--mnchen-3ya.example:8443/stra%C3%9Fe"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("http://acme.example", "http://acme.example"),
        ("mailto:a@acme.example", ""),
        ("javascript:alert(1)", ""),
        ("https://user@acme.example/", ""),
        ("https://a\u2488b.example.\u00fc" + "x" * 70, ""),
    ],
)
def test_a_location_is_ascii_and_leads_to_a_website_or_is_none(target: str, written: str) -> None:
    assert links.location(target) == written

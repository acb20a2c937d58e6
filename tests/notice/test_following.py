"""Where a body leads, read as the most generous program would (contract/notice.md §4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.notice.following import leads_away, text_leads_away
from tests.notice.made import mail

HOST = "mail.acme.example"
STAYS = (
    '<a href="https://mail.acme.example/m/1">mail.acme.example</a>', "<a href='https://MAIL.acme.example?x'>", "<a href=#top>",
    '<a href="mailto:a@evil.example">', '<a href="tel:+44">', '<img src="cid:logo">', '<a href="">', "<a href>", "evil.example", "a@evil.example",
    "see https://mail.acme.example.", 'href = "https&#58;//mail.acme.example/"', "<!doctype html>", "and/or", "1/2/2026",
)  # fmt: skip
AWAY = (
    '<a href="https://evil.example/">', "<a href=https://evil.example>", "<a href='//evil.example'>", '<a href="http://mail.acme.example/">',
    '<a href="https://mail.acme.example@evil.example/">', '<a href="https://mail.acme.example.evil.example/">', '<a href="https:\\\\evil.example">',
    '<a href="ht\ntps://evil.example">', '<a href="&#104;ttps://evil.example">', '<a href="https:evil.example">', '<a href="/m/1">',
    '<a href="javascript:alert(1)">', '<img src="data:image/png;base64,">', '<base href="x:">', '<form action="x">', '<a href="https://mail.acme.example:8443/">',
    '<meta http-equiv=refresh content="0; url=evil">', '<p style="background:url(//evil.example/a)">', "go to https://evil.example now", "www.evil.example",
    "<a title='href=\"' href=evil>", '<a title="href=\'" href=x:y>', "h&#116;tps&colon;//evil.example", "\\\\evil.example\\share", '<a href="https://">',
    '<img srcset="x 2x">', '<a xlink:href="x">', "//",
)  # fmt: skip


@pytest.mark.parametrize("page", STAYS)
def test_what_stays_on_the_host_stays(page):
    assert not text_leads_away(page, HOST, is_html=True)


@pytest.mark.parametrize("page", AWAY)
def test_what_leads_elsewhere_does(page):
    assert text_leads_away(page, HOST, is_html=True)


@pytest.mark.parametrize("host", ["localhost:8000", "harbour.localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_on_ones_own_machine_links_have_its_port_and_no_tls(host):
    for page in (
        f'<a href="http://{host}/m/1">{host}</a>',
        f"<a href='HTTP://{host.upper()}'>",
        f"see http://{host}/m/1.",
    ):
        assert not text_leads_away(page, host, is_html=True), page
    for other in (f"https://{host}/", f"http://{host}1/", f"http://a@{host}/", f"http://{host}.example/", "http://localhost:1/", "http://[::1]:80/",
                  "http://[::2]:8000/", "http://[::1", "//", "https://mail.acme.example/", f"ftp://{host}/"):  # fmt: skip
        assert text_leads_away(f'<a href="{other}">', host, is_html=True), other


def test_a_host_of_the_world_is_never_reached_without_tls():
    for page in (
        '<a href="http://mail.acme.example/">',
        '<a href="https://localhost/">',
        "<a href=http://localhost:8000/>",
        "http://[::1]/",
    ):
        assert text_leads_away(page, HOST, is_html=True), page


def test_in_plain_text_only_what_programs_link_counts():
    assert text_leads_away("https://evil.example", HOST, is_html=False)
    assert not text_leads_away('href="evil" &#47;&#47;evil', HOST, is_html=False)


def test_every_part_is_looked_at_and_what_cannot_be_leads_away():
    for kind, coding, body, away in (
        ("text/html", "7bit", "<a href=x>", True),
        ("text/html", "quoted-printable", "=3Ca=20href=3Dx>", True),
        ("text/html; charset=unheard-of", "7bit", "<a href=x>\udcff", True),
        ("text/html; charset=utf-16", "7bit", "<a href=x:y >", True),
        ("text/html; charset=utf-7", "7bit", "+ADw-a href+AD0-x+AD4-", True),
        ("text/html; charset=utf-8", "8bit", "é <a href='https://mail.acme.example/m/1'>é</a>", False),
        ("text/html", "unheard-of", "words", True),
        ("text/html", "base64", "d29yZHM=", False),
        ("text/html", "base64", "d29yZHM=*", True),
        ("text/html", "base64", "PGEgaHJl_j14Pg", True),
        ("text/plain", "base64", "aHR0cHM6Ly9ldmlsLmV4YW1wbGU=", True),
        ("image/png", "base64", "iVBORw0KGgo=", False),
        ("image/png", "unheard-of", "iVBORw0KGgo=", True),
        ("image/svg+xml", "7bit", "words", True),
        ("application/xhtml+xml", "7bit", "words", True),
        ("application/octet-stream", "7bit", "words", True),
        ("message/rfc822", "7bit", "Subject: x\r\n\r\nwords", True),
        ("text/calendar", "7bit", "words", True),
        ("multipart/mixed; boundary=b", "7bit", "words", True),
        ("multipart/mixed; boundary=b", "7bit", "--b\r\n\r\nwords\r\n--b--\r\n", False),
        (
            "multipart/mixed; boundary=b",
            "7bit",
            "--b\r\nContent-Type: text/css\r\n\r\nwords\r\n--b--\r\n",
            True,
        ),
        ("multipart/mixed", "7bit", "--b\r\n\r\nwords\r\n--b--\r\n", True),
        ("text/plain\r\nContent-Type: text/html", "7bit", "words", True),
        ("text/plain\r\nX-A: a\r\nX-A: b", "7bit", "words", False),
    ):
        given_mail = mail(
            "From: a@b.example", f"Content-Type: {kind}", f"Content-Transfer-Encoding: {coding}", body=body
        )
        assert leads_away(given_mail, HOST) is away, (kind, coding, body)


@pytest.mark.parametrize("begun", ["href=#", "href=#&amp;"])
def test_no_address_is_read_again_and_again_to_the_end(begun):
    # as often as its square this would be read for minutes
    assert text_leads_away(begun * 50_000, HOST, is_html=True)


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_an_address_has_an_end(quote):
    def link(length: int) -> str:
        return f"<a href={quote}#{'a' * (length - 1)}{quote}>"

    assert not text_leads_away(link(2_000), HOST, is_html=True)
    assert text_leads_away(link(2_001), HOST, is_html=True)


def test_a_body_that_is_too_large_is_not_looked_at():
    head = "Content-Type: text/plain"
    assert not leads_away(mail(head, body="a" * 300_000), HOST)
    assert leads_away(mail(head, body="a" * 300_001), HOST)


@given(st.text(max_size=300), st.booleans())
def test_any_text_can_be_looked_at(text, is_html):
    assert text_leads_away(text, HOST, is_html=is_html) in (True, False)


@given(st.binary(max_size=300))
def test_any_mail_can_be_looked_at(octets):
    assert leads_away(b"Content-Type: text/html\r\n\r\n" + octets, HOST) in (True, False)

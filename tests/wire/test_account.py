"""A mail server's address is one line that its author understands."""

from __future__ import annotations

import pytest

from stationer.wire.account import Server, is_loopback, parse_server


@pytest.mark.parametrize(
    ("text", "security", "server"),
    [
        ("mail.example.org:993", "tls", Server("mail.example.org", 993)),
        ("[2001:db8::1]:143", "starttls", Server("2001:db8::1", 143, "starttls")),
        ("127.0.0.1:1143", "plain", Server("127.0.0.1", 1143, "plain")),
        ("localhost:1143", "plain", Server("localhost", 1143, "plain")),
    ],
)
def test_an_address_is_a_host_and_a_port(text, security, server):
    assert parse_server(text, security) == server


@pytest.mark.parametrize(
    "text", ["", "mail.example.org", ":993", "mail:0", "mail:65536", "mail:imap", "mail:٩٩٣"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="is not HOST:PORT"):
        parse_server(text, "tls")


def test_a_password_leaves_this_machine_only_encrypted():
    with pytest.raises(ValueError, match="this machine only"):
        parse_server("mail.example.org:143", "plain")
    assert is_loopback("::1") and not is_loopback("127.0.0.1.example.org")

"""Mails for the vault's tests, and what keeps them."""

from __future__ import annotations

from base64 import encodebytes

from django.utils import timezone

from stationer.portal.access.models import ProvenDomain

PDF = bytes(range(256)) * 40
LETTER = (
    b"From: Alice Example <alice@acme.example>\r\n"
    b"To: =?utf-8?q?B=C3=B6b?= <bob@other.example>, carol@acme.example\r\n"
    b"Cc: Dora <dora@third.example>\r\n"
    b"Subject: =?utf-8?q?Angebot_f=C3=BCr?= March\r\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
    b"Message-ID: <one@acme.example>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=outer\r\n\r\n"
    b"--outer\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Dear Bob, the price is 12=E2=82=AC.\r\n"
    b'--outer\r\nContent-Type: application/pdf; name="offer.pdf"\r\n'
    b"Content-Disposition: attachment; filename*=utf-8''Angebot%20f%C3%BCr%20Bob.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(PDF).replace(b"\n", b"\r\n") + b"--outer--\r\n"
)
TO = ["bob@other.example", "Carol@acme.example", "dora@third.example", "blind@fourth.example"]


def prove(domain="acme.example"):
    """The PEN in scope has proven this domain: its members read with addresses in it."""
    ProvenDomain.objects.update_or_create(domain=domain, defaults={"proven_at": timezone.now()})

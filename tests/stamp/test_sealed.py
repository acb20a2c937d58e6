"""What a text or a file says of itself: CMS as text, OpenPGP in its binary form, and whose signature a file is."""

from __future__ import annotations

import base64

import pytest

from stationer.stamp import consent
from tests.stamp.test_consent import BASE64, ENVELOPED_CMS, SIGNED_CMS, TEXT, multi, quoted, single

#: Heads of what GnuPG 2.4 writes: to RSA, to X25519, to a password; a signature by RSA and one by Ed25519. And of
#: RFC 9580: to X25519 and to a password in its sixth version, a signature of that version.
PACKETS = {
    "to RSA": ("encrypted", "85010c03f51835d17e014656010800bc2d0c31662fc3"),
    "to X25519": ("encrypted", "845e03bbc56256b2c3b50612010740dd895d4dff41"),
    "to a password": ("encrypted", "8c0d0409030271f9a9cde02e9060ffd24001a5be"),
    "to X25519, version 6": ("encrypted", "c15d062106" + "12" * 32 + "1987cf18d5f1b53f817cce5a004cf3"),
    "to a password, version 6": ("encrypted", "c340061e07010b0308a5ae579d1fc5d82bff"),
    "a signature by RSA": ("signed", "8901400400010a002a162104804f031c5b7dda9395"),
    "a signature by Ed25519": ("signed", "888204001608002a1621045f5e1a9d8a550da556"),
    "a signature, version 6": ("signed", "c29806001b0a0000002905826398a363222106cb186c4f0609a697e4"),
}
SIGNATURE = PACKETS["a signature by RSA"][1]
KEY = "98330462550b5516092b06010401da470f010107401010"


def file(name: str, octets: str, kind: str = "application/octet-stream") -> str:
    coded = base64.encodebytes(bytes.fromhex(octets)).decode()
    return f"Content-Type: {kind}; name={name}\n{BASE64}\nContent-Disposition: attachment\n\n{coded}"


@pytest.mark.parametrize("name", PACKETS)
def test_a_binary_file_of_openpgp_is_known_by_its_first_packet(name):
    seal, octets = PACKETS[name]
    assert consent(multi("mixed", TEXT, file("noname", octets))) == seal
    raw = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\n" + bytes.fromhex(
        octets
    )
    framed = multi("mixed", TEXT, "X").replace(b"--b\nX", b"--b\n" + raw)
    assert consent(framed) == seal


@pytest.mark.parametrize(
    "octets", [KEY, "89504e470d0a1a0a0000000d49484452", "85010c", "c3bcc3a4c3b6206f6464", "ffd8ffe000104a46"]
)
def test_a_key_a_picture_and_words_are_none(octets):
    assert consent(multi("mixed", TEXT, file("noname", octets))) is None


@pytest.mark.parametrize("end", ["sig", "asc", "SIG", "gpg"])
def test_the_signature_of_a_file_that_is_there_leaves_the_mail_its_author_s(end):
    offer = file("offer.pdf", "25504446")
    assert consent(multi("mixed", TEXT, offer, file(f"Offer.pdf.{end}", SIGNATURE))) is None
    assert consent(multi("mixed", TEXT, file(f"offer.pdf.{end}", SIGNATURE))) == "signed"
    assert consent(multi("mixed", TEXT, offer, file(f"signature.{end}", SIGNATURE))) == "signed"
    armoured = (
        f"Content-Type: application/octet-stream; name=offer.pdf.{end}\n\n-----BEGIN PGP SIGNATURE-----\n"
    )
    assert consent(multi("mixed", TEXT, offer, armoured)) is None


def test_but_an_encrypted_file_and_a_type_that_says_so_count_wherever_they_stand():
    offer = file("offer.pdf", "25504446")
    assert consent(multi("mixed", TEXT, offer, file("offer.pdf.gpg", PACKETS["to RSA"][1]))) == "encrypted"
    assert (
        consent(multi("mixed", TEXT, offer, file("offer.pdf.sig", SIGNATURE, "application/pgp-signature")))
        == "signed"
    )


@pytest.mark.parametrize("label", ["PKCS7", "CMS"])
@pytest.mark.parametrize(
    ("octets", "seal"), [(SIGNED_CMS, "signed"), (ENVELOPED_CMS, "encrypted"), ("", "encrypted")]
)
def test_cms_as_text_is_told_by_its_content(octets, seal, label):
    armour = f"-----BEGIN {label}-----\n{octets}\n-----END {label}-----\n"
    assert consent(single("text/plain", body=f"Hello,\n\n{armour}")) == seal
    assert consent(single("text/html", body=f"<pre>{armour}</pre>")) == seal
    coded = armour.replace("-", "=2D")
    assert consent(single("text/plain\nContent-Transfer-Encoding: quoted-printable", body=coded)) == seal
    assert consent(single("text/plain", body=quoted(armour))) is None
    assert consent(single("text/plain", body=f"It begins with -----BEGIN {label}----- there.\n")) is None

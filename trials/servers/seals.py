"""The tools people seal their mails with: OpenSSL for S/MIME, GnuPG for OpenPGP, with keys made for the session.

Alice signs, Bob can decrypt. An entity is MIME fields, an empty line and a body, its line ends CRLF. What does not
verify or cannot be decrypted raises CalledProcessError with the tool's own words.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from trials.servers.people import ALICE, BOB, Person
from trials.servers.running import program


def run(command: list[str | Path], given: bytes = b"") -> bytes:
    """What a command prints when it succeeds. Raises CalledProcessError."""
    ran = subprocess.run(
        [str(word) for word in command], input=given, capture_output=True, check=False, timeout=60
    )
    if ran.returncode:
        raise subprocess.CalledProcessError(ran.returncode, command, ran.stdout, ran.stderr)
    return ran.stdout


def crlf(lines: bytes) -> bytes:
    """Every line end CRLF."""
    return lines.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class OpenSsl:
    """S/MIME by `openssl cms` (RFC 8551) and, for what older programs make, `openssl smime` (PKCS #7)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.program = folder, program("openssl") or "openssl"
        for person in (ALICE, BOB):
            key, certificate = self._files(person)
            subject = f"/CN={person.name}/emailAddress={person.address}"
            make = [
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-addext",
                "extendedKeyUsage=emailProtection",
            ]
            run([self.program, *make, "-keyout", key, "-out", certificate, "-subj", subject])

    def _files(self, person: Person) -> tuple[Path, Path]:
        return self.folder / f"{person.address}.key", self.folder / f"{person.address}.pem"

    def sign(self, entity: bytes, *words: str, by: str = "cms") -> bytes:
        """A signed entity: clear (`multipart/signed`), or opaque with `-nodetach`."""
        key, certificate = self._files(ALICE)
        return crlf(run([self.program, by, "-sign", "-signer", certificate, "-inkey", key, *words], entity))

    def encrypt(self, entity: bytes, *words: str, by: str = "cms") -> bytes:
        """An enveloped entity for Bob; with `-outform DER` its content alone."""
        sealed = run([self.program, by, "-encrypt", *words, self._files(BOB)[1]], entity)
        return sealed if "DER" in words else crlf(sealed)

    def verify(self, mail: bytes, *words: str) -> bytes:
        """What Alice signed."""
        certificate = self._files(ALICE)[1]
        return run([self.program, "cms", "-verify", *words, "-CAfile", certificate], mail)

    def decrypt(self, mail: bytes, *words: str) -> bytes:
        """What was meant for Bob."""
        key, certificate = self._files(BOB)
        return run([self.program, "cms", "-decrypt", *words, "-recip", certificate, "-inkey", key], mail)


class Gnupg:
    """OpenPGP by `gpg`, with a home of its own; `stop()` ends the agent that gpg starts."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        self.home = folder
        self.command = [
            program("gpg") or "gpg",
            "--homedir",
            folder,
            "--batch",
            "--quiet",
            "--trust-model",
            "always",
        ]
        for person in (ALICE, BOB):
            name = f"{person.name} <{person.address}>"
            run(
                [
                    *self.command,
                    "--passphrase",
                    "",
                    "--quick-generate-key",
                    name,
                    "default",
                    "default",
                    "never",
                ]
            )

    def sign(self, data: bytes, how: str = "--detach-sign") -> bytes:
        """Alice's armoured signature (`--detach-sign`), or the clear-signed text (`--clear-sign`)."""
        return run(
            [*self.command, "--local-user", ALICE.address, "--digest-algo", "SHA256", "--armor", how], data
        )

    def encrypt(self, data: bytes, *words: str) -> bytes:
        """An armoured message for Bob; `--sign` has Alice sign it too."""
        to = ["--local-user", ALICE.address, "--recipient", BOB.address, "--armor", "--encrypt"]
        return run([*self.command, *words, *to], data)

    def verify(self, data: bytes, signature: bytes) -> bytes:
        """`data`, when Alice's detached signature over it holds."""
        for name, held in (("data", data), ("signature", signature)):
            (self.home / name).write_bytes(held)
        run([*self.command, "--verify", self.home / "signature", self.home / "data"])
        return data

    def open(self, message: bytes) -> bytes:
        """The text of a clear-signed or an encrypted message."""
        return run([*self.command, "--decrypt"], message)

    def stop(self) -> None:
        """End the agent of this home and no other."""
        run([program("gpgconf") or "gpgconf", "--homedir", self.home, "--kill", "gpg-agent"])

"""OpenDKIM as a milter that signs for our domain (RFC 6376), and OpenDKIM as a verifier of files.

The key is made for the session; its public half is answered by `dns_answer` (for dkimpy) and by a file (for
OpenDKIM), so that nobody asks the DNS.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from trials.servers.people import DOMAINS
from trials.servers.running import LOOPBACK, Running, program
from trials.stamping.compare import field_names

DOMAIN = DOMAINS[0]
USER = "opendkim"
SIGNING = """
Mode s
Syslog no
Domain {domain}
Selector {algorithm}
KeyFile {key}
Canonicalization {canonicalization}
SignatureAlgorithm {algorithm}-sha256
SignHeaders *,+stationer-stamp,+content-type,+content-transfer-encoding,+mime-version
InternalHosts {host}
RequireSafeKeys no
UMask 000
Socket local:{socket}
"""
VERIFYING = "Mode v\nSyslog no\nTestPublicKeys {keys}\nRequireSafeKeys no\n"


class Keys:
    """An RSA and an Ed25519 key for DKIM (RFC 6376 §3.3, RFC 8463), with their records in a DNS of their own."""

    def __init__(self) -> None:
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ed25519 = ed25519.Ed25519PrivateKey.generate()
        der = self.rsa.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        raw = self.ed25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.records = {
            f"rsa._domainkey.{DOMAIN}": f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}",
            f"ed25519._domainkey.{DOMAIN}": f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}",
        }

    def pem(self, algorithm: str) -> bytes:
        """The private key of `rsa` or `ed25519`, as OpenDKIM reads it."""
        key = self.rsa if algorithm == "rsa" else self.ed25519
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, mail: bytes, algorithm: str, canonicalization: str, signed: list[bytes]) -> bytes:
        """`mail` with a signature by dkimpy over the header fields `signed` and the body, on top."""
        raw = base64.b64encode(self.ed25519.private_bytes_raw())  # dkimpy takes the seed
        made: bytes = dkim.sign(
            mail,
            algorithm.encode(),
            DOMAIN.encode(),
            self.pem("rsa") if algorithm == "rsa" else raw,
            canonicalize=tuple(part.encode() for part in canonicalization.split("/")),
            include_headers=signed,
            signature_algorithm=f"{algorithm}-sha256".encode(),
        )
        return made + mail

    def verify(self, mail: bytes) -> list[bool]:
        """dkimpy's verdict on each signature of a mail, the topmost first."""
        count = sum(name == "dkim-signature" for name in field_names(mail))
        return [self._holds(mail, number) for number in range(count)]

    def _holds(self, mail: bytes, number: int) -> bool:
        try:
            return bool(dkim.DKIM(mail).verify(idx=number, dnsfunc=self.dns_answer))
        except dkim.DKIMException:
            return False

    def dns_answer(self, name: bytes | str, timeout: float = 5) -> bytes | None:
        """The TXT record of a name: dkimpy's `dnsfunc`."""
        asked = name.decode() if isinstance(name, bytes) else name
        record = self.records.get(asked.rstrip("."))
        return record.encode() if record else None


@dataclass
class OpenDkim:
    """A running milter that signs all mail of our domain: `rsa` or `ed25519`, `relaxed/relaxed` or `simple/simple`."""

    folder: Path
    keys: Keys
    algorithm: str
    canonicalization: str

    def __post_init__(self) -> None:
        """Write key and configuration, and start. Raises NotReady with OpenDKIM's own words."""
        shutil.chown(self.folder, USER)
        key = self.folder / "key.pem"
        key.write_bytes(self.keys.pem(self.algorithm))
        key.chmod(0o600)
        shutil.chown(key, USER)
        configuration = self.folder / "opendkim.conf"
        way = {"algorithm": self.algorithm, "canonicalization": self.canonicalization}
        configuration.write_text(
            SIGNING.format(domain=DOMAIN, key=key, host=LOOPBACK, socket=self.socket, **way)
        )
        self.running = Running(
            f"OpenDKIM {self.algorithm} {self.canonicalization}",
            [program("opendkim") or "opendkim", "-f", "-x", configuration],
            self.folder / "opendkim.log",
            self.socket.is_socket,
            user=USER,
        )

    @property
    def milter(self) -> str:
        """Its address, as Postfix takes it."""
        return f"unix:{self.socket}"

    @property
    def socket(self) -> Path:
        """No TCP: several milters would wait for each other's acknowledgements on every mail."""
        return self.folder / "milter"

    def stop(self) -> None:
        """Stop this OpenDKIM and no other."""
        self.running.stop()


def verdicts(folder: Path, keys: Keys, mails: Iterable[bytes]) -> list[bool]:
    """OpenDKIM's own verdict on each mail: whether a signature on it holds (`opendkim -t`).

    Each ends in a line end, as SMTP has it (RFC 5321 §4.1.1.4).
    """
    known = folder / "keys.txt"
    known.write_text("".join(f"{name} {record}\n" for name, record in keys.records.items()))
    (folder / "verify.conf").write_text(VERIFYING.format(keys=known))
    paths = []
    for number, mail in enumerate(mails):
        paths.append(folder / f"{number}.eml")
        paths[-1].write_bytes(mail if mail.endswith(b"\r\n") else mail + b"\r\n")
    command = [
        program("opendkim") or "opendkim",
        "-x",
        str(folder / "verify.conf"),
        "-t",
        ",".join(map(str, paths)),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    told = (said.stdout + said.stderr).splitlines()
    return [any(str(path) in line and "succeeded" in line for line in told) for path in paths]

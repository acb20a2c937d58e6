"""A small world on loopback: a name server that answers what it is told to, and a TLS server with a certificate."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import dns.flags
import dns.message
import dns.nameserver
import dns.rcode
import dns.resolver
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

#: `(name, type)` → records as a zone file has them; a return code such as "SERVFAIL"; or None for silence.
Zone = Mapping[tuple[str, str], Sequence[str] | str | None]


class NameServer:
    """Answers over UDP from `zone`, which may be changed meanwhile. What is not in it does not exist (NXDOMAIN)."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """ADDRESS:PORT."""
        return f"127.0.0.1:{self.port}"

    def resolver(self) -> dns.resolver.Resolver:
        """One that asks here."""
        made = dns.resolver.Resolver(configure=False)
        made.nameservers = [dns.nameserver.Do53Nameserver("127.0.0.1", self.port)]
        return made

    def stop(self) -> None:
        """Answer nobody any more."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while True:
            data, whom = self._socket.recvfrom(4096)
            if not data:
                return
            answer = self._answer(dns.message.from_wire(data))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), whom)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        asked = query.question[0]
        kind = dns.rdatatype.to_text(asked.rdtype)
        name = asked.name.to_text(omit_final_dot=True).lower()
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        said = self.zone.get((name, kind), ())
        if said is None:
            return None
        if isinstance(said, str):
            answer.set_rcode(dns.rcode.from_text(said))
        elif said:
            answer.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, list(said)))
        elif not any(other == name for other, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


@contextmanager
def name_server(zone: Zone) -> Iterator[NameServer]:
    """One that is stopped afterwards."""
    server = NameServer(zone)
    try:
        yield server
    finally:
        server.stop()


def certificate(folder: Path, host: str, until: datetime.datetime) -> tuple[Path, Path]:
    """A self-signed certificate for `host`, and its key, in `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return public, private


@contextmanager
def tls_server(public: Path, private: Path, says: bytes) -> Iterator[int]:
    """Says this to whoever asks, over TLS; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            try:
                plain, _ = listener.accept()
                plain.settimeout(5)
                with context.wrap_socket(plain, server_side=True) as secure:
                    if secure.recv(4096):
                        secure.sendall(says)
            except OSError:
                continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()

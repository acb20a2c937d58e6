"""A stand-in for Vault's transit engine, by its HTTP API (developer.hashicorp.com/vault/api-docs/secret/transit):
encrypt, decrypt, rotate, versions in the ciphertext, tokens, sealed. Debian has no Vault; it is held to the words and
codes of the real one, as the API documents them."""

from __future__ import annotations

import http.server
import json
import os
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, code: int, word: str) -> None:
        super().__init__(word)
        self.code = code


class Transit(http.server.ThreadingHTTPServer):
    """Keys by name, each with its versions (type aes256-gcm96, as Vault makes them by default)."""

    def __init__(self, token: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.token, self.sealed, self.keys = token, False, dict[str, list[bytes]]()
        self.seen: list[bytes] = []

    def encrypt(self, name: str, asked: dict[str, str]) -> dict[str, object]:
        versions = self.keys.setdefault(name, [os.urandom(32)])  # Vault makes a key that is not there
        nonce, plain = os.urandom(12), b64decode(asked["plaintext"], validate=True)
        self.seen.append(plain)
        data = nonce + AESGCM(versions[-1]).encrypt(nonce, plain, None)
        return {
            "ciphertext": f"vault:v{len(versions)}:{b64encode(data).decode()}",
            "key_version": len(versions),
        }

    def decrypt(self, name: str, asked: dict[str, str]) -> dict[str, object]:
        if name not in self.keys:
            raise Refusal(400, "encryption key not found")
        head, version, said = [*asked["ciphertext"].split(":"), "", ""][:3]
        if head != "vault" or not version[1:].isdigit():
            raise Refusal(400, "invalid ciphertext: no prefix")
        if not 0 < int(version[1:]) <= len(self.keys[name]):
            raise Refusal(400, "invalid ciphertext: version is too new")
        try:
            data = b64decode(said, validate=True)
            plain = AESGCM(self.keys[name][int(version[1:]) - 1]).decrypt(data[:12], data[12:], None)
        except ValueError:
            raise Refusal(400, "invalid ciphertext: could not decode base64") from None
        except InvalidTag:
            raise Refusal(400, "cipher: message authentication failed") from None
        return {"plaintext": b64encode(plain).decode()}

    def rotate(self, name: str) -> None:
        self.keys[name].append(os.urandom(32))


class Handler(http.server.BaseHTTPRequestHandler):
    """`POST /v1/transit/{encrypt,decrypt}/NAME`."""

    server: Transit

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            code, said = 200, {"data": self._answer(json.loads(body or b"{}"))}
        except Refusal as refusal:
            code, said = refusal.code, {"errors": [str(refusal)]}
        data = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_PUT = do_POST

    def _answer(self, asked: dict[str, str]) -> dict[str, object]:
        if self.server.sealed:
            raise Refusal(503, "Vault is sealed")
        if self.headers.get("X-Vault-Token") != self.server.token:
            raise Refusal(403, "permission denied")
        parts = self.path.split("/")
        verbs = {"encrypt": self.server.encrypt, "decrypt": self.server.decrypt}
        if len(parts) != 5 or parts[:3] != ["", "v1", "transit"] or parts[3] not in verbs:
            raise Refusal(404, "no handler for route")
        return verbs[parts[3]](parts[4], asked)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def transit(token: str) -> Iterator[Transit]:
    """A running one."""
    server = Transit(token)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A real receiver of signed calls, which hooks and gateways lead to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """A program that is told: it keeps what came, and answers as it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.came, self.status, self.body, self.headers, self.pause = [], 200, b"thank you", {}, 0.0
        self.drips = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/in?from=stationer"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.server.drips:
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while self.server.drips:
                    time.sleep(0.05)
                    self.wfile.write(b"x")
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        time.sleep(self.server.pause)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


def is_signed(headers, body, secret):
    """Whether a call is, as a receiver checks it (contract/hooks.md §1). `secret`: as it was shown."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return f"v1,{mac}" in headers["webhook-signature"].split(" ")

"""POST /v1/pick against an empty hello on the same server, CPU of all its processes per request."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench import load
from bench.company import PEN, company, questions, roll
from bench.load import NEW
from bench.processes import cpu_of, server
from bench.row import Row, in_turns, row, span
from stationer.pick import compile, pack
from stationer.wire.definition import Definition

TOKEN = "t" * 43
SECONDS = 2.0


def set_up(folder: Path, definition: Definition) -> dict[str, str]:
    """The edge's folder and key for one PEN, as settings."""
    key = Ed25519PrivateKey.generate()
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pen = folder / "edge" / PEN
    pen.mkdir(parents=True)
    (folder / "edge.pub").write_bytes(pem)
    known = roll(sha256(TOKEN.encode()).digest())
    raw = key.private_bytes_raw()
    (pen / "roll.stn").write_bytes(pack("roll", known, pen=PEN, serial=1, made_at=1, private_key=raw))
    packed = pack("snapshot", compile(definition), pen=PEN, serial=1, made_at=1, private_key=raw)
    (pen / "snapshot.stn").write_bytes(packed)
    return {
        "STATIONER_EDGE__FOLDER": str(folder / "edge"),
        "STATIONER_EDGE__PUBLIC_KEY": str(folder / "edge.pub"),
        "STATIONER_LOG__LEVEL": "error",
    }


def _per_request(pid: int, port: int, path: str, bodies: list[bytes]) -> Callable[[], float]:
    def measure() -> float:
        before = cpu_of(pid)
        answered = load.run(port, path, bodies, TOKEN, SECONDS)
        return (cpu_of(pid) - before) / answered

    return measure


def _bodies(count: int) -> list[bytes]:
    """Mails to ten recipients. Two of them nobody has written to before; the edge may remember the others."""
    mails = questions(count, 10)
    for mail in mails:
        mail.to[:2] = [NEW.decode() + address[address.rindex("@") :] for address in mail.to[:2]]
    return [msgspec.json.encode(mail) for mail in mails]


def _lists(count: int, size: int) -> dict[str, tuple[str, ...]]:
    chance = random.Random(4)
    return {
        f"list-{n}": tuple(
            f"p{chance.randrange(10**7)}@d{chance.randrange(2000)}.example" for _ in range(size)
        )
        for n in range(count)
    }


def rows() -> Iterator[Row]:
    """1,000 campaigns; 10,000 with ten lists of 100,000 addresses; all take turns in the same rounds."""
    bodies = _bodies(400)
    subjects = {"1,000": company(1_000), "10,000": company(10_000, _lists(10, 100_000))}
    with contextlib.ExitStack() as stack:
        pid, port = stack.enter_context(server("bench.hello:build", {}))
        works = {"hello": _per_request(pid, port, "/v1/pick", bodies)}
        for size, definition in subjects.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            pid, port = stack.enter_context(server("stationer.edge.app:build", set_up(folder, definition)))
            works[size] = _per_request(pid, port, "/v1/pick", bodies)
        for measure in works.values():
            measure()  # warm
        seen = in_turns(works)
    hello = f"{span(seen['hello'])} CPU, an empty hello on the same server"
    for size, more, target in (("1,000", "", "≥ 0.50"), ("10,000", ", ten lists of 100,000", "≥ 0.40")):
        what = f"POST /v1/pick, 10 recipients, 2 of them new, {size} campaigns{more}"
        ours = f"{span(seen[size])} CPU a request ({load.generator()})"
        yield row(what, ours, hello, seen["hello"] / seen[size], target)

"""Make contract/vectors/seal/*.json, once: `python -m contract.seal_vectors`. What stands there is never made again.

Sealing draws nonces, so files made anew would be other ones; and what version 1 sealed is opened by every later
version, which is shown by these. A file that is there stays; whoever adds cases adds a file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stationer import seal
from stationer.seal import keyring

FOLDER = Path(__file__).parent / "vectors" / "seal"
KEY, OTHER = bytes(range(32)), bytes(range(100, 132))
PLACE = seal.Place("pen_aaaaaaaaaaaaaaaaaaaaaaaaai", "sec_aaaaaaaaaaaaaaaaaaaaaaaaae", "body")
SEED, SALT = bytes(range(200, 216)), bytes(range(50, 66))
COST = seal.Cost(2, 2, 64)
PASSPHRASE = "Zwölf\u00a0Boxkämpfer"
STEP = 1024


def _plain(length: int) -> bytes:
    return bytes(n * n % 251 for n in range(length))


def _blob(length: int, lock: seal.Lock | None = None, exponent: int = 10) -> bytes:
    sealer = seal.begin(KEY, PLACE, SEED, lock, exponent)
    return b"".join(seal.seal(sealer, [_plain(length)]))


def _case(blob: bytes, **more: Any) -> dict[str, Any]:
    said = {
        "key": KEY.hex(),
        "pen": PLACE.pen,
        "message": PLACE.message,
        "part": PLACE.part,
        "blob": blob.hex(),
    }
    return {**said, **more}


def _refused(whole: bytes, locked: bytes) -> list[dict[str, Any]]:
    """A blob of three segments, changed in every way that has a name; and one with a lock."""
    head, step = whole[: seal.SIZE], STEP + 28
    parts = [whole[at : at + step] for at in range(seal.SIZE, len(whole), step)]
    first, second, last = parts
    bit = bytearray(whole)
    bit[seal.SIZE + 40] ^= 1
    return [
        _case(b"%PDF-1.7" + whole[8:], error="NotSealedError"),
        _case(whole[:83], error="NotSealedError"),
        _case(whole[:9] + b"\x19" + whole[10:], error="NotSealedError"),
        _case(whole[:7] + b"\x02" + whole[8:], error="UnknownVersionError"),
        _case(whole[:8] + b"\x02" + whole[9:], error="UnknownVersionError"),
        _case(whole, key=OTHER.hex(), error="WrongKeyError"),
        _case(whole[:36] + b"\x00" + whole[37:], error="WrongKeyError"),
        _case(locked, error="PassphraseNeededError"),
        _case(locked, passphrase="Zwölf Boxer", error="WrongPassphraseError"),
        _case(head + first + second, error="CutShortError"),
        _case(whole[: seal.SIZE + step + 20], error="CutShortError"),
        _case(head, error="CutShortError"),
        _case(_blob(STEP) + second, error="ProlongedError"),
        _case(bytes(bit), error="DamagedError"),
        _case(whole[:-1], error="DamagedError"),
        _case(whole + b"\x00", error="DamagedError"),
        _case(head + second + first + last, error="DamagedError"),
        _case(head + first + first + last, error="DamagedError"),
        _case(head + first + last, error="DamagedError"),
        _case(whole, pen="pen_aaaaaaaaaaaaaaaaaaaaaaaaam", error="DamagedError"),
        _case(whole, message="sec_aaaaaaaaaaaaaaaaaaaaaaaaai", error="DamagedError"),
        _case(whole, part="bod", error="DamagedError"),
    ]


def blobs() -> dict[str, Any]:
    """What opens, and what must not."""
    lock = seal.lock(PASSPHRASE, SALT, COST)
    opens = [_case(_blob(n), plain=_plain(n).hex()) for n in (0, 1, STEP - 1, STEP, STEP + 1, 2 * STEP + 37)]
    opens.append(_case(_blob(45, exponent=22), plain=_plain(45).hex()))
    locked = _blob(45, lock)
    opens.append(_case(locked, passphrase=PASSPHRASE, plain=_plain(45).hex()))
    return {"opens": opens, "refused": _refused(_blob(2 * STEP + 37), locked)}


def keys() -> dict[str, Any]:
    """Wrapped keys and a keyring."""
    ring = seal.ring(OTHER)
    of_message = seal.Owner("message", PLACE.pen, PLACE.message)
    of_pen = seal.Owner("pen", PLACE.pen, seal.key_id(KEY))
    wrapped = [
        {
            "kind": o.kind,
            "pen": o.pen,
            "name": o.name,
            "wrapped": seal.wrap(ring, KEY, o).hex(),
            "key": KEY.hex(),
        }
        for o in (of_message, of_pen)
    ]
    made = keyring.with_key(None, "aws-kms://arn:aws:kms:eu-west-1:1:key/2", "2025-11-22T19:00:00Z")
    made = keyring.with_key(made, OTHER, "2026-11-22T19:00:00Z")
    return {
        "under": OTHER.hex(),
        "id": seal.key_id(OTHER),
        "wrapped": wrapped,
        "keyring": json.loads(keyring.write(made)),
    }


def main() -> None:
    """Write the files that are not there yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in (("blobs", blobs), ("keys", keys)):
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(make(), indent=1) + "\n")


if __name__ == "__main__":
    main()

"""`python -m trials.readers.announced`: notifications as Thunderbird and Roundcube show them, HTML and text, light and
dark, as pictures into var/shots/readers. Look at them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from stationer.mime import read
from trials.browser.chromium import MISSING, program
from trials.notice.letters import DELIVERY, PENS, announced
from trials.readers.__main__ import OUT, readers
from trials.readers.readers import Reader, thunderbird
from trials.servers.workshop import Workshop, missing_for_roundcube, missing_for_thunderbird


def mails() -> dict[str, bytes]:
    """By name, which is its subject: the notification of each PEN, and the first one's text twin alone."""
    made = {name: announced(pen) for name, pen in PENS.items()}
    [text] = [part for part in read(made["english"]).parts if part.type == "text/plain"]
    head = made["english"].partition(b"MIME-Version")[0]
    kind = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    made["text"] = head + kind + text.encoding.encode() + b"\r\n\r\n" + text.encoded
    named = {
        name: (DELIVERY + mail)
        .replace(b"Subject: Your results of Thursday", b"Subject: " + name.encode())
        .replace(b"Message-ID: <", b"Message-ID: <" + name.encode() + b".")
        for name, mail in made.items()
    }
    assert all(b"Subject: " + name.encode() in mail for name, mail in named.items())
    return named


@contextmanager
def each_reader(workshop: Workshop, held: list[bytes]) -> Iterator[Iterator[tuple[str, Reader]]]:
    """Both readers; Thunderbird alone, and why, where Roundcube is not installed."""
    missing = missing_for_roundcube() or ("" if program() else MISSING)
    if not missing:
        with readers(workshop, held) as both:
            yield both
        return
    print(f"Thunderbird alone: {missing}", file=sys.stderr)

    def alone() -> Iterator[tuple[str, Reader]]:
        for theme in ("light", "dark"):
            with thunderbird(workshop, held, dark=theme == "dark") as reader:
                yield f"thunderbird-{theme}", reader

    yield alone()


def main() -> int:
    """Render and say how many; or what is not installed."""
    if missing := missing_for_thunderbird():
        print(f"No pictures of notifications in readers: {missing}", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    held, workshop, count = mails(), Workshop(), 0
    with each_reader(workshop, list(held.values())) as each:
        for reader_name, reader in each:
            for name in held:
                letter: Any = SimpleNamespace(name=name)
                reader.see(letter)
                (OUT / f"notification-{name}-{reader_name}.png").write_bytes(reader.picture())
                count += 1
    workshop.clear()
    print(f"{count} pictures in {OUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())

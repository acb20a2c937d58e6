"""`python -m trials.readers`: stamped mails as Thunderbird and Roundcube show them, light and dark, as pictures.

Into var/shots/readers, with each mail's text as a plain reader has it beside them. Look at them.
`python -m trials.readers NAME…` renders some mails only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from trials.browser.chromium import MISSING, browser, program
from trials.readers.letterhead import Letterhead
from trials.readers.letters import Letter, letters
from trials.readers.readers import Reader, roundcube, thunderbird
from trials.readers.starters import drawings, starters
from trials.servers.dovecot import Dovecot
from trials.servers.pictures import Pictures
from trials.servers.roundcube import Roundcube
from trials.servers.workshop import Workshop, missing_for_roundcube, missing_for_thunderbird
from trials.stamping.compare import parts

OUT = Path("var/shots/readers")


@contextmanager
def readers(workshop: Workshop, mails: list[bytes]) -> Iterator[Iterator[tuple[str, Reader]]]:
    """One reader after the other, by name."""
    with ExitStack() as stack:
        dovecot = Dovecot(workshop("dovecot"))
        stack.callback(dovecot.stop)
        served = Roundcube(workshop("roundcube"), dovecot)
        stack.callback(served.stop)
        chromium = stack.enter_context(browser())

        def each() -> Iterator[tuple[str, Reader]]:
            for theme in ("light", "dark"):
                with thunderbird(workshop, mails, dark=theme == "dark") as reader:
                    yield f"thunderbird-{theme}", reader
                with roundcube(chromium, served, mails, dark=theme == "dark") as webmail:
                    yield f"roundcube-{theme}", webmail

        yield each()


def shoot(workshop: Workshop, wanted: list[Letter]) -> int:
    """Render; how many pictures were made."""
    letterhead = Letterhead()
    pictures, count = Pictures(letterhead.files | drawings()), 0
    mails = [letter.stamped(letterhead, pictures.url) for letter in wanted]
    for letter, mail in zip(wanted, mails, strict=True):
        (OUT / f"{letter.name}.txt").write_text(parts(mail).get("text/plain", ""))
    with readers(workshop, mails) as all_of_them:
        for name, reader in all_of_them:
            for letter in wanted:
                reader.see(letter)
                (OUT / f"{letter.name}-{name}.png").write_bytes(reader.picture())
                count += 1
    pictures.stop()
    return count


def main(names: list[str]) -> int:
    """Render and say how many; or what is not installed."""
    if missing := missing_for_thunderbird() or missing_for_roundcube() or ("" if program() else MISSING):
        print(f"No pictures of mails in readers: {missing}", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    workshop = Workshop()
    count = shoot(
        workshop, [letter for letter in [*letters(), *starters()] if not names or letter.name in names]
    )
    workshop.clear()
    print(f"{count} pictures in {OUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

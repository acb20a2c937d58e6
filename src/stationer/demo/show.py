"""What the demo shows: the mail as it left and as it arrived, in the terminal and as a page to open."""

from __future__ import annotations

import difflib
import html
import os
import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from stationer.demo.letter import Journey
from stationer.demo.people import CAROL

_STYLE = """
:root { color-scheme: light dark;
  --paper: light-dark(#fdfbf7, #1d1b18); --desk: light-dark(#efeae0, #141311);
  --ink: light-dark(#2a2621, #e9e4da); --soft: light-dark(#5f584e, #a79f92);
  --line: light-dark(#d9d2c5, #3a362f); --new: light-dark(#0e5f63, #7fc9c5); }
* { box-sizing: border-box; }
body { margin: 0; padding: 32px 24px 64px; background: var(--desk); color: var(--ink);
  font: 15px/22px Inter, system-ui, sans-serif; }
main { max-width: 1360px; margin: 0 auto; }
h1 { font: 30px/38px Georgia, serif; margin: 0; padding-bottom: 12px; border-bottom: 3px double var(--line); }
h2 { font: 20px/28px Georgia, serif; margin: 0 0 4px; }
p { margin: 0 0 12px; max-width: 68ch; } .soft { color: var(--soft); }
.pair { display: grid; gap: 24px; margin: 24px 0 40px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
section { background: var(--paper); border: 1px solid var(--line); padding: 20px; min-width: 0; }
iframe { width: 100%; height: 720px; border: 1px solid var(--line); background: #fff; color-scheme: light; }
pre { font: 13px/20px ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
ins { color: var(--new); text-decoration: none; border-left: 3px solid var(--new);
  padding-left: 8px; margin-left: -11px; }
"""


def parsed(mail: bytes) -> EmailMessage:
    """For reading only; the files beside the page hold the bytes."""
    message = message_from_bytes(mail, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def part(mail: bytes, kind: str) -> str:
    """The `plain` or the `html` body, as text."""
    body = parsed(mail).get_body(preferencelist=(kind,))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


def merged(before: str, after: str) -> Iterator[tuple[bool, str]]:
    """The lines of `after`, each with whether it is new."""
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        if line[:2] in ("  ", "+ "):
            yield line[0] == "+", line[2:]


def fields_put_in(journey: Journey) -> list[str]:
    """Header fields that Stationer added. The trace that every mail server writes is not counted."""
    before = {name.lower() for name in parsed(journey.left)}
    trace = {"received", "return-path", "delivered-to"}
    after = parsed(journey.arrived[CAROL.address])
    return [f"{name}: {value}" for name, value in after.items() if name.lower() not in before | trace]


def coloured() -> bool:
    """Whether stdout is a terminal that wants colours (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def in_terminal(journey: Journey, colour: bool) -> str:
    """The text part as it arrived; `+` marks what Stationer put in."""
    new, end = ("\033[36m", "\033[0m") if colour else ("", "")
    left, arrived = part(journey.left, "plain"), part(journey.arrived[CAROL.address], "plain")
    lines = [
        f"  {new}+ {line}{end}".rstrip() if is_new else f"    {line}".rstrip()
        for is_new, line in merged(left, arrived)
    ]
    return "\n".join(lines)


def as_page(journey: Journey) -> str:
    """One HTML page: as written, as arrived, the text twin, and the header."""
    arrived = journey.arrived[CAROL.address]
    wrote = "What her mail program put into the folder “Stationer Outbox”."
    received = "What lies in Carol’s inbox, byte for byte in what-arrived.eml."
    pair = _section("As Alice wrote it", wrote, _frame("As written", part(journey.left, "html")))
    pair += _section("As Carol received it", received, _frame("As received", part(arrived, "html")))
    marked = "For whoever reads without HTML. The marked lines were put in."
    texts = _section("The text twin", marked, _twin(journey))
    put_in = html.escape("\n\n".join(fields_put_in(journey)) or "Nothing.")
    header = _section("The header", "Fields put in, besides the servers’ own trace.", f"<pre>{put_in}</pre>")
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>The first stamped mail</title><style>{_STYLE}</style></head>"
        f'<body><main><h1>The first stamped mail</h1><div class="pair">{pair}</div>'
        f'<div class="pair">{texts}{header}</div></main></body></html>'
    )


def _section(title: str, said: str, body: str) -> str:
    return f'<section><h2>{title}</h2><p class="soft">{said}</p>{body}</section>'


def _frame(title: str, mail: str) -> str:
    return f'<iframe sandbox title="{title}" srcdoc="{html.escape(mail)}"></iframe>'


def _twin(journey: Journey) -> str:
    left, arrived = part(journey.left, "plain"), part(journey.arrived[CAROL.address], "plain")
    lines = [
        f"<ins>{html.escape(line) or '&nbsp;'}</ins>" if is_new else html.escape(line)
        for is_new, line in merged(left, arrived)
    ]
    return "<pre>" + "\n".join(lines) + "</pre>"

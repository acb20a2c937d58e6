"""What other programs leave of a mail's text, run by their own Python (`bench.boundaries` makes it). No part of ours.

Standard input: a JSON list of `[type, text]`. Standard output: an object, by peer a list of what the author wrote as
that peer sees it, or null where the peer does not read this type; and `whole`, all that is shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import lxml.html
import quotequail
import talon
from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES
from talon import quotations

WHOLE = "whole"
Peer = Callable[[str, str], "str | None"]
talon.init()
PARSER = EmailReplyParser(languages=[language for language in MAIL_LANGUAGES if language != "david"])


def shown(html: str) -> str:
    """The text of HTML that a peer gave back."""
    tree = lxml.html.fromstring(html or "<p></p>")
    for silent in tree.xpath("//style|//script|//title"):
        silent.drop_tree()
    return "\n".join(tree.itertext())


def talon_(kind: str, text: str) -> str | None:
    if kind == "text/html":
        return shown(quotations.extract_from_html(text))
    return quotations.extract_from_plain(text)


def mail_parser_reply(kind: str, text: str) -> str | None:
    """It reads text alone; its first part, signature and all."""
    if kind == "text/html":
        return None
    replies = PARSER.read(text=text).replies
    content: str = replies[0].content
    return content


def quotequail_(kind: str, text: str) -> str | None:
    """`unwrap` tells what stands above and below a quote."""
    html = kind == "text/html"
    found: dict[str, Any] | None = (quotequail.unwrap_html if html else quotequail.unwrap)(text)
    if found is None:
        return shown(text) if html else text
    above = [
        found.get("html_top" if html else "text_top"),
        found.get("html_bottom" if html else "text_bottom"),
    ]
    return "\n".join(shown(part) if html else part for part in above if part)


PEERS: dict[str, Peer] = {
    f"talon {version('talon')}": talon_,
    f"mail-parser-reply {version('mail-parser-reply')}": mail_parser_reply,
    f"quotequail {version('quotequail')}": quotequail_,
}


def left(peer: Peer, kind: str, text: str) -> str | None:
    """What the peer leaves; a peer that raises leaves nothing."""
    try:
        return peer(kind, text)
    except Exception as fault:
        return f"raised {type(fault).__name__}"


def main() -> None:
    parts = json.load(sys.stdin)
    answers = {name: [left(peer, kind, text) for kind, text in parts] for name, peer in PEERS.items()}
    answers[WHOLE] = [shown(text) if kind == "text/html" else text for kind, text in parts]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

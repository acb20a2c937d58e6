"""Replies, forwards and new mails as real clients write them: one source in replies/ each, in its own words.

A source has lines `name: value`, then `=== text` and `=== html` with the marked place; a last line `\\` means that the
part has no line end there.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.conformance.making.frame import Leaf, Made, alternative, body, made

FOLDER = Path(__file__).parent / "replies"
KINDS = {
    "reply": "a reply, quoted as {client} does in {language}",
    "forward": "a forward by {client} in {language}: the block stands above it",
    "interleaved": "answers among the quoted lines ({client}, {language}): the block stands behind the last one",
    "new": "a new mail with something that looks like a quote or is a signature",
}
#: What goes through the product twice.
TWICE = {
    "gmail-en",
    "outlook-classic-de",
    "apple-ios-de",
    "thunderbird-cs",
    "outlook-web-en",
    "new-border-signature",
}


def replies() -> list[Made]:
    """All of them."""
    return [_read(path) for path in sorted(FOLDER.glob("*.txt"))]


def _read(path: Path) -> Made:
    head, *sections = re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)
    said = dict(
        line.split(": ", 1) if ": " in line else (line.rstrip(": "), "") for line in head.splitlines()
    )
    leaves = [_leaf(section, said) for section in sections]
    client, language = said["client"], said.get("language", "") or "English"
    why = said.get("why") or KINDS[said["kind"]].format(client=client, language=language)
    group = "signature" if "-- \n" in sections[0] and said["kind"] == "new" else "place"
    return made(path.stem, group, why, alternative(*leaves) if len(leaves) > 1 else leaves[0], subject=said["subject"],
                reply=said["kind"] in ("reply", "interleaved"), client=client, language=language if client else "",
                twice=path.stem in TWICE)  # fmt: skip


def _leaf(section: str, said: dict[str, str]) -> Leaf:
    kind, _, text = section.partition("\n")
    text = text.removesuffix("\\\n")
    flowed = {"": "", "yes": "; format=flowed", "delsp": "; format=flowed; delsp=yes"}[said.get("flowed", "")]
    return body("plain" if kind == "text" else kind, text, said["charset"], said["encoding"],
                parameters=flowed if kind == "text" else "")  # fmt: skip

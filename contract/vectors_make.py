"""Make the golden cases of contract/vectors/ again: `python -m contract.vectors_make`. Done by hand, and looked at.

A golden case is a promise: a change of one changes what an older stamp means. tests/stamp/test_vectors.py checks the
code against the files; it never writes them.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from contract import vectors_cases
from contract.vectors_cases import case, stamped
from contract.vectors_shape import (
    ConsentCase,
    FoundBlock,
    HashCase,
    IndexEntry,
    RecognitionCase,
    StampCase,
    VectorBlock,
    VectorOrder,
)
from tests.stamp.test_consent import CASES

from stationer import mime
from stationer.stamp import boundary, consent, marks_in_quote
from stationer.stamp.boundary import bodies_of
from stationer.stamp.marker import hash_of, placed, shown
from stationer.stamp.removal import own_blocks

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "contract" / "vectors" / "stamp"
MAILS = ROOT / "tests" / "stamp" / "mails"

ORDER = VectorOrder(
    (
        VectorBlock("top", "<p>Closed on 24 December</p>", "Closed on 24 December", "topmarkx"),
        VectorBlock(
            "signature",
            '<table><tr><td style="color:#123456">Zoë Žižek<br>電話 &amp; more</td></tr></table>',
            "Zoë Žižek\n> and more",
            "signmark",
        ),
    ),
    "golden",
)
#: A mail that is long only to reach a limit stands in the tests alone.
MOST_BYTES = 20_000
#: What clients put before a class or an id when they quote.
PREFIXES = ("", "x_", "x_x_", "m_8472819", "m_-2874", "ecx", "ydp1b2c3d4e", "yiv0123456789")
FRAGMENTS = [
    "<p>Alice <b>Winter</b></p>",
    "Alice\r\n  Winter",
    "J&uuml;rgen&nbsp;K&#246;ln &amp; S&ouml;hne",
    "<style>p{color:red}</style><!-- gone --><p title='a > b'>shown</p>",
    '<img src="https://x.example/a.png" alt="not shown">',
    "",
    "日本 <br> שלום &lt;tag&gt;",
    "<!--[if !mso]><!--><p>shown</p><!--<![endif]--><!-->a<!--->b<!-- c --!>d</ e>f",
]


def letters(held: bytes) -> str:
    """base64, so that octets stand in JSON."""
    return base64.b64encode(held).decode()


def boundary_case(path: Path) -> dict[str, Any]:
    """What is seen in a mail: input are the decoded parts and the subject, as an add-in has them."""
    mail = path.read_bytes()
    seen, told = mime.read(mail), boundary(mail)
    texts = {body.part.path: body.reading.text for body in bodies_of(seen)}
    return {
        "name": path.stem,
        "subject": letters(seen.root.value(b"subject")),
        "answers": seen.root.field(b"in-reply-to") is not None,
        "kind": told.kind,
        "marks_in_quote": sorted(marks_in_quote(mail)),
        "parts": [
            {
                "type": part.type,
                "text": texts[part.path],
                "char": part.char,
                "line": part.line,
                "place": part.place,
                "rule": part.rule,
            }
            for part in told.parts
        ],
    }


def stamp_case(path: Path) -> StampCase:
    """A mail of ours, the order, and the stamped mail."""
    return case(path.stem, path.read_bytes(), ORDER, b"golden key")


def recognition_case(name: str, html: str) -> RecognitionCase:
    """Which blocks of ours are seen in HTML, and which of them stand in the quote."""
    mail = b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n" + html.encode()
    (body,) = bodies_of(mime.read(mail))
    assert body.reading.page is not None
    own = {block.start for block in own_blocks(body)}
    blocks = [FoundBlock(*block, block.start not in own) for block in placed(body.reading.page)]
    return RecognitionCase(name, html, tuple(blocks))


def recognition() -> list[RecognitionCase]:
    """A block above and inside a quote, under every prefix; look-alikes; an edited one."""
    mail = b"From: a@b.example\nContent-Type: text/html\n\n<p>Old</p>"
    block = stamped(mail, VectorOrder((vectors_cases.SIGNATURE,), "golden")).partition(b"\n\n")[2].decode()
    quote = '<p>Yes</p><blockquote type="cite">{}</blockquote>'
    found = []
    for prefix in PREFIXES:
        renamed = block.replace("stationer-", prefix + "stationer-")
        found += [
            recognition_case(f"{prefix or 'bare'}, above", renamed + quote.format("old")),
            recognition_case(f"{prefix or 'bare'}, quoted", quote.format(renamed)),
        ]
    token = "stationer-golden-signature-alicemrk-aaaaaaaaaaaaaaaa"
    odd = {
        "edited": block.replace("Alice", "Al"),
        "class alone": block.replace("\nid=", "\ntitle="),
        "never closed": block.replace("</div", "</span"),
        "another hash": f'<div class="{token}">words</div>',
        "a longer word": f'<div class="{token}x">words</div>',
        "a word of its own": '<div class="stationer-brush">words</div>',
        "behind comments that end at once": f"<!--><!--->{block}<!-- words --!>",
        "inside a comment": f"<!-- {block} --><p>words</p>",
        "two": block + block,
    }
    return found + [recognition_case(name, html) for name, html in odd.items()]


def cases() -> dict[str, Sequence[Any]]:
    """Every file's cases, by its name."""
    paths = sorted(MAILS.glob("*.eml"))
    return {
        "boundary.json": [boundary_case(path) for path in paths],
        "consent.json": [
            ConsentCase(name, mail, consent(mail))
            for name, (_, mail) in CASES.items()
            if len(mail) <= MOST_BYTES
        ],
        "dress.json": list(vectors_cases.dress()),
        "marker.json": [HashCase(html, shown(html), hash_of(html)) for html in FRAGMENTS],
        "pictures.json": list(vectors_cases.pictures()),
        "recognition.json": recognition(),
        "restamp.json": list(vectors_cases.restamp()),
        "stamp.json": [stamp_case(path) for path in one_a_client()],
        "unstamp.json": list(vectors_cases.taken_out()),
    }


def one_a_client() -> list[Path]:
    """One mail of each client and all traps: a stamp depends on how a part is coded more than on whose it is."""
    with (MAILS / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    first = {row["client"]: row["file"] for row in reversed(rows)}
    return [
        MAILS / row["file"] for row in rows if row["file"] == first[row["client"]] or row["kind"] == "new"
    ]


def generated() -> dict[str, str]:
    """Every file of the vectors, by its name; `index.json` has the digests of the others."""
    held = cases()
    files = {name: written(each) for name, each in held.items()}
    index = {
        name: IndexEntry(len(held[name]), hashlib.sha256(text.encode()).hexdigest())
        for name, text in files.items()
    }
    return {**files, "index.json": written(index)}


def written(content: Any) -> str:
    """JSON, a line for each value."""
    return json.dumps(msgspec.to_builtins(content), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in generated().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()

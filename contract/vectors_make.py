"""Make the golden cases of contract/vectors/ again: `python -m contract.vectors_make`. Done by hand, and looked at.

A golden case is a promise: a change of one changes what an older stamp means. tests/stamp/test_vectors.py checks the
code against the files; it never writes them.
"""

from __future__ import annotations

import base64
import csv
import json
from pathlib import Path
from typing import Any

from stationer import mime
from stationer.stamp import Block, Order, Stamped, Untouched, boundary, marks_in_quote, stamp
from stationer.stamp.boundary import bodies_of
from stationer.stamp.marker import hash_of, shown

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "contract" / "vectors" / "stamp"
MAILS = ROOT / "tests" / "stamp" / "mails"

ORDER = [
    {
        "slot": "top",
        "html": "<p>Closed on 24 December</p>",
        "text": "Closed on 24 December",
        "mark": "topmarkx",
    },
    {
        "slot": "signature",
        "html": '<table><tr><td style="color:#123456">Zoë Žižek<br>電話 &amp; more</td></tr></table>',
        "text": "Zoë Žižek\n> and more",
        "mark": "signmark",
    },
]
FRAGMENTS = [
    "<p>Alice <b>Winter</b></p>",
    "Alice\r\n  Winter",
    "J&uuml;rgen&nbsp;K&#246;ln &amp; S&ouml;hne",
    "<style>p{color:red}</style><!-- gone --><p title='a > b'>shown</p>",
    '<img src="https://x.example/a.png" alt="not shown">',
    "",
    "日本 <br> שלום &lt;tag&gt;",
]


def order_of(blocks: list[dict[str, str]]) -> Order:
    """The order of a case."""
    return Order("golden", tuple(Block(**block) for block in blocks))  # type: ignore[arg-type]


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


def stamp_case(path: Path) -> dict[str, Any]:
    """A mail, an order, and the stamped mail or the reason."""
    mail = path.read_bytes()
    answer = stamp(mail, order_of(ORDER), key=b"golden key")
    outcome = (
        {"untouched": answer.reason}
        if isinstance(answer, Untouched)
        else {"stamped": letters(answer.bytes())}
    )
    assert isinstance(answer, Stamped | Untouched)
    return {"name": path.stem, "mail": letters(mail), **outcome}


def one_a_client() -> list[Path]:
    """One mail of each client and all traps: a stamp depends on how a part is coded more than on whose it is."""
    with (MAILS / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    first = {row["client"]: row["file"] for row in reversed(rows)}
    return [MAILS / row["file"] for row in rows if row["file"] == first[row["client"]] or row["kind"] == "new"]


def generated() -> dict[str, str]:
    """Every file of the vectors, by its name."""
    paths = sorted(MAILS.glob("*.eml"))
    markers = [{"html": html, "shown": shown(html), "hash": hash_of(html)} for html in FRAGMENTS]
    files = {
        "boundary.json": [boundary_case(path) for path in paths],
        "stamp.json": {
            "id": "golden",
            "key": letters(b"golden key"),
            "order": ORDER,
            "cases": [stamp_case(path) for path in one_a_client()],
        },
        "marker.json": markers,
    }
    return {name: json.dumps(content, ensure_ascii=False, indent=1) + "\n" for name, content in files.items()}


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in generated().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()

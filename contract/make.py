"""Make again what is generated from the code: `python -m contract.make` writes, `--check` only compares.

`generated()` is the whole list, path (from the top of the repository) → text. tests/house proves it fresh.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
from contract import bounce_vectors, client_make, link_vectors, notice_vectors, pick_vectors
from contract.vectors_shape import StampVectors

from stationer.cli import pen_layout
from stationer.pick import company
from stationer.settings.show import page
from stationer.wire.content import Block, Content
from stationer.wire.definition import Campaign, Management, Message, Template
from stationer.wire.enrol import Enrolled, Enrolling
from stationer.wire.errors import ERRORS, Refusal
from stationer.wire.hooks import Alerted, Answered, Phoned, Visited
from stationer.wire.journal import Entry
from stationer.wire.memory import Report
from stationer.wire.pick import Answer, Question
from stationer.wire.roll import Roll
from stationer.wire.rules import Rule
from stationer.wire.source import Source

ROOT = Path(__file__).parents[1]

#: Each of these has a JSON Schema (draft 2020-12) of its own in contract/schemas.
SHAPES: tuple[type[msgspec.Struct], ...] = (
    Alerted,
    Answer,
    Answered,
    Block,
    Campaign,
    Content,
    Enrolled,
    Enrolling,
    Entry,
    Management,
    Message,
    Phoned,
    Question,
    Refusal,
    Report,
    Roll,
    Rule,
    Source,
    Template,
    Visited,
)

SETTINGS_HEAD = """# Settings

One TOML file and environment variables. Environment over file over default.

- The file is the one that `STATIONER_CONFIG` names, else `./stationer.toml`, else the user's \
(`$XDG_CONFIG_HOME/stationer/stationer.toml`, `~/.config/stationer/stationer.toml`), else \
`/etc/stationer/stationer.toml`. The first that exists is read, and no other.
- `section.name` is `name` below `[section]`, and the variable `STATIONER_SECTION__NAME`; \
`portal.relay.host` is `STATIONER_PORTAL__RELAY__HOST`; `data` is `STATIONER_DATA`.
- A secret may be given as `…_FILE`, the name of a file that holds it (its last line end is not part of it).
- In a variable, a list is separated by commas. A relative path is relative to the file it stands in; in a \
variable or a default, to the working directory. `{data}` is the setting `data`.
- A setting that nobody knows, or that has a wrong value, stops the start. All such problems are told \
at once, each with its name, where it came from, and the reason.
- `stationer settings [--json]` prints what is in force and where it came from, with secrets masked.

Made by `make generated` from `src/stationer/settings/sections.py`.

"""


def _schema(shape: type[Any]) -> str:
    (reference,), parts = msgspec.json.schema_components([shape], ref_template="#/$defs/{name}")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **reference, "$defs": parts}
    return _pretty(schema)


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def generated() -> dict[str, str]:
    """Everything that is made from the code, by its path."""
    files = {f"contract/schemas/{shape.__name__.lower()}.json": _schema(shape) for shape in SHAPES}
    errors = {code: {"status": status, "message": sentence} for code, (status, sentence) in ERRORS.items()}
    files["contract/schemas/errors.json"] = _pretty(errors)
    files["contract/schemas/stamp.vectors.json"] = _schema(StampVectors)
    files["contract/schemas/company.schema.json"] = _pretty(company.schema())
    files["contract/schemas/pen.schema.json"] = _pretty(pen_layout.schema())
    files |= pick_vectors.vectors()
    files |= bounce_vectors.vectors()
    files |= link_vectors.vectors()
    files |= notice_vectors.vectors()
    files["contract/settings.md"] = SETTINGS_HEAD + page()
    document = described()
    files["contract/openapi.json"] = _pretty(document)
    return files | client_make.files(document)


def described() -> dict[str, Any]:
    """The API's description of itself, as the portal serves it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")
    import django

    django.setup()
    from stationer.portal.site.api import api

    plain: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    return plain


def stale() -> list[str]:
    """Paths whose file is not what the code makes, and files in schemas/ or of the client that nothing makes."""
    files = generated()
    wrong = [path for path, text in files.items() if not _is(ROOT / path, text)]
    client = ROOT / "src/stationer/client"
    kept = [*(ROOT / "contract/schemas").glob("*"), *client.glob("shapes/*.py"), *client.glob("routes/*.py")]
    found = {str(path.relative_to(ROOT)) for path in kept}
    return sorted([*wrong, *(found - files.keys())])


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """0 fresh (or made) · 1 stale, with `--check`."""
    parser = argparse.ArgumentParser(prog="python -m contract.make", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; name what is stale")
    if parser.parse_args(arguments).check:
        print("\n".join(stale()))
        return 1 if stale() else 0
    files = generated()
    for path in stale():
        text = files.get(path)
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).unlink() if text is None else (ROOT / path).write_text(text, encoding="utf-8")
        print(f"{'removed' if text is None else 'made'} {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The portal's texts in other languages: collected from code and templates, compiled with Python alone.

`python -m stationer.portal.site.catalogue` compiles every `locale/LANGUAGE/LC_MESSAGES/django.po` beside this file
into the `.mo` that Django reads, where that is missing or older. With `--update` it first brings the `.po` files up
to date with the texts in the portal; new ones stay empty until somebody writes them (tests/portal/test_german.py
fails until then).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from stationer.clicks import RULES
from stationer.compose import KINDS, SHAPES, Kind, Shape
from stationer.compose.lint import RULES as LINT_RULES
from stationer.portal.site.retelling import sentences
from stationer.repute import RULES as REPUTE_RULES
from stationer.repute import ZONES

PORTAL = Path(__file__).resolve().parent.parent
LOCALE = Path(__file__).resolve().parent / "locale"
#: The functions whose literal arguments are texts.
FUNCTIONS = (
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "_",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
)

Text = str | tuple[str, str]


def _source(path: Path) -> str:
    """Python, or a template turned into something that reads like Python (as Django's makemessages does)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    from django.utils.translation.template import templatize

    return templatize(text, origin=str(path))


def _singular(function: str, said: object) -> tuple[Text, str | None] | None:
    """Message id and context of one call, or None when it holds no literal text."""
    words = [said] if isinstance(said, str) else list(said) if isinstance(said, (list, tuple)) else []
    if not words or any(not isinstance(word, str) for word in words if word is not None):
        return None
    context = None
    if "pgettext" in function:
        context, *words = words
    texts = [word for word in words if word]
    if "ngettext" in function:
        return ((texts[0], texts[1]), context) if len(texts) > 1 else None
    return (texts[0], context) if texts else None


def texts() -> Iterator[tuple[Text, str | None, str]]:
    """Every translatable text of the portal: message id, context, file."""
    files = sorted(
        [*PORTAL.rglob("*.py"), *PORTAL.rglob("templates/**/*.html"), *PORTAL.rglob("templates/**/*.txt")]
    )
    for path in files:
        stream = io.BytesIO(_source(path).encode("utf-8"))
        for _line, function, said, _comments in extract_python(stream, dict.fromkeys(FUNCTIONS), [], {}):
            found = _singular(str(function), said)
            if found:
                yield found[0], found[1], path.relative_to(PORTAL).as_posix()
    designs: list[tuple[str, Shape | Kind]] = [(f"shapes/{name}", shape) for name, shape in SHAPES.items()]
    designs += [(f"elements/{name}", kind) for name, kind in KINDS.items()]
    for place, design in designs:
        fields = [word for field in design.fields for word in (field.label, field.hint)]
        options = [option.label for field in design.fields for option in field.options]
        for word in (design.label, design.hint, *fields, *options):
            if word:
                yield word, None, f"compose/{place}"
    for rule in RULES.values():
        yield rule.sentence, None, "clicks/rules.json"
    for mended in LINT_RULES.values():
        kinds = [word for word in mended.breaks if word.islower()]  # the others are names
        for word in (mended.what, mended.next, mended.mend, *kinds):
            if word.strip("{whatnex}"):
                yield word, None, "compose/lint/rules.json"
    for judged in REPUTE_RULES.values():
        yield judged.sentence, None, "repute/rules.json"
        yield judged.mend, None, "repute/rules.json"
    for word in dict.fromkeys(meaning.says for zone in ZONES for meaning in zone.means):
        yield word, None, "repute/zones.json"
    for path, sentence in sentences():
        yield sentence, None, path.relative_to(PORTAL.parent).as_posix()


def collected() -> Catalog:
    """A catalogue of all texts, with the files they stand in (no line numbers: they change too often)."""
    catalogue = Catalog(project="Stationer", charset="utf-8", fuzzy=False)
    for text, context, place in texts():
        catalogue.add(text, context=context, locations=[(place, None)])  # type: ignore[list-item]
    return catalogue


def po_files() -> list[Path]:
    """The catalogues that there are."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """One `.po` file. Raises babel's PoFileError where it is not well-formed."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def update(path: Path) -> None:
    """Bring one `.po` file up to date; texts that are no longer used are dropped."""
    catalogue = read(path)
    first = catalogue.creation_date
    catalogue.update(collected(), no_fuzzy_matching=True)
    catalogue.creation_date = first  # the same texts make the same file
    catalogue.obsolete.clear()
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_by_file=False, sort_output=True, omit_header=False)
    path.write_bytes(buffer.getvalue())


def compile_one(path: Path) -> bool:
    """Write the `.mo` beside a `.po` when it is missing or older. Returns whether it was written."""
    made = path.with_suffix(".mo")
    if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
        return False
    buffer = io.BytesIO()
    write_mo(buffer, read(path))
    beside = made.with_suffix(".mo.new")
    beside.write_bytes(buffer.getvalue())
    beside.replace(made)
    return True


def main(arguments: list[str]) -> int:
    """Compile; with `--update` collect first."""
    for path in po_files():
        if "--update" in arguments:
            update(path)
            path.with_suffix(".mo").unlink(missing_ok=True)
        compile_one(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

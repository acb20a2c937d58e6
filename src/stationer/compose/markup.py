"""MJML as its author wrote it: what is wrong with it, on which line. mrml itself knows neither."""

from __future__ import annotations

import re
from difflib import get_close_matches
from html.parser import HTMLParser

from stationer.compose.places import WHOLE, target
from stationer.links import fault
from stationer.wire.problem import Problem

_KNOWN = {
    "mjml",
    "mj-head",
    "mj-attributes",
    "mj-all",
    "mj-class",
    "mj-title",
    "mj-preview",
    "mj-style",
    "mj-font",
    "mj-breakpoint",
    "mj-body",
    "mj-wrapper",
    "mj-section",
    "mj-group",
    "mj-column",
    "mj-text",
    "mj-button",
    "mj-image",
    "mj-divider",
    "mj-spacer",
    "mj-table",
    "mj-raw",
}
_REFUSED = {
    "mj-include": "It would read another file. Put its content here.",
    "mj-social": "Its icons come from another company's server. Use mj-image with pictures of your own.",
    "mj-social-element": "Its icons come from another company's server. Use mj-image with pictures of your own.",
    "mj-carousel": "It needs a style sheet, which no stamped block can bring. Use one picture.",
    "mj-accordion": "It needs a style sheet, which no stamped block can bring. Use mj-text.",
    "mj-navbar": "It needs a style sheet, which no stamped block can bring. Use links in mj-text.",
    "mj-hero": "Its background picture is missing in Outlook. Use mj-image.",
}


#: HTML that no block may have (`cleaning`): all that stands in it would be missing in the mail.
_LOST = {
    "audio",
    "canvas",
    "embed",
    "form",
    "iframe",
    "input",
    "math",
    "object",
    "script",
    "select",
    "svg",
    "template",
    "textarea",
    "video",
}
_INSIDE = re.compile(r"\s*(?:data|blob|file|cid):", re.IGNORECASE)
#: So many problems are told of one source.
MOST_TOLD = 100
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_BARE = re.compile(r"""\s[\w:-]+\s*=\s*(?!["'\s])""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def bare(source: str) -> str:
    """The source without its author's comments, every line where it was."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)


class _Lines(HTMLParser):
    """Keeps account of elements, as strictly as mrml does; what HTML may stand in them is nh3's affair."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[Problem] = []
        self.open: list[tuple[str, int]] = []

    def _say(self, what: str, advice: str, line: int = 0) -> None:
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem("mjml", what, advice, line or self.getpos()[0]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._known(tag)
        self._leading(attrs)
        if tag not in VOID:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._known(tag)
        self._leading(attrs)

    def _leading(self, attrs: list[tuple[str, str | None]]) -> None:
        """Links that lead where nobody may be sent (contract/links.md §1), pictures that are at no address."""
        for name, value in attrs:
            if name == "src" and value and _INSIDE.match(value):
                what = "A picture is written into the source itself; no mail program would show it."
                advice = "Add it to your pictures, and call it by its name: picture:NAME."
                line = self.getpos()[0]
                self.problems.append(Problem("mjml", what, advice, line, "picture-inside"))
            if name == "href" and value and value.strip() and (what := fault(target(value))):
                self._say(what, WHOLE)

    def handle_data(self, data: str) -> None:
        if "<" in data and self.cdata_elem is None:
            self._say(
                "A < stands alone.",
                "Write &lt; for it.",
                self.getpos()[0] + data[: data.index("<")].count("\n"),
            )

    def _known(self, tag: str) -> None:
        if _BARE.search(_QUOTED.sub('""', self.get_starttag_text() or "")):
            self._say(f"An attribute of <{tag}> stands without quotes.", 'Write name="value".')
        if tag in _REFUSED:
            self._say(f"<{tag}> cannot be used.", _REFUSED[tag])
        elif tag in _LOST:
            self._say(
                f"<{tag}> is taken out of mails.", "Take it away, or say it with words, pictures and links."
            )
        elif tag.startswith("mj") and tag not in _KNOWN and len(self.problems) < MOST_TOLD:
            near = get_close_matches(tag, _KNOWN, 1)
            advice = (
                f"Did you mean <{near[0]}>?" if near else "See the list of elements in contract/content.md."
            )
            self._say(f"There is no element <{tag}>.", advice)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not any(name == tag for name, _ in self.open):
            self._say(f"</{tag}> closes nothing.", f"Take it away, or open <{tag}> before it.")
            return
        name, line = self.open.pop()
        while name != tag:
            self._say(f"<{name}> is never closed.", f"Write </{name}> before </{tag}>.", line)
            name, line = self.open.pop()


def check(source: str) -> list[Problem]:
    """Everything that is wrong with the elements of an MJML source, each with its line."""
    lines = _Lines()
    lines.feed(bare(source))
    lines.close()
    for name, line in lines.open:
        lines.problems.append(
            Problem("mjml", f"<{name}> is never closed.", f"Write </{name}> at its end.", line)
        )
    return sorted(lines.problems, key=lambda problem: problem.line or 0)

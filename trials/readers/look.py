"""What is seen of a mail in a reader's own document: one probe (JavaScript) for all readers, and what it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: The inside of a function of `root` (the element that holds the message) and `about` (words to look for).
PROBE = r"""
const window_ = root.ownerDocument.defaultView;
const box = (one) => { const r = one.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
const pictures = [...root.querySelectorAll('img')].map((one) => (
  {src: one.currentSrc || one.src, shown: one.naturalWidth > 0, box: box(one), alt: one.alt}));
const where = (words) => {
  const walk = root.ownerDocument.createTreeWalker(root, 4);
  const nodes = [];
  let whole = '';
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (window_.getComputedStyle(node.parentElement).display === 'none' || node.parentElement.closest('style')) continue;
    nodes.push([whole.length, node]);
    whole += node.data.replace(/\s/g, ' ');
  }
  const found = [];
  for (let at = whole.indexOf(words); words && at >= 0; at = whole.indexOf(words, at + 1)) {
    const [start, node] = nodes.filter(([begin]) => begin <= at).pop();
    const range = root.ownerDocument.createRange();
    range.setStart(node, at - start);
    range.setEnd(node, Math.min(node.length, at - start + words.length));
    const style = window_.getComputedStyle(node.parentElement);
    const cite = node.parentElement.closest('blockquote');
    found.push({box: box(range), colour: style.color, size: style.fontSize, family: style.fontFamily,
                direction: style.direction, cited: Boolean(cite && root.contains(cite)),
                cite: cite ? [cite.className, cite.getAttribute('type'), window_.getComputedStyle(cite).borderLeftStyle] : []});
  }
  return found;
};
const blocks = [...root.querySelectorAll('[id*="stationer-"]')].map((one) => ({
  token: one.id, class: one.className, box: box(one), text: one.innerText,
  widths: [...one.querySelectorAll('table')].map((table) => table.getBoundingClientRect().width),
  edges: [...one.querySelectorAll('td')].flatMap((cell) => {
    const style = window_.getComputedStyle(cell);
    return ['Top', 'Left'].map((side) => `${style[`border${side}Style`]} ${style[`border${side}Color`]}`);
  }),
  direction: window_.getComputedStyle(one).direction,
}));
return {
  ready: root.ownerDocument.readyState === 'complete' && [...root.querySelectorAll('img')].every((one) => one.complete)
    && root.innerText.trim().length > 0,
  text: root.innerText, width: root.ownerDocument.documentElement.clientWidth,
  full: root.ownerDocument.documentElement.scrollWidth,
  pictures, blocks, links: [...root.querySelectorAll('a[href]')].map((one) => one.href),
  quotes: root.querySelectorAll('blockquote').length,
  words: Object.fromEntries(about.map((words) => [words, where(words)])),
};
"""


@dataclass(frozen=True)
class Box:
    """Where something stands, in pixels of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def seen(self) -> bool:
        """Whether it has a size."""
        return self.right > self.left and self.bottom > self.top


@dataclass
class Seen:
    """What the probe found, with boxes as values."""

    raw: dict[str, Any]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = " ".join(self.raw["text"].split())

    def blocks(self) -> dict[str, dict[str, Any]]:
        """Our blocks by slot."""
        return {slot_of(block["token"]): block for block in self.raw["blocks"]}

    def word(self, words: str) -> dict[str, Any]:
        """Where words stand; they must be there once. Raises AssertionError."""
        found: list[dict[str, Any]] = self.raw["words"][words]
        assert len(found) == 1, f"{words!r} is shown {len(found)} times"
        return found[0]


def slot_of(token: str) -> str:
    """The slot in a marker's token, whatever a reader put before it."""
    return token.split("stationer-", 1)[1].rsplit("-", 3)[1]


def box(found: dict[str, Any]) -> Box:
    """The box of a finding."""
    return Box(*found["box"])

"""A pair of hands at a page: they press and type as a person does, by pointer or by keyboard alone, and count.

One interaction is one thing pressed or one field filled in; walking there with the Tab key is counted beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

#: Presses of Tab after which a thing counts as out of the keyboard's reach.
MOST_STEPS = 250
SAME = "one => one === document.activeElement || (one.labels && one === document.activeElement)"
GROUP = (
    "one => document.activeElement && one.type === 'radio' && document.activeElement.type === 'radio'"
    " && one.name === document.activeElement.name"
)


@dataclass
class Hands:
    """`keyboard`: they never touch the pointer. `log` says what was done, in order."""

    page: Page
    keyboard: bool = False
    steps: int = 0
    log: list[str] = field(default_factory=list)

    @property
    def interactions(self) -> int:
        """How many things were pressed or filled in."""
        return len(self.log)

    def press(self, what: Locator) -> None:
        """A link, a button, a summary, a box or a choice."""
        self.log.append(f"press {_called(what)}")
        if not self.keyboard:
            what.click()
            return
        self._reach(what)
        kind = str(what.evaluate("one => one.tagName + (one.type ? ':' + one.type : '')"))
        self.page.keyboard.press("Space" if kind in ("INPUT:checkbox", "INPUT:radio", "SUMMARY") else "Enter")

    def fill(self, what: Locator, text: str) -> None:
        """A field; what stood in it is replaced."""
        self.log.append(f"fill {_called(what)}")
        if not self.keyboard:
            what.fill(text)
            return
        self._reach(what)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def _reach(self, what: Locator) -> None:
        """Tab until it has the focus; among the choices of one question, the arrow keys."""
        what.wait_for(state="attached")
        for _ in range(MOST_STEPS):
            if what.evaluate(SAME):
                return
            among = what.evaluate(GROUP)
            self.page.keyboard.press("ArrowDown" if among else "Tab")
            self.steps += 1
        raise AssertionError(f"the keyboard does not reach {_called(what)}")


def _called(what: Locator) -> str:
    said: str = what.evaluate(
        "one => (one.labels && one.labels[0] ? one.labels[0].innerText : one.innerText || one.name || one.id)"
    )
    return " ".join(said.split())[:60]

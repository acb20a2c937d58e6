"""What was chosen for those of whom the memory says the same, found again without asking more than the choice did.

A choice asks one campaign after the other, and which is asked next depends on the answers alone. So what is known is a
tree: a campaign in each fork, an answer on each branch, a choice at each end.
"""

from __future__ import annotations

from collections.abc import Callable

from stationer.pick.choosing import Chosen
from stationer.pick.remembering import Recall

#: Forks of one mail's trees; what is beyond them is chosen anew.
MOST_FORKS = 10_000


class _Fork:
    """A fork, until its campaign is known, or an end."""

    __slots__ = ("branches", "campaign", "chosen")

    def __init__(self) -> None:
        self.campaign = -1
        self.branches: dict[int, _Fork] = {}
        self.chosen: Chosen | None = None


class Decisions:
    """The choices of one mail, by what holds and by what is remembered."""

    def __init__(self) -> None:
        self._roots: dict[tuple[int, int], _Fork] = {}
        self._forks = 0

    def of(self, held: tuple[int, int], recall: Recall | None, choose: Callable[[], Chosen]) -> Chosen:
        """The choice for those of whom these rules hold (masks) and whom `recall` remembers; made when it is new."""
        fork, depth = self._roots.setdefault(held, _Fork()), 0
        while fork.chosen is None and recall is not None and fork.campaign >= 0:
            branch = fork.branches.get(recall.step(fork.campaign))
            if branch is None:
                break
            fork, depth = branch, depth + 1
        if fork.chosen is not None:
            return fork.chosen
        chosen = choose()
        said = list(recall.said())[depth:] if recall is not None else []
        if self._forks + len(said) <= MOST_FORKS:
            self._forks += len(said)
            for campaign, step in said:
                fork.campaign = campaign
                fork = fork.branches.setdefault(step, _Fork())
            fork.chosen = chosen
        return chosen

"""What others may listen to: a vote that was made, changed, or got a comment."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent with `sender` (Vote) and `votes` (a list of rows of one PEN, its scope open) in the transaction that says so.
#: Each names its message or template: a vote on a mail that no edge has told of yet is made known when it has.
voted = Signal()

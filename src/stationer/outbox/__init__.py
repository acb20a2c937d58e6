"""What happens to the mails in an Outbox: `plan(seen, past, now) -> actions`, and the steps of each action.

The whole failsafe is here, and it knows no socket, no clock and no disk: the agent drives it with real
servers, the
simulation with a world of its own (contract/journal.md).
"""

from stationer.outbox.actions import (
    Action,
    Ask,
    Close,
    FileSent,
    GiveBack,
    Keep,
    Remove,
    Restore,
    Seal,
    Stamp,
    Submit,
    Tell,
    Wait,
)
from stationer.outbox.hold import Held, tick
from stationer.outbox.plan import plan
from stationer.outbox.reports import reports
from stationer.outbox.seen import Edge, Mail, Notice, Now, Outfit, Portal, Seen, Stationery, Trouble
from stationer.outbox.state import State, fold, resume
from stationer.outbox.steps import perform
from stationer.outbox.turn import SetbackError, World, turn

__all__ = [
    "Action",
    "Ask",
    "Close",
    "Edge",
    "FileSent",
    "GiveBack",
    "Held",
    "Keep",
    "Mail",
    "Notice",
    "Now",
    "Outfit",
    "Portal",
    "Remove",
    "Restore",
    "Seal",
    "Seen",
    "SetbackError",
    "Stamp",
    "State",
    "Stationery",
    "Submit",
    "Tell",
    "Trouble",
    "Wait",
    "World",
    "fold",
    "perform",
    "plan",
    "reports",
    "resume",
    "tick",
    "turn",
]

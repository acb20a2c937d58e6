"""Enhanced status codes (RFC 3463): found in what a server said, and what they mean for the address."""

from __future__ import annotations

import re
from typing import Literal

#: hard: there is nobody at the address; soft: there may be later; other: it is about the mail, or about us.
Kind = Literal["hard", "soft", "other"]

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")
REPLY = re.compile(r"(?<![\d.])([245])\d\d(?=[ :-])")
#: Subject and detail of a permanent failure that the address itself is the reason of (RFC 3463 §3.2, §3.3, §3.5;
#: RFC 7505: null MX).
NOBODY = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4"}
#: And of one that passes: a full mailbox, a full or unwilling system, a network that is away, a life that ended.
PASSING = {"2.2", "3.1", "3.2", "4.1", "4.2", "4.3", "4.5", "4.7"}
#: The sender's address (RFC 3463 §3.2), the mail's content, and security or policy: whatever the words say, they do
#: not say that nobody is there.
ABOUT_US = ("1.7", "1.8", "6.", "7.")
FULL = re.compile(
    r"(?i)(?:mailbox|account|inbox) (?:is )?(?:full|over)"
    r"|(?:over|exceed\w{0,3}|out of) ?(?:\w{1,12} )?(?:quota|storage)"
    r"|quota (?:is )?(?:exceeded|full)|insufficient (?:system |disk )?storage"
)
WHO = r"(?:user|recipient|address|mailbox|account|person|alias|host|domain)"
UNKNOWN = re.compile(
    rf"(?i){WHO}[^.\n]{{0,60}}?(?:unknown|not (?:be )?(?:found|known|listed|exist)|(?:does|do)(?: not|n't) exist"
    rf"|disabled|inactive|no longer)|(?:unknown|invalid|no such|nonexistent|not a (?:valid|known)) (?:local )?{WHO}"
    r"|no mailbox|recipient address rejected: access denied|doesn't have an? \S{1,80} account"
)


def status_of(text: str, otherwise: str = "") -> str:
    """The enhanced code that `text` (a reply, a diagnosis) names; else its reply code's class as `5.0.0`; else
    `otherwise`. One that says nothing (`5.0.0`) yields to a later one that does."""
    found = ["{}.{}.{}".format(*match) for match in ENHANCED.findall(text)]
    telling = [code for code in found if not code.endswith(".0.0")]
    if telling or found:
        return (telling or found)[0]
    reply = REPLY.search(text)
    return f"{reply[1]}.0.0" if reply else otherwise


def kind_of(status: str, said: str = "") -> Kind:
    """What a failure with this enhanced code (or none) and these words means for the address."""
    if status.startswith("4"):
        return "soft"
    about = status.partition(".")[2]
    if about in NOBODY:
        return "hard"
    # M365 says 5.4.1 of people that it does not know: words before the table of what passes
    if about.startswith(ABOUT_US):
        return "other"
    if FULL.search(said):
        return "soft"
    if UNKNOWN.search(said):
        return "hard"
    return "soft" if about in PASSING else "other"

"""What one request says of itself: its method, its program, what its browser adds (Fetch Metadata, Accept-Language)."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.clicks.agents import Agent, agent
from stationer.clicks.seen import DECOY, Reason, Seen

_AHEAD = ("prefetch", "prerender", "preview")
#: Programs that say so: nothing else of theirs needs to be asked.
_SAYS_SO = {
    "office": "office-check",
    "scanner": "agent-scanner",
    "preview": "agent-preview",
    "headless": "agent-headless",
    "program": "agent-program",
}


def itself(hit: Seen, secure: bool) -> Iterator[Reason]:
    """Reasons that lie in the request alone. `secure`: it came by https, so that a browser says what it does."""
    what = agent(hit.agent)
    if hit.number == DECOY:
        yield Reason("decoy")
    if hit.method == "HEAD":
        yield Reason("head")
    if what.kind in _SAYS_SO:
        yield Reason(_SAYS_SO[what.kind], {"name": what.name})
    elif what.kind == "none":
        yield Reason("agent-none")
    else:
        yield from _browsing(hit, what, secure)


def _browsing(hit: Seen, what: Agent, secure: bool) -> Iterator[Reason]:
    if what.kind == "strange":
        yield Reason("agent-strange")
    if what.old:
        yield Reason("agent-old", {"name": what.name, "version": what.version})
    language = hit.hints.get("accept-language", "").strip()
    if language:
        yield Reason("language", {"said": language.split(",")[0].split(";")[0][:20]})
    else:
        yield Reason("no-language")
    yield from _metadata(hit, what, secure)


def _metadata(hit: Seen, what: Agent, secure: bool) -> Iterator[Reason]:
    ahead = f"{hit.hints.get('purpose', '')} {hit.hints.get('sec-purpose', '')}".lower()
    if any(word in ahead for word in _AHEAD):
        yield Reason("prefetch")
    mode, dest = hit.hints.get("sec-fetch-mode", ""), hit.hints.get("sec-fetch-dest", "")
    if mode and (mode != "navigate" or dest not in ("", "document")):
        yield Reason("no-navigation", {"said": f"{mode}, {dest}" if dest else mode})
    elif mode:
        yield Reason("opened")
    elif what.tells and secure:
        yield Reason("no-fetch-metadata", {"name": what.name, "version": what.version})


def is_browsed(hit: Seen) -> bool:
    """Whether it looks like somebody's browser at first sight: what is held against others is held by this."""
    known = agent(hit.agent)
    return (
        hit.method == "GET"
        and hit.number != DECOY
        and known.kind == "browser"
        and not known.old
        and bool(hit.hints.get("accept-language"))
    )

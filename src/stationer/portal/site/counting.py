"""How often somebody did something in this minute or hour, counted in the cache that all processes share."""

from __future__ import annotations

from time import time

from django.core.cache import cache


def tally(name: str, seconds: int) -> int:
    """One more of `name` in the present stretch of so many seconds. Returns how many these are.

    The stretch is in the key and each write says how long it is kept: `incr` of a cache of files would let the key
    end five minutes after the last, and so never while it goes on."""
    many = so_far(name, seconds) + 1
    cache.set(_key(name, seconds), many, seconds)
    return many


def so_far(name: str, seconds: int) -> int:
    """How many of `name` there were in the present stretch of so many seconds; this counts none."""
    return int(cache.get(_key(name, seconds), 0))


def _key(name: str, seconds: int) -> str:
    return f"{name}-{int(time() // seconds)}"

"""Whether a way out may be used now, for whoever hands mail over.

A pause is advice: where every way out rests, mail goes by the first all the same. It is never held for a listing, since
many receivers do not ask that list, and those who do say so.
"""

from __future__ import annotations

from stationer.portal.reputation.models import Watched

#: The installation's own relay (`portal.relay`).
DEFAULT = "default"


def usable(way: str = DEFAULT) -> bool:
    """Whether nothing that this way leaves from is on a block list that alarms. A way that nobody watches is usable."""
    return way != DEFAULT or not Watched.objects.filter(pen=None, paused_at__isnull=False).exists()

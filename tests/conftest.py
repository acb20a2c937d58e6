"""How the property tests choose their examples: the same ones in every run, so that a red run is a change's doing.

`--hypothesis-profile=wander` looks for new ones; what it finds becomes an `@example` or a test of its own.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("wander", deadline=None, print_blob=True)
settings.load_profile("same")

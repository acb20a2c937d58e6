"""The agent runs without anything of the server: no Django, no granian, nothing of the portal or the edge."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import importlib, pkgutil, sys
import stationer.agent, stationer.cli.agent
for found in pkgutil.iter_modules(stationer.agent.__path__):
    importlib.import_module(f"stationer.agent.{found.name}")
print("\\n".join(sorted(sys.modules)))
"""
OF_THE_SERVER = {
    "django", "allauth", "ninja", "oauth2_provider", "granian", "psycopg", "argon2", "whitenoise", "pymap", "aiosmtpd"
}  # fmt: skip


def test_nothing_of_the_server_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=True
    )
    names = set(done.stdout.split())
    assert "stationer.agent.program" in names and "stationer.outbox.plan" in names
    assert not {name.partition(".")[0] for name in names} & OF_THE_SERVER
    counters = ("stationer.portal", "stationer.edge", "stationer.demo")
    assert not [name for name in names if name.startswith(counters)]

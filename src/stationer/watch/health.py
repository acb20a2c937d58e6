"""Is this program ready? Each room adds checks: a name, and a function that returns "" or what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Check = Callable[[], str]


def failing(checks: Mapping[str, Check]) -> dict[str, str]:
    """Names of the failing checks, each with its sentence; one that raises fails with the fault's kind."""
    wrong: dict[str, str] = {}
    for name, check in checks.items():
        try:
            sentence = check()
        except Exception as fault:
            # the fault's own words may hold addresses or secrets; its kind does not
            sentence = f"The check itself failed ({type(fault).__name__})."
        if sentence:
            wrong[name] = sentence
    return wrong

"""The API, asked everything that its own description allows and much that it does not (schemathesis, in process)."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

#: What is held of every answer. Left out: that whatever a schema allows is accepted (a group must be there to be
#: named), and that whatever it forbids is refused (a form's number comes as text).
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@contextmanager
def connection_kept() -> Iterator[None]:
    """A request closes the thread's connection; the test's own transaction is on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def operations(document: dict[str, Any]) -> Iterator[Any]:
    """Every operation of the document, ready to be asked of this process."""
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    for result in schema.get_all_operations():
        yield result.ok()


def ask(
    one: Any, headers: dict[str, str], places: dict[str, str], examples: int, by: int
) -> tuple[list[str], dict[int, int]]:
    """What is wrong with answers of this operation, and how often which status came. Nothing stays changed."""
    wrong: dict[str, str] = {}
    statuses: dict[int, int] = {}
    chance = random.Random(by)

    def check(case: Any) -> None:
        made_up = case.headers or {}  # among them tokens, instead of the one that asks
        case.headers = {name: made_up[name] for name in made_up if name.lower() != "authorization"}
        if chance.random() < 0.7:  # one that is there; else whatever was made up
            case.path_parameters = {
                name: places.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        with transaction.atomic():
            try:
                answer = case.call(base_url="http://testserver", headers=headers)
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                case.validate_response(answer, checks=CHECKS)
            except (Failure, FailureGroup) as found:
                wrong.setdefault(str(found)[:2_000], case.as_curl_command()[:600])
            except Exception:
                wrong.setdefault(traceback.format_exc()[-2_000:], case.as_curl_command()[:600])
            finally:
                transaction.set_rollback(True)

    for mode in MODES:
        try:
            _run(one.as_strategy(generation_mode=mode), check, examples, by)
        except Exception as fault:
            if "negat" not in str(fault).lower() and type(fault).__name__ != "Unsatisfiable":
                raise
    return [f"{one.label}\n{sentence}\n{curl}" for sentence, curl in wrong.items()], statuses


def _run(strategy: Any, check: Callable[[Any], None], examples: int, by: int) -> None:
    hypothesis = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    seed(by)(hypothesis(given(strategy)(check)))()

"""What is asked of a list, checked before anything is looked for (RFC 7644 §3.4.2): its filter is of a size that is
worked out, and of characters that there can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scim2_models import InvalidFilterException, SearchRequest
from scim2_models.path import Comparison, LogicalExpr, Not, ValuePath

#: Characters that a filter may have, and comparisons: a database takes no more than some hundreds in one question.
MOST_FILTER, MOST_TERMS = 20_000, 200


def asked(model: Any, said: Any) -> SearchRequest[Any]:
    """The question about resources of this type. Raises InvalidFilterException, pydantic's ValidationError."""
    if isinstance(said, dict):
        for name, text in said.items():
            if name.lower() == "filter" and isinstance(text, str) and len(text) > MOST_FILTER:
                raise InvalidFilterException(detail=f"A filter has at most {MOST_FILTER} characters.")
    found: SearchRequest[Any] = SearchRequest[model].model_validate(said)
    if found.filter is not None:
        _bearable(list(_comparisons(found.filter.ast)))
    return found


def _bearable(comparisons: list[Any]) -> None:
    if len(comparisons) > MOST_TERMS:
        raise InvalidFilterException(
            detail=f"A filter compares at most {MOST_TERMS} times: ask in several requests."
        )
    for one in comparisons:
        if isinstance(one, Comparison) and isinstance(one.value, str) and not keepable(one.value):
            raise InvalidFilterException(
                detail="A value has characters that nothing here has (U+0000, half a surrogate)."
            )


def _comparisons(node: Any) -> Iterator[Any]:
    """Comparisons and `pr`, wherever they stand (scim2-models nests 32 deep at most)."""
    if isinstance(node, LogicalExpr):
        for term in node.terms:
            yield from _comparisons(term)
    elif isinstance(node, ValuePath):
        yield from _comparisons(node.val_filter)
    elif isinstance(node, Not):
        yield from _comparisons(node.expr)
    else:
        yield node


def keepable(text: str) -> bool:
    """Whether a database can keep, or be asked for, this text: no U+0000, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)

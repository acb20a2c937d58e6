"""A mail in by standard input and out by standard output; a stream that is closed or full is a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable


class StreamError(Exception):
    """Standard input or output does not work; the message says which, and why."""


def take() -> bytes:
    """All of standard input. Raises StreamError."""
    try:
        if sys.stdin is None:
            raise StreamError("standard input is closed; give the mail to it")
        return sys.stdin.buffer.read()
    except OSError as error:
        raise StreamError(f"cannot read standard input: {error.strerror}") from error


def give(segments: Iterable[bytes | memoryview]) -> None:
    """Everything to standard output, flushed. Raises StreamError."""
    try:
        if sys.stdout is None:
            raise StreamError("standard output is closed")
        for segment in segments:
            sys.stdout.buffer.write(segment)
        sys.stdout.flush()
    except OSError as error:
        # what is still buffered would be tried, and fail, once more when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StreamError(f"cannot write standard output: {error.strerror}") from error

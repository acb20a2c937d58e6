"""Asking until nothing is missing, many at a time, and no longer than somebody has patience."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import dns.resolver

from stationer.lookup import names, secure
from stationer.repute import Answer, Book, Question

T = TypeVar("T")
#: So many questions are on their way at a time.
AT_ONCE = 16
#: Rounds of questions that follow from answers; an SPF record that includes others takes the most.
MOST_ROUNDS = 25
TOO_LATE = Answer("failed", said="there was no time left to ask")


class Asker:
    """One look at the world: what was answered is kept, so that nothing is asked twice in it.

    `patience_s`: for one question. `whole_s`: for all of them; later ones are answered `failed`. `inside`: whether
    certificates and policies at private addresses are fetched. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        resolver: dns.resolver.Resolver,
        *,
        patience_s: float = 3.0,
        whole_s: float = 60.0,
        inside: bool = False,
        trusted: ssl.SSLContext | None = None,
        https_port: int = 443,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.resolver, self.patience_s, self.clock = resolver, patience_s, clock
        self.inside, self.https_port = inside, https_port
        self.trusted = trusted or ssl.create_default_context()
        self.ends = clock() + whole_s
        self.known: dict[Question, Answer] = {}

    def settle(self, judge: Callable[[Book], T]) -> T:
        """What `judge` says when it lacks nothing any more."""
        for _ in range(MOST_ROUNDS):
            book = Book(self.known)
            said = judge(book)
            if not book.missing:
                return said
            self.ask(book.missing)
        return said

    def ask(self, questions: Iterable[Question]) -> None:
        """Ask these, at the same time, and keep the answers."""
        new = [one for one in dict.fromkeys(questions) if one not in self.known]
        with ThreadPoolExecutor(AT_ONCE, "lookup") as pool:
            self.known |= dict(zip(new, pool.map(self._answer, new), strict=True))

    def _answer(self, question: Question) -> Answer:
        left = min(self.patience_s, self.ends - self.clock())
        if left <= 0:
            return TOO_LATE
        if question.kind == "TLS":
            host, _, port = question.name.rpartition(":")
            return secure.certificate(host, int(port), self._addresses(host, left), self.trusted, left)
        if question.kind == "POLICY":
            host = f"mta-sts.{question.name}"
            return secure.policy(host, self.https_port, self._addresses(host, left), self.trusted, left)
        return names.answer(self.resolver, question, left)

    def _addresses(self, host: str, seconds: float) -> list[str]:
        """Where a name leads, private places left out."""
        return names.addresses(self.resolver, host, seconds, inside=self.inside)

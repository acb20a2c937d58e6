"""A process's counters, gauges and histograms, and their Prometheus text (exposition format 0.0.4).

Names are `stationer_…`; a counter ends in `_total`, a time is in seconds. Labels must never hold an address.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

#: Seconds: from a quick pick to a slow disk.
BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

Labels = tuple[str, ...]


class Metric:
    """One name and its values by label values, which come in the order of the label names."""

    kind: Literal["counter", "gauge", "histogram"] = "counter"

    def __init__(self, name: str, what: str, labels: Sequence[str] = ()) -> None:
        self.name, self.what, self.labels = name, what, tuple(labels)
        self._values: dict[Labels, float] = {}
        self._lock = threading.Lock()

    def add(self, amount: float = 1, *labels: str) -> None:
        """Count `amount` more."""
        with self._lock:
            self._values[labels] = self._values.get(labels, 0) + amount

    def value(self, *labels: str) -> float:
        """The value so far, 0 when there is none."""
        return self._values.get(labels, 0)

    def lines(self) -> list[str]:
        """The samples."""
        with self._lock:
            values = sorted(self._values.items())
        return [f"{self.name}{_labels(self.labels, labels)} {_number(value)}" for labels, value in values]


class Counter(Metric):
    """A number that only grows."""


class Gauge(Metric):
    """A number that is what it is now."""

    kind = "gauge"

    def set(self, value: float, *labels: str) -> None:
        """It is `value` from now on."""
        with self._lock:
            self._values[labels] = value

    def forget(self, *labels: str) -> None:
        """There is no such thing any more."""
        with self._lock:
            self._values.pop(labels, None)


class Histogram(Metric):
    """How many observations were at most each bucket's bound."""

    kind = "histogram"

    def __init__(
        self, name: str, what: str, labels: Sequence[str] = (), buckets: Sequence[float] = BUCKETS
    ) -> None:
        super().__init__(name, what, labels)
        self.buckets = tuple(buckets)
        self._counts: dict[Labels, list[int]] = {}

    def observe(self, value: float, *labels: str) -> None:
        """One observation more."""
        place = bisect_left(self.buckets, value)
        with self._lock:
            counts = self._counts.get(labels)
            if counts is None:
                counts = self._counts[labels] = [0] * (len(self.buckets) + 1)
                self._values[labels] = 0.0
            counts[place] += 1
            self._values[labels] += value

    def lines(self) -> list[str]:
        """Cumulative buckets, sum and count for each set of labels."""
        with self._lock:
            series = [(labels, list(counts), self._values[labels]) for labels, counts in self._counts.items()]
        lines: list[str] = []
        for labels, counts, total in sorted(series):
            seen = 0
            for bound, count in zip([*map(_number, self.buckets), "+Inf"], counts, strict=True):
                seen += count
                lines.append(f"{self.name}_bucket{_labels((*self.labels, 'le'), (*labels, bound))} {seen}")
            lines.append(f"{self.name}_sum{_labels(self.labels, labels)} {_number(total)}")
            lines.append(f"{self.name}_count{_labels(self.labels, labels)} {seen}")
        return lines


M = TypeVar("M", bound=Metric)


class Registry:
    """All metrics of one process; `before` callbacks bring gauges up to date when somebody looks."""

    def __init__(self) -> None:
        self._metrics: dict[str, Metric] = {}
        self.before: list[Callable[[], None]] = []

    def counter(self, name: str, what: str, labels: Sequence[str] = ()) -> Counter:
        """A new counter. A name that is taken raises ValueError."""
        return self._new(Counter(name, what, labels))

    def gauge(self, name: str, what: str, labels: Sequence[str] = ()) -> Gauge:
        """A new gauge."""
        return self._new(Gauge(name, what, labels))

    def histogram(
        self, name: str, what: str, labels: Sequence[str] = (), buckets: Sequence[float] = BUCKETS
    ) -> Histogram:
        """A new histogram."""
        return self._new(Histogram(name, what, labels, buckets))

    def _new(self, metric: M) -> M:
        if metric.name in self._metrics:
            raise ValueError(f"there is a metric {metric.name} already")
        self._metrics[metric.name] = metric
        return metric

    def text(self) -> str:
        """Everything, in Prometheus text. Content type: `TEXT`."""
        for callback in self.before:
            callback()
        lines: list[str] = []
        for metric in self._metrics.values():
            lines.append(f"# HELP {metric.name} {_escaped(metric.what)}")
            lines.append(f"# TYPE {metric.name} {metric.kind}")
            lines += metric.lines()
        return "\n".join(lines) + "\n"


TEXT = "text/plain; version=0.0.4; charset=utf-8"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _labels(names: Labels, values: Labels) -> str:
    if not names:
        return ""
    pairs = (
        f'{n}="{_escaped(v).replace(chr(34), chr(92) + chr(34))}"' for n, v in zip(names, values, strict=True)
    )
    return "{" + ",".join(pairs) + "}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)

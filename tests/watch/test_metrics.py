"""Prometheus text as its exposition format asks for."""

import threading

import pytest

from stationer.watch.health import failing
from stationer.watch.metrics import Registry


def test_counters_gauges_and_histograms_are_written_as_prometheus_reads_them():
    registry = Registry()
    registry.counter("stationer_a_total", "All a.", ["code"]).add(2, "200")
    registry.gauge("stationer_b", "b.").set(1.5)
    histogram = registry.histogram("stationer_c_seconds", "c.", buckets=[0.1, 1])
    for value in (0.1, 0.5, 7):
        histogram.observe(value)
    assert registry.text() == (
        "# HELP stationer_a_total All a.\n# TYPE stationer_a_total counter\n"
        'stationer_a_total{code="200"} 2\n'
        "# HELP stationer_b b.\n# TYPE stationer_b gauge\nstationer_b 1.5\n"
        "# HELP stationer_c_seconds c.\n# TYPE stationer_c_seconds histogram\n"
        'stationer_c_seconds_bucket{le="0.1"} 1\n'
        'stationer_c_seconds_bucket{le="1"} 2\n'
        'stationer_c_seconds_bucket{le="+Inf"} 3\n'
        "stationer_c_seconds_sum 7.6\nstationer_c_seconds_count 3\n"
    )


def test_label_values_are_escaped():
    registry = Registry()
    registry.counter("a_total", "", ["x"]).add(1, 'q"\\\n')
    assert 'a_total{x="q\\"\\\\\\n"} 1' in registry.text()


def test_gauges_are_brought_up_to_date_when_somebody_looks():
    registry = Registry()
    gauge = registry.gauge("age", "")
    registry.before.append(lambda: gauge.set(4))
    assert "age 4\n" in registry.text()


def test_a_name_is_taken_once():
    registry = Registry()
    registry.counter("a_total", "")
    with pytest.raises(ValueError, match="a_total"):
        registry.gauge("a_total", "")


def test_nothing_is_lost_when_threads_count():
    counter = Registry().counter("a_total", "")

    def many() -> None:
        for _ in range(5000):
            counter.add()

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value() == 20000


def test_failing_checks_are_named_and_a_check_that_raises_fails():
    def broken() -> str:
        raise OSError("secret detail")

    wrong = failing({"fine": lambda: "", "low": lambda: "The disk is full.", "broken": broken})
    assert wrong == {"low": "The disk is full.", "broken": "The check itself failed (OSError)."}

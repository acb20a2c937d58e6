"""Every event a log line may carry. Names are fixed: dashboards and `why` rely on them."""

from __future__ import annotations

EVENTS: dict[str, str] = {
    # any program
    "started": "The program answers, or watches, from now on.",
    "stopping": "The program was asked to stop and finishes what it has in hand.",
    "fault": "Something failed that should not have. The line carries the traceback.",
    "message": "A line of a library that knows no events.",
    # edge
    "file-in-force": "A PEN's new snapshot or roll was verified and is in force.",
    "file-refused": "A PEN's new snapshot or roll was refused; the one before stays in force.",
    "folder-unreadable": "The edge's folder cannot be read; what is in force stays in force.",
    "folder-readable": "The edge's folder can be read again.",
    # serve
    "process-started": "A program that is supervised was started.",
    "process-ended": "A program that is supervised ended and will be started again.",
    "process-stopped": "A program that is supervised ended because it was asked to.",
}

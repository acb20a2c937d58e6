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
    "publication-unreadable": "A publication's bytes cannot be read; links of the one before it are carried over.",
    "records-not-written": "Records for replay could not be written; they are dropped, and answers go on.",
    "records-removed": "A PEN does not want records for replay any more; all of them were removed.",
    "copy-not-kept": "The disk of edge.state takes no copy of a file in force; an edge that starts has only the file.",
    "segment-set-aside": "A journal of what recipients were sent has a damaged beginning; it was renamed to .broken.",
    "segment-damaged": "A stretch of a journal of what recipients were sent cannot be read; the rest counts.",
    "checkpoint-damaged": "A checkpoint of what recipients were sent cannot be read; the journals are read instead.",
    "memory-unreadable": "The folder of what recipients were sent cannot be read; picks go by what is known.",
    "memory-unwritable": "What was asked cannot be written; it waits in memory up to a bound, and picks go on.",
    "memory-writable": "What was asked is written again.",
    "memory-later": "A look at what other workers wrote failed and is tried again.",
    "file-missing": "A PEN's file was not there when a worker started; the copy of it came into force.",
    "file-refused": "A PEN's new snapshot or roll was refused; the one before stays in force.",
    "folder-unreadable": "The edge's folder cannot be read; what is in force stays in force.",
    "folder-readable": "The edge's folder can be read again.",
    # portal
    "roll-written": "A PEN's roll was written for the edge.",
    "roll-not-written": "A PEN's roll could not be written; the worker tries again.",
    "published": "Somebody pressed Publish, and the snapshot is on disk.",
    "snapshot-not-placed": "A published snapshot could not be put down for the edge; the worker tries again.",
    "mail-sent": "The relay took a mail of the server's own for a recipient.",
    "mail-deferred": "The relay could not take such a mail now; it is tried again.",
    "mail-failed": "The relay refused such a mail for good, or it was tried too long.",
    "signed-in": "An account signed in.",
    "sign-in-failed": "A sign-in failed.",
    # agent
    "reported": "The edge was told what became of its picks.",
    "reports-wait": "What became of picks could not be told yet; it is told later, for up to seven days.",
    "mail": "A deed of the agent's journal (contract/journal.md) for one mail.",
    "mail-set-back": "Something failed for one mail; it is left alone for a minute.",
    "edge-trouble": "The edge did not answer as it should; mails leave within the hold limit all the same.",
    "pictures-linked": "Pictures did not come in time; blocks that lack one are linked.",
    "mailbox-trouble": "A mailbox cannot be reached or refused something; it is tried again.",
    "mailbox-reachable": "A mailbox can be reached again.",
    "journal-set-aside": "The journal was damaged and set aside; a new one was begun.",
    # serve
    "process-started": "A program that is supervised was started.",
    "process-ended": "A program that is supervised ended and will be started again.",
    "process-stopped": "A program that is supervised ended because it was asked to.",
}

"""`build()` makes the edge's WSGI application in a worker process: settings, holder, a thread that looks."""

from __future__ import annotations

import gc
import multiprocessing.util
import os
import signal
import sys
import threading
import time

import uuid_utils

from stationer.edge.handler import Handler, Limits
from stationer.edge.holder import Holder
from stationer.edge.last_good import LastGood
from stationer.edge.memories import Memories, keep_remembering, watch_memories
from stationer.edge.naming import PickIds
from stationer.edge.recording import Recorder
from stationer.edge.wsgi import Application, watch_holder, watch_recorder
from stationer.settings import Edge, load
from stationer.watch import log
from stationer.watch.metrics import Registry
from stationer.wire import base32

voice = log.Voice("edge")


#: Seconds for which a thread may compute while others wait for the interpreter. A request takes a fraction of one
#: millisecond: with Python's 5 ms every one of 32 that wait is woken again and again to find that it is not its turn,
#: which costs more system time than a request. It lengthens no answer but while a new snapshot is read in.
TURN_S = 0.02

new_pick_id = PickIds()


def unix_ms() -> int:
    """Now, as the wire counts it."""
    return time.time_ns() // 1_000_000


def assemble(edge: Edge, holder: Holder, memories: Memories) -> Application:
    """The application over a holder and what recipients were sent."""
    registry = Registry()
    watch_holder(holder, registry)
    watch_memories(memories, registry)
    limits = Limits(edge.max_body, edge.max_recipients)
    recorder = Recorder(edge.records, unix_ms)
    watch_recorder(recorder, registry)
    handler = Handler(
        holder, new_pick_id, unix_ms, registry.text, limits, memories=memories, recorder=recorder
    )
    return Application(handler, registry)


def remember(edge: Edge, holder: Holder) -> Memories:
    """What the segments on the disk say, and a thread that goes on from there. A worker's name is never used again."""
    worker = base32.encode(uuid_utils.uuid7().bytes)
    memories = Memories(edge.state, f"{edge.name}-{worker}", unix_ms)
    memories.tick(holder.pens, time.monotonic())
    threading.Thread(
        target=keep_remembering, args=(memories, holder.pens), name="remember", daemon=True
    ).start()
    # a worker of granian is a child of multiprocessing, which runs its own list at the end and not that of atexit
    multiprocessing.util.Finalize(None, memories.close, exitpriority=1)
    return memories


def keep_looking(holder: Holder, look_ms: int, parent: int) -> None:
    """Look at the folder for ever; a worker whose server was killed ends, and lets go of the port."""
    while True:
        time.sleep(look_ms / 1000)
        try:
            holder.look()
        except Exception:
            voice.fault("fault")
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def keep_writing(recorder: Recorder, holder: Holder) -> None:
    """Write records for ever, about once a second."""
    while True:
        time.sleep(1)
        try:
            recorder.write(list(holder.pens.values()))
        except Exception:
            voice.fault("fault")


def build() -> Application:
    """What granian calls once in each worker. Raises WrongSettingsError."""
    settings = load()
    log.start(settings.log.level, settings.log.key)
    edge = settings.edge
    holder = Holder(edge.folder, edge.public_key, edge.grace_s, last_good=LastGood(edge.state))
    holder.look()
    memories = remember(edge, holder)
    sys.setswitchinterval(TURN_S)
    gc.freeze()  # what was read at the start lives long: the collector need not walk it again and again
    looking = (holder, edge.look_ms, os.getppid())
    threading.Thread(target=keep_looking, args=looking, name="look", daemon=True).start()
    voice.info("started", pens=len(holder.pens), folder=edge.folder)
    application = assemble(edge, holder, memories)
    if (recorder := application.handler.recorder) is not None:
        threading.Thread(target=keep_writing, args=(recorder, holder), name="records", daemon=True).start()
    return application

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

from stationer.edge.following import Follower
from stationer.edge.handler import Handler, Limits
from stationer.edge.holder import Holder
from stationer.edge.last_good import LastGood
from stationer.edge.memories import Memories, keep_remembering, watch_memories
from stationer.edge.naming import PickIds
from stationer.edge.recording import Recorder
from stationer.edge.telling import Shipping, keep_telling, watch_uplink
from stationer.edge.uplink import SealedUplink
from stationer.edge.uplink_key import UplinkKey
from stationer.edge.uplinking import NO_UPLINK, Uplink
from stationer.edge.visitors import Visitors
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


def assemble(
    edge: Edge, holder: Holder, memories: Memories, up: Uplink = NO_UPLINK, registry: Registry | None = None
) -> Application:
    """The application over a holder and what recipients were sent; `up` takes what the portal is to know."""
    registry = registry or Registry()
    watch_holder(holder, registry)
    watch_memories(memories, registry)
    limits = Limits(edge.max_body, edge.max_recipients)
    recorder = Recorder(edge.records, unix_ms)
    watch_recorder(recorder, registry)
    handler = Handler(
        holder, new_pick_id, unix_ms, registry.text, limits, memories=memories, recorder=recorder, up=up
    )
    what = "Requests for links that were led nowhere, and why; those that were led on are among the requests."
    pages = registry.counter("stationer_edge_click_pages_total", what, ["why"])
    follower = Follower(holder, unix_ms, up, lambda why: pages.add(1, why))
    return Application(handler, follower, registry, Visitors(edge.trusted_proxies))


def worker_name(edge: Edge) -> str:
    """This process's own among all edges and workers; never used again."""
    return f"{edge.name}-{base32.encode(uuid_utils.uuid7().bytes)}"


def tell(edge: Edge, name: str, registry: Registry) -> SealedUplink:
    """What goes up to the portal, and the threads that write and ship it."""
    key = UplinkKey(edge.uplink_key)
    uplink = SealedUplink(edge.state / "up", name, key, unix_ms)
    shipping = Shipping(edge, uplink, key)
    watch_uplink(uplink, shipping, registry)
    threading.Thread(target=keep_telling, args=(uplink,), name="tell", daemon=True).start()
    threading.Thread(target=shipping.keep, name="ship", daemon=True).start()
    multiprocessing.util.Finalize(None, uplink.close, exitpriority=1)
    return uplink


def remember(edge: Edge, holder: Holder, name: str) -> Memories:
    """What the segments on the disk say, and a thread that goes on from there."""
    memories = Memories(edge.state, name, unix_ms)
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
    name, registry = worker_name(edge), Registry()
    memories = remember(edge, holder, name)
    uplink = tell(edge, name, registry)
    sys.setswitchinterval(TURN_S)
    gc.freeze()  # what was read at the start lives long: the collector need not walk it again and again
    looking = (holder, edge.look_ms, os.getppid())
    threading.Thread(target=keep_looking, args=looking, name="look", daemon=True).start()
    voice.info("started", pens=len(holder.pens), folder=edge.folder)
    application = assemble(edge, holder, memories, uplink, registry)
    if (recorder := application.handler.recorder) is not None:
        threading.Thread(target=keep_writing, args=(recorder, holder), name="records", daemon=True).start()
    return application

"""A real edge: `stationer serve edge` in a process of its own, over a company's folder."""

from __future__ import annotations

import sys
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from trials.servers.company import Company
from trials.servers.running import LOOPBACK, Running, free_port


@dataclass
class Edge:
    """A running edge on `port`."""

    company: Company
    home: Path
    workers: int = 1
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Start, and wait until `/readyz` says 200. Raises NotReady with the edge's own words."""
        self.running = Running(
            "edge",
            [sys.executable, "-m", "stationer", "serve", "edge"],
            self.home / "edge.log",
            self.is_ready,
            environment={
                "STATIONER_DATA": str(self.home),
                "STATIONER_EDGE__FOLDER": str(self.company.folder),
                "STATIONER_EDGE__PUBLIC_KEY": str(self.company.public_key),
                "STATIONER_EDGE__LISTEN": f"{LOOPBACK}:{self.port}",
                "STATIONER_EDGE__WORKERS": str(self.workers),
            },
            folder=self.home,
        )

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}"

    def is_ready(self) -> bool:
        """Whether it would answer a pick now."""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        """Stop this edge and no other."""
        self.running.stop()

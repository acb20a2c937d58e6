"""Where blobs are kept, by one setting: a folder, or a bucket."""

from __future__ import annotations

from pathlib import Path

from stationer.blobs.folder import Folder
from stationer.blobs.names import Blobs


def open_blobs(url: str, folder: Path) -> Blobs:
    """The blobs at `url` (`s3://…`), in `folder` where it is empty. Raises WrongPlace."""
    if not url:
        return Folder(folder)
    from stationer.blobs.bucket import Bucket  # its part is loaded by whoever uses one

    return Bucket(url)

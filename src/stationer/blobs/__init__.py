"""Named bytes that are there after a power cut: a folder today, an object store when it grows."""

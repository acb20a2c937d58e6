"""Reading: how somebody without a program of ours gets to a secure message (contract/reading.md)."""

"""Links that senders make by hand, to paste into any mail (contract/links.md §3)."""

"""Visits: what readers who followed a link looked at next on the PEN's own web site (contract/visits.md)."""
